"""What was suggested to a family: which service, for which need, for whom, when and how."""

import re
from typing import Any, ClassVar

from flask import request
from wtforms.widgets import RadioInput

from portal.core import clock
from portal.domain.dates import counted
from portal.domain.support import HowGiven
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.models.following import SupportReferral
from portal.queries import support_choices as read
from portal.web import support_questions as ask
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    HiddenField,
    LineField,
    PickField,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    choices,
    not_later_than_today,
    was_typed,
)
from portal.web.service_search import ServiceSearch, searched, suggested_id

DIRECTORY, TYPED, EVERYBODY, SOMEBODY = "directory", "typed", "family", "somebody"
THEMSELVES, SEND = "themselves", "send"
# The most matches of a search that are listed one below the other.
LISTED = 25
_NUMBER = re.compile(r"[1-9][0-9]{0,8}")
THEY_RING = SelectChoice(THEMSELVES, "The family gets in touch with the service")
TYPING = SelectChoice(TYPED, "It is not in the directory: type it")
NO_LONGER_OFFERED = "This service is no longer offered. Choose another, or type it"


class SuggestForm(BranchingForm):
    branches: ClassVar = {
        "service": ("where", DIRECTORY),
        "service_name": ("where", TYPED),
        "service_organisation": ("where", TYPED),
        "service_phone": ("where", TYPED),
        "need_text": ("need", TYPED),
    }
    where = RadiosField(
        "Which service did you suggest?",
        [Required("Select whether the service is in the directory")],
        choices=[
            SelectChoice(DIRECTORY, "A service of the directory"),
            TYPING,
        ],
    )
    service = PickField("Service", [Required("Select the service")])
    service_name = LineField(
        "Name of the service",
        [Required("Enter the name of the service")],
        called="The name of the service",
        longest=300,
    )
    service_organisation = LineField("Who runs it (optional)", called="Who runs it", longest=300)
    service_phone = LineField("Their phone number (optional)", called="The phone number", longest=60)
    need = RadiosField("Which {need} is it for?", [Required("Select which {need} it is for")])
    need_text = TextField(
        "What is it needed for?", [Required("Enter what it is needed for")], called="What it is needed for", longest=500
    )
    person = RadiosField("Who is it for?", [Required("Select who it is for")])
    given_on = DateField(
        "When did you suggest it?",
        [Required("Enter the date you suggested it"), not_later_than_today],
        called="The date you suggested it",
    )
    how_given = RadiosField(
        "How did you suggest it?",
        [Required("Select how you suggested it")],
        choices=choices(CHOICES, HowGiven),
    )
    label = LineField(
        "Short label (optional)",
        called="The short label",
        longest=60,
        description="What somebody asked us to call it. They alone read it when we ask by a link if it has started.",
    )
    label_by = PickField("Who asked for this label?")
    then = RadiosField(
        "What happens next?",
        [Required("Select what happens next")],
        choices=[
            THEY_RING,
            SelectChoice(SEND, "We send it to the service: the next page asks what it needs to know"),
        ],
    )
    instead_of = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        # Of one person it is theirs.
        if "label_by" in self and self.label.data and self.person.data == EVERYBODY and not self.label_by.data:
            self.label_by.errors = [*self.label_by.errors, "Select who asked for this label"]
        return not self.errors

    @property
    def instead_of_number(self) -> int | None:
        """Of the one instead of which this is suggested; None where what came in is no reference."""
        kind, _, digits = (self.instead_of.data or "").partition("-")
        return int(digits) if kind == SupportReferral.ref_prefix and _NUMBER.fullmatch(digits) else None


def replaced(family: Family, form: SuggestForm) -> read.InsteadOf | None:
    """What did not start, instead of which this is suggested."""
    return read.instead_of(family, form.instead_of_number)


def suggest_form(family: Family, _viewer: Viewer) -> SuggestForm:
    search = searched()
    offered = read.offered(family, search.asked)
    form = SuggestForm(
        person=EVERYBODY, given_on=clock.today(), then=THEMSELVES, instead_of=request.args.get("instead_of", "")
    )
    _offer_services(form, offered.services, search)
    before = replaced(family, form)
    if before is not None and not was_typed("instead_of"):
        form.need.data = str(before.plan_need_id) if before.plan_need_id else TYPED
        form.need_text.data = before.need_text
        form.person.data = str(before.person_id) if before.person_id else EVERYBODY
        form.label.data = before.label
        form.label_by.data = str(before.label_by_id) if before.label_by_id else None
        if before.person_text:
            form.person.data = None  # whom they meant, this page may know by name
    form.need.choices = [*map(_choice, offered.needs), SelectChoice(TYPED, "Something else: type it")]
    form.person.choices = [SelectChoice(EVERYBODY, "The whole family"), *map(_choice, offered.people)]
    form.label_by.choices = [SelectChoice("", "Whoever it is for"), *map(_choice, offered.people)]
    # Nothing to choose from is no question: it is typed.
    if not offered.needs:
        form.need.data = form.need.data or TYPED
    return form


