"""What a family's answer by its link does: it is a source, it closes a check or asks for a call, and ends nothing."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, full, near
from portal.domain.support import CheckOutcome, CheckStage, CheckState, ReferralState, Source
from portal.models.following import FollowUpCheck, SupportReferral
from portal.services import support_moves
from tests.support.asking import Link, a_link, answer, answers_of, told
from tests.support.following import a_referral, checks_of
from tests.support.people import Council, Home, Team, an_active_family, history_of
from tests.support.post import Postbox
from tests.support.web import SignIn, date_parts

ANSWERED = "Somebody of {which} answered"
NO_CALL = "and is to be rung: they did not ask for a call."
BOTH = {("link.answered", "lead_professional"), ("link.answered", "coordinator")}


@pytest.fixture
def team(council: Council) -> Team:
    """In early help, with a lead and a coordinator."""
    return an_active_family(council)


@pytest.fixture
def home(team: Team) -> Home:
    return team.home


@pytest.fixture
def link(council: Council, home: Home) -> Link:
    referral, _ = a_referral(council, home, by=council.lead, given_on=clock.today() - timedelta(days=7))
    return a_link(council, home, referral, by=council.lead)


def now(council: Council, link: Link) -> SupportReferral:
    with council.behind_the_scenes():
        return db.session.get_one(SupportReferral, link.referral.id)


def due(council: Council, home: Home) -> list[FollowUpCheck]:
    return [check for check in checks_of(council, home) if check.state is CheckState.DUE]


def started_already(council: Council, link: Link, source: Source = Source.PROVIDER) -> None:
    with council.as_(council.lead) as viewer:
        support_moves.start(
            db.session.get_one(SupportReferral, link.referral.id),
            by=viewer,
            started_on=clock.today() - timedelta(days=2),
            source=source,
            what="The Tuesday group",
        )


class TestYes:
    def test_with_a_day_it_has_started_as_the_family_reports(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        day = clock.today() - timedelta(days=1)

        page = answer(sign_in, link, answer="yes", words="Every Tuesday", **date_parts("when", day))

        found, (check,) = now(council, link), due(council, home)
        assert (found.state, found.started_on, found.started_source) == (ReferralState.STARTED, day, Source.FAMILY)
        assert (found.started_what, found.already_receiving) == ("Every Tuesday", False)
        assert check.stage is CheckStage.STARTED
        assert f"We will ask how it is going by {full(check.due_on)}." in page.main

    def test_on_a_day_before_it_was_suggested_is_asked_about_once_then_kept_as_had_already(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        day = link.referral.given_on - timedelta(days=30)

        asked = answer(sign_in, link, answer="yes", **date_parts("when", day))
        before, kept = now(council, link).state, answers_of(council, home)
        tick = asked.soup.select_one("#already")
        page = asked.form().send({"already": str(tick["value"])})  # type: ignore[index]

        assert (asked.status, before, kept) == (422, ReferralState.INFORMATION_GIVEN, [])
        assert f"before we talked about it, on {full(link.referral.given_on)}." in asked.errors[0]
        assert "We have your answer." in page.main
        found = now(council, link)
        assert (found.state, found.started_on, found.already_receiving) == (ReferralState.STARTED, day, True)

    def test_without_a_day_nothing_is_assumed_and_somebody_rings(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        page = answer(sign_in, link, answer="yes")

        (call,) = due(council, home)
        assert now(council, link).state is ReferralState.INFORMATION_GIVEN
        assert (call.stage, call.due_on, call.owner_id) == (CheckStage.CALL_BACK, clock.today(), council.lead.id)
        assert f"Somebody will call you by {full(clock.today())}" in page.main
        assert told(council, home) & BOTH == set()

    def test_it_is_the_second_source_where_the_service_said_so(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        started_already(council, link)

        answer(sign_in, link, answer="yes")

        assert (now(council, link).confirmed_source, now(council, link).confirmed_on) == (Source.FAMILY, clock.today())
        assert [check.stage for check in due(council, home)] == [CheckStage.STARTED]

    def test_the_family_is_no_second_source_to_itself(self, council: Council, sign_in: SignIn, link: Link) -> None:
        started_already(council, link, Source.FAMILY)

        answer(sign_in, link, answer="yes")

        assert now(council, link).confirmed_on is None

    def test_nor_who_is_asked_although_somebody_is_kept_apart(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        started_already(council, link)
        careful = a_link(council, home, link.referral, by=council.lead, safe_because="Her own phone")

        answer(sign_in, careful, answer="yes")

        assert now(council, link).confirmed_on is None

    def test_nor_is_that_one_the_first_of_two_and_who_confirms_is_told_before(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        careful = a_link(council, home, link.referral, by=council.lead, safe_because="Her own phone")
        answer(sign_in, careful, answer="yes", **date_parts("when", clock.today()))
        browser, path = sign_in(council.lead), f"/referrals/{link.referral.ref}/confirm"

        before = browser.get(path)
        once = before.form().send({"confirmed_source": "provider"}).follow()
        found = now(council, link)

        assert "such an answer is never one of the two sources. With this it stays reported" in before.main
        assert "It stays reported until another source says so too" in once.text
        assert "Started (reported)" in once.main
        assert (found.started_source, found.confirmed_on) == (Source.PROVIDER, None)
        again = browser.submit(path, {"confirmed_source": "provider"})
        assert again.errors == ["Select another source than the one that is known already"]
        assert "Started (confirmed)" in browser.submit(path, {"confirmed_source": "family"}).follow().main

    def test_one_who_is_asked_where_nobody_is_kept_apart_is_the_first_of_two(
        self, council: Council, sign_in: SignIn, link: Link
    ) -> None:
        answer(sign_in, link, answer="yes", **date_parts("when", clock.today()))

        path = f"/referrals/{link.referral.ref}/confirm"
        page = sign_in(council.lead).submit(path, {"confirmed_source": "provider"}).follow()

        assert "Started (confirmed)" in page.main


class TestNotYet:
    def test_the_check_is_answered_and_asked_again_in_five_working_days(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        page = answer(sign_in, link, answer="not_yet", words="They said next month")

        done, following = checks_of(council, home)
        again = Calendar().working_days_after(clock.today(), 5)
        assert (done.outcome, done.done_by_name, done.note) == (
            CheckOutcome.NOT_YET,
            "The family",
            "They said next month",
        )
        assert (following.stage, following.due_on) == (CheckStage.SIGNPOSTED, again)
        assert f"ask again by {full(again)}" in page.main
        assert told(council, home) & BOTH == set()


class TestWhatCannotWait:
    @pytest.mark.parametrize(
        "answers", [{"answer": "stopped"}, {"answer": "not_wanted"}, {"call_me": "y"}, {"answer": "not_sure"}]
    )
    def test_somebody_rings_and_it_ends_nothing(
        self, council: Council, home: Home, sign_in: SignIn, link: Link, answers: dict[str, str]
    ) -> None:
        page = answer(sign_in, link, **answers)

        calls = [check for check in due(council, home) if check.stage is CheckStage.CALL_BACK]
        assert now(council, link).state is ReferralState.INFORMATION_GIVEN
        assert [(call.due_on, call.owner_id) for call in calls] == [(clock.today(), council.lead.id)]
        assert "Somebody will call you by" in page.main
        assert told(council, home) & BOTH == (set() if answers == {"answer": "not_sure"} else BOTH)

    def test_stopped_is_a_stop_that_is_reported(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        started_already(council, link)

        answer(sign_in, link, answer="stopped")

        assert (now(council, link).state, now(council, link).stopped_on) == (ReferralState.STARTED, clock.today())
        assert [check.stage for check in due(council, home)] == [CheckStage.CALL_BACK]
        stops = {("referral.stop_reported", "lead_professional"), ("referral.stop_reported", "coordinator")}
        assert stops <= told(council, home)

    def test_however_often_they_ask_it_is_one_call(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        for _ in range(3):
            answer(sign_in, link, call_me="y")

        assert [check.stage for check in due(council, home)] == [CheckStage.SIGNPOSTED, CheckStage.CALL_BACK]

    def test_who_asks_again_does_not_wait_until_the_day_that_an_earlier_call_was_put_off_to(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        answer(sign_in, link, call_me="y")
        (first,) = (check for check in due(council, home) if check.stage is CheckStage.CALL_BACK)
        later = date_parts("waived_until", clock.today() + timedelta(days=14))
        sign_in(council.lead).submit(f"/checks/{first.ref}/put-off", {"reason": "They are away"} | later)

        answer(sign_in, link, answer="not_sure", call_me="y")

        calls = [check for check in checks_of(council, home) if check.stage is CheckStage.CALL_BACK]
        assert [(call.state, call.due_on) for call in calls] == [
            (CheckState.VOID, first.due_on),
            (CheckState.DUE, Calendar().due(clock.today())),
        ]


class TestTheCall:
    def test_it_is_still_owed_when_more_is_known_of_the_support(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        answer(sign_in, link, answer="not_yet", call_me="y")

        started_already(council, link)

        assert [check.stage for check in due(council, home)] == [CheckStage.CALL_BACK, CheckStage.STARTED]

    def test_whoever_rings_reads_what_they_said_and_the_next_check_is_made(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        answer(sign_in, link, answer="not_wanted", words="The bus takes too long")
        (call,) = due(council, home)

        page = sign_in(council.lead).get(f"/checks/{call.ref}")
        assert "I no longer want it" in page.main
        assert "The bus takes too long" in page.main
        page.form().send({"outcome": "happened", "note": "She will try the one nearby"})

        (following,) = due(council, home)
        assert (following.stage, following.due_on) == (
            CheckStage.SIGNPOSTED,
            Calendar().working_days_after(clock.today(), 5),
        )
        assert following.owner_id == council.lead.id

    def test_when_nobody_answers_it_is_tried_again(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        answer(sign_in, link, answer="not_wanted")
        (call,) = due(council, home)

        sign_in(council.lead).submit(f"/checks/{call.ref}", {"outcome": "no_answer", "method": "call"})

        (following,) = due(council, home)
        assert (following.stage, following.unanswered) == (CheckStage.CALL_BACK, 1)

    @pytest.mark.parametrize(
        ("said", "told_so"),
        [
            ({"answer": "stopped"}, f"{ANSWERED} “It started but has stopped” by their link, {{ref}}, {NO_CALL}"),
            ({"answer": "not_wanted"}, f"{ANSWERED} “I no longer want it” by their link, {{ref}}, {NO_CALL}"),
            (
                {"answer": "not_wanted", "call_me": "y"},
                f"{ANSWERED} “I no longer want it” by their link, {{ref}}, and asks to be called.",
            ),
            ({"call_me": "y"}, "Somebody of {which} asks by their link, {ref}, to be called."),
        ],
    )
    def test_whoever_asks_and_the_coordinator_read_at_once_what_was_answered(
        self, council: Council, home: Home, sign_in: SignIn, link: Link, said: dict[str, str], told_so: str
    ) -> None:
        postbox = Postbox(council.app)

        answer(sign_in, link, words="The bus takes too long", **said)
        postbox.work()

        sentence = told_so.format(which=f"{home.ref} (O)", ref=link.referral.ref)
        for person in (council.lead, council.coordinator):
            (letter,) = [each for each in postbox.letters if each.to == person.email]
            assert letter.subject == f"Please call: {link.referral.ref}"
            assert letter.text.startswith(sentence)
            assert "bus" not in f"{letter.text}{letter.html}"

    @pytest.mark.parametrize(("call", "asked"), [({}, NO_CALL), ({"call_me": "y"}, "and asks to be called.")])
    def test_of_a_stop_they_read_too_whether_a_call_was_asked_for(
        self, council: Council, home: Home, sign_in: SignIn, link: Link, call: dict[str, str], asked: str
    ) -> None:
        started_already(council, link)
        postbox = Postbox(council.app)
        postbox.work()

        answer(sign_in, link, answer="stopped", **call)
        postbox.work()

        (letter,) = [each for each in postbox.letters if each.to == council.lead.email]
        assert letter.text.startswith(
            f"Support seems to have stopped for {home.ref} (O), {link.referral.ref}: "
            f"somebody answered “It started but has stopped” by their link, {asked}"
        )

    def test_it_is_the_next_step_of_the_family(self, council: Council, home: Home, sign_in: SignIn, link: Link) -> None:
        answer(sign_in, link, answer="stopped")

        page = sign_in(council.coordinator).get(f"/families/{home.ref}")

        assert "Ring the family, which answered by its link: Stay and play" in page.main

    def test_the_history_says_what_was_answered(
        self, council: Council, home: Home, sign_in: SignIn, link: Link
    ) -> None:
        answer(sign_in, link, answer="not_sure", call_me="y")

        assert "link.answered" in history_of(council, home.id)
        page = sign_in(council.lead).get(f"/referrals/{link.referral.ref}")
        assert "about Stay and play: “I am not sure” “Please call me”" in page.main


class TestInTheListsOfChecks:
    def test_what_the_family_answered_stands_there_and_that_it_did(
        self, council: Council, sign_in: SignIn, home: Home, link: Link
    ) -> None:
        lead, today = sign_in(council.lead), near(clock.today(), clock.today())
        answer(sign_in, link, answer="not_sure")
        answer(sign_in, link, answer="not_sure", call_me="y")

        listed = lead.get("/checks?view=all").main
        so_far = lead.get(f"/referrals/{link.referral.ref}").main

        assert f"The family answered by its link, {today}: I am not sure. Please call me" in listed
        assert "Not tried yet" not in listed
        assert "asked by link" not in listed
        assert "The family answered by its link " + f"{today}, by the family" in so_far
        assert "something else" not in so_far
        (call,) = due(council, home)
        assert f"{today}, by the family" in lead.get(f"/checks/{call.ref}").main
        assert f"{today}, by the family" in lead.get(f"/families/{home.ref}/checks").main

    def test_asked_again_it_waits_to_hear(self, council: Council, sign_in: SignIn, home: Home, link: Link) -> None:
        answer(sign_in, link, answer="not_sure")
        a_link(council, home, link.referral, by=council.lead)

        assert "The family was asked by link" in sign_in(council.lead).get("/checks?view=waiting").main
