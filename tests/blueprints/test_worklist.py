"""The worklist: whose families, in what order, under which view, at what cost."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.domain.step_downs import StepDownState
from portal.domain.support import ReferralState
from portal.models.families import Clearance, ConflictOfInterest, Family
from portal.models.handover import Episode
from portal.models.record import FamilySummary
from portal.services import history
from tests.support.people import Council, a_family, an_action, an_active_family
from tests.support.situations import (
    a_step_down,
    coordinated,
    preparing,
    social_work_closed,
    support,
    without_lead,
)
from tests.support.web import Page, SignIn, counted_statements

BUDGET = 5


def names(page: Page) -> list[str]:
    return [link.get_text() for link in page.soup.select(".app-worklist tbody th a")]


def tabs(page: Page) -> str:
    return page.text_of(".app-views")


def cells(page: Page, name: str) -> dict[str, str]:
    """The row of the family of that name, by column."""
    row = next(row for row in page.soup.select(".app-worklist tbody tr") if name in row.get_text())
    return {str(cell["data-label"]): " ".join(cell.get_text(" ").split()) for cell in row.select("td")}


@pytest.fixture
def on_a_working_day() -> Iterator[None]:
    """So that something can be due today."""
    now = clock.now()
    with clock.at(now + (Calendar().working_days_after(clock.today(), 0) - clock.today())):
        yield


def open_summaries(council: Council, number: int) -> None:
    """That many families of the coordinator's, each with an action due and support suggested."""
    for n in range(number):
        team = an_active_family(council, a_family(council, name=f"Number {n}"))
        an_action(council, team, what=f"Action {n}")
        support(council, team.home)


@pytest.mark.usefixtures("on_a_working_day")
class TestTheOrder:
    def test_most_urgent_first(self, council: Council, sign_in: SignIn) -> None:
        today, nobody = clock.today(), a_family(council, name="Nobody")
        with clock.at(clock.now() - timedelta(days=40)):
            an_active_family(council, a_family(council, name="Rest"))
        an_active_family(council, a_family(council, name="Changed"))
        nothing = a_family(council, name="Nothing next")
        coordinated(council, nothing)
        support(council, nothing, state=ReferralState.STARTED)
        without_lead(council, an_active_family(council, a_family(council, name="Unled")))
        for name, due_on in (("Today", today), ("Late", today - timedelta(days=8))):
            an_action(council, an_active_family(council, a_family(council, name=name)), due_on=due_on)
        an_action(council, an_active_family(council, a_family(council, name="Later")), due_on=today + timedelta(days=9))
        a_step_down(council, nobody, StepDownState.ACCEPTED, social_work_closed_on=today)
        preparing(council, nobody, lead=LeadState.ACCEPTED)

        page = sign_in(council.coordinator).get("/families")

        assert [name.removeprefix("The ").removesuffix(" family") for name in names(page)] == [
            "Nobody", "Late", "Today", "Unled", "Nothing next", "Later", "Changed", "Rest",
        ]  # fmt: skip

    def test_a_manager_s_list_goes_by_date_with_the_undated_last(self, council: Council, sign_in: SignIn) -> None:
        today = clock.today()
        an_active_family(council, a_family(council, name="Undated"))
        for name, days in (("Later", 9), ("Late", -8), ("Soon", 2)):
            team = an_active_family(council, a_family(council, name=name))
            an_action(council, team, due_on=today + timedelta(days=days))

        found = names(sign_in(council.manager).get("/families"))

        assert found == ["The Late family", "The Soon family", "The Later family", "The Undated family"]

    @pytest.mark.parametrize("who", ["coordinator", "manager"])
    def test_every_family_once_over_the_pages(self, council: Council, sign_in: SignIn, who: str) -> None:
        homes = [a_family(council, name=f"Number {n}") for n in range(53)]
        for n, home in enumerate(homes):
            coordinated(council, home)
            # Dates that meet, and families that have none.
            support(
                council,
                home,
                state=ReferralState.STARTED if n % 4 == 0 else ReferralState.INFORMATION_GIVEN,
                due_on=clock.today() + timedelta(days=n % 3 - 1),
            )
        browser = sign_in(getattr(council, who))

        first = browser.get("/families")
        link = next(link for link in first.soup.select("main a") if link.get_text() == "Next page")
        second = browser.get(str(link["href"]))

        assert (len(names(first)), len(names(second))) == (50, 3)
        assert len(set(names(first) + names(second))) == 53
        assert "Next page" not in second.main
        assert "First page" in second.main

    @pytest.mark.parametrize("after", ["x", "9..1", "1.2026-02-31.4", "0..0", "1..99999999999", "0.٢٠٢٦-01-01.1"])
    def test_an_impossible_page_is_not_there(self, council: Council, sign_in: SignIn, after: str) -> None:
        assert sign_in(council.coordinator).get(f"/families?after={after}").status == 404

    def test_nor_is_a_view_nobody_made(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).get("/families?view=everything").status == 404


