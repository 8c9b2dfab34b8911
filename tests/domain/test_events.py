"""Lines of a family's history."""

import re

import pytest

from portal.domain.event_kinds import E
from portal.domain.events import LINES, line
from portal.domain.words import SHIPPED, Word


def said(kind: E, **data: object) -> str:
    return line(kind, actor="Pat O’Hara", subject="A-7", data=data, words=SHIPPED)


class TestLine:
    def test_says_who_did_what(self) -> None:
        assert said(E.ACTION_DONE, what="Call school") == "Pat O’Hara marked A-7 as done: Call school"

    def test_uses_the_councils_words(self) -> None:
        words = {**SHIPPED, "plan": Word("family plan", "family plans", "a family plan")}

        assert line(E.PLAN_IN_FORCE, actor="Lena", subject="", data={}, words=words) == (
            "Lena put the family plan in force"
        )

    @pytest.mark.parametrize("typed", ["Ring {step_down}", "{actor}", "{what}", "{subject} {plan:a}", "100 % {0}"])
    def test_braces_that_somebody_typed_stay_as_they_are(self, typed: str) -> None:
        assert said(E.ACTION_DONE, what=typed) == f"Pat O’Hara marked A-7 as done: {typed}"

    def test_a_name_with_braces_is_not_read_as_a_place_for_something_else(self) -> None:
        shown = line(E.ACTION_DONE, actor="{what}", subject="A-7", data={"what": "secret"}, words=SHIPPED)

        assert shown == "{what} marked A-7 as done: secret"

    def test_a_value_wins_over_a_concept_of_the_same_name(self) -> None:
        assert said(E.OUTSTANDING_CARRIED, action="A-9", what="Ring the GP").endswith("as A-9: Ring the GP")

    def test_a_value_that_is_a_concept_and_nothing_else_is_said_in_the_councils_word(self) -> None:
        assert said(E.MEETING_ARRANGED, what="{step_down_meeting:a}", when="3 March 2025").endswith(
            "arranged a step-down meeting for 3 March 2025, A-7"
        )

    def test_a_value_that_an_old_event_lacks_leaves_its_place_visible(self) -> None:
        assert "{what}" in said(E.ACTION_DONE)


class TestKinds:
    def test_every_kind_has_its_line(self) -> None:
        assert set(LINES) == set(E)

    def test_keys_are_plain(self) -> None:
        assert all(re.fullmatch(r"[a-z_]+\.[a-z_]+", kind.value) for kind in E)