class FoundForm(SuggestForm):
    """Of a family found by a look-up: its needs and its people are not known to whoever suggests, and not shown."""

    branches: ClassVar = {
        **{name: asked for name, asked in SuggestForm.branches.items() if name != "need_text"},
        "person_text": ("person", SOMEBODY),
    }
    need: Any = None
    person_text = LineField(
        "Who?",
        [Required("Enter who it is for")],
        called="Who it is for",
        description="In your own words, like “the eldest child”. The record is not opened here.",
        longest=100,
    )
    instead_of: Any = None
    label_by: Any = None
    look_up = HiddenField()


class FoundAndSentForm(FoundForm):
    """By the front door, who does not open the record to send it: what the service is sent is asked here."""

    branches: ClassVar = {
        **FoundForm.branches,
        **dict.fromkeys(("sent_on", "sent_reason", "safe_contact", "share_agreed_by"), ("then", SEND)),
        "share_agreed_by_text": ("share_agreed_by", SOMEBODY),
        "shared_despite": ("share_agreed_by", ask.NOBODY),
    }
    sent_on = ask.sent_on()
    sent_reason = ask.sent_reason()
    safe_contact = ask.safe_contact()
    share_agreed_by = ask.share_agreed_by()
    share_agreed_by_text = LineField(
        "Who?", [Required("Enter who agreed")], called="Who agreed", description="Their name", longest=200
    )
    shared_despite = ask.shared_despite()

    @property
    def sent(self) -> dict[str, Any] | None:
        """What goes to the service; None where the family gets in touch itself."""
        if self.then.data != SEND:
            return None
        return {
            "sent_on": self.sent_on.data,
            "reason": self.sent_reason.data,
            "safe_contact": self.safe_contact.data,
            "agreed_by_text": self.said("share_agreed_by_text"),
            "despite": self.said("shared_despite"),
        }


def found_form(viewer: Viewer) -> FoundForm:
    made = FoundForm if viewer.is_social_worker else FoundAndSentForm
    search = searched()
    form = made(
        person=EVERYBODY,
        given_on=clock.today(),
        sent_on=clock.today(),
        then=THEMSELVES,
        look_up=request.args.get("look_up", ""),
    )
    _offer_services(form, read.services(search.asked), search)
    form.person.choices = [
        SelectChoice(EVERYBODY, "The whole family"),
        SelectChoice(SOMEBODY, "Somebody of the family"),
    ]
    if isinstance(form, FoundAndSentForm):
        form.then.choices = [THEY_RING, SelectChoice(SEND, "We send it to the service")]
        form.share_agreed_by.choices = [SelectChoice(SOMEBODY, "Somebody of the family"), ask.NOBODY_AGREED]
    return form


def _offer_services(form: SuggestForm, services: list[read.ServiceChoice], search: ServiceSearch) -> None:
    found = [SelectChoice(each.value, each.words, {"hint": each.assured}) for each in services]
    form.service.choices = [SelectChoice("", "Choose a service"), *found]
    if search.is_made and 0 < len(found) <= LISTED:
        # So few are all shown, each with when it was last assured.
        form.service.choices, form.service.option_widget = found, RadioInput()
    # It may have been retired since the form was opened.
    form.service.wrong = NO_LONGER_OFFERED
    if not services:
        form.where.choices, form.where.wrong = [TYPING], NO_LONGER_OFFERED
        form.where.data = form.where.data or TYPED
    elif search.is_made:
        form.where.data = form.where.data or DIRECTORY
    elif not was_typed("service_name") and str(suggested_id()) in {each.value for each in services}:
        form.where.data, form.service.data = DIRECTORY, str(suggested_id())


def found_services(form: SuggestForm, search: ServiceSearch) -> str:
    """How many the search left to choose from, in words."""
    shown: list[SelectChoice] = list(form.service.choices or ())
    n = sum(bool(each.value) for each in shown)
    matching = counted(n, "service matches", "services match") if n else "No service matches. Ask for less, or type it"
    if n > LISTED:
        matching += f". Ask for more, so that {LISTED} or fewer are listed here"
    return f"{search.wrong_age}. {matching} at any age." if search.wrong_age else f"{matching}."


def _choice(pair: tuple[str, str]) -> SelectChoice:
    return SelectChoice(*pair)
