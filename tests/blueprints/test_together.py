"""Families ticked in the list: somebody is asked to lead several at once, or their next review is set; taken back
together."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.domain.leads import EndCode, LeadState
from portal.domain.meetings import MeetingState
from portal.models.families import ConflictOfInterest
from portal.models.handover import Episode, LeadAssignment
from portal.models.people import User
from portal.models.record import OutboxMessage
from portal.models.teamwork import Meeting
from portal.services import history
from tests.support.people import Council, Team, a_family, an_active_family, history_of
from tests.support.situations import preparing
from tests.support.web import Browser, Page, SignIn, date_parts


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


def review(browser: Browser, on: date, *refs: str) -> Page:
    page = chosen(browser, "/families/review/choose", *refs)
    return page.form("/families/review").send(date_parts("on", on))


def review_of(council: Council, team: Team) -> date | None:
    with council.behind_the_scenes():
        return db.session.get_one(Episode, team.episode.id).next_review_on


def a_meeting(council: Council, team: Team, *, days: int, state: MeetingState = MeetingState.ARRANGED) -> None:
    """So many days from today."""
    with council.behind_the_scenes():
        at = clock.now() + timedelta(days=days)
        held = {"held_on": clock.today() + timedelta(days=days)} if state is MeetingState.HELD else {}
        of = {"family_id": team.home.id, "episode_id": team.episode.id, "is_review": True}
        db.session.add(Meeting(**of, **held, starts_at=at, state=state))
        history.changed(team.home.id)


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


class TestSettingTheReviewDate:
    def test_of_those_that_are_ticked_who_then_are_to_arrange_a_meeting_by_it(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        browser, on = sign_in(council.coordinator), clock.today() + timedelta(days=28)
        page = chosen(browser, "/families/review/choose", *refs_of(teams[:2]))
        assert "has not met yet" in page.main

        done = page.form("/families/review").send(date_parts("on", on))

        assert f"Next review by {full(on)} for 2 families" in done.follow().text
        assert [review_of(council, team) for team in teams] == [on, on, None]
        assert history_of(council, teams[0].home.id)[-1] == "meeting.review_by"
        assert full(on) in browser.get(f"/families/{teams[0].home.ref}/history").main
        (first, second) = told(council, "meeting.review_by")
        assert first.due_at - first.made_at == second.due_at - second.made_at == timedelta(minutes=10)
        with time_machine.travel(clock.now() + timedelta(days=29)):
            overdue = sign_in(council.coordinator).get("/families?view=overdue")
        assert "The Abbott family" in overdue.main
        assert "Arrange the next meeting" in overdue.main
        assert "The Clark family" not in overdue.main

    def test_is_undone_for_all_and_what_stood_before_is_back(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        browser, before = sign_in(council.coordinator), clock.today() + timedelta(days=14)
        review(browser, before, teams[0].home.ref)
        page = review(browser, before + timedelta(days=7), *refs_of(teams)).follow()

        assert "Undone for 3 families" in page.undo().send().follow().text

        assert [review_of(council, team) for team in teams] == [before, None, None]
        assert history_of(council, teams[1].home.id)[-1] == "change.undone"
        assert len(told(council, "meeting.review_by")) == 1

    def test_a_family_that_has_met_since_has_no_day_any_more(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        a_meeting(council, teams[0], days=-3, state=MeetingState.HELD)
        review(sign_in(council.coordinator), clock.today() + timedelta(days=7), teams[0].home.ref)
        with time_machine.travel(clock.now() + timedelta(days=9)):
            late = sign_in(council.coordinator).get("/families?view=overdue")
            waits = sign_in(council.coordinator).get("/waiting-longest")
            a_meeting(council, teams[0], days=-1, state=MeetingState.HELD)
            met = sign_in(council.coordinator).get("/families?view=overdue")
            waits_no_more = sign_in(council.coordinator).get("/waiting-longest")

        assert "The Abbott family" in late.main
        assert waits.main.count("The next meeting of the team around the family") == 1
        assert "The Abbott family" not in met.main
        assert "The next meeting of the team around the family" not in waits_no_more.main

    def test_families_that_do_not_allow_it_are_named(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        home = a_family(council, name="Dale")
        preparing(council, home)
        a_meeting(council, teams[0], days=9)
        a_meeting(council, teams[1], days=-70, state=MeetingState.HELD)

        page = review(
            sign_in(council.coordinator), clock.today() + timedelta(days=28), *refs_of(teams), home.ref
        ).follow()

        meets = full(clock.today() + timedelta(days=9))
        assert "for 1 family. Left as they are:" in page.text
        assert f"The Abbott family, {teams[0].home.ref} (a meeting is arranged for {meets}: move that one)" in page.text
        assert f"The Brown family, {teams[1].home.ref} (more than 12 weeks after" in page.text
        assert f"The Dale family, {home.ref} (early help has not begun)" in page.text

    def test_what_somebody_else_said_of_it_since_is_not_undone(
        self, council: Council, sign_in: SignIn, teams: list[Team]
    ) -> None:
        on = clock.today() + timedelta(days=14)
        page = review(sign_in(council.coordinator), on, *refs_of(teams[:2])).follow()
        review(sign_in(council.manager), on + timedelta(days=1), teams[0].home.ref)

        back = page.undo().send().follow()

        assert f"Undone for 1 family. Left as it is: The Abbott family, {teams[0].home.ref}" in back.text
        assert council.manager.name in back.text
        assert review_of(council, teams[0]) == on + timedelta(days=1)

    @pytest.mark.parametrize(("days", "words"), [(-1, "must be today or later"), (None, "Enter the day by which")])
    def test_needs_a_day_to_come(
        self, council: Council, sign_in: SignIn, teams: list[Team], days: int | None, words: str
    ) -> None:
        page = chosen(sign_in(council.coordinator), "/families/review/choose", *refs_of(teams))
        answers = date_parts("on", clock.today() + timedelta(days=days)) if days is not None else {}

        wrong = page.form("/families/review").send(answers)

        assert wrong.status == 422
        assert words in wrong.errors[0]
        assert len(wrong.soup.select("main form input[name=thing]")) == 3

    def test_is_for_early_help_alone(self, council: Council, sign_in: SignIn, teams: list[Team]) -> None:
        assert "Set review date" not in sign_in(council.lead).get("/families").text
        assert sign_in(council.lead).get(f"/families/review?of={teams[0].home.ref}").status == 403
