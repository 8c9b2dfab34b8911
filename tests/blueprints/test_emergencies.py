"""A family opened in an emergency: by an exact reference, for some hours, told to the manager, looked into."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import ConflictOfInterest
from portal.models.people import User
from portal.models.record import Audit, AuditKind, OutboxMessage
from portal.models.restricting import EmergencyOpening
from tests.support.emergencies import DOOR, WHY, a_restricted_team, open_it
from tests.support.people import Council, Team, a_family, another_manager, history_of
from tests.support.web import Browser, SignIn, sign_in_with

NOTHING = "Nothing can be opened with this reference. Check that it is right, or ring the number below"


@pytest.fixture
def team(council: Council) -> Team:
    return a_restricted_team(council)


def sees(browser: Browser, team: Team) -> bool:
    status = browser.get(f"/families/{team.ref}").status
    assert status in (200, 404)
    return status == 200


def openings(council: Council) -> list[EmergencyOpening]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(EmergencyOpening).order_by(EmergencyOpening.id)))


def log_of(council: Council, user: User) -> list[Audit]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Audit).where(Audit.user_id == user.id).order_by(Audit.id)))


class TestOpening:
    @pytest.mark.parametrize("who", ["coordinator", "social_care_manager", "front_door"])
    def test_by_whoever_is_rung_or_answers_for_the_work(
        self, council: Council, sign_in: SignIn, team: Team, who: str
    ) -> None:
        browser = sign_in(getattr(council, who))
        assert not sees(browser, team)

        page = open_it(browser, team.ref)

        assert page.location == f"/families/{team.ref}"
        for tab in ("", "/plan", "/support", "/team", "/agreement", "/history"):
            assert browser.get(f"/families/{team.ref}{tab}").status == 200, tab

    @pytest.mark.parametrize("who", ["partner", "lead", "social_worker", "auditor", "admin"])
    def test_not_by_others(self, council: Council, sign_in: SignIn, who: str) -> None:
        assert sign_in(getattr(council, who)).get(DOOR).status == 403

    def test_whom_only_the_emergency_lets_in_reads_and_changes_nothing(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        browser = sign_in(council.front_door)
        open_it(browser, team.ref)

        for page in ("plan/actions/new", "household/homes/new", "restriction"):
            assert browser.get(f"/families/{team.ref}/{page}").status in (403, 404), page
        assert browser.get(f"/families/{team.ref}/notes/new").status == 403

    def test_nobody_else_comes_in_with_them(self, council: Council, sign_in: SignIn, team: Team) -> None:
        open_it(sign_in(council.coordinator), team.ref)

        assert not sees(sign_in(council.other_coordinator), team)

    def test_is_a_red_row_of_the_log_a_line_of_history_and_a_message_to_managers(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        open_it(sign_in(council.coordinator), team.ref)

        row = log_of(council, council.coordinator)[-1]
        assert (row.kind, row.family_id, row.subject) == (AuditKind.EMERGENCY, team.family.id, team.ref)
        assert history_of(council, team.family.id)[-1] == "emergency.opened"
        with council.behind_the_scenes():
            message = db.session.scalars(select(OutboxMessage)).one()
        assert (message.kind, message.rule) == ("emergency.opened", "early_help_managers")

    def test_its_line_and_its_rows_of_the_log_stand_whatever_is_hidden(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        """What somebody wrote can be hidden, not that they came in, when and why."""
        open_it(sign_in(council.coordinator), team.ref, reason="asked")
        manager = sign_in(council.manager)
        past = f"/families/{team.ref}/history"
        line = "opened the family in an emergency, until 7 October 2026 at 2pm, EO-1: Police, a hospital"
        because = {"code": "other", "why": "A mistake", "sure": "y"}

        for words in ("7 October 2026", "Police, a hospital", "emergency_opening", "asked", "opened_at"):
            page = manager.submit(f"/families/{team.ref}/hide", {"words": words, **because})
            assert page.errors == ["These words stand nowhere in this record. Copy them as they stand"], words
        hidden = manager.submit(f"/families/{team.ref}/hide", {"words": "at two in the night", **because})

        assert hidden.status == 303, hidden.errors
        assert line in manager.get(past).main
        assert "at two in the night" not in manager.get(past).main
        looks = manager.get(f"/families/{team.ref}/who-has-looked").main
        assert "Opened in an emergency" in looks
        assert "Police, a hospital or the emergency duty team ask about them now" in looks

    def test_every_look_meanwhile_is_marked_in_the_log(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(council.coordinator)
        open_it(browser, team.ref)

        browser.get(f"/families/{team.ref}/plan")

        row = log_of(council, council.coordinator)[-1]
        assert (row.kind, row.page, row.standing) == (AuditKind.LOOK, "plans.plan", "opened")
        looked = sign_in(council.manager).get(f"/families/{team.ref}/who-has-looked").main
        assert "Opened it in an emergency" in looked

    def test_each_page_of_the_family_says_until_when(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(council.coordinator)
        open_it(browser, team.ref)

        for path in (f"/families/{team.ref}", f"/families/{team.ref}/plan"):
            assert "You opened this family in an emergency. It ends by itself on" in browser.get(path).text
        assert "in an emergency." not in browser.get("/home").text

    def test_two_clicks_open_it_once(self, council: Council, sign_in: SignIn, team: Team) -> None:
        form = sign_in(council.coordinator).get(DOOR).form()
        answers = {"reference": team.ref, "reason": "asked", "why": WHY, "hours": "1"}

        first, second = form.send(answers), form.send(answers)

        assert (first.status, second.status) == (303, 303)
        assert len(openings(council)) == 1

    def test_what_one_can_open_anyway_is_not_opened(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        browser = sign_in(council.coordinator)

        page = open_it(browser, home.ref)

        assert page.location == f"/families/{home.ref}"
        assert "You can open this family without that" in page.follow().text
        assert openings(council) == []

    def test_there_is_a_way_back_from_the_door(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).get(DOOR).html.count("govuk-back-link") == 1


class TestWhatOpensNothing:
    def test_unknown_and_one_s_own_are_answered_alike(self, council: Council, sign_in: SignIn, team: Team) -> None:
        with council.behind_the_scenes():
            of = {"family_id": team.family.id, "user_id": council.coordinator.id}
            db.session.add(ConflictOfInterest(**of, recorded_at=clock.now()))
        browser = sign_in(council.coordinator)

        own, unknown, name = (open_it(browser, text) for text in (team.ref, "F-999", "Hidden"))

        assert [page.status for page in (own, unknown, name)] == [422, 422, 422]
        assert own.errors == unknown.errors == name.errors == [NOTHING]
        assert own.main == unknown.main
        assert WHY in own.html
        assert not sees(browser, team)
        assert openings(council) == []

    def test_is_in_the_log_as_refused(self, council: Council, sign_in: SignIn) -> None:
        open_it(sign_in(council.coordinator), "F-999")

        row = log_of(council, council.coordinator)[-1]
        assert (row.kind, row.subject, row.family_id) == (AuditKind.REFUSAL, "F-999", None)

    def test_cannot_be_tried_without_end(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(council.coordinator)
        for _ in range(10):
            open_it(browser, "F-999")

        page = open_it(browser, team.ref)

        assert page.status == 429
        assert WHY in page.html
        assert not sees(browser, team)


class TestEnding:
    @pytest.fixture
    def coordinator(self, council: Council, sign_in: SignIn, team: Team) -> Browser:
        browser = sign_in(council.coordinator)
        open_it(browser, team.ref)
        return browser

    def test_by_itself(
        self, council: Council, team: Team, coordinator: Browser, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert sees(coordinator, team)
        (opening,) = openings(council)

        monkeypatch.setattr(clock, "now", lambda: opening.ends_at - timedelta(seconds=1))
        last = sees(fresh(council, council.coordinator), team)
        monkeypatch.setattr(clock, "now", lambda: opening.ends_at)

        assert last
        assert not sees(fresh(council, council.coordinator), team)

    def test_by_their_own_hand(self, council: Council, team: Team, coordinator: Browser) -> None:
        (opening,) = openings(council)

        page = coordinator.submit(f"/emergencies/{opening.ref}/close")

        assert page.location == DOOR
        assert not sees(coordinator, team)
        assert history_of(council, team.family.id)[-1] == "emergency.closed"

    def test_by_the_manager(self, council: Council, sign_in: SignIn, team: Team, coordinator: Browser) -> None:
        (opening,) = openings(council)

        sign_in(council.manager).submit(f"/emergencies/{opening.ref}/close")

        assert not sees(coordinator, team)

    def test_not_by_somebody_else_who_reaches_it(
        self, council: Council, sign_in: SignIn, team: Team, coordinator: Browser
    ) -> None:
        (opening,) = openings(council)
        other = sign_in(council.other_coordinator)
        open_it(other, team.ref)

        assert other.get(f"/emergencies/{opening.ref}/close").status == 403
        assert sees(coordinator, team)

    def test_with_the_conflict_that_is_recorded_meanwhile(
        self, council: Council, team: Team, coordinator: Browser
    ) -> None:
        with council.behind_the_scenes():
            of = {"family_id": team.family.id, "user_id": council.coordinator.id}
            db.session.add(ConflictOfInterest(**of, recorded_at=clock.now()))

        assert not sees(coordinator, team)

    def test_a_manager_who_came_in_so_clears_nobody_while_another_can(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        other = another_manager(council)
        browser = sign_in(other)
        open_it(browser, team.ref)
        path, answers = f"/families/{team.ref}/restriction/clear", {"who": str(other.id), "why": "Myself"}

        refused = browser.submit(path, answers)
        with council.behind_the_scenes():
            db.session.get_one(User, council.manager.id).active = False
        done = browser.submit(path, answers)

        assert refused.status == 409
        assert "ask Moira Manager" in refused.main
        assert done.status == 303


class TestLookingIntoIt:
    def test_a_manager_writes_down_what_they_found(self, council: Council, sign_in: SignIn, team: Team) -> None:
        coordinator, manager = sign_in(council.coordinator), sign_in(council.manager)
        open_it(coordinator, team.ref)
        coordinator.get(f"/families/{team.ref}/plan")
        (opening,) = openings(council)
        listed = manager.get("/emergencies").main
        assert "Carol Coordinator" in listed
        assert WHY in listed
        assert "Not yet" in listed

        page = manager.submit(f"/emergencies/{opening.ref}/review", {"review": "Rang the police, it was needed"})

        assert page.status == 303
        assert "Rang the police, it was needed" in manager.get(f"/emergencies/{opening.ref}").main
        assert "Not yet" not in manager.get("/emergencies").main
        assert history_of(council, team.family.id)[-1] == "emergency.reviewed"
        again = manager.submit(f"/emergencies/{opening.ref}/review", {"review": "Twice"})
        assert again.status == 409

    def test_waits_on_the_page_where_managers_begin(self, council: Council, sign_in: SignIn, team: Team) -> None:
        other = sign_in(another_manager(council))
        open_it(sign_in(council.coordinator), team.ref)
        open_it(other, team.ref)
        manager = sign_in(council.manager)

        begins = manager.get("/families")
        begins_other = other.get("/families")
        for opening in openings(council):
            manager.submit(f"/emergencies/{opening.ref}/review", {"review": "It was needed"})

        waits = "opened in an emergency, and nobody has looked into it yet"
        assert f"2 families were {waits}" in begins.main
        assert "/emergencies" in begins.links()
        assert f"1 family was {waits}" in begins_other.main  # not their own
        assert waits not in manager.get("/families").main
        assert waits not in sign_in(council.coordinator).get("/families").main

    def test_a_link_that_was_sent_before_it_was_called_so_opens_it_still(
        self, council: Council, sign_in: SignIn, team: Team
    ) -> None:
        open_it(sign_in(council.coordinator), team.ref)
        (opening,) = openings(council)
        manager = sign_in(council.manager)

        page = manager.get(f"/emergencies/B-{opening.id}")

        assert page.status == 200
        assert f"/emergencies/{opening.ref}/review" in page.links()
        assert log_of(council, council.manager)[-1].subject == opening.ref == f"EO-{opening.id}"
        assert manager.get(f"/emergencies/OC-{opening.id}").status == 404

    def test_never_whoever_opened_it(self, council: Council, sign_in: SignIn, team: Team) -> None:
        browser = sign_in(another_manager(council))
        open_it(browser, team.ref)
        (opening,) = openings(council)

        assert "Somebody else looks into what you opened yourself" in browser.get(f"/emergencies/{opening.ref}").main
        page = browser.post(f"/emergencies/{opening.ref}/review", {"review": "All well"})
        assert page.status in (400, 403)
        with council.behind_the_scenes():
            assert db.session.get_one(EmergencyOpening, opening.id).reviewed_at is None

    def test_is_listed_for_whom_the_family_is_in_reach(self, council: Council, sign_in: SignIn, team: Team) -> None:
        open_it(sign_in(council.coordinator), team.ref)

        assert "Carol Coordinator" not in sign_in(another_manager(council)).get("/emergencies").main
        assert sign_in(council.coordinator).get("/emergencies").status == 403


def fresh(council: Council, user: User) -> Browser:
    """Signed in at that moment: a session of hours ago has run out."""
    return sign_in_with(council.app)(user)
