"""What is stored of a family is put right from its own rows, as it is said now."""

from datetime import timedelta

from portal.core import clock
from portal.core.db import db
from portal.domain.next_steps import Next
from portal.domain.plans import ActionState
from portal.models.record import FamilySummary
from tests.support.actions import an_action_that_is
from tests.support.people import Council, a_family, an_active_family, summary_of
from tests.support.situations import plan_in_force


def recount(council: Council) -> str:
    return council.app.test_cli_runner().invoke(args=["portal", "recount"]).output


def test_a_next_step_in_the_words_of_before_is_said_as_it_is_now(council: Council) -> None:
    team = an_active_family(council)
    plan_in_force(council, team)
    ahead = clock.today() + timedelta(days=3)
    blocked = an_action_that_is(
        council, team, ActionState.BLOCKED, in_the_way="No form", waiting_on="the landlord", review_on=ahead
    )
    a_family(council, name="Untouched")
    with council.behind_the_scenes():
        db.session.get_one(FamilySummary, team.family.id).next_kind = Next.ACTION

    said = recount(council)

    stored = summary_of(council, team.family.id)
    assert (stored.next_kind, stored.next_subject) == (Next.ACTION_BLOCKED, blocked.ref)
    assert said == "1 family of 2 said something else, and was put right.\n"
    assert recount(council) == "0 families of 2 said something else, and were put right.\n"
