"""A check that is put off until a day, with a reason."""

from datetime import date

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, near
from portal.domain.support import CheckStage, CheckState, Escalation
from portal.models.following import FollowUpCheck
from portal.services import checks
from tests.support.following import a_referral, checks_of, coordinated, due_check
from tests.support.people import Council, Home
from tests.support.referral_moves import (
    KNOWN,
    a_referral_of,
    days_ago,
    move,
    suggested,
)
from tests.support.web import SignIn, date_parts

WAIVE = {"reason": "They are away for the summer"}


class TestPuttingACheckOff:
    def waived(self, council: Council, sign_in: SignIn) -> tuple[Home, FollowUpCheck]:
        home, _ = suggested(council)
        check = due_check(council, home)
        answers = WAIVE | date_parts("waived_until", days_ago(-30))
        assert sign_in(council.social_worker).submit(f"/checks/{check.ref}/put-off", answers).status == 303
        return home, check

    def test_until_a_day_with_name_and_reason(self, council: Council, sign_in: SignIn) -> None:
        home, check = self.waived(council, sign_in)

        page = sign_in(council.social_worker).get(f"/checks/{check.ref}")

        assert "They are away for the summer" in page.main
        assert council.social_worker.name in page.main
        assert [each.state for each in checks_of(council, home)] == [CheckState.WAIVED]
        assert "Ask again now" in page.main

    def test_it_is_still_what_comes_next_of_its_owner(self, council: Council, sign_in: SignIn) -> None:
        home, _ = self.waived(council, sign_in)
        coordinated(council, home)
        with council.as_(council.coordinator) as viewer:
            checks.reown(home.id, by=viewer)

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        (put_off,) = checks_of(council, home)
        assert put_off.waived_until
        until = full(put_off.waived_until)
        assert f"Put off until {until}: Stay and play" in page.main
        assert f"Followed up: {council.coordinator.name}" in page.main
        assert "Nobody: nothing is open" not in page.main
        assert "Nothing is waiting for anybody" not in page.main
        assert f"Put off until {until}" in sign_in(council.coordinator).get("/families").main

    def test_the_familys_page_says_until_when_and_counts_no_days(self, council: Council, sign_in: SignIn) -> None:
        home, referral = suggested(council)
        browser, check = sign_in(council.social_worker), due_check(council, home)
        before = browser.get(f"/families/{home.ref}").main
        until = days_ago(-30)
        browser.submit(f"/checks/{check.ref}/put-off", WAIVE | date_parts("waived_until", until))

        page = browser.get(f"/families/{home.ref}")

        assert "which was only suggested : waiting" in before
        assert "which was only suggested : waiting" not in page.main
        assert f"{check.ref} : {council.social_worker.name}. Not asked until {full(until)}: They are away" in page.main
        assert f"/referrals/{referral.ref}" in page.links()
        assert page.text_of(".app-next-step").count(full(until)) == 1

    def test_until_a_day_off_it_says_that_it_is_asked_on_the_next_working_day(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, _ = suggested(council)
        check, sunday = due_check(council, home), date(2026, 10, 11)

        answers = WAIVE | date_parts("waived_until", sunday)
        page = sign_in(council.social_worker).submit(f"/checks/{check.ref}/put-off", answers).follow()

        assert "Monday 12 October, because 11 October is not a working day" in page.text

    def test_it_is_found_among_what_is_put_off_until_it_is_asked_again(self, council: Council, sign_in: SignIn) -> None:
        home, check = self.waived(council, sign_in)
        a_referral(council, home, service="Money advice")
        browser = sign_in(council.social_worker)

        page = browser.get("/checks?view=put_off")
        elsewhere = browser.get("/checks?view=all").main
        browser.submit(f"/checks/{check.ref}/ask-again", {})
        then = browser.get("/checks?view=put_off").main

        row = page.text_of(".app-worklist tbody tr")
        (put_off,) = [each for each in checks_of(council, home) if each.id == check.id]
        assert put_off.waived_until
        assert near(put_off.waived_until, clock.today()) in row
        assert f"Put off by {council.social_worker.name} They are away for the summer" in row
        assert "Money advice" not in page.main
        assert "Put off (1) All (1)" in page.text_of(".app-views")
        assert check.ref not in elsewhere
        assert "No check is put off." in then
        assert check.ref not in sign_in(council.social_worker_other_team).get("/checks?view=put_off").main

    def test_an_escalated_one_only_by_the_early_help_manager(self, council: Council, sign_in: SignIn) -> None:
        home = coordinated(council, suggested(council)[0])
        check = due_check(council, home)
        with council.behind_the_scenes():
            db.session.get_one(FollowUpCheck, check.id).escalated_to = Escalation.EARLY_HELP_MANAGER
        path, answers = f"/checks/{check.ref}/put-off", WAIVE | date_parts("waived_until", days_ago(-30))

        refused = sign_in(council.coordinator).get(path)
        done = sign_in(council.manager).submit(path, answers)
        listed = sign_in(council.coordinator).get("/checks?view=put_off")
        escalated = sign_in(council.manager).get("/checks?view=escalated")

        assert refused.status == 403
        assert "only the early help manager can put it off" in refused.text
        assert done.status == 303
        assert f"Escalated Put off by {council.manager.name}" in listed.text_of(".app-worklist tbody tr")
        assert "No escalated check is due." in escalated.main

    def test_asked_again_before_that_day(self, council: Council, sign_in: SignIn) -> None:
        home, check = self.waived(council, sign_in)
        browser, path = sign_in(council.social_worker), f"/checks/{check.ref}/ask-again"
        opened = browser.get(path).form()

        page = browser.submit(path, {})

        assert page.status == 303
        assert due_check(council, home).due_on == clock.today()
        assert browser.get(path).status == 409
        assert opened.send().status == 409

    def test_nothing_is_recorded_on_it_meanwhile(self, council: Council, sign_in: SignIn) -> None:
        home, _ = suggested(council)
        check = due_check(council, home)
        opened = sign_in(council.social_worker).get(f"/checks/{check.ref}").form(f"/checks/{check.ref}")
        sign_in(council.social_worker).submit(
            f"/checks/{check.ref}/put-off", WAIVE | date_parts("waived_until", days_ago(-30))
        )

        assert opened.send({"outcome": "no_answer", "method": "call"}).status == 409

    def test_today_is_too_soon(self, council: Council, sign_in: SignIn) -> None:
        home, _ = suggested(council)
        check = due_check(council, home)

        page = sign_in(council.social_worker).submit(
            f"/checks/{check.ref}/put-off", WAIVE | date_parts("waived_until", clock.today())
        )

        assert page.errors == ["The day to ask again must be after today"]

    def test_next_year_is_too_late(self, council: Council, sign_in: SignIn) -> None:
        home, _ = suggested(council)
        check = due_check(council, home)

        page = sign_in(council.social_worker).submit(
            f"/checks/{check.ref}/put-off", WAIVE | date_parts("waived_until", days_ago(-365))
        )

        assert page.errors == ["The day to ask again must be no later than 30 December 2026"]

    def test_what_moves_on_needs_it_no_more(self, council: Council, sign_in: SignIn) -> None:
        home, check = self.waived(council, sign_in)

        move(sign_in, council.social_worker, a_referral_of(council, home), "accepted", KNOWN)

        states = {each.id: each.state for each in checks_of(council, home)}
        assert states[check.id] is CheckState.VOID
        assert due_check(council, home).stage is CheckStage.ACCEPTED
