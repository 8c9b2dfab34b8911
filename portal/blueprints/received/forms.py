"""What a service answers: one page, and a button for each answer."""

import enum
from typing import Any, ClassVar

from portal.domain.support import EndedHow
from portal.domain.viewer import Viewer
from portal.models.following import SharedReferral
from portal.web import support_questions as ask
from portal.web.ahead import not_before_today
from portal.web.branches import BranchingForm
from portal.web.buttons import Buttons
from portal.web.forms import DateField, HiddenField, Required, TextField, typed


class Told(enum.StrEnum):
    """The button that was pressed."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    WAITING = "waiting"
    BOOKED = "booked"
    STARTED = "started"
    DECLINED = "declined"
    ENDED = "ended"


def told() -> Told | None:
    """None where what came in names no button of the page."""
    sent = typed("told")
    return Told(sent) if sent in set(Told) else None


class AnswerForm(BranchingForm):
    told_by_history = True
    buttons: ClassVar[Buttons] = {
        "told": {
            Told.RECEIVED: "We have received this",
            Told.ACCEPTED: "We accept this",
            Told.WAITING: "They are on our waiting list",
            Told.BOOKED: "The first day is booked",
            Told.STARTED: "It has started",
            Told.DECLINED: "We cannot take this on",
            Told.ENDED: "It has ended",
        }
    }
    asked_by: ClassVar = {
        "expected_on": Told.WAITING,
        "interim": Told.WAITING,
        "booked_for": Told.BOOKED,
        "started_on": Told.STARTED,
        "already_receiving": Told.STARTED,
        "date_is_right": Told.STARTED,
        "started_what": Told.STARTED,
        "why": Told.DECLINED,
        "last_on": Told.ENDED,
        "ended_how": Told.ENDED,
        "ended_why": Told.ENDED,
        "helped": Told.ENDED,
    }
    branches: ClassVar = {"ended_why": ("ended_how", EndedHow.EARLY)}
    # How it stood on the page that is answered from: several people of a service may have it open.
    seen = HiddenField()
    after_all = ask.after_all()
    expected_on = DateField(
        "When do you expect a place?",
        [Required("Enter when you expect a place"), not_before_today],
        called="The day you expect a place",
        description="Your best guess will do.",
    )
    interim = TextField(
        "What do you offer until then?",
        [Required("Enter what you offer until then")],
        called="What you offer until then",
        description="If there is nothing until then, say so: somebody else may have something.",
        longest=500,
    )
    booked_for = DateField(
        "What is the first day?", [Required("Enter the first day"), not_before_today], called="The first day"
    )
    started_on = ask.started_on("When did they first come, or receive it?")
    already_receiving = ask.already_receiving()
    date_is_right = ask.date_is_right()
    started_what = ask.started_what()
    why = TextField(
        "Why can you not take this on?",
        [Required("Enter why you cannot take this on")],
        called="Why you cannot take this on",
        longest=1000,
    )
    last_on = ask.last_on()
    ended_how = ask.ended_how()
    ended_why = ask.ended_why()
    helped = ask.helped()

    # The button whose answer is shown again.
    pressed: Told | None = None

    def is_asked(self, name: str) -> bool:
        """Whether the button that was pressed asks this, and the answers above it do."""
        return self.asked_by.get(name, told()) == told() and super().is_asked(name)

    def validate(self, extra_validators: Any = None) -> bool:
        super().validate(extra_validators)
        for name in self.asked_by:
            if not self.is_asked(name):
                self[name].errors = []
        if told() is None:
            self.refusal = "Choose one of the answers on this page."
        return not self.errors and self.refusal is None


def answer_form(_shared: SharedReferral, _viewer: Viewer) -> AnswerForm:
    form = AnswerForm()
    form.pressed = told()
    return form
