"""Follow-up checks: the lists of what is due, and the page with all that is needed before ringing."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import near
from portal.domain.support import Escalation
from portal.models.families import ConflictOfInterest
from portal.models.following import FollowUpCheck
from portal.models.record import Audit, AuditKind
from portal.services import history
from tests.support.asking import a_link, answer
from tests.support.following import (
    a_late_check,
    a_referral,
    coordinated,
    due_check,
    no_answer,
)
from tests.support.people import Council, a_family, an_active_family
from tests.support.web import SignIn, counted_statements, date_parts, from_today, said_twice


class TestOfOneFamily:
    def test_what_is_due_comes_first_then_what_came_of_the_latest(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        browser = sign_in(council.social_worker)
        nothing = browser.get(f"/families/{home.ref}/checks")
        _, first = a_referral(council, home, service="Stay and play")
        browser.submit(f"/checks/{first.ref}", {"outcome": "no_answer", "method": "call"})
        _, put_off = a_referral(council, home, service="Money advice")
        browser.submit(
            f"/checks/{put_off.ref}/put-off",
            {"reason": "A birth is due", **date_parts("waived_until", clock.today() + timedelta(days=30))},
        )
        overdue = a_late_check(council, home)
        a_referral(council, a_family(council), service="Somebody else’s")

        with counted_statements(council.app) as statements:
            page = browser.get(f"/families/{home.ref}/checks")

        assert "Nothing to check: no service has been suggested yet." in nothing.main
        assert f"/families/{home.ref}/checks" in browser.get(f"/families/{home.ref}/support").links()
        rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select(".app-worklist tbody tr")]
        assert len(rows) == 4
        assert overdue.ref in rows[0]
        assert "overdue" in rows[0]
        assert council.social_worker.name in rows[0]
        assert "Not recorded yet" in rows[1]
        assert "Not asked until" in rows[2]
        assert "A birth is due" in rows[2]
        assert f"{first.ref}. Has it started?" in rows[3]
        assert "No answer (call)" in rows[3]
        assert f"/checks/{first.ref}" in page.links()
        assert "Somebody else’s" not in page.main
        assert len(statements) <= 7, "\n".join(statements)


class TestWhereSomebodyBegins:
    def test_their_own_that_are_due_stand_there_and_nobody_elses(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        browser = sign_in(council.social_worker)
        a_referral(council, home, service="Not due yet")
        before = browser.get("/step-downs")
        late = [a_late_check(council, home) for _ in range(6)]

        page = browser.get("/step-downs")

        assert "checks that wait for you" not in before.main
        said = page.soup.select("ul[aria-labelledby=own-checks] li")
        assert len(said) == 5
        assert "overdue" in said[0].get_text()
        assert f"/checks/{late[0].ref}" in page.links()
        assert "/checks?view=mine" in page.links()
        for other in (council.social_care_manager, council.manager):
            assert f"/checks/{late[0].ref}" not in sign_in(other).get("/").follow().links()

    def test_a_family_that_answered_by_its_link_comes_before_what_is_overdue(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        referral, _ = a_referral(council, home, service="Breakfast club")
        for _ in range(6):
            a_late_check(council, home)
        with time_machine.travel("2026-11-28T14:00:00+00:00", tick=False):  # a Saturday: rung on Monday
            answer(sign_in, a_link(council, home, referral), call_me="y")
            browser = sign_in(council.social_worker)

            own = browser.get("/step-downs").text_of("ul[aria-labelledby=own-checks] li:first-child")
            listed = browser.get("/checks?view=mine").text_of(".app-worklist tbody tr:first-child")

        for said in (own, listed):
            assert "Ring them: they answered" in said
            assert "Breakfast club" in said
            assert "Monday 30 November" in said

    def test_a_manager_finds_what_came_to_them(self, council: Council, sign_in: SignIn) -> None:
        by_social_work, by_early_help = a_family(council), coordinated(council, a_family(council))
        late = a_late_check(council, by_social_work), a_late_check(council, by_early_help)
        for check, to in zip(late, Escalation, strict=True):
            with council.behind_the_scenes():
                db.session.get_one(FollowUpCheck, check.id).escalated_to = to

        managers = {
            Escalation.SOCIAL_CARE_MANAGER: council.social_care_manager,
            Escalation.EARLY_HELP_MANAGER: council.manager,
        }
        for check, to in zip(late, Escalation, strict=True):
            assert f"/checks/{check.ref}" in sign_in(managers[to]).get("/").follow().links()


class TestTheList:
    def test_says_when_nothing_is_due(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.coordinator).get("/checks?view=all")

        assert "Every family has told us, or is not due yet." in page.main

    def test_none_of_ones_own_does_not_mean_that_all_is_well(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        coordinator = sign_in(council.coordinator)
        nothing = coordinator.get("/checks")
        a_referral(council, home, service="Not due yet")
        a_late_check(council, home)
        one = coordinator.get("/checks")
        a_late_check(council, home)
        two = coordinator.get("/checks")

        for page in (nothing, one, two):
            assert "No check is yours." in page.main
            assert "Every family has told us" not in page.main
        assert "overdue check" not in nothing.main
        assert "1 overdue check is somebody else’s" in one.main
        assert "2 overdue checks are other people’s" in two.main
        assert [link["href"] for link in two.soup.select(".app-empty a")] == ["/checks?view=overdue"]
        assert "Stay and play" in coordinator.get("/checks?view=overdue").main

    def test_one_that_is_escalated_stands_in_the_managers_own_before_its_date(
        self, council: Council, sign_in: SignIn
    ) -> None:
        by_social_work, by_early_help = a_family(council), coordinated(council, a_family(council))
        a_referral(council, by_social_work, service="Social work asks")
        a_referral(council, by_early_help, by=council.coordinator, service="Early help asks")
        for _ in range(3):
            no_answer(council, by_social_work, council.social_worker)
            no_answer(council, by_early_help, council.coordinator)

        for view in ("", "?view=escalated"):
            assert "Social work asks" in sign_in(council.social_care_manager).get(f"/checks{view}").main
            assert "Early help asks" in sign_in(council.manager).get(f"/checks{view}").main
        assert "Social work asks" not in sign_in(council.social_worker_other_team).get("/checks?view=escalated").main
        assert "Social work asks" not in sign_in(council.manager).get("/checks").main

    def test_a_date_far_away_is_said_once(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        day = clock.today() + timedelta(days=25)
        with council.behind_the_scenes():
            db.session.get_one(FollowUpCheck, check.id).due_on = day
            history.changed(home.id)

        worker = sign_in(council.social_worker)
        for path in ("/checks", f"/checks/{check.ref}", f"/families/{home.ref}/support", f"/families/{home.ref}"):
            assert said_twice(worker.get(path).main, day) == []

    def test_the_longest_overdue_comes_first(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home, service="Not due yet")
        a_late_check(council, home, service="Long overdue")

        page = sign_in(council.social_worker).get("/checks")

        assert page.main.index("Long overdue") < page.main.index("Not due yet")
        assert "working days overdue" in page.main

    def test_mine_are_mine(self, council: Council, sign_in: SignIn) -> None:
        a_referral(council, coordinated(council, a_family(council)), by=council.coordinator)

        assert "Stay and play" in sign_in(council.coordinator).get("/checks").main
        other = sign_in(council.other_coordinator)
        assert "Stay and play" not in other.get("/checks").main
        assert "Stay and play" in other.get("/checks?view=all").main

    def test_only_overdue_ones(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home, service="Not due yet")
        a_late_check(council, home, service="Long overdue")

        page = sign_in(council.social_worker).get("/checks?view=overdue")

        assert "Long overdue" in page.main
        assert "Not due yet" not in page.main

    def test_waiting_to_hear_is_what_somebody_else_has_to_say_next(self, council: Council, sign_in: SignIn) -> None:
        asked, not_begun, plain, others = (coordinated(council, a_family(council, name=name)) for name in "ABCD")
        referral, _ = a_referral(council, asked, by=council.coordinator, service="Asked by link")
        for home, service in ((not_begun, "Not begun"), (plain, "Plain")):
            a_referral(council, home, by=council.coordinator, service=service)
        _, check = a_referral(council, others, by=council.coordinator, service="Somebody else asks")
        a_link(council, asked, referral)
        with council.behind_the_scenes():
            db.session.get_one(FollowUpCheck, check.id).owner_id = council.manager.id
            history.changed(others.id)
        coordinator = sign_in(council.coordinator)
        coordinator.submit(
            f"/checks/{due_check(council, not_begun).ref}",
            {"outcome": "not_yet", "waiting_on": "a first appointment", **from_today("next_on", 9)},
        )

        page = coordinator.get("/checks?view=waiting")

        assert "Plain" not in page.main
        assert f"The family was asked by link, {near(clock.today(), clock.today())}" in page.main
        assert "Waiting for a first appointment" in page.main
        assert "Somebody else asks" in page.main
        assert page.text_of(".app-views") == (
            "Mine (3) Overdue (0) Waiting to hear (3) Escalated (0) Put off (0) All (4)"
        )
        assert "Nobody is waited for." in sign_in(council.social_worker_other_team).get("/checks?view=waiting").main

    def test_an_unknown_view_is_ones_own(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).get("/checks?view=%00everything").status == 200

    def test_families_out_of_reach_are_not_in_it(self, council: Council, sign_in: SignIn) -> None:
        own, restricted = a_family(council), a_family(council, name="Novak", restricted=True)
        for home in (own, restricted):
            a_referral(council, home)
        with council.behind_the_scenes():
            db.session.add(
                ConflictOfInterest(family_id=own.id, user_id=council.other_coordinator.id, recorded_at=clock.now())
            )

        for stranger in (council.social_worker_other_team, council.partner, council.other_coordinator):
            assert "Stay and play" not in sign_in(stranger).get("/checks?view=all").main

    def test_is_recorded_with_its_number_of_rows(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home)
        a_referral(council, home)

        sign_in(council.social_worker).get("/checks")

        with council.behind_the_scenes():
            (look,) = db.session.scalars(select(Audit).where(Audit.kind == AuditKind.LIST)).all()
        assert (look.page, look.rows) == ("checks.due", 2)

    def test_costs_the_same_for_three_as_for_thirty(self, council: Council, sign_in: SignIn) -> None:
        browser, home = sign_in(council.social_worker), a_family(council)
        counts = []
        for number in (3, 27):
            for each in range(number):
                a_referral(council, home, service=f"Service {each}")
            with counted_statements(council.app) as statements:
                browser.get("/checks")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 7, "\n".join(statements)

    @pytest.mark.parametrize("who", ["front_door", "auditor", "admin"])
    def test_who_may_not(self, council: Council, sign_in: SignIn, who: str) -> None:
        page = sign_in(getattr(council, who)).get("/checks")

        assert page.status == 403
        assert "If you need to do this, ask the person who leads for the family" in page.main


class TestTheCheckPage:
    def test_holds_all_that_is_needed_before_ringing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)

        page = sign_in(council.social_worker).get(f"/checks/{check.ref}")

        assert "Did you manage to get through? Would it help if we rang with you?" in page.main
        assert "01632 960 111" in page.main
        assert "call or text 01632 960 300" in page.main
        assert "In immediate danger call 999" in page.main
        assert page.title.startswith(check.ref)

    def test_a_day_is_proposed_for_the_next_one(self, council: Council, sign_in: SignIn) -> None:
        with time_machine.travel("2026-12-23T12:00:00+00:00", tick=False):
            _, check = a_referral(council, a_family(council))
            form = sign_in(council.social_worker).get(f"/checks/{check.ref}").form()

        # Christmas Day, Boxing Day’s substitute on the 28th and New Year’s Day are no working days
        assert [form.values[f"try_on-{part}"] for part in ("day", "month", "year")] == [["4"], ["1"], ["2027"]]

    def test_what_was_tried_is_listed_and_another_way_asked_for(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        browser = sign_in(council.social_worker)
        browser.submit(f"/checks/{check.ref}", {"outcome": "no_answer", "method": "call", "note": "Voicemail is full"})

        page = browser.get(f"/checks/{due_check(council, home).ref}")

        assert "No answer (call)" in page.main
        assert "Voicemail is full" in page.main
        assert "Tried so far: call. Try another way this time" in page.main

    def test_a_member_of_the_team_reads_it_and_is_asked_nothing(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        _, check = a_referral(council, team.home, by=council.lead)
        form = sign_in(council.lead).get(f"/checks/{check.ref}").form(f"/checks/{check.ref}")

        for reader in (council.partner, council.auditor):
            browser = sign_in(reader)
            page = browser.get(f"/checks/{check.ref}")
            assert page.status == 200
            assert not page.soup.select("main form")
            form.browser = browser
            form.values["csrf_token"] = [str(page.soup.select_one("input[name=csrf_token]")["value"])]  # type: ignore[index]
            assert form.send({"outcome": "no_answer", "method": "call"}).status == 403

    def test_a_stranger_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        _, check = a_referral(council, a_family(council))

        for stranger in (council.partner, council.social_worker_other_team, council.front_door, council.admin):
            assert sign_in(stranger).get(f"/checks/{check.ref}").status == 404

    def test_costs_the_same_after_thirty_tries_as_after_three(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home)
        browser, counts = sign_in(council.social_worker), []
        for tries in (3, 27):
            for _ in range(tries):
                browser.submit(f"/checks/{due_check(council, home).ref}", {"outcome": "no_answer", "method": "call"})
            check = due_check(council, home)
            with counted_statements(council.app) as statements:
                browser.get(f"/checks/{check.ref}")
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 7, "\n".join(statements)
