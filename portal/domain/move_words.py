"""What a move is called, and the words of those by which a step-down goes back, waits, or ends without early help."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class MoveWords:
    """What a move is called on its button, what is said when it is made, and when it is not open."""

    button: str
    confirmation: str
    refusal: str


ON_THE_WAY: Mapping[tuple[str, str], MoveWords] = {
    ("step_down", "ask"): MoveWords(
        "Send back with a question",
        "Sent back with a question",
        "This {step_down} is no longer waiting to be accepted, so it cannot be sent back with a question.",
    ),
    ("step_down", "reply"): MoveWords(
        "Send the answer",
        "Answer sent. The {step_down} waits to be accepted again",
        "This question has been answered already, or the {step_down} has ended.",
    ),
    ("step_down", "settle_decline"): MoveWords(
        "Save what happens now",
        "Recorded what happens now",
        "This {step_down} does not wait for you to say what happens now.",
    ),
    ("step_down", "family_says_no"): MoveWords(
        "Save that the family said no",
        "Recorded. {Early_help} does not begin for now",
        "This {step_down} has ended, so nothing more is recorded on it.",
    ),
    ("step_down", "ask_to_stay"): MoveWords(
        "Ask the {social_care_manager} to agree",
        "The {social_care_manager} has been asked to agree",
        "This {step_down} has ended, so nothing more is recorded on it.",
    ),
    ("step_down", "stay"): MoveWords(
        "Agree that the family stays with social care",
        "The family stays with social care",
        "This {step_down} has ended, so nothing more is recorded on it.",
    ),
    ("step_down", "stay_as_decided"): MoveWords(
        "Record that the family stays with social care",
        "The family stays with social care, as both managers decided",
        "This {step_down} has ended, so nothing more is recorded on it.",
    ),
    ("step_down", "go_on"): MoveWords(
        "The {step_down} goes on",
        "The {step_down} goes on",
        "This {step_down} has ended, so nothing more is recorded on it.",
    ),
    ("step_down", "override_protection"): MoveWords(
        "Agree that it comes straight from child protection",
        "Recorded why it comes straight from child protection",
        "This {step_down} is no longer a draft, so there is nothing to agree to.",
    ),
}
