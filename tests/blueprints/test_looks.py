"""Who has looked at a family, as those entitled read it."""

from datetime import timedelta

import time_machine

from portal.core import clock
from portal.core.db import db
from portal.models.teamwork import TeamMember
from tests.support.people import Council, Team, an_action, an_active_family
from tests.support.web import Page, SignIn


def looked(page: Page, heading: str) -> list[list[str]]:
    """The cells of the table under a heading; the first one without the organisation's line."""
    found = next(each for each in page.soup.select("h2") if each.get_text().strip() == heading)
    table = found.find_next(["table", "div"])
    assert table is not None
    return [[" ".join(cell.get_text(" ").split()) for cell in row.select("th, td")] for row in table.select("tbody tr")]


def link(page: Page, ending: str) -> str:
    return next(each for each in page.links() if each.endswith(ending))


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
                f"{auditor.name} {council.organisation.name}",
                "Quality auditor",
                "Opened once, refused once",
                "7 October 2026 at 10am",
            ]
        ]
        assert [row[2] for row in looked(theirs, f"Each look of {auditor.name}")] == [
            f"Was refused: action, {action.ref}",
            f"Opened: family page, {team.ref}",
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
