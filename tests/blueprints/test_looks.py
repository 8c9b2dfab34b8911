"""Who has looked at a family, as those entitled read it."""

import re
from datetime import UTC, datetime, timedelta

import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import Clearance, Family
from portal.models.teamwork import TeamMember
from tests.support.log import look
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.web import Page, SignIn


def looked(page: Page, heading: str) -> list[list[str]]:
    """The cells of the table under a heading; the first one without the organisation's line."""
    found = next(each for each in page.soup.select("h2") if each.get_text().strip() == heading)
    table = found.find_next(["table", "div"])
    assert table is not None
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in table.select("tbody tr")]


def link(page: Page, ending: str) -> str:
    return next(each for each in page.links() if each.endswith(ending))


# What each error page says to quote.
REFERENCE = re.compile(r"[0-9A-F]{8}")
TEAM, OTHERS = "On the team around the family", "Not on the team around the family"


class TestWhoHasLooked:
    def test_tells_the_teams_looks_from_others_by_what_they_were_when_they_looked(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        with time_machine.travel(clock.now(), tick=False) as now:
            sign_in(council.auditor).get(f"/families/{team.ref}")
            assert sign_in(council.auditor).get(f"/actions/{action.ref}/update").status == 403
            now.shift(timedelta(minutes=1))
            sign_in(council.partner).get(f"/families/{team.ref}")
            sign_in(council.partner).submit(f"/actions/{action.ref}/update", {"note": "Done"})
            with council.behind_the_scenes():
                db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()
            now.shift(timedelta(minutes=1))
            assert sign_in(council.partner).get(f"/families/{team.ref}").status == 404
            now.shift(timedelta(minutes=1))
            lead = sign_in(council.lead)

            page = lead.get(link(lead.get(f"/families/{team.ref}/history"), "who-has-looked"))
            theirs = lead.get(link(page, f"who={council.auditor.ref}"))

        partner, auditor = council.partner, council.auditor
        assert looked(page, TEAM) == [
            [
                f"{council.lead.name} {council.health.name}",
                "Lead professional",
                "Opened once",
                "7 October 2026 at 10:03am",
            ],
            [
                f"{partner.name} {council.school.name}",
                "On the team around the family",
                "Opened twice, changed once",
                "7 October 2026 at 10:01am",
            ],
        ]
        assert looked(page, OTHERS) == [
            [
                f"{partner.name} {council.school.name}",
                "Partner professional",
                "Refused once",
                "7 October 2026 at 10:02am",
            ],
            [
                f"{auditor.name} {council.organisation.name}",
                "Quality auditor",
                "Opened once, refused once",
                "7 October 2026 at 10am",
            ],
        ]
        assert [row[2] for row in looked(theirs, f"Each look of {auditor.name}")] == [
            f"Was refused: action, {action.ref}",
            f"Opened: family page, {team.ref}",
        ]

    def test_shows_who_was_refused_though_it_is_out_of_their_reach(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        action = an_action(council, team)
        outsider = sign_in(council.social_worker_other_team)

        told = [
            outsider.get(path).text for path in (f"/families/{team.ref}", f"/actions/{action.ref}", "/families/F-99")
        ]

        assert "Page not found" in told[0]
        assert len({REFERENCE.sub("", text) for text in told}) == 1
        page = sign_in(council.coordinator).get(f"/families/{team.ref}/who-has-looked")
        assert [(row[0], row[2]) for row in looked(page, OTHERS)] == [
            (f"{council.social_worker_other_team.name} {council.organisation.name}", "Refused twice")
        ]

    def test_shows_who_found_the_family_by_a_look_up_and_why(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        answers = {"number": team.ref, "reason": "The school rang"}
        sign_in(council.front_door).submit("/look-up", answers)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}/who-has-looked")

        assert f"{council.front_door.name}, {council.organisation.name}, on 7 October 2026" in page.main
        assert "The school rang" in page.main

    def test_is_for_the_lead_this_familys_coordinator_and_the_manager(self, council: Council, sign_in: SignIn) -> None:
        path = f"/families/{an_active_family(council).ref}/who-has-looked"

        for who in (council.lead, council.coordinator, council.manager):
            assert sign_in(who).get(path).status == 200
        for who in (council.partner, council.other_coordinator, council.auditor):
            assert sign_in(who).get(path).status == 403
        history = sign_in(council.partner).get(path.replace("who-has-looked", "history"))
        assert "Who has looked" not in history.main

    def test_fifty_at_a_time(self, council: Council, sign_in: SignIn) -> None:
        team: Team = an_active_family(council)
        browser = sign_in(council.lead)
        for _ in range(51):
            browser.client.get(f"/families/{team.ref}")

        first = browser.get(f"/families/{team.ref}/who-has-looked")
        further = browser.get(next(link for link in first.links() if "before=" in link))

        assert len(looked(first, "Each look")) == 50
        assert len(looked(further, "Each look")) == 1
        for wrong in ("before=x", "who=5", "who=U-٣", "before=99999999999999999999"):
            assert browser.get(f"/families/{team.ref}/who-has-looked?{wrong}").status == 404


class TestLooksToAskAbout:
    def test_at_somebody_with_ones_own_surname(self, council: Council, sign_in: SignIn) -> None:
        """However it is written; a relative's, as far as anybody can tell."""
        own = an_active_family(council, a_family(council, name="Partnér"))
        other = an_active_family(council)
        for team in (own, other):
            look(council, council.partner, team.family.id, team.family.id)

        page = sign_in(council.manager).get("/looks")

        assert looked(page, "At somebody with their own surname") == [
            [
                f"{council.partner.name} {council.school.name}",
                f"The Partnér family {own.ref}",
                "2 times",
                "7 October 2026 at 10am",
            ]
        ]

    def test_at_many_families_within_any_hour(self, council: Council, sign_in: SignIn) -> None:
        families = [a_family(council, children=0).id for _ in range(20)]
        with time_machine.travel(clock.now() + timedelta(minutes=31), tick=False) as now:
            for number, family_id in enumerate(families):
                look(council, council.other_coordinator, family_id)
                if number:  # one fewer
                    look(council, council.auditor, family_id, family_id)
                now.shift(timedelta(minutes=3))

            page = sign_in(council.manager).get("/looks")

        assert looked(page, "20 families or more within an hour") == [
            [
                f"{council.other_coordinator.name} {council.organisation.name}",
                "20 families",
                "Wednesday 7 October, 10:31am to 11:28am",
            ]
        ]

    def test_from_outside_the_team_of_families_in_the_managers_own_reach(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team, closed = an_active_family(council), a_family(council, restricted=True)
        look(council, council.auditor, team.family.id, closed.id)
        sign_in(council.partner).get(f"/families/{team.ref}")
        manager = sign_in(council.manager)

        page = manager.get("/looks")
        theirs = manager.get(link(page, f"/people/{council.auditor.ref}/looks"))
        each = manager.get(link(theirs, f"who={council.auditor.ref}"))

        outside = looked(page, "From outside the team around the family")
        assert [row[:3] for row in outside] == [
            [f"{council.auditor.name} {council.organisation.name}", "Quality auditor", "1 family"]
        ]
        assert team.ref in theirs.main
        assert closed.ref not in theirs.main
        assert [row[2] for row in looked(each, f"Each look of {council.auditor.name}")] == [
            f"Opened: family page, {team.ref} Why – ‘so’"
        ]

    def test_at_restricted_families_but_not_by_whose_work_it_is(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        cleared = (council.manager, council.lead, council.coordinator, council.auditor)
        with council.behind_the_scenes():
            db.session.get_one(Family, team.family.id).restricted = True
            of = {"family_id": team.family.id, "cleared_at": clock.now()}
            db.session.add_all(Clearance(**of, user_id=user.id) for user in cleared)
        for user in cleared[1:]:
            assert sign_in(user).get(f"/families/{team.ref}").status == 200

        page = sign_in(council.manager).get("/looks")

        rows = looked(page, "At restricted families")
        assert [row[0] for row in rows] == [f"{council.auditor.name} {council.organisation.name}"]

    def test_at_restricted_families_but_not_by_their_social_workers(self, council: Council, sign_in: SignIn) -> None:
        team, other = an_active_family(council), council.social_worker_other_team
        with council.behind_the_scenes():
            db.session.get_one(Family, team.family.id).restricted = True
            of = {"family_id": team.family.id, "cleared_at": clock.now()}
            db.session.add_all(Clearance(**of, user_id=user.id) for user in (council.manager, other))
        for user in (council.social_worker, other):
            look(council, user, team.family.id)
        cleared = sign_in(council.manager).get("/looks")
        with council.behind_the_scenes():
            clearance = db.session.scalars(select(Clearance).where(Clearance.user_id == other.id)).one()
            clearance.ended_at, clearance.ended_why = clock.now(), "Moved on"

        not_any_more = sign_in(council.manager).get("/looks")

        assert "Nobody else looked at a restricted family" in cleared.main
        rows = looked(not_any_more, "At restricted families")
        assert [row[0] for row in rows] == [f"{other.name} {council.organisation.name}"]

    def test_from_outside_is_nobody_who_is_the_family_s_own_social_worker_as_well(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team, other = an_active_family(council), an_active_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Family, team.family.id).social_worker_id = council.auditor.id
            db.session.get_one(Family, other.family.id).social_worker_id = None
        look(council, council.auditor, team.family.id, other.family.id)
        manager = sign_in(council.manager)

        page = manager.get("/looks")
        theirs = manager.get(link(page, f"/people/{council.auditor.ref}/looks"))

        assert [row[2] for row in looked(page, "From outside the team around the family")] == ["1 family"]
        assert other.ref in theirs.main
        assert team.ref not in theirs.main

    def test_five_of_last_week_drawn_by_lot(self, council: Council, sign_in: SignIn) -> None:
        """The same ones all week, and none of a family that the manager does not reach."""
        families, closed = [a_family(council, children=0).id for _ in range(7)], a_family(council, restricted=True)
        look(council, council.partner, *families, closed.id)
        with time_machine.travel(datetime(2026, 10, 12, 9, tzinfo=UTC)) as now:
            manager = sign_in(council.manager)
            assert looked(sign_in(council.manager).get("/looks"), "Drawn by lot from last week") == (
                drawn := looked(manager.get("/looks"), "Drawn by lot from last week")
            )
            now.shift(timedelta(days=7))
            later = looked(sign_in(council.manager).get("/looks"), "Drawn by lot from last week")

        assert len({row[1] for row in drawn}) == 5
        assert {row[0] for row in drawn} == {f"{council.partner.name} {council.school.name}"}
        assert not any(closed.ref in row[1] for row in drawn)
        assert later == []

    def test_is_for_the_manager(self, council: Council, sign_in: SignIn) -> None:
        look(council, council.auditor, an_active_family(council).family.id)

        assert "Looks to ask about" in sign_in(council.manager).get("/team-needs").text_of("nav")
        assert "Looks to ask about" not in sign_in(council.coordinator).get("/team-needs").text_of("nav")
        assert sign_in(council.coordinator).get("/looks").status == 403
        with time_machine.travel(clock.now() + timedelta(days=29)):
            assert "Nobody looked from outside" in sign_in(council.manager).get("/looks").main
