"""Random people make random moves of step-downs, leads, meetings and actions, on random days: whatever they do, what
must always hold holds after each of them. `make soak` does the same for longer, another way each time."""

from flask import Flask

from tests.services.any_moves.handing_over import HandingOver
from tests.services.any_moves.leading import Leading
from tests.services.any_moves.meeting import MeetingUp
from tests.services.any_moves.trying import try_any
from tests.services.any_moves.working import Working


class AnyMoves(HandingOver, Leading, MeetingUp, Working):
    """Everything people click, in any order."""


def test_what_must_always_hold_holds_whatever_people_do(app: Flask) -> None:
    try_any(AnyMoves, app, examples=8, steps=50)
