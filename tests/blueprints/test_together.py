"""Families ticked in the list: somebody is asked to lead several at once, and it is taken back together."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.leads import EndCode, LeadState
from portal.models.families import ConflictOfInterest
from portal.models.handover import LeadAssignment
from portal.models.people import User
from portal.models.record import OutboxMessage
from tests.support.people import Council, Team, a_family, an_active_family, history_of
from tests.support.situations import preparing
from tests.support.web import Browser, Page, SignIn


@pytest.fixture
def teams(council: Council) -> list[Team]:
    return [an_active_family(council, a_family(council, name=name)) for name in ("Abbott", "Brown", "Clark")]


def chosen(browser: Browser, button: str, *refs: str) -> Page:
    """The page behind a button at the end of the list, with these families ticked."""
    form = browser.get("/families").form("/reminders")
    form.action = button
    return form.send({"thing": list(refs)}).follow()


def ask(browser: Browser, user: User, *refs: str, code: EndCode = EndCode.CASELOAD) -> Page:
    page = chosen(browser, "/families/lead/choose", *refs)
    return page.form("/families/lead").send({"lead": str(user.id), "end_code": code.value})


def refs_of(teams: list[Team]) -> list[str]:
    return [team.home.ref for team in teams]


def standing(council: Council, team: Team) -> dict[str, tuple[str, str | None]]:
    """Who leads and who was asked, by name: how that stands, and why they stop."""
    with council.behind_the_scenes():
        rows = db.session.scalars(
            select(LeadAssignment).where(
                LeadAssignment.family_id == team.home.id,
                LeadAssignment.state.in_([LeadState.NOMINATED, LeadState.ACCEPTED]),
            )
        )
        return {row.name: (row.state.value, row.end_code.value if row.end_code else None) for row in rows}


def told(council: Council, kind: str) -> list[OutboxMessage]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)))


class TestChangingTheLead:
    def test_of_those_that_are_ticked_each_with_its_line_and_told_after_ten_minutes(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        browser = sign_in(council.coordinator)
        page = chosen(browser, "/families/lead/choose", *refs_of(teams[:2]))
        assert "2 families" in page.main
        assert "The Abbott family" in page.main
        assert "Clark" not in page.main

        done = page.form("/families/lead").send({"lead": str(council.partner.id), "end_code": EndCode.CASELOAD.value})

        assert done.location == "/families"
        assert f"{council.partner.name} was asked to lead 2 families" in done.follow().text
        for team in teams[:2]:
            assert standing(council, team) == {
                council.lead.name: ("accepted", "caseload"),
                council.partner.name: ("nominated", None),
            }
            assert history_of(council, team.home.id)[-2:] == ["lead.leaving", "lead.nominated"]
        assert council.partner.name not in standing(council, teams[2])
        asked = told(council, "lead.nominated")
        assert len(asked) == 2
        assert {each.due_at - each.made_at for each in asked} == {timedelta(minutes=10)}

    def test_is_undone_for_all_and_nobody_is_told(self, council: Council, sign_in: SignIn, teams: list[Team]) -> None:
        page = ask(sign_in(council.coordinator), council.partner, *refs_of(teams)).follow()

        back = page.undo().send()

        assert back.location == "/families"
        assert "Undone for 3 families" in back.follow().text
        for team in teams:
            assert standing(council, team) == {council.lead.name: ("accepted", None)}
            assert history_of(council, team.home.id)[-2:] == ["change.undone", "change.undone"]
        assert told(council, "lead.nominated") == told(council, "lead.leaving") == []

    def test_who_was_asked_before_is_asked_no_longer_and_is_again_once_undone(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        home = a_family(council, name="Dale")
        preparing(council, home, lead=LeadState.NOMINATED)
        page = chosen(sign_in(council.coordinator), "/families/lead/choose", home.ref)
        assert f"{council.lead.name} was asked and has not answered yet" in page.main
        form = page.form("/families/lead")
        assert "end_code" not in form.values

        done = form.send({"lead": str(council.partner.id)})

        assert history_of(council, home.id)[-2:] == ["lead.withdrawn", "lead.nominated"]
        done.follow().undo().send()
        with council.behind_the_scenes():
            of_home = select(LeadAssignment).where(LeadAssignment.family_id == home.id)
            rows = db.session.scalars(of_home.order_by(LeadAssignment.id)).all()
            assert [(row.name, row.state.value) for row in rows] == [
                (council.lead.name, "nominated"),
                (council.partner.name, "withdrawn"),
            ]
        assert told(council, "lead.withdrawn") == []

    def test_families_that_do_not_allow_it_are_named_and_left_as_they_are(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        idle = a_family(council, name="Early")
        with council.behind_the_scenes():
            whose = {"user_id": council.partner.id, "recorded_at": clock.now()}
            db.session.add(ConflictOfInterest(family_id=teams[1].home.id, **whose))

        page = ask(sign_in(council.coordinator), council.partner, *refs_of(teams[:2]), idle.ref).follow()

        assert f"{council.partner.name} was asked to lead 1 family. Left as they are:" in page.text
        assert f"The Brown family, {teams[1].home.ref} (This person cannot be asked for this family" in page.text
        assert f"The Early family, {idle.ref} (early help is not open)" in page.text
        assert council.partner.name not in standing(council, teams[1])

    def test_nothing_is_done_where_none_allows_it_or_none_is_chosen(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        browser = sign_in(council.coordinator)

        page = ask(browser, council.lead, teams[0].home.ref)

        assert page.status == 409
        assert f"Nobody was asked: The Abbott family, {teams[0].home.ref} ({council.lead.name} leads it)" in page.main
        assert history_of(council, teams[0].home.id)[-1] != "lead.leaving"
        form = browser.get("/families").form("/reminders")
        form.action = "/families/lead/choose"
        nothing = form.send()
        assert nothing.status == 409
        assert "Select families first" in nothing.main
        assert "Select families first" in browser.get("/families/lead").main

    def test_needs_somebody_and_why_with_the_families_kept(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        page = chosen(sign_in(council.coordinator), "/families/lead/choose", *refs_of(teams))

        wrong = page.form("/families/lead").send()

        assert wrong.errors == [
            "Choose who is asked to be the lead professional",
            "Select why they stop leading",
        ]
        again = wrong.form("/families/lead").send({"lead": str(council.partner.id), "end_code": "parent_asked"})
        assert "asked to lead 3 families" in again.follow().text

    def test_what_changed_since_is_not_undone_and_named(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        page = ask(sign_in(council.coordinator), council.partner, *refs_of(teams[:2])).follow()
        with council.behind_the_scenes():
            asked = db.session.scalars(
                select(LeadAssignment).where(
                    LeadAssignment.family_id == teams[0].home.id, LeadAssignment.state == LeadState.NOMINATED
                )
            ).one()
        assert sign_in(council.partner).submit(f"/nominations/{asked.ref}", {"answer": "yes"}).status == 303

        back = page.undo().send().follow()

        assert f"Undone for 1 family. Left as it is: The Abbott family, {teams[0].home.ref}" in back.text
        assert standing(council, teams[0]) == {council.partner.name: ("accepted", None)}
        assert standing(council, teams[1]) == {council.lead.name: ("accepted", None)}

    def test_it_cannot_be_undone_after_ten_minutes_nor_twice(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        page = ask(sign_in(council.coordinator), council.partner, teams[0].home.ref).follow()
        undo = page.undo()
        with time_machine.travel(clock.now() + timedelta(minutes=11)):
            assert undo.send().status == 409

    @pytest.mark.parametrize("who", ["partner", "lead", "auditor", "social_worker"])
    def test_is_for_early_help_alone(self, council: Council, sign_in: SignIn, teams: list[Team], who: str) -> None:
        browser = sign_in(getattr(council, who))

        assert "Change lead" not in browser.get("/families").text
        assert browser.get(f"/families/lead?of={teams[0].home.ref}").status == 403

    def test_a_family_out_of_reach_is_as_if_it_were_not_there(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        hidden = an_active_family(council, a_family(council, name="Hidden", restricted=True))

        page = ask(sign_in(council.coordinator), council.partner, teams[0].home.ref, hidden.home.ref).follow()

        assert f"{council.partner.name} was asked to lead 1 family" in page.text
        assert "Hidden" not in page.text
        assert council.partner.name not in standing(council, hidden)