class TestTheColumns:
    def test_what_stands_in_a_row(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        an_action(council, team, due_on=clock.today() - timedelta(days=10))
        support(council, team.home)
        support(council, team.home, state=ReferralState.STARTED)

        page = sign_in(council.coordinator).get("/families")
        row = cells(page, "O’Neill")

        assert page.text_of(".app-worklist tbody th") == f"The O’Neill family {team.ref} · New"
        assert row["Next step"].startswith("Call school Pat Partner, ")
        assert "working days overdue" in row["Next step"]
        assert row["Lead"] == "Lena Lead"
        assert row["Stage"] == "Active"
        assert row["Support"] == "1 of 2 started"
        assert page.soup.select_one(".app-worklist__late")

    def test_new_for_a_week(self, council: Council, sign_in: SignIn) -> None:
        with clock.at(clock.now() - timedelta(days=8)):
            an_active_family(council)

        assert "New" not in sign_in(council.coordinator).get("/families").text_of(".app-worklist")

    def test_nobody_leads_or_was_only_asked(self, council: Council, sign_in: SignIn) -> None:
        without_lead(council, an_active_family(council))
        asked = a_family(council, name="Asked")
        a_step_down(council, asked, StepDownState.ACCEPTED)
        preparing(council, asked, lead=LeadState.NOMINATED)

        page = sign_in(council.coordinator).get("/families")

        assert cells(page, "O’Neill")["Lead"] == "No lead professional"
        assert cells(page, "Asked")["Lead"] == "Lena Lead, who was asked and has not answered"

    def test_nobody_holds_is_red(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_step_down(council, home, StepDownState.ACCEPTED, social_work_closed_on=clock.today())
        coordinated(council, home)

        page = sign_in(council.coordinator).get("/families")

        assert page.text_of(".govuk-tag--red") == "Nobody holds this family"

    def test_words_that_somebody_typed_are_only_words(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council, a_family(council, name="<i>O</i>"))
        an_action(council, team, what="<script>x</script> {Step_down}")

        row = cells(sign_in(council.coordinator).get("/families"), "<i>O</i>")

        assert row["Next step"].startswith("<script>x</script> {Step_down}")

    def test_it_stacks_on_a_narrow_screen_and_stays_a_table_to_a_screen_reader(
        self, council: Council, sign_in: SignIn
    ) -> None:
        an_active_family(council)

        soup = sign_in(council.coordinator).get("/families").soup

        assert [str(found["role"]) for found in soup.select(".app-worklist, .app-worklist [role]")] == (
            ["table", "rowgroup", "row", *["columnheader"] * 7, "rowgroup", "row", "cell", "rowheader", *["cell"] * 5]
        )


class TestTheViews:
    def set_up(self, council: Council) -> None:
        for name, due_on in (("Late", -10), ("Fine", 10)):
            team = an_active_family(council, a_family(council, name=name))
            an_action(council, team, due_on=clock.today() + timedelta(days=due_on))
        without_lead(council, an_active_family(council, a_family(council, name="Unled")))
        waiting = an_active_family(council, a_family(council, name="Waiting"))
        support(council, waiting.home, owner=council.coordinator)

    @pytest.mark.parametrize(
        ("view", "expected"),
        [
            ("needs_me", ["Unled", "Waiting"]),
            ("waiting_for_support", ["Waiting"]),
            ("no_lead", ["Unled"]),
            ("overdue", ["Late"]),
        ],
    )
    def test_each_shows_its_families(self, council: Council, sign_in: SignIn, view: str, expected: list[str]) -> None:
        self.set_up(council)

        page = sign_in(council.coordinator).get(f"/families?view={view}")

        assert sorted(names(page)) == [f"The {name} family" for name in expected]
        assert page.text_of("[aria-current=page].app-views__link").endswith(f"({len(expected)})")

    def test_all_say_how_many(self, council: Council, sign_in: SignIn) -> None:
        self.set_up(council)

        assert tabs(sign_in(council.coordinator).get("/families")) == (
            "Needs me (2) Changed Waiting for support to start (1) No lead professional (1) "
            "Not answered whether they lead (0) Overdue (1) All my families (4)"
        )

    def test_nothing_in_a_view(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)

        page = sign_in(council.coordinator).get("/families?view=overdue")

        assert "No families match. Clear filters" in page.main
        assert "/families" in page.links()

    def test_nothing_at_all(self, council: Council, sign_in: SignIn) -> None:
        assert (
            "No families yet. Accept a step-down or add a family." in sign_in(council.coordinator).get("/families").main
        )
        assert "A family stands here once you work with it." in sign_in(council.partner).get("/families").main


class TestWhoseFamilies:
    def test_a_coordinator_s_own_not_a_colleague_s(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)

        assert names(sign_in(council.coordinator).get("/families")) == ["The O’Neill family"]
        assert not names(sign_in(council.other_coordinator).get("/families"))

    def test_all_in_reach_for_manager_auditor_and_social_care_manager(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)
        home = a_family(council, name="South", by=council.social_worker_other_team)
        support(council, home)

        for person in (council.manager, council.auditor):
            page = sign_in(person).get("/families")
            assert sorted(names(page)) == ["The O’Neill family", "The South family"]
            assert "All families (2)" in tabs(page)

        theirs = a_family(council, name="North")
        a_step_down(council, theirs)
        page = sign_in(council.social_care_manager).get("/families")
        assert "The North family" in names(page)

    def test_a_partner_s_are_those_whose_team_they_are_on(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)

        assert names(sign_in(council.partner).get("/families")) == ["The O’Neill family"]
        page = sign_in(council.partner_other_organisation).get("/families")
        assert not names(page)
        assert "All my families (0)" in tabs(page)

    def test_restricted_and_conflicted_are_in_no_list_and_no_count(self, council: Council, sign_in: SignIn) -> None:
        hidden = an_active_family(council, a_family(council, name="Hidden", restricted=True))
        own = an_active_family(council, a_family(council, name="Own"))
        with council.behind_the_scenes():
            db.session.add(
                ConflictOfInterest(family_id=own.family.id, user_id=council.manager.id, recorded_at=clock.now())
            )

        page = sign_in(council.manager).get("/families")
        assert not names(page)
        assert "All families (0)" in tabs(page)

        with council.behind_the_scenes():
            db.session.add(Clearance(family_id=hidden.family.id, user_id=council.manager.id, cleared_at=clock.now()))
        assert names(sign_in(council.manager).get("/families")) == ["The Hidden family"]

    def test_a_family_no_longer_open_is_not_listed(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        social_work_closed(council, home)
        coordinated(council, home)

        assert not names(sign_in(council.coordinator).get("/families"))

    def test_who_has_no_list_is_refused(self, council: Council, sign_in: SignIn) -> None:
        for person in (council.social_worker, council.front_door, council.admin):
            assert sign_in(person).get("/families").status == 403


class TestWhatItCosts:
    # A manager begins there: the checks that wait for them are read too, and what waits for managers alone.
    @pytest.mark.parametrize(("who", "budget"), [("coordinator", BUDGET), ("manager", BUDGET + 2), ("partner", BUDGET)])
    def test_as_many_statements_for_three_rows_as_for_thirty(
        self, council: Council, sign_in: SignIn, who: str, budget: int
    ) -> None:
        counts = []
        for number in (3, 27):
            open_summaries(council, number)
            browser = sign_in(getattr(council, who))
            with counted_statements(council.app) as statements:
                page = browser.get("/families")
            counts.append(len(statements))
        assert len(names(page)) == 30

        assert counts[0] == counts[1] <= budget

    def test_forty_families_in_fifteen_hundred_nodes(self, council: Council, sign_in: SignIn) -> None:
        open_summaries(council, 40)

        page = sign_in(council.coordinator).get("/families")

        assert len(names(page)) == 40
        assert len(page.soup.find_all(True)) <= 1500

    def test_counts_stop_at_two_hundred(self, council: Council, sign_in: SignIn) -> None:
        with council.behind_the_scenes():
            for n in range(201):
                family = Family(name=f"Family {n}", added_by_id=council.coordinator.id, added_at=clock.now())
                db.session.add(family)
                db.session.flush()
                db.session.add_all(
                    [
                        Episode(family_id=family.id, state=EpisodeState.ACTIVE, opened_on=clock.today()),
                        FamilySummary(family_id=family.id),
                    ]
                )
                history.changed(family.id)

        page = sign_in(council.manager).get("/families")

        assert "All families (more than 200)" in tabs(page)
        assert len(names(page)) == 50
