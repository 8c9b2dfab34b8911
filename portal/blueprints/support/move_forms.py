"""What each move of support asks for: its date, how it is known, and what follows."""

from typing import Any, ClassVar

from wtforms.validators import ValidationError

from portal.core import clock
from portal.domain.permissions import P
from portal.domain.support import EndedHow, Helped, NeedNow, NotStarted, Source
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.following import SupportReferral
from portal.policies import rules
from portal.queries import support_choices as read
from portal.web.branches import BranchingForm
from portal.web.forms import (
    DateField,
    LineField,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    TickField,
    choices,
    not_later_than_today,
)

NOBODY = "nobody"


def today_or_later(_form: Any, field: Any) -> None:
    if field.data and field.data < clock.today():
        raise ValidationError(f"{field.called} must be today or later")


def when(label: str, called: str) -> DateField:
    """A day that has come."""
    return DateField(label, [Required(f"Enter {called[0].lower()}{called[1:]}"), not_later_than_today], called=called)


def known(label: str = "How do you know?") -> RadiosField:
    return RadiosField(label, [Required("Select how you know")], choices=choices(CHOICES, Source))


def told() -> LineField:
    return LineField("Who told you?", [Required("Enter who told you")], called="Who told you")


def note() -> TextField:
    return TextField(
        "Note (optional)",
        called="Note",
        description="Write it as if the family will read it. They can ask to.",
    )


class MoveForm(BranchingForm):
    """Of a referral that others may have moved meanwhile: what it asks for ends as a line of history."""

    edits = True
    told_by_history = True


class SendForm(MoveForm):
    branches: ClassVar = {"shared_despite": ("share_agreed_by", NOBODY)}
    sent_on = when("When was it sent?", "The date it was sent")
    sent_reason = TextField(
        "What is the service asked for, and why?",
        [Required("Enter what the service is asked for, and why")],
        called="What the service is asked for",
        longest=1000,
    )
    safe_contact = TextField(
        "How can the service safely reach the family?",
        [Required("Enter how the service can safely reach the family")],
        called="How the service reaches the family",
        longest=500,
    )
    share_agreed_by = RadiosField(
        "Who agreed that this is shared with this service?",
        [Required("Select who agreed that this is shared with the service")],
        description="Ask now, for this service: an earlier yes to something else does not count.",
    )
    shared_despite = TextField(
        "Why is it shared all the same?",
        [Required("Enter why it is shared all the same")],
        called="Why it is shared all the same",
        description="Your name and this reason are listed for the auditor.",
        longest=1000,
    )


def send_form(referral: SupportReferral, _viewer: Viewer) -> SendForm:
    offered = read.to_send(referral)
    form = SendForm(version=str(referral.version), sent_on=clock.today(), safe_contact=offered.safe_contact)
    form.share_agreed_by.choices = [
        *(SelectChoice(*pair) for pair in offered.people),
        SelectChoice(NOBODY, "Nobody, or somebody said no: it is shared all the same"),
    ]
    return form


class FactForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    state_on = when("When did you learn it?", "The date you learned it")
    state_source = known()
    told_by = told()
    note = note()


class WaitForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    state_on = when("When did you learn it?", "The date you learned it")
    state_source = known()
    told_by = told()
    expected_on = DateField(
        "When is a place expected?",
        [Required("Enter when a place is expected"), today_or_later],
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
    note = note()


class BookForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    booked_for = DateField("What is the first day?", [Required("Enter the first day")], called="The first day")
    state_on = when("When did you learn it?", "The date you learned it")
    state_source = known()
    told_by = told()
    note = note()


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
    started_on = when("When did they first receive it?", "The date support was first received")
    already_receiving = TickField("They were already receiving it before it was suggested")
    started_source = known()
    told_by = told()
    started_what = LineField(
        "What did they go to or receive?",
        [Required("Enter what they went to or received")],
        called="What they went to or received",
        longest=500,
    )


def start_form(referral: SupportReferral, _viewer: Viewer) -> StartForm:
    return StartForm(version=str(referral.version))


class NotStartForm(MoveForm):
    branches: ClassVar = {"not_met_reason": ("need_now", NeedNow.NOT_MET)}
    not_started_code = RadiosField(
        "Why will it not happen?", [Required("Select why it will not happen")], choices=choices(CHOICES, NotStarted)
    )
    not_started_reason = TextField(
        "What happened?", [Required("Enter what happened")], called="What happened", longest=1000
    )
    need_now = RadiosField("What happens to the {need} now?", [Required("Select what happens to the {need} now")])
    not_met_reason = TextField(
        "What could we not provide, and who knows?",
        [Required("Enter what could not be provided, and who knows")],
        called="What could not be provided",
        longest=500,
    )


def not_start_form(referral: SupportReferral, viewer: Viewer) -> NotStartForm:
    form = NotStartForm(
        version=str(referral.version),
        not_started_code=NotStarted.DECLINED_BY_SERVICE if referral.declined_on else None,
        not_started_reason=referral.declined_why,
    )
    offer_need_now(form.need_now, may=rules.allowed(viewer, P.NEED_NOT_MET, referral))
    return form


def offer_need_now(field: Any, *, may: bool) -> None:
    """What can become of the need; that it cannot be met is for early help to say."""
    field.choices = choices(CHOICES, [now for now in NeedNow if may or now is not NeedNow.NOT_MET])
    if not may:
        field.description = "If it cannot be met, ring {coordinator:a}: only they can record that."


class ConfirmForm(MoveForm):
    branches: ClassVar = {"told_by": ("confirmed_source", Source.TOLD)}
    confirmed_on = when("When did you learn it?", "The date you learned it")
    confirmed_source = known("Who says so now?")
    told_by = told()
    note = note()


def confirm_form(referral: SupportReferral, _viewer: Viewer) -> ConfirmForm:
    form = ConfirmForm(version=str(referral.version), confirmed_on=clock.today())
    if referral.started_source:
        form.confirmed_source.description = f"Known already: {CHOICES[referral.started_source]}. Somebody else counts."
    return form


class StopForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD)}
    stopped_on = when("Since when?", "The date it stopped")
    state_source = known()
    told_by = told()
    note = note()


def stop_form(referral: SupportReferral, _viewer: Viewer) -> StopForm:
    return StopForm(version=str(referral.version))


class EndForm(MoveForm):
    branches: ClassVar = {"told_by": ("state_source", Source.TOLD), "ended_why": ("ended_how", EndedHow.EARLY)}
    last_on = when("What was the last day?", "The last day")
    ended_how = RadiosField("How did it end?", [Required("Select how it ended")], choices=choices(CHOICES, EndedHow))
    ended_why = TextField(
        "Why early?", [Required("Enter why it ended early")], called="Why it ended early", longest=1000
    )
    helped = RadiosField(
        "How are things now with what it was for?",
        [Required("Select what it did about the {need}")],
        choices=choices(CHOICES, Helped),
    )
    state_source = known()
    told_by = told()


def end_form(referral: SupportReferral, _viewer: Viewer) -> EndForm:
    return EndForm(version=str(referral.version))
