"""What is asked about an action: what became of it, what changed, why it is dropped, by when and by whom."""

import enum
from datetime import date
from typing import Any, ClassVar

from flask import request

from portal.core import clock
from portal.domain.dates import Calendar, near
from portal.domain.plans import FamilyAgrees
from portal.domain.support import Method, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts.practice import calendar
from portal.models.teamwork import PlanAction
from portal.queries import actions as read
from portal.services.actions import Told
from portal.web.ahead import not_before_today
from portal.web.buttons import Buttons
from portal.web.forms import (
    DateField,
    LineField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    choices,
    not_later_than_today,
    typed,
    was_typed,
)

REASON = 500
AS_IF_READ = "Write it as if the family will read it. They can ask to."
SOMEBODY_TOLD = (Method.CALL, Method.VISIT, Method.MEETING, Method.TEXT, Method.EMAIL, Method.LETTER)
# In the address of the page whose third button is not pressed after all.
BACK = "back"
KNOWN_BY = (Source.FAMILY, Source.SEEN, Source.PROVIDER, Source.TOLD)


class Outcome(enum.StrEnum):
    """The button that was pressed."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    CANNOT = "cannot"
    AGREED = "agreed"


class Why(enum.StrEnum):
    IN_THE_WAY = "in_the_way"
    HAND_BACK = "hand_back"


def outcome() -> Outcome:
    """Marking as done is what the first button does, and Enter with it."""
    sent = typed("more") or typed("outcome")
    return Outcome(sent) if sent in set(Outcome) else Outcome.DONE


def asks_why() -> bool:
    """The third button was pressed: just now, or before that page was kept, unless its writer goes back from it."""
    if request.method == "POST":
        return outcome() is Outcome.CANNOT
    return BACK not in request.args and (outcome() is Outcome.CANNOT or was_typed("waiting_on"))


class UpdateForm(PortalForm):
    """One note and three buttons. The third asks why first, and keeps what was typed."""

    edits = True
    told_by_history = True
    asks_why: bool = False
    buttons: ClassVar[Buttons] = {
        "outcome": {
            Outcome.DONE: "Mark as done",
            Outcome.IN_PROGRESS: "Save as in progress",
            Outcome.CANNOT: "This cannot be done",
            Outcome.AGREED: "Agree to this {action}",
        }
    }
    note = TextField(
        "Note",
        called="Note",
        description=f"You can leave it empty when it is done. {AS_IF_READ}",
    )
    done_on = DateField(
        "When was it done?",
        validators=[Required("Enter the date it was done"), not_later_than_today],
        called="The date it was done",
        default=clock.today,
    )
    why = RadiosField(
        "Why can this not be done?",
        validators=[Required("Select why this cannot be done")],
        choices=[
            SelectChoice(Why.IN_THE_WAY.value, "Something is in the way"),
            SelectChoice(
                Why.HAND_BACK.value,
                "I cannot do this",
                {"hint": "It goes back to the {lead_professional}, who asks somebody else."},
            ),
        ],
    )
    waiting_on = LineField(
        "Who or what are we waiting for?",
        validators=[Required("Enter whom we are waiting for")],
        called="Whom we wait for",
    )
    review_on = DateField(
        "When should we look at it again?",
        validators=[Required("Enter when to look at this again"), not_before_today],
        called="The date to look at it again",
    )
    told_by = LineField("Who told you?", validators=[Required("Enter who told you")], called="Who told you")
    told_on = DateField(
        "When did they tell you?",
        validators=[Required("Enter the date they told you"), not_later_than_today],
        called="The date they told you",
        default=clock.today,
    )
    told_how = RadiosField(
        "How did they tell you?",
        validators=[Required("Select how they told you")],
        choices=choices(CHOICES, SOMEBODY_TOLD),
    )

    def grow(self) -> bool:
        """The third button: nothing is saved before the page has asked why."""
        return self.asks_why

    def validate(self, extra_validators: Any = None) -> bool:
        """What this button does not ask is neither judged nor used, and is given back as it was typed."""
        super().validate(extra_validators)
        if self.asks_why and not self.note.data and not self.note.errors:
            self.note.errors = ["Enter why this cannot be done"]
        for field in self:
            if field.name in _ASKED_OF and not self._asks(field.name):
                field.errors = []
        return not self.errors

    def _asks(self, name: str) -> bool:
        wanted, why = _ASKED_OF[name]
        return outcome() is wanted and (why is None or self.why.data == why)

    def told(self) -> Told | None:
        """Who told it, where somebody else than the owner records it."""
        return told_of(self) if "told_how" in self else None


_ASKED_OF: dict[str, tuple[Outcome, Why | None]] = {
    "done_on": (Outcome.DONE, None),
    "why": (Outcome.CANNOT, None),
    "waiting_on": (Outcome.CANNOT, Why.IN_THE_WAY),
    "review_on": (Outcome.CANNOT, Why.IN_THE_WAY),
}


def told_of(form: Any) -> Told:
    return Told(form.told_by.data, form.told_on.data, Method(form.told_how.data))


def _ask_who_told(form: Any, action: PlanAction, viewer: Viewer) -> None:
    """Whoever records for the owner was told by them, unless they say by whom; an owner was told by nobody."""
    if read.owns(viewer, action):
        del form.told_by, form.told_on, form.told_how
    elif form.told_by.data is None:
        form.told_by.data = read.owner_of(action)


def update_form(action: PlanAction, viewer: Viewer) -> UpdateForm:
    form = UpdateForm(
        version=str(action.version),
        waiting_on=action.waiting_on,
        review_on=action.review_on,
    )
    form.asks_why = asks_why()
    _ask_who_told(form, action, viewer)
    return form


class AgreeForm(PortalForm):
    edits = True
    told_by_history = True
    told_by = UpdateForm.told_by
    told_on = UpdateForm.told_on
    told_how = UpdateForm.told_how

    def told(self) -> Told | None:
        return told_of(self) if "told_how" in self else None


def agree_form(action: PlanAction, viewer: Viewer) -> AgreeForm:
    form = AgreeForm(version=str(action.version))
    _ask_who_told(form, action, viewer)
    return form


class VerifyForm(PortalForm):
    edits = True
    told_by_history = True
    what_changed = TextField(
        "What has changed for the family?",
        validators=[Required("Enter what has changed for the family")],
        longest=REASON,
        called="What has changed",
        description=AS_IF_READ,
    )
    source = RadiosField(
        "How do you know?",
        validators=[Required("Select how you know")],
        choices=choices(CHOICES, KNOWN_BY),
    )


def verify_form(action: PlanAction, _viewer: Viewer) -> VerifyForm:
    return VerifyForm(version=str(action.version))


class ReopenForm(PortalForm):
    edits = True
    told_by_history = True
    reason = TextField(
        "Why is it opened again?",
        validators=[Required("Enter why it is opened again")],
        longest=REASON,
        called="Why it is opened again",
        description=AS_IF_READ,
    )


def reopen_form(action: PlanAction, _viewer: Viewer) -> ReopenForm:
    return ReopenForm(version=str(action.version))


class DropForm(PortalForm):
    edits = True
    told_by_history = True
    dropped_reason = TextField(
        "Why is it no longer needed?",
        validators=[Required("Enter why it is no longer needed")],
        longest=REASON,
        called="Why it is no longer needed",
        description=AS_IF_READ,
    )
    family_agreed = RadiosField(
        "Does the family agree?",
        validators=[Required("Select whether the family agrees")],
        choices=choices(CHOICES, FamilyAgrees),
    )


def drop_form(action: PlanAction, _viewer: Viewer) -> DropForm:
    return DropForm(version=str(action.version))


class MoveDueForm(PortalForm):
    edits = True
    told_by_history = True
    due_on = DateField(
        "When should this be done by?",
        validators=[Required("Enter the date it is due"), not_before_today],
        called="Date it is due",
    )
    reason = TextField(
        "Why does the date change?",
        validators=[Required("Enter why the date changes")],
        longest=REASON,
        called="Why the date changes",
    )
    days: Calendar

    @property
    def working_day(self) -> date:
        return self.days.due(self.due_on.data)

    @property
    def meant(self) -> str:
        """The day as it is shown back; where it is no working day, the next one and why."""
        today = clock.today()
        words = near(self.working_day, today)
        if self.working_day == self.due_on.data:
            return words
        return f"{words}, because {near(self.due_on.data, today)} is not a working day"


def move_due_form(action: PlanAction, _viewer: Viewer) -> MoveDueForm:
    form = MoveDueForm(version=str(action.version), due_on=action.due_on)
    form.days = calendar()
    return form


class OwnerForm(PortalForm):
    edits = True
    told_by_history = True
    who = PickField("Who will do this?", validators=[Required("Choose who will do this")])
    reason = TextField(
        "Why does somebody else do it?",
        validators=[Required("Enter why somebody else does it")],
        longest=REASON,
        called="Why somebody else does it",
    )


def owner_form(action: PlanAction, viewer: Viewer) -> OwnerForm:
    form = OwnerForm(version=str(action.version))
    form.who.choices = [
        SelectChoice("", ""),
        *(SelectChoice(each.value, each.words) for each in read.who_could(action, viewer)),
    ]
    return form
