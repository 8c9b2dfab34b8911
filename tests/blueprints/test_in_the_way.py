"""An action with something in its way: on whom it waits, and how many days it is overdue, the same everywhere."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from portal.core import clock
from portal.domain.dates import near, short
from portal.models.teamwork import PlanAction
from tests.support.actions import cannot, in_the_way
from tests.support.people import Council, Team, an_action, an_active_family
from tests.support.post import Postbox
from tests.support.web import Browser, SignIn

FIGURES = re.compile(r"\d+ working days? overdue")
LOOK, BY = timedelta(days=-14), timedelta(days=14)


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council)


@pytest.fixture
def action(council: Council, sign_in: SignIn, team: Team) -> PlanAction:
    """The partner's. It was to be looked at again two weeks ago, and is to be done in two weeks."""
    today = clock.today()
    action = an_action(council, team, due_on=today + BY)
    with time_machine.travel(clock.now() - timedelta(days=21), tick=False):
        assert cannot(sign_in, council.partner, action, in_the_way(today + LOOK), "No answer").status == 303
    return action


def pages(browser: Browser, *paths: str) -> dict[str, str]:
    return {path: browser.get(path).main for path in paths}


class TestHowManyDaysItIsOverdue:
    def test_is_one_figure_on_every_page_and_says_of_which_day(
        self, council: Council, sign_in: SignIn, team: Team, action: PlanAction
    ) -> None:
        family, one = f"/families/{team.ref}", f"/actions/{action.ref}"

        listed = "/families?view=overdue"
        shown = {
            **pages(sign_in(council.coordinator), family, f"{family}/plan", one, f"{one}/due", listed),
            **pages(sign_in(council.partner), "/my-actions", f"{one}/update"),
        }

        for path, main in shown.items():
            assert set(FIGURES.findall(main)) == {"10 working days overdue"}, path
        today = clock.today()
        both = f"{near(today + LOOK, today)}, to be done by {near(today + BY, today)}"
        for path in (family, f"{family}/plan", one, f"{one}/due", "/my-actions", f"{one}/update"):
            assert "look again: 10 working days overdue" in shown[path], path
            assert both in shown[path], path
        assert "See whether this can go on, something is in its way: Call school" in shown[listed]

    def test_in_a_reminder_too(
        self, app: Flask, council: Council, sign_in: SignIn, team: Team, action: PlanAction
    ) -> None:
        postbox = Postbox(app)

        sign_in(council.coordinator).submit("/reminders", {"thing": [action.ref]}, on=f"/actions/{action.ref}")
        with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
            postbox.work()

        (letter,) = (each for each in postbox.letters if each.to == council.partner.email)
        look_on = short(clock.today() + LOOK, clock.today())
        assert f"By when: {look_on}, 10 working days overdue" in letter.text


class TestOnWhomItWaits:
    def test_is_whoever_was_named_to_everybody_and_who_sees_to_it_stands_beside_it(
        self, council: Council, sign_in: SignIn, team: Team, action: PlanAction
    ) -> None:
        owner, lead, coordinator = council.partner, council.lead, council.coordinator

        shown = [
            sign_in(owner).get(f"/families/{team.ref}").main,
            sign_in(lead).get(f"/families/{team.ref}").main,
            sign_in(lead).get("/home").main,
            sign_in(coordinator).get("/waiting-longest").main,
        ]

        for main in shown:
            assert f"Call school ({owner.name}), which has something in its way" in main
            assert "aiting 15 working days on the landlord to clear the way" in main
        assert "Whoever an action waits on" in shown[-1]
        assert "Not recorded" not in shown[-1]
