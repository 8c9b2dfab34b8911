"""One test over every life: nothing in a table of moves may be unreachable, unnamed, unworded or held by nobody."""

import enum
import re
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect

from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.events import LINES
from portal.domain.lives import LIVES
from portal.domain.permissions import GRANTS, P
from portal.domain.wording import MOVES, STATES
from portal.domain.words import SHIPPED, say
from portal.domain.workflow import Move, Workflow
from portal.services.guards import GUARDS
from portal.services.moves import LIFE_OF, NEEDED

# What a move asks for that is not a column of its own thing, and where it goes.
ELSEWHERE = {
    "note": "the event's text",
    "reason": "the event's text",
    "next_on": "the due date of the next check",
    "question": "a row of the step-down's questions",
    "answer": "the same row",
}
LIFE_NAMES = [life.name for life in LIVES]
ROWS = [pytest.param(life, move, id=f"{life.name}-{move.name}") for life in LIVES for move in life.moves]
MODEL_OF: dict[str, type[Any]] = {life.name: model for model, life in LIFE_OF.items()}


def said(text: str) -> str:
    return say(text, SHIPPED)


@pytest.mark.parametrize("life", LIVES, ids=LIFE_NAMES)
class TestEveryLife:
    def test_reaches_each_of_its_states(self, life: Workflow) -> None:
        assert life.reachable() == set(life.states)

    def test_names_each_move_once(self, life: Workflow) -> None:
        names = [move.name for move in life.moves]

        assert len(names) == len(set(names))

    def test_has_a_label_for_each_state(self, life: Workflow) -> None:
        labels = {state: STATES[state].words for state in life.states}

        assert all(labels.values())
        assert len(set(labels.values())) == len(labels), "two states look the same on a page"

    def test_is_lived_by_one_model(self, life: Workflow) -> None:
        assert [model for model, lived in LIFE_OF.items() if lived is life] == [MODEL_OF[life.name]]

    def test_begins_where_a_new_row_does(self, life: Workflow) -> None:
        default = MODEL_OF[life.name].__table__.c.state.default

        assert default is not None
        assert default.arg in life.starts

    def test_states_are_kept_by_the_database(self, life: Workflow, app: Flask) -> None:
        assert stored_states(app, MODEL_OF[life.name].__tablename__, life.states) == {str(s) for s in life.states}


def stored_states(app: Flask, table: str, states: type[enum.StrEnum]) -> set[str]:
    """What the check constraint of the state column allows, as the database tells it."""
    with app.app_context():
        checks = inspect(db.engine).get_check_constraints(table)
    found = [check["sqltext"] for check in checks if str(check["name"]).endswith(f"_{states.__name__.lower()}")]
    assert len(found) == 1, f"{table} has {len(found)} checks of its state"
    return set(re.findall(r"'([a-z_]+)'", found[0]))


@pytest.mark.parametrize(("life", "move"), ROWS)
class TestEveryMove:
    def test_starts_from_states_of_its_life(self, life: Workflow, move: Move) -> None:
        assert move.sources
        assert move.sources <= set(life.states)

    def test_goes_somewhere_else_or_nowhere(self, life: Workflow, move: Move) -> None:
        assert move.target is None or move.target in set(life.states)
        assert move.target not in move.sources, "a move that keeps the state has no target"

    def test_has_its_button_confirmation_and_refusal(self, life: Workflow, move: Move) -> None:
        words = MOVES[life.name, move.name]

        for text in (words.button, words.confirmation, words.refusal):
            assert text.strip()
            assert "{" not in said(text), f"{text!r} names a concept that has no word"
        assert words.refusal.endswith("."), "a refusal is a sentence"
        assert not words.confirmation.endswith(".")

    def test_leaves_a_line_in_the_history(self, life: Workflow, move: Move) -> None:
        assert LINES[E(move.event)].strip()

    def test_is_allowed_to_somebody(self, life: Workflow, move: Move) -> None:
        assert GRANTS[move.permission]

    def test_knows_its_guards(self, life: Workflow, move: Move) -> None:
        assert {*life.guards, *move.guards} <= set(GUARDS)

    def test_asks_in_words_for_what_it_needs(self, life: Workflow, move: Move) -> None:
        columns = {each.name.removesuffix("_sealed") for each in MODEL_OF[life.name].__table__.columns}

        for need in move.needs:
            assert "{" not in said(NEEDED[need])
            assert need in columns or need in ELSEWHERE, f"{need} is stored nowhere"


class TestNothingIsLeftOver:
    def test_every_life_is_walked(self) -> None:
        assert list(LIFE_OF.values()) == list(LIVES)

    def test_every_guard_and_need_is_asked_for(self) -> None:
        assert {guard for life in LIVES for move in life.moves for guard in (*life.guards, *move.guards)} == set(GUARDS)
        assert {need for life in LIVES for move in life.moves for need in move.needs} == set(NEEDED)

    def test_no_words_for_a_move_that_does_not_exist(self) -> None:
        assert {(life.name, move.name) for life in LIVES for move in life.moves} == set(MOVES)

    def test_every_permission_is_held_by_somebody(self) -> None:
        assert set(GRANTS) == set(P)
        assert all(GRANTS.values())
