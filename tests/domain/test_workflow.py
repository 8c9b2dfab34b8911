"""The reader of lives."""

import enum

import pytest

from portal.domain.permissions import P
from portal.domain.workflow import Move, Workflow, but, of


class Tea(enum.StrEnum):
    COLD = "cold"
    HOT = "hot"
    DRUNK = "drunk"
    SPILT = "spilt"


LIFE = Workflow(
    "tea",
    Tea,
    starts=(Tea.COLD,),
    moves=(
        Move("heat", of(Tea.COLD), Tea.HOT, P.ACTION_UPDATE, "action.started"),
        Move("stir", of(Tea.HOT), None, P.ACTION_UPDATE, "action.note"),
        Move("drink", of(Tea.COLD, Tea.HOT), Tea.DRUNK, P.ACTION_UPDATE, "action.done"),
    ),
)


class TestWorkflow:
    def test_finds_a_move_by_its_name(self) -> None:
        assert LIFE.move("heat").target is Tea.HOT

    def test_a_name_that_is_not_in_the_table_is_a_fault(self) -> None:
        with pytest.raises(LookupError, match="tea has no move 'pour'"):
            LIFE.move("pour")

    def test_says_what_is_open_from_a_state_in_the_tables_order(self) -> None:
        assert [move.name for move in LIFE.open_moves(Tea.HOT)] == ["stir", "drink"]
        assert LIFE.open_moves(Tea.DRUNK) == []
        assert LIFE.is_open("drink", Tea.COLD)
        assert not LIFE.is_open("stir", Tea.COLD)

    def test_knows_which_states_no_chain_of_moves_arrives_at(self) -> None:
        assert set(LIFE.states) - LIFE.reachable() == {Tea.SPILT}

    def test_every_state_but_some(self) -> None:
        assert but(Tea, Tea.DRUNK, Tea.SPILT) == of(Tea.COLD, Tea.HOT)
