"""Random people move support and its checks, families answer, the worker runs, time goes on: whatever happens, every
support is followed until it has really begun or it is known why not. `make soak` does the same for longer."""

from flask import Flask

from tests.services.any_moves.leading import Leading
from tests.services.any_moves.supporting import Supporting
from tests.services.any_moves.trying import try_any


class AnySupport(Supporting, Leading):
    """Support, and who is responsible for it."""


def test_what_must_always_hold_of_support_holds_whatever_people_do(app: Flask) -> None:
    try_any(AnySupport, app, examples=4, steps=35)
