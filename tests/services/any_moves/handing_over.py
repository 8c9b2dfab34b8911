"""Clicks on step-downs: written, sent, answered, complete, ended otherwise."""

from datetime import timedelta

import hypothesis
from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)
from sqlalchemy.exc import NoResultFound

from portal.core import clock
from portal.domain.dates import london_date
from portal.domain.deciding import WAIVABLE, Proposal, Side, Together
from portal.domain.permissions import P
from portal.domain.step_downs import (
    OPEN,
    DeclineCode,
    DeclinedThen,
    Destination,
    Gate,
    NoKind,
    StayNow,
)
from portal.domain.viewer import Viewer
from portal.facts import handovers
from portal.models.deciding import JointDecision
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.step_down_ends import HolderQuestion, StaysWithSocialCare
from portal.services import (
    completion,
    deciding,
    drafts,
    social_work,
    step_down_declines,
    step_down_ends,
    step_down_questions,
    step_downs,
)
from tests.services.any_moves.clicks import (
    REFUSALS,
    Clicks,
    S,
    anybody,
    anyone_asked,
    days_ahead,
    destinations,
    now_and_then,
    numbers,
    often,
)
from tests.support import any_moves, handover
from tests.support.people import Home


class HandingOver(Clicks):
    # Step-downs

    @rule(number=numbers, which=st.sampled_from((slice(0, 2), slice(0, 1), slice(1, 2))), destination=destinations)
    def a_step_down_is_written(self, number: int, which: slice, destination: Destination) -> None:
        """For both children or one of them; a child in another open step-down is refused."""
        home = self.homes[number % len(self.homes)]
        before = self.picture
        with clock.at(self.now):
            try:
                handover.a_draft(
                    self.council, Home(home.family, home.parent, home.children[which]), destination=destination
                )
            except (*REFUSALS, NoResultFound):  # who no longer reaches the family looks it up, which is no move
                self.picture = any_moves.take(self.council, self.picture)
                any_moves.demand_nothing_changed(before, self.picture)
            else:
                self.picture = any_moves.take(self.council, self.picture)
        any_moves.demand_told(before, self.picture)

    @precondition(lambda self: self.has(StepDown, S.DRAFT))
    @rule(who=anybody, number=numbers)
    def social_care_agrees(self, who: str | None, number: int) -> None:
        step_down = self.pick(StepDown, number, S.DRAFT)
        self.do(
            who or "social_care_manager",
            P.STEP_DOWN_AGREE,
            step_down,
            lambda found, by: drafts.agree(found, "They can manage with a team", by=by),
        )

    @precondition(lambda self: self.has(StepDown, S.DRAFT))
    @rule(who=anybody, number=numbers)
    def it_is_sent(self, who: str | None, number: int) -> None:
        step_down = self.pick(StepDown, number, S.DRAFT)
        self.do(who or "social_worker", P.STEP_DOWN_PROPOSE, step_down, lambda found, by: drafts.propose(found, by=by))

    @precondition(lambda self: self.has(StepDown, S.PROPOSED))
    @rule(who=anybody, number=numbers, days=days_ahead)
    def a_question_is_asked(self, who: str | None, number: int, days: int) -> None:
        step_down = self.pick(StepDown, number, S.PROPOSED)
        self.do(
            who or "coordinator",
            P.STEP_DOWN_ANSWER,
            step_down,
            lambda found, by: step_down_questions.ask(
                found,
                "Who fetches them from school?",
                of=handovers.answerers(found)[0].user_id,
                due_on=clock.today() + timedelta(days=days),
                by=by,
            ),
        )

    @precondition(lambda self: self.has(StepDown, S.MORE_INFORMATION))
    @rule(who=anybody, number=numbers)
    def a_question_is_answered(self, who: str | None, number: int) -> None:
        step_down = self.pick(StepDown, number, S.MORE_INFORMATION)
        self.do(
            who or "social_worker",
            P.STEP_DOWN_REPLY,
            step_down,
            lambda found, by: step_down_questions.reply(found, "Their aunt does", by=by),
        )

    @precondition(lambda self: self.has(StepDown, S.PROPOSED))
    @rule(who=anybody, number=numbers, lead=anyone_asked)
    def early_help_accepts(self, who: str | None, number: int, lead: str) -> None:
        step_down = self.pick(StepDown, number, S.PROPOSED)
        self.do(
            who or "coordinator",
            P.STEP_DOWN_ANSWER,
            step_down,
            lambda found, by: step_downs.accept(found, self.user(lead).id, by=by),
        )

    @precondition(lambda self: self.has(StepDown, S.PROPOSED))
    @rule(who=anybody, number=numbers)
    def early_help_does_not_accept(self, who: str | None, number: int) -> None:
        step_down = self.pick(StepDown, number, S.PROPOSED)
        self.do(
            who or "coordinator",
            P.STEP_DOWN_ANSWER,
            step_down,
            lambda found, by: step_downs.decline(found, DeclineCode.OTHER, "They moved away", by=by),
        )

    @precondition(lambda self: self.has(StepDown, S.DECLINED))
    @rule(who=anybody, number=numbers, then=st.sampled_from(DeclinedThen))
    def social_work_says_what_happens_now(self, who: str | None, number: int, then: DeclinedThen) -> None:
        step_down = self.pick(StepDown, number, S.DECLINED)
        self.do(
            who or "social_worker",
            P.STEP_DOWN_SETTLE_DECLINE,
            step_down,
            lambda found, by: step_down_declines.settle(found, then, "We see them again in June", by=by),
        )

    @precondition(lambda self: self.has(StepDown, *OPEN))
    @rule(who=anybody, number=numbers, kind=st.sampled_from(NoKind), really=now_and_then)
    def the_family_says_no(self, who: str | None, number: int, kind: NoKind, really: bool) -> None:
        if not really:
            return
        step_down = self.pick(StepDown, number, *OPEN)

        def say_no(found: StepDown, by: Viewer) -> None:
            parent = next(home.parent for home in self.homes if home.id == found.family_id)
            said = step_down_ends.SaidNo(
                kind,
                "Not now",
                "Ring the coordinator",
                step_down_ends.Watcher(name="Ms Head", told="By phone"),
                person_id=parent.id,
                said_on=clock.today(),
            )
            step_down_ends.family_said_no(found, said, by=by)

        self.do(who or "social_worker", P.STEP_DOWN_SAID_NO, step_down, say_no)

    @precondition(lambda self: self.has(StepDown, *OPEN))
    @rule(who=anybody, number=numbers, now=st.sampled_from(StayNow))
    def somebody_asks_that_they_stay(self, who: str | None, number: int, now: StayNow) -> None:
        step_down = self.pick(StepDown, number, *OPEN)

        def ask(found: StepDown, by: Viewer) -> None:
            other = handovers.answerers(found)[-1].user_id if now is StayNow.OTHER_WORKER else None
            step_down_ends.ask_to_stay(found, step_down_ends.Staying("Things got worse", now, worker_id=other), by=by)

        self.do(who or "social_worker", P.STEP_DOWN_STAY_ASK, step_down, ask)

    @precondition(lambda self: self.has(StepDown, *OPEN))
    @rule(who=anybody, number=numbers, agrees=st.booleans())
    def the_manager_says_whether_they_stay(self, who: str | None, number: int, agrees: bool) -> None:
        waiting = [row.step_down_id for row in self.picture.rows[StaysWithSocialCare] if not row.settled_on]
        step_down = next((row for row in self.picture.rows[StepDown] if row.id in waiting), None)
        answer = step_down_ends.agree_to_stay if agrees else step_down_ends.not_agreed_to_stay
        self.do(
            who or "social_care_manager",
            P.STEP_DOWN_AGREE,
            step_down or self.pick(StepDown, number, *OPEN),
            lambda found, by: answer(found, "I looked at it", by=by),
        )

    @precondition(lambda self: self.has(StepDown, S.ACCEPTED))
    @rule(who=anybody, number=numbers, told=often, instead=often, one_of_them=st.booleans())
    def it_is_complete(self, who: str | None, number: int, told: bool, instead: bool, one_of_them: bool) -> None:
        ready = [row for row in self.picture.of(StepDown, state=S.ACCEPTED) if not self.picture.shut[row.id]]
        step_down = ready[number % len(ready)] if ready else self.pick(StepDown, number, S.ACCEPTED)
        usual = "manager" if step_down.social_work_closed_on else "social_worker"
        if self.do(
            who or usual,
            P.STEP_DOWN_COMPLETE,
            step_down,
            lambda found, by: completion.complete(
                found,
                by=by,
                family_told=told,
                instead="They are away" if instead else None,
                children=self.children_of(found)[:1] if one_of_them else None,
            ),
        ):
            hypothesis.event("a step-down was complete")

    @precondition(lambda self: self.has(StepDown, *OPEN))
    @rule(
        who=anybody,
        number=numbers,
        kind=st.sampled_from((Together.WAIVE, *Together)),
        gate=st.sampled_from((*WAIVABLE, Gate.LEAD)),
        destination=destinations,
        days=days_ahead,
    )
    def a_manager_proposes_a_decision(
        self, who: str | None, number: int, kind: Together, gate: Gate, destination: Destination, days: int
    ) -> None:
        step_down = self.pick(StepDown, number, S.PROPOSED, S.ACCEPTED)
        if step_down is None:
            return
        what = Proposal(
            kind,
            london_date(self.now) + timedelta(days=days),
            "We know them well",
            gate=gate if kind is Together.WAIVE else None,
            destination=destination if kind is Together.OTHER_DESTINATION else None,
        )
        self.do(
            who or ("manager" if number % 2 else "social_care_manager"),
            P.STEP_DOWN_DECIDE_TOGETHER,
            step_down,
            lambda found, by: deciding.propose(found, what, by=by),
        )

    @precondition(lambda self: bool(self.picture.rows[JointDecision]))
    @rule(who=anybody, number=numbers, agrees=often)
    def the_other_manager_answers(self, who: str | None, number: int, agrees: bool) -> None:
        waiting = [row for row in self.picture.rows[JointDecision] if not (row.agreed_at or row.ended_at)]
        decision = (waiting or self.picture.rows[JointDecision])[-1]
        other = "manager" if decision.proposed_for is Side.SOCIAL_CARE else "social_care_manager"

        def answer(found: JointDecision, by: Viewer) -> None:
            if agrees:
                deciding.agree(found, by=by)
            else:
                deciding.end(found, "It is too early", by=by)

        self.do(who or other, P.DECISION_ANSWER, decision, answer)

    # Who holds the family

    @rule(who=anybody, number=numbers, days=st.sampled_from((0, 3, -1)), really=now_and_then)
    def social_work_closes(self, who: str | None, number: int, days: int, really: bool) -> None:
        if not really:
            return
        self.do(
            who or "social_worker",
            P.SOCIAL_WORK_CLOSE,
            self.pick(Family, number),
            lambda found, by: social_work.closed(found, clock.today() - timedelta(days=days), by=by),
        )

    @precondition(lambda self: any(row.ended_on is None for row in self.picture.rows[HolderQuestion]))
    @rule(who=anybody, number=numbers, holder=anyone_asked, names=often)
    def the_manager_says_who_holds_them(self, who: str | None, number: int, holder: str, names: bool) -> None:
        def answer(found: Family, by: Viewer) -> None:
            if names:
                social_work.name_holder(found, self.user(holder).id, "Until it is complete", by=by)
            else:
                social_work.ask_to_reopen(found, "We cannot hold them yet", by=by)

        asked = [row.family_id for row in self.picture.rows[HolderQuestion] if row.ended_on is None]
        family = next(row for row in self.picture.rows[Family] if row.id in asked)
        self.do(who or "manager", P.HOLDER_NAME, family, answer)

    @precondition(lambda self: any(row.social_work_closed_on for row in self.picture.rows[Family]))
    @rule(who=anybody, number=numbers)
    def social_work_opens_again(self, who: str | None, number: int) -> None:
        self.do(
            who or "social_care_manager",
            P.SOCIAL_WORK_REOPEN,
            self.pick(Family, number),
            lambda found, by: social_work.reopen(found, "It closed too early", by=by),
        )
