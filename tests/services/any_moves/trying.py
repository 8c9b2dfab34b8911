"""Let a machine of random clicks run: a few of the same ones each time, or in a soak many, other ones each time."""

import os

import hypothesis
from flask import Flask
from hypothesis.stateful import run_state_machine_as_test

from tests.services.any_moves.clicks import Clicks

SOAK = "PORTAL_SOAK" in os.environ


def try_any(machine: type[Clicks], app: Flask, *, examples: int, steps: int) -> None:
    """In a soak 200 examples of 80 steps."""

    # Hypothesis makes each machine without arguments, and a class made here is none that mypy can name.
    class OfThisCouncil(machine):  # type: ignore[misc,valid-type]
        def __init__(self) -> None:
            super().__init__(app)

    run_state_machine_as_test(
        OfThisCouncil,
        settings=hypothesis.settings(
            max_examples=200 if SOAK else examples,
            stateful_step_count=80 if SOAK else steps,
            derandomize=not SOAK,
            suppress_health_check=list(hypothesis.HealthCheck),
            report_multiple_bugs=False,
            # A shorter way to the same fault is looked for in a soak alone: it takes minutes.
            phases=[hypothesis.Phase.generate, *([hypothesis.Phase.shrink] if SOAK else [])],
        ),
    )
