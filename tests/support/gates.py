"""The gates of a step-down as a test reads them, and what it puts in their way."""

from typing import Any

from portal.core.db import db
from portal.domain.step_downs import Gate
from portal.facts import gates
from portal.facts.gate_states import GateState
from portal.models.handover import StepDown
from portal.services import history
from tests.support.handover import Handing


def gates_of(handing: Handing) -> dict[Gate, GateState]:
    with handing.council.behind_the_scenes():
        return {each.gate: each for each in gates.of(db.session.get_one(StepDown, handing.step_down_id))}


def arrange(handing: Handing, *rows: Any) -> None:
    with handing.council.behind_the_scenes():
        db.session.add_all(rows)
        history.changed(handing.home.id)
