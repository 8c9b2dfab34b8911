"""What each move of support asks for: its date, how it is known, and what follows."""

from typing import ClassVar

from portal.core import clock
from portal.domain.dates import all_of
from portal.domain.engagement import CAN_DECIDE
from portal.domain.permissions import P
from portal.domain.support import DECIDED, EndedHow, NeedNow, NotStarted, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import starts
from portal.models.following import SupportReferral
from portal.policies import rules
from portal.queries import support_choices as read
from portal.web import support_questions as ask
from portal.web.ahead import not_before_today
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    Required,
    SelectChoice,
    TextField,
    TickField,
)


class MoveForm(BranchingForm):
    """Of a referral that others may have moved meanwhile: what it asks for ends as a line of history."""

    edits = True
    told_by_history = True


class SendForm(MoveForm):
    branches: ClassVar = {"shared_despite": ("share_agreed_by", ask.NOBODY)}
    sent_on = ask.sent_on()
    sent_reason = ask.sent_reason()
    safe_contact = ask.safe_contact()
    share_agreed_by = ask.share_agreed_by()
    child_can_decide = TickField(CAN_DECIDE)
    shared_despite = ask.shared_despite()


def send_form(referral: SupportReferral, _viewer: Viewer) -> SendForm:
    offered = read.to_send(referral)
    form = SendForm(version=str(referral.version), sent_on=clock.today(), safe_contact=offered.safe_contact)
    form.share_agreed_by.choices = [*(SelectChoice(*pair) for pair in offered.people), ask.NOBODY_AGREED]
    if offered.unread:
        whose = all_of(offered.unread)
        form.safe_contact.description = f"What is recorded for {whose} cannot be read. Ask them, and enter it here"
    if not offered.with_children:
        del form.child_can_decide
    return form


class FactForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    state_on = ask.when("When did you learn it?", "The date you learned it")
    state_source = ask.known()
    told_by = ask.told()
    after_all = ask.after_all()
    note = ask.note()


class WaitForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    state_on = ask.when("When did you learn it?", "The date you learned it")
    state_source = ask.known()
    told_by = ask.told()
    expected_on = DateField(
        "When is a place expected?",
        [Required("Enter when a place is expected"), not_before_today],
        called="The day a place is expected",
        description="Their best guess will do. On that day somebody asks.",
    )
    interim = TextField(
        "What helps the family until then?",
        [Required("Enter what helps the family until then")],
        called="What helps until then",
        description="If there is nothing yet, say so and who looks for it.",
        longest=500,
    )
    after_all = ask.after_all()
    note = ask.note()


class BookForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    booked_for = DateField("What is the first day?", [Required("Enter the first day")], called="The first day")
    state_on = ask.when("When did you learn it?", "The date you learned it")
    state_source = ask.known()
    told_by = ask.told()
    after_all = ask.after_all()
    note = ask.note()


def fact_form(referral: SupportReferral, _viewer: Viewer) -> FactForm:
    return FactForm(version=str(referral.version), state_on=clock.today())


def wait_form(referral: SupportReferral, _viewer: Viewer) -> WaitForm:
    return WaitForm(
        version=str(referral.version),
        state_on=clock.today(),
        expected_on=referral.expected_on,
        interim=referral.interim,
    )


def book_form(referral: SupportReferral, _viewer: Viewer) -> BookForm:
    return BookForm(version=str(referral.version), state_on=clock.today(), booked_for=referral.booked_for)


class StartForm(MoveForm):
    branches: ClassVar = {"told_by": ("started_source", Source.TOLD)}
    started_on = ask.started_on()
    already_receiving = ask.already_receiving()
    date_is_right = ask.date_is_right()
    started_source = ask.known()
    told_by = ask.told()
    started_what = ask.started_what()


def start_form(referral: SupportReferral, _viewer: Viewer) -> StartForm:
    return StartForm(version=str(referral.version))


class NotStartForm(MoveForm):
    branches: ClassVar = {
        "told_by": ("state_source", Source.TOLD),
        "route": ("need_now", NeedNow.ANOTHER_ROUTE),
        "not_met_reason": ("need_now", NeedNow.NOT_MET),
    }
    not_started_code = ask.not_started_code()
    not_started_reason = ask.not_started_reason()
    state_on = ask.when("When did you learn it?", "The date you learned it")
    state_source = ask.known()
    told_by = ask.told()
    need_now = ask.need_now()
    route = ask.route()
    not_met_reason = ask.not_met_reason()


def not_start_form(referral: SupportReferral, viewer: Viewer) -> NotStartForm:
    form = NotStartForm(
        version=str(referral.version),
        state_on=clock.today(),
        not_started_code=NotStarted.DECLINED_BY_SERVICE if referral.declined_on else None,
        not_started_reason=referral.declined_why,
    )
    ask.offer_need_now(form.need_now, may=rules.allowed(viewer, P.NEED_NOT_MET, referral))
    return form


class DecideNeedForm(MoveForm):
    need_now = ask.need_now()
    need_now_words = TextField(
        "What was agreed, and who sees to it?",
        [Required("Enter what was agreed, and who sees to it")],
        called="What was agreed",
        description="If the {need} cannot be met: what could not be provided, and who knows.",
        longest=500,
    )


def decide_need_form(referral: SupportReferral, viewer: Viewer) -> DecideNeedForm:
    form = DecideNeedForm(version=str(referral.version))
    may = rules.allowed(viewer, P.NEED_NOT_MET, referral)
    ask.offer_need_now(form.need_now, may=may, among=DECIDED)
    if not may:
        form.need_now_words.description = ""
    return form


class ConfirmForm(MoveForm):
    branches: ClassVar = {"told_by": ("confirmed_source", Source.TOLD)}
    confirmed_on = ask.when("When did you learn it?", "The date you learned it")
    confirmed_source = ask.known("Who says so now?")
    told_by = ask.told()
    after_all = ask.after_all()
    note = ask.note()


def confirm_form(referral: SupportReferral, _viewer: Viewer) -> ConfirmForm:
    form = ConfirmForm(version=str(referral.version), confirmed_on=clock.today())
    if starts.known_by_link_alone(referral):
        form.confirmed_source.description = (
            f"{starts.NO_SOURCE} With this it stays reported, until another says so too."
        )
    elif referral.started_source:
        form.confirmed_source.description = f"Known already: {CHOICES[referral.started_source]}. Somebody else counts."
    return form


class StopForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    stopped_on = ask.when("Since when?", "The date it stopped")
    state_source = ask.known()
    told_by = ask.told()
    after_all = ask.after_all()
    note = ask.note()


def stop_form(referral: SupportReferral, _viewer: Viewer) -> StopForm:
    return StopForm(version=str(referral.version))


class EndForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD), "ended_why": ("ended_how", EndedHow.EARLY)}
    last_on = ask.last_on()
    ended_how = ask.ended_how()
    ended_why = ask.ended_why()
    helped = ask.helped()
    state_source = ask.known()
    told_by = ask.told()


def end_form(referral: SupportReferral, _viewer: Viewer) -> EndForm:
    return EndForm(version=str(referral.version))
