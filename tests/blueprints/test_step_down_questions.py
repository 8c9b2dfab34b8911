"""A step-down sent back with a question, its answer, and what social work says after a decline."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar
from portal.domain.step_downs import DeclinedThen, StepDownState
from portal.models.handover import StepDown, StepDownChild, StepDownQuestion
from portal.models.record import Event, OutboxMessage
from portal.services import history
from tests.support.handover import RISKS, Handing, a_proposed
from tests.support.people import Council, summary_of
from tests.support.web import Page, SignIn, date_parts

QUESTION = "Where does the father live?"


def ask(council: Council, sign_in: SignIn, handing: Handing, question: str = QUESTION) -> Page:
    soon = Calendar().due(clock.today() + timedelta(days=2))
    return sign_in(council.coordinator).submit(
        f"/step-downs/{handing.ref}/return", {"question": question, **date_parts("due_on", soon)}
    )


def answer(council: Council, sign_in: SignIn, handing: Handing, words: str = "In Ambleford") -> Page:
    return sign_in(council.social_worker).submit(f"/step-downs/{handing.ref}/answer", {"answer": words})


def rules_of(council: Council, kind: str) -> list[str]:
    with council.behind_the_scenes():
        return sorted(db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == kind)))


class TestAsking:
    def test_it_waits_on_whom_was_asked_and_the_clock_runs_on(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        before = handing.read(StepDown, handing.step_down_id).decide_by

        page = ask(council, sign_in, handing).follow()

        assert handing.state is StepDownState.MORE_INFORMATION
        assert handing.read(StepDown, handing.step_down_id).decide_by == before
        assert f"Waiting on {council.social_worker.name} to answer a question" in page.main
        assert QUESTION in page.main
        summary = summary_of(council, handing.home.id)
        assert (summary.next_kind, summary.next_who_id) == ("answer_question", council.social_worker.id)
        assert "Step-downs sent back with a question" in sign_in(council.coordinator).get("/step-downs").main
        assert "Answer the question" in sign_in(council.social_worker).get(f"/families/{handing.family_ref}").main
        assert rules_of(council, "step_down.asked") == ["asked"]

    def test_nothing_asked_no_person_and_a_day_gone_are_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        coordinator = sign_in(council.coordinator)
        url = f"/step-downs/{handing.ref}/return"
        yesterday = date_parts("due_on", clock.today() - timedelta(days=1))

        empty = coordinator.submit(url, {"asked_of": ""})
        late = coordinator.submit(url, {"question": QUESTION, **yesterday})

        assert empty.errors == ["Enter your question", "Choose who can answer it", "Enter the date to answer by"]
        assert late.errors == ["The date to answer by must be today or later"]
        assert QUESTION in late.text_of("textarea")
        assert handing.state is StepDownState.PROPOSED

    def test_what_was_accepted_meanwhile_is_not_sent_back(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        opened = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}/return")
        sign_in(council.other_coordinator).submit(f"/step-downs/{handing.ref}/accept", {"lead": str(council.lead.id)})

        page = opened.form(f"/step-downs/{handing.ref}/return").send(
            {"question": QUESTION, **date_parts("due_on", clock.today())}
        )

        assert page.status == 409
        assert handing.state is StepDownState.ACCEPTED

    def test_it_cannot_be_accepted_nor_declined_while_the_question_waits(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)
        accept = sign_in(council.other_coordinator).get(f"/step-downs/{handing.ref}/accept")
        ask(council, sign_in, handing)

        page = accept.form(f"/step-downs/{handing.ref}/accept").send({"lead": str(council.lead.id)})

        assert page.status == 409
        assert handing.state is StepDownState.MORE_INFORMATION

    def test_the_third_goes_to_both_managers_and_every_one_is_kept(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        for number in range(2):
            ask(council, sign_in, handing, f"Question {number}")
            answer(council, sign_in, handing, f"Answer {number}")
        assert rules_of(council, "step_down.questions_told") == []

        ask(council, sign_in, handing, "Question 2")

        assert rules_of(council, "step_down.questions_told") == ["early_help_managers", "social_care_manager"]
        page = sign_in(council.coordinator).get(f"/step-downs/{handing.ref}").main
        assert all(words in page for words in ("Question 0", "Answer 0", "Question 1", "Answer 1", "Question 2"))


class TestAnswering:
    def test_it_waits_to_be_accepted_again(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        ask(council, sign_in, handing)

        page = answer(council, sign_in, handing).follow()

        assert handing.state is StepDownState.PROPOSED
        assert "In Ambleford" in page.main
        assert rules_of(council, "step_down.replied") == ["coordinators"]

    def test_early_help_writes_down_what_it_was_told(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        ask(council, sign_in, handing)

        sign_in(council.coordinator).submit(f"/step-downs/{handing.ref}/answer", {"answer": "In Ambleford"})

        with council.behind_the_scenes():
            told = db.session.scalars(select(Event.told_by).where(Event.kind == "step_down.replied")).one()
        assert told == council.social_worker.name

    def test_no_words_and_a_second_answer_are_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        ask(council, sign_in, handing)
        worker = sign_in(council.social_worker)
        opened = worker.get(f"/step-downs/{handing.ref}/answer")

        empty = worker.submit(f"/step-downs/{handing.ref}/answer")
        answer(council, sign_in, handing)
        again = opened.form(f"/step-downs/{handing.ref}/answer").send({"answer": "In Borham"})

        assert (empty.status, empty.errors) == (422, ["Enter the answer"])
        assert again.status == 409
        with council.behind_the_scenes():
            assert db.session.scalars(select(StepDownQuestion.answer)).all() == ["In Ambleford"]


def decline(council: Council, sign_in: SignIn, handing: Handing) -> None:
    sign_in(council.coordinator).submit(
        f"/step-downs/{handing.ref}/decline", {"decline_code": "not_enough_known", "decline_reason": "Ask the school"}
    )


class TestAfterADecline:
    def test_it_waits_on_the_social_worker_and_late_on_the_manager_s_list(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)
        decline(council, sign_in, handing)
        summary = summary_of(council, handing.home.id)
        assert (summary.open, summary.next_kind, summary.next_who_id) == (
            True,
            "settle_decline",
            council.social_worker.id,
        )
        assert summary.next_due_on == Calendar().working_days_after(clock.today(), 3)
        with council.behind_the_scenes():
            row = db.session.get_one(StepDown, handing.step_down_id)
            row.answered_at = clock.now() - timedelta(days=60)
            row.answer_decline_by = clock.today() - timedelta(days=40)
            history.changed(handing.home.id)

        page = sign_in(council.social_care_manager).get("/step-downs")

        assert "Not accepted: what happens now?" in page.main
        assert "working days overdue" in page.main
        assert handing.ref in sign_in(council.social_worker).get("/step-downs").main

    def test_sent_again_begins_a_draft_with_everything_that_was_written(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handing = a_proposed(council)
        decline(council, sign_in, handing)

        page = sign_in(council.social_worker).submit(
            f"/step-downs/{handing.ref}/what-now",
            {"declined_then": "again", "declined_then_words": "I ask the school and send it again"},
        )

        with council.behind_the_scenes():
            draft = db.session.scalars(select(StepDown).where(StepDown.state == StepDownState.DRAFT)).one()
            children = select(func.count(StepDownChild.id)).where(StepDownChild.step_down_id == draft.id)
            assert draft.risks == RISKS
            assert db.session.execute(children).scalar_one() == len(handing.home.children)
        assert page.location == f"/step-downs/{draft.ref}/edit"
        assert "Still missing" not in sign_in(council.social_worker).get(f"/step-downs/{draft.ref}/check").main

    def test_another_route_or_staying_open_ends_the_waiting(self, council: Council, sign_in: SignIn) -> None:
        for then in (DeclinedThen.ANOTHER_ROUTE, DeclinedThen.STAYS_OPEN):
            handing = a_proposed(council)
            decline(council, sign_in, handing)

            page = sign_in(council.social_worker).submit(
                f"/step-downs/{handing.ref}/what-now",
                {"declined_then": then.value, "declined_then_words": "The health visitor goes on"},
            )

            assert "The health visitor goes on" in page.follow().main
            assert summary_of(council, handing.home.id).next_kind is None

    def test_half_an_answer_and_a_second_one_are_refused(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        decline(council, sign_in, handing)
        url = f"/step-downs/{handing.ref}/what-now"
        worker = sign_in(council.social_worker)
        opened = sign_in(council.social_care_manager).get(url)
        whole = {"declined_then": "stays_open", "declined_then_words": "We go on visiting"}

        half = worker.submit(url, {"declined_then": "stays_open"})
        worker.submit(url, whole)
        second = opened.form(url).send(whole)

        assert half.errors == ["Enter what happens now, and who does it"]
        assert second.status == 409

    def test_what_was_declined_meanwhile_is_not_accepted(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        opened = sign_in(council.other_coordinator).get(f"/step-downs/{handing.ref}/accept")
        decline(council, sign_in, handing)

        page = opened.form(f"/step-downs/{handing.ref}/accept").send({"lead": str(council.lead.id)})

        assert page.status == 409
        assert "Not accepted" in page.main
        assert handing.state is StepDownState.DECLINED
