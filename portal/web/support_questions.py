"""What several pages ask about support in the same words: when it began, how that is known, why it did not, how it
ended; and what a service is sent."""

from collections.abc import Iterable
from typing import Any

from portal.domain.engagement import ALL_THE_SAME
from portal.domain.support import EndedHow, Helped, NeedNow, NotStarted, Source
from portal.domain.wording import CHOICES
from portal.web.branches import SureField
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
NOBODY_AGREED = SelectChoice(NOBODY, ALL_THE_SAME)


def sent_on() -> DateField:
    return when("When was it sent?", "The date it was sent")


def sent_reason() -> TextField:
    return TextField(
        "What is the service asked for, and why?",
        [Required("Enter what the service is asked for, and why")],
        called="What the service is asked for",
        longest=1000,
    )


def safe_contact() -> TextField:
    return TextField(
        "How can the service safely reach the family?",
        [Required("Enter how the service can safely reach the family")],
        called="How the service reaches the family",
        longest=500,
    )


def share_agreed_by() -> RadiosField:
    return RadiosField(
        "Who agreed that this is shared with this service?",
        [Required("Select who agreed that this is shared with the service")],
        description="Ask now, for this service: an earlier yes to something else does not count.",
    )


def shared_despite() -> TextField:
    return TextField(
        "Why is it shared all the same?",
        [Required("Enter why it is shared all the same")],
        called="Why it is shared all the same",
        description="Your name and this reason are listed for the auditor.",
        longest=1000,
    )


def when(label: str, called: str) -> DateField:
    """A day that has come."""
    return DateField(label, [Required(f"Enter {called[0].lower()}{called[1:]}"), not_later_than_today], called=called)


def started_on(label: str = "When did they first receive it?") -> DateField:
    return when(label, "The date support was first received")


def already_receiving() -> TickField:
    return TickField("They were already receiving it before it was suggested")


def date_is_right() -> SureField:
    return SureField("This date is right")


def after_all() -> SureField:
    return SureField("They take the family on after all")


def started_what() -> LineField:
    return LineField(
        "What did they go to or receive?",
        [Required("Enter what they went to or received")],
        called="What they went to or received",
        longest=500,
    )


def known(label: str = "How do you know?", *, missing: str = "Select how you know") -> RadiosField:
    return RadiosField(label, [Required(missing)], choices=choices(CHOICES, Source))


def told() -> LineField:
    return LineField("Who told you?", [Required("Enter who told you")], called="Who told you")


def not_started_code() -> RadiosField:
    return RadiosField(
        "Why will it not happen?", [Required("Select why it will not happen")], choices=choices(CHOICES, NotStarted)
    )


def not_started_reason() -> TextField:
    return TextField("What happened?", [Required("Enter what happened")], called="What happened", longest=1000)


def need_now() -> RadiosField:
    return RadiosField("What happens to the {need} now?", [Required("Select what happens to the {need} now")])


def offer_need_now(field: Any, *, may: bool, among: Iterable[NeedNow] = NeedNow) -> None:
    """What can become of the need; that it cannot be met is for early help to say."""
    field.choices = choices(CHOICES, [now for now in among if may or now is not NeedNow.NOT_MET])
    if not may:
        field.description = "If it cannot be met, ring {coordinator:a}: only they can record that."


def route() -> TextField:
    return TextField(
        "How is it met instead, and who sees to it?",
        [Required("Enter how it is met instead, and who sees to it")],
        called="How it is met instead",
        longest=500,
    )


def not_met_reason() -> TextField:
    return TextField(
        "What could we not provide, and who knows?",
        [Required("Enter what could not be provided, and who knows")],
        called="What could not be provided",
        longest=500,
    )


def last_on() -> DateField:
    return when("What was the last day?", "The last day")


def ended_how() -> RadiosField:
    return RadiosField("How did it end?", [Required("Select how it ended")], choices=choices(CHOICES, EndedHow))


def ended_why() -> TextField:
    return TextField("Why early?", [Required("Enter why it ended early")], called="Why it ended early", longest=1000)


def helped() -> RadiosField:
    return RadiosField(
        "How are things now with what it was for?",
        [Required("Select what it did about the {need}")],
        choices=choices(CHOICES, Helped),
    )


def note() -> TextField:
    return TextField(
        "Note (optional)",
        called="Note",
        description="Write it as if the family will read it. They can ask to.",
    )
