"""The receiving service: it sees what was shared with it, and answers in two clicks."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full, near
from portal.domain.support import CheckStage, CheckState, ReferralState
from portal.facts import recipients
from portal.models.families import ConflictOfInterest
from portal.models.following import SharedReferral
from portal.models.people import User
from portal.models.record import OutboxMessage
from tests.blueprints.test_too_late import end_sessions, signs_in
from tests.support.following import checks_of, due_check
from tests.support.people import Council
from tests.support.post import Postbox, links_in
from tests.support.receiving import answer, sent, state_of
from tests.support.web import FilledForm, SignIn, counted_statements, date_parts


class TestBeingTold:
    def test_that_something_was_sent_by_a_letter_that_names_nobody_and_leads_to_the_page(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, shared = sent(council)
        postbox = Postbox(council.app)

        postbox.work()

        letter = next(letter for letter in postbox.letters if letter.to == council.partner.email)
        assert letter.subject == f"Answer needed: referral {shared.ref}, sent 7 October"
        assert f"The referral {shared.ref}, sent to your service on 7 October, waits for you" in letter.text
        assert links_in(letter.text)[0] == f"http://localhost/received/{shared.ref}"
        assert not [word for word in (home.ref, home.children[0].name, "morning group") if word in letter.text]
        assert sign_in(council.partner).get(f"/received/{shared.ref}").status == 200
        assert postbox.to(council.partner_other_organisation) == []

    def test_not_once_it_was_answered(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        postbox = Postbox(council.app)
        answer(sign_in(council.partner), shared, "received")

        postbox.work()

        assert postbox.to(council.partner) == []


class TestWhatItSees:
    def test_what_was_shared_and_nothing_else(self, council: Council, sign_in: SignIn) -> None:
        home, shared = sent(council)

        page = sign_in(council.partner).get(f"/received/{shared.ref}")

        assert home.children[0].name in page.main
        assert "A place in the morning group" in page.main
        assert "Ring after ten" in page.main
        for kept_back in ("Quarrels about money", home.parent.name, "Mill Lane", home.ref):
            assert kept_back not in page.text

    def test_the_family_itself_stays_out_of_reach(self, council: Council, sign_in: SignIn) -> None:
        home, shared = sent(council)
        browser = sign_in(council.partner)

        assert browser.get(f"/families/{home.ref}").status == 404
        assert browser.get(f"/referrals/R-{shared.referral_id}").status == 404

    def test_another_organisation_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)

        assert sign_in(council.partner_other_organisation).get(f"/received/{shared.ref}").status == 404
        assert shared.ref not in sign_in(council.partner_other_organisation).get("/received").text

    def test_who_must_not_see_this_family_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        home, shared = sent(council)
        with council.behind_the_scenes():
            db.session.add(ConflictOfInterest(family_id=home.id, user_id=council.partner.id, recorded_at=clock.now()))

        assert sign_in(council.partner).get(f"/received/{shared.ref}").status == 404

    def test_without_a_live_agreement_it_sees_nothing_from_the_next_request_on(
        self, council: Council, sign_in: SignIn
    ) -> None:
        _, shared = sent(council)
        with council.behind_the_scenes():
            without = db.session.get_one(User, council.partner_without_agreement.id)
            db.session.get_one(SharedReferral, shared.id).organisation_id = without.organisation_id

        browser = sign_in(council.partner_without_agreement)

        assert browser.get(f"/received/{shared.ref}").status == 404
        assert shared.ref not in browser.get("/received").text

    def test_what_waits_for_an_answer_is_said_where_its_people_begin(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        browser = sign_in(council.partner)

        for page in map(browser.get, ("/my-actions", "/home")):
            assert "1 support referral waits for your service to answer" in page.main
            assert "/received" in page.links()
        assert "Waits for your answer" in browser.get("/received").main
        answer(browser, shared, "accepted")
        for page in map(browser.get, ("/my-actions", "/home")):
            assert "waits for your service" not in page.main

    def test_looking_is_not_answering(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)

        sign_in(council.partner).get(f"/received/{shared.ref}")

        assert state_of(council, shared).state is ReferralState.SENT

    def test_the_list_takes_as_many_statements_for_many_as_for_one(self, council: Council, sign_in: SignIn) -> None:
        for _ in range(4):
            sent(council)

        with counted_statements(council.app) as statements:
            sign_in(council.partner).get("/received")

        assert len(statements) <= 5


class TestWhatItAnswers:
    @pytest.mark.parametrize(
        ("told", "state", "stage", "words"),
        [
            ("received", ReferralState.RECEIVED, CheckStage.SENT, "Received by the service"),
            ("accepted", ReferralState.ACCEPTED, CheckStage.ACCEPTED, "Accepted by the service"),
        ],
    )
    def test_one_button_and_the_sender_reads_it_in_their_own_words(
        self, council: Council, sign_in: SignIn, told: str, state: ReferralState, stage: CheckStage, words: str
    ) -> None:
        home, shared = sent(council)

        page = answer(sign_in(council.partner), shared, told)

        assert page.follow().status == 200
        assert state_of(council, shared).state is state
        assert due_check(council, home).stage is stage
        seen = sign_in(council.social_worker).get(f"/referrals/R-{shared.referral_id}").main
        assert words in seen
        assert "The service said so" in seen

    def test_a_waiting_list(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        browser, day = sign_in(council.partner), clock.today() + timedelta(days=50)

        asked = answer(browser, shared, "waiting")
        answer(browser, shared, "waiting", **date_parts("expected_on", day), interim="A call each week")
        silent = answer(browser, shared, "waiting", **date_parts("expected_on", day + timedelta(days=20)))
        longer = silent.form(f"/received/{shared.ref}").send({"told": "waiting", "interim": "Nothing until then"})

        assert asked.errors == ["Enter when you expect a place", "Enter what you offer until then"]
        assert silent.errors == ["Enter what you offer until then"]
        assert longer.status == 303
        now = state_of(council, shared)
        assert (now.state, now.expected_on) == (ReferralState.WAITING_LIST, day + timedelta(days=20))
        assert "Nothing until then" in sign_in(council.social_worker).get(f"/referrals/R-{shared.referral_id}").main

    def test_a_first_day_then_started(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        browser = sign_in(council.partner)

        answer(browser, shared, "booked", **date_parts("booked_for", clock.today()))
        answer(browser, shared, "started", **date_parts("started_on", clock.today()), started_what="The first morning")

        assert state_of(council, shared).state is ReferralState.STARTED
        seen = sign_in(council.social_worker).get(f"/referrals/R-{shared.referral_id}").main
        assert "Started (reported)" in seen
        assert "The first morning" in seen

    def test_tomorrow_has_not_been(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)

        page = answer(
            sign_in(council.partner),
            shared,
            "started",
            **date_parts("started_on", clock.today() + timedelta(days=1)),
            started_what="The group",
        )

        assert page.errors == ["The date support was first received must be today or in the past"]
        assert page.soup.select_one("[name=started_what][value='The group']")

    def test_before_it_was_suggested_is_asked_about_then_kept(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        browser = sign_in(council.partner)
        before = {**date_parts("started_on", clock.today() - timedelta(days=30)), "started_what": "The group"}

        assert not browser.get(f"/received/{shared.ref}").soup.select("[name=date_is_right]")
        asked = answer(browser, shared, "started", **before)
        answer(browser, shared, "started", **before, already_receiving="y")

        assert "before it was suggested" in asked.errors[0]
        assert state_of(council, shared).already_receiving is True

    def test_before_the_day_that_was_booked_is_asked_about_then_kept(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        browser, later = sign_in(council.partner), clock.today() + timedelta(days=9)
        answer(browser, shared, "booked", **date_parts("booked_for", later))
        today = {**date_parts("started_on", clock.today()), "started_what": "The group"}

        asked = answer(browser, shared, "started", **today)
        right = asked.soup.select_one("[name=date_is_right]")
        answer(browser, shared, "started", **today, date_is_right=str(right["value"]))  # type: ignore[index]

        assert f"before the first day that was booked, {full(later)}" in asked.errors[0]
        assert state_of(council, shared).state is ReferralState.STARTED

    def test_no_does_not_end_it_and_those_around_the_family_decide(self, council: Council, sign_in: SignIn) -> None:
        home, shared = sent(council)

        answer(sign_in(council.partner), shared, "declined", why="They live outside our area")

        assert state_of(council, shared).state is ReferralState.SENT
        assert due_check(council, home).due_on == clock.today()
        browser = sign_in(council.social_worker)
        assert "The service said no" in browser.get(f"/families/{home.ref}/support").main
        assert "They live outside our area" in browser.get(f"/referrals/R-{shared.referral_id}/not-started").main

    def test_after_a_no_the_check_asks_what_happens_now(self, council: Council, sign_in: SignIn) -> None:
        home, shared = sent(council)
        answer(sign_in(council.partner), shared, "declined", why="They live outside our area")
        check, browser = due_check(council, home), sign_in(council.social_worker)
        pages = [
            f"/families/{home.ref}/checks",
            f"/referrals/R-{shared.referral_id}",
            f"/families/{home.ref}/support",
            "/checks",
            "/step-downs",
            f"/checks/{check.ref}",
        ]

        for path in pages:
            assert "the service said no: what happens now?" in browser.get(path).main.lower(), path
        next_step = browser.get(f"/families/{home.ref}").main
        assert f"Say what happens now, the service said no: {shared.service_name}" in next_step
        form = browser.get(pages[-1]).form()
        assert "Select what happens now" in form.send({}).errors[0]
        form.send({"outcome": "not_yet", "waiting_on": "Another service"})
        assert [each.state for each in checks_of(council, home)][-2:] == [CheckState.DONE, CheckState.DUE]

    def test_no_button_is_no_answer(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)

        page = answer(sign_in(council.partner), shared, "something else")

        assert page.status == 422
        assert "Choose one of the answers" in page.main
        assert state_of(council, shared).state is ReferralState.SENT

    def test_what_ended_meanwhile_is_refused_in_words(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        browser = sign_in(council.partner)
        opened = browser.get(f"/received/{shared.ref}").form(f"/received/{shared.ref}")
        sign_in(council.social_worker).submit(
            f"/referrals/R-{shared.referral_id}/start",
            {"started_source": "family", "started_what": "The group", **date_parts("started_on", clock.today())},
        )

        page = opened.send({"told": "accepted"})

        assert page.status == 409
        assert state_of(council, shared).started_on == clock.today()

    def test_from_a_page_opened_before_somebody_elses_answer_is_refused_in_words(
        self, council: Council, sign_in: SignIn
    ) -> None:
        _, shared = sent(council)
        browser = sign_in(council.partner)
        opened = browser.get(f"/received/{shared.ref}").form(f"/received/{shared.ref}")
        answer(browser, shared, "booked", **date_parts("booked_for", clock.today() + timedelta(days=7)))

        page = opened.send({"told": "declined", "why": "No room until spring"})

        assert page.status == 409
        assert "Something was told about this since you opened the page" in page.main
        assert "No room until spring" in page.html
        assert state_of(council, shared).declined_on is None
        again = page.form(f"/received/{shared.ref}").send({"told": "declined", "why": "No room until spring"})
        assert again.status == 303
        assert state_of(council, shared).declined_on == clock.today()

    @pytest.mark.parametrize("who", ["partner", "social_worker"])
    def test_after_a_no_they_are_taken_on_only_where_that_is_said(
        self, council: Council, sign_in: SignIn, who: str
    ) -> None:
        _, shared = sent(council)
        answer(sign_in(council.partner), shared, "declined", why="No room until spring")
        browser, path = sign_in(getattr(council, who)), f"/received/{shared.ref}"
        answers = {"told": "accepted"}
        if who == "social_worker":
            path, answers = f"/referrals/R-{shared.referral_id}/accepted", {"state_source": "provider"}

        refused = browser.get(path).form(path).send(answers)
        before = state_of(council, shared).declined_on
        taken = refused.form(path).send({**answers, "after_all": "y"})

        assert refused.errors == [
            "The service said no on 7 October 2026. Tick that they take the family on after all, or leave it as it is"
        ]
        assert before == clock.today()
        assert taken.status == 303
        assert (state_of(council, shared).state, state_of(council, shared).declined_on) == (
            ReferralState.ACCEPTED,
            None,
        )

    def test_it_leads_back_from_where_its_people_begin_until_it_is_over(
        self, council: Council, sign_in: SignIn
    ) -> None:
        _, shared = sent(council)
        browser = sign_in(council.partner)
        answer(browser, shared, "received")

        page = browser.get("/my-actions")

        assert "1 support referral with your service" in page.main
        assert page.soup.select_one('main a[href="/received"]')

    def test_that_it_is_over_and_what_it_did_which_the_sender_reads_and_decides_upon(
        self, council: Council, sign_in: SignIn
    ) -> None:
        _, shared = sent(council)
        browser, today = sign_in(council.partner), clock.today()
        early = {"ended_how": "early", "helped": "same", **date_parts("last_on", today)}
        before = browser.get(f"/received/{shared.ref}")
        answer(browser, shared, "started", **date_parts("started_on", today), started_what="The first morning")
        postbox = Postbox(council.app)
        postbox.work()

        asked = answer(browser, shared, "ended", **early)
        too_early = answer(
            browser, shared, "ended", **{**early, "ended_why": "x", **date_parts("last_on", today - timedelta(days=1))}
        )
        done = asked.form(f"/received/{shared.ref}").send({"told": "ended", "ended_why": "They moved away"}).follow()

        assert before.soup.select("[name=helped]") == []
        assert asked.errors == ["Enter why it ended early"]
        assert too_early.status == 422
        assert "Thank you. They know that it has ended" in done.text
        assert shared.ref not in browser.get("/received").main
        over = browser.get(f"/received/{shared.ref}").main
        assert f"The last day was {near(today, today)}" in over
        assert "There is nothing more to tell us" in over
        seen = sign_in(council.social_worker).get(f"/referrals/R-{shared.referral_id}").main
        for words in ("Ended", "It ended early", "They moved away", "No different"):
            assert words in seen
        assert f"{council.partner.name} recorded that Stay and play has ended" in seen
        with council.behind_the_scenes():
            message = db.session.scalars(select(OutboxMessage).where(OutboxMessage.rule == "asked_last")).one()
            assert recipients.of_message(message, today) == [council.social_worker.id]

    def test_history_says_who_of_the_service_said_it(self, council: Council, sign_in: SignIn) -> None:
        home, shared = sent(council)

        answer(sign_in(council.partner), shared, "booked", **date_parts("booked_for", clock.today()))

        history = sign_in(council.social_worker).get(f"/families/{home.ref}/history").main
        assert f"{council.partner.name} recorded the first day with Stay and play, {full(clock.today())}" in history


class TestWhatIsBeingWritten:
    def test_is_kept_and_offered_at_its_own_button(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        path = f"/received/{shared.ref}"
        browser = sign_in(council.partner)
        page = browser.get(path)
        form = next(each for each in page.soup.select("main form") if each.select("[name=why]"))
        why = {**FilledForm(browser, form, path).values, "why": "We have no room until spring"}

        paused = browser.post(f"{path}/draft", why, htmx=True)

        assert form["hx-target"] == f"#{form.select('[id^=draft-kept]')[0]['id']}"
        assert paused.text.startswith("Kept at")
        offered = browser.get(path)
        assert "You had begun to write this" in offered.main
        assert offered.text_of("[name=why]") == "We have no room until spring"
        assert "no room" not in sign_in(council.partner_other_organisation).get(path).html

    def test_is_not_lost_with_the_session(self, council: Council, sign_in: SignIn) -> None:
        _, shared = sent(council)
        path = f"/received/{shared.ref}"
        form = sign_in(council.partner).get(path).form(path)
        end_sessions(council, "idle")

        asked = form.send(
            {"told": "waiting", "interim": "A call each week", **date_parts("expected_on", clock.today())}
        )

        page = signs_in(asked.follow(), council.partner)
        assert page.text_of("[name=interim]") == "A call each week"
        assert page.soup.select(f"[name=expected_on-day][value='{clock.today().day}']")
