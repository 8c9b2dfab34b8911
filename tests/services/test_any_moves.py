"""Random people make random moves of step-downs, leads, meetings and actions, on random days: whatever they do, what
must always hold holds after each of them. `make soak` does the same for longer, another way each time."""

import os

import hypothesis
from flask import Flask
from hypothesis.stateful import run_state_machine_as_test

from tests.services.any_moves.handing_over import HandingOver
from tests.services.any_moves.leading import Leading
from tests.services.any_moves.meeting import MeetingUp
from tests.services.any_moves.working import Working

SOAK = "PORTAL_SOAK" in os.environ


class AnyMoves(HandingOver, Leading, MeetingUp, Working):
    """Everything people click, in any order."""


def test_what_must_always_hold_holds_whatever_people_do(app: Flask) -> None:
    class OfThisCouncil(AnyMoves):
        def __init__(self) -> None:
            super().__init__(app)

    run_state_machine_as_test(
        OfThisCouncil,
        settings=hypothesis.settings(
            max_examples=200 if SOAK else 8,
            stateful_step_count=80 if SOAK else 50,
            derandomize=not SOAK,
            suppress_health_check=list(hypothesis.HealthCheck),
            report_multiple_bugs=False,
            # A shorter way to the same fault is looked for in a soak alone: it takes minutes.
            phases=[hypothesis.Phase.generate, *([hypothesis.Phase.shrink] if SOAK else [])],
        ),
    )
