"""Clicks about support and its checks; a family's answers; the worker, which also finds what came in from elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    invariant,
    precondition,
    rule,
)
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.asking import LinkWay, Said
from portal.domain.permissions import P
from portal.domain.support import (
    DECIDED,
    FACTS,
    OPEN_REFERRALS,
    CheckStage,
    CheckState,
    EndedHow,
    Helped,
    HowGiven,
    Method,
    NeedNow,
    NotStarted,
    ReferralState,
    Source,
)
from portal.domain.viewer import Viewer
from portal.facts.family_links import Asked
from portal.models.asking import FamilyQuestion
from portal.models.families import Family, Person, PersonKind
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.record import FamilySummary
from portal.policies.scope import unscoped
from portal.services import (
    answers,
    checks,
    family_answers,
    family_links,
    needs_left,
    referrals,
    social_work,
    summary,
    support_sending,
)
from portal.services import support_moves as support
from portal.worker.loop import Worker
from tests.services.any_moves.clicks import REFUSALS, Clicks, anybody, days_ahead, now_and_then, numbers, often
from tests.support import any_moves, any_support
from tests.support.unfollowed import without_a_check

C = CheckState
sources = st.sampled_from(Source)
days_ago = st.sampled_from((0, 1, 7, 30, -1))


class Supporting(Clicks):
    @invariant()
    def followed(self) -> None:
        any_support.demand_followed(self.picture)
        with clock.at(self.now), self.council.app.app_context(), unscoped("a test looks at everything"):
            rows = list(db.session.scalars(select(FamilySummary)))
            any_support.demand_honest(self.picture, rows, clock.today())

    def owner_of_check(self, check: FollowUpCheck) -> str:
        return self.name_of(check.owner_id)

    # Support on its way

    @rule(who=anybody, number=numbers, days=days_ago)
    def something_is_suggested(self, who: str | None, number: int, days: int) -> None:
        family = self.pick(Family, number)
        self.do(
            who or self.leader_of(family.id),
            P.REFERRAL_RECORD,
            family,
            lambda found, by: referrals.signpost(
                found,
                by=by,
                service_name="Stay and play",
                need_text="Somewhere to go",
                given_on=clock.today() - timedelta(days=days),
                how_given=HowGiven.LEAFLET,
            ),
        )

    def of_referral(self, who: str | None, number: int, permission: P, change: Callable[[Any, Viewer], Any]) -> None:
        referral = self.pick(SupportReferral, number, *OPEN_REFERRALS)
        if referral is not None:
            self.do(who or self.leader_of(referral.family_id), permission, referral, change)

    @precondition(lambda self: self.has(SupportReferral, ReferralState.INFORMATION_GIVEN))
    @rule(who=anybody, number=numbers, days=days_ago, agreed=often)
    def it_is_sent(self, who: str | None, number: int, days: int, agreed: bool) -> None:
        def send(found: SupportReferral, by: Viewer) -> None:
            adult = self.picture.of(Person, family_id=found.family_id, kind=PersonKind.ADULT)[0]
            support_sending.send(
                found,
                by=by,
                reason="Somewhere to go",
                safe_contact="Ring after ten",
                sent_on=clock.today() - timedelta(days=days),
                agreed_by_id=adult.id if agreed else None,
            )

        self.of_referral(who, number, P.REFERRAL_RECORD, send)

    @precondition(lambda self: self.has(SupportReferral, *OPEN_REFERRALS))
    @rule(who=anybody, number=numbers, move=st.sampled_from(FACTS), days=days_ago, ahead=days_ahead, source=sources)
    def the_service_answers(
        self, who: str | None, number: int, move: str, days: int, ahead: int, source: Source
    ) -> None:
        def answer(found: SupportReferral, by: Viewer) -> None:
            day = clock.today() + timedelta(days=ahead)
            values: dict[str, Any] = {}
            if move in ("wait", "wait_longer"):
                values = {"expected_on": day, "interim": "A neighbour helps"}
            elif move in ("book", "rebook"):
                values = {"booked_for": day}
            said_on = clock.today() - timedelta(days=days)
            support.fact(found, move, by=by, on=said_on, source=source, told_by="Ann", **values)

        self.of_referral(who, number, P.REFERRAL_MOVE, answer)

    @precondition(lambda self: self.has(SupportReferral, *OPEN_REFERRALS))
    @rule(who=anybody, number=numbers, days=days_ago, source=sources, before=st.booleans())
    def it_starts(self, who: str | None, number: int, days: int, source: Source, before: bool) -> None:
        def start(found: SupportReferral, by: Viewer) -> None:
            day = clock.today() - timedelta(days=days)
            what = "The Tuesday group"
            support.start(
                found, by=by, started_on=day, source=source, what=what, already_receiving=before, date_is_right=before
            )

        self.of_referral(who, number, P.REFERRAL_MOVE, start)

    @precondition(lambda self: self.has(SupportReferral, *OPEN_REFERRALS))
    @rule(who=anybody, number=numbers, move=st.sampled_from(("confirm", "decline", "stop")), source=sources)
    def more_is_known(self, who: str | None, number: int, move: str, source: Source) -> None:
        def know(found: SupportReferral, by: Viewer) -> None:
            if move == "confirm":
                support.confirm(found, by=by, on=clock.today(), source=source)
            elif move == "stop":
                support.report_stop(found, by=by, on=clock.today(), source=source)
            else:
                support.report_decline(found, by=by, why="Full until the summer")

        self.of_referral(who, number, P.REFERRAL_MOVE, know)

    @precondition(lambda self: self.has(SupportReferral, *OPEN_REFERRALS))
    @rule(who=anybody, number=numbers, ends=st.booleans(), need=st.sampled_from(NeedNow), really=now_and_then)
    def it_is_over(self, who: str | None, number: int, ends: bool, need: NeedNow, really: bool) -> None:
        def end(found: SupportReferral, by: Viewer) -> None:
            if ends:
                support.end(found, by=by, on=clock.today(), how=EndedHow.COMPLETED, helped=Helped.BETTER)
            else:
                why = "Nobody offers it"
                support.not_start(
                    found,
                    by=by,
                    code=NotStarted.NO_CAPACITY,
                    reason="Full",
                    need_now=need,
                    not_met_reason=why,
                    route=why,
                )

        if really:
            self.of_referral(who, number, P.REFERRAL_MOVE, end)

    @precondition(lambda self: self.has(SupportReferral, ReferralState.NOT_STARTED))
    @rule(who=anybody, number=numbers, now=st.sampled_from(DECIDED))
    def no_other_service_is_suggested(self, who: str | None, number: int, now: NeedNow) -> None:
        referral = self.pick(SupportReferral, number, ReferralState.NOT_STARTED)
        self.do(
            who or self.leader_of(referral.family_id),
            P.REFERRAL_MOVE,
            referral,
            lambda found, by: needs_left.decide(found, by=by, need_now=now, words="Grandma takes them"),
        )

    # Checks

    @precondition(lambda self: self.has(FollowUpCheck, C.DUE))
    @rule(
        who=anybody,
        number=numbers,
        outcome=st.sampled_from(("happened", "not yet", "no answer", "no answer", "will not")),
        days=days_ago,
        ahead=days_ahead,
        method=st.sampled_from(Method),
    )
    def a_check_is_recorded(
        self, who: str | None, number: int, outcome: str, days: int, ahead: int, method: Method
    ) -> None:
        check = self.pick(FollowUpCheck, number, C.DUE)

        def record(found: FollowUpCheck, by: Viewer) -> None:
            today = clock.today()
            if outcome == "not yet":
                answers.not_yet(found, by=by, waiting_on="The service", next_on=today + timedelta(days=ahead))
            elif outcome == "no answer":
                answers.no_answer(found, by=by, method=method)
            elif outcome == "will not":
                managing = NeedNow.FAMILY_MANAGING
                answers.will_not(found, by=by, code=NotStarted.TRAVEL, reason="Too far", need_now=managing)
            elif found.stage is CheckStage.CALL_BACK:
                answers.called_back(found, by=by)
            elif found.stage is CheckStage.STARTED:
                answers.goes_on(found, by=by)
            else:
                day = today - timedelta(days=days)
                answers.started(found, by=by, started_on=day, source=Source.SEEN, what="The group")

        if check.referral_id is not None:
            self.do(who or self.owner_of_check(check), P.CHECK_RECORD, check, record)

    @precondition(lambda self: self.has(FollowUpCheck, C.DUE, C.WAIVED))
    @rule(who=anybody, number=numbers, ahead=days_ahead, off=often)
    def a_check_is_put_off_or_asked_again(self, who: str | None, number: int, ahead: int, off: bool) -> None:
        check = self.pick(FollowUpCheck, number, C.DUE if off else C.WAIVED)

        def change(found: FollowUpCheck, by: Viewer) -> None:
            if off:
                checks.waive(found, by=by, until=clock.today() + timedelta(days=ahead), reason="In hospital")
            else:
                checks.due_again(found, by=by)

        if check is not None:
            self.do(who or self.leader_of(check.family_id), P.CHECK_WAIVE, check, change)

    # The family, by its link

    @precondition(lambda self: self.has(SupportReferral, *OPEN_REFERRALS))
    @rule(who=anybody, number=numbers)
    def the_family_is_asked(self, who: str | None, number: int) -> None:
        def ask(found: SupportReferral, by: Viewer) -> None:
            adult = self.picture.of(Person, family_id=found.family_id, kind=PersonKind.ADULT)[0]
            family_links.ask(found, adult.id, LinkWay.PRINT, by=by, in_hand=True)

        self.of_referral(who, number, P.REFERRAL_MOVE, ask)

    @precondition(lambda self: bool(self.picture.rows[FamilyQuestion]))
    @rule(number=numbers, said=st.sampled_from((*Said, None)), call_me=st.booleans(), days=st.sampled_from((0, 3, 60)))
    def the_family_answers(self, number: int, said: Said | None, call_me: bool, days: int) -> None:
        questions = self.picture.rows[FamilyQuestion]
        question = questions[number % len(questions)]
        before = self.picture
        with self.without_a_click():
            referral = db.session.get_one(SupportReferral, question.referral_id)
            family_answers.record(
                Asked(question.id, question.family_id, referral.id, referral.given_on, None, clock.now()),
                said=said,
                started_on=clock.today() - timedelta(days=days),
                words=None,
                call_me=call_me or said is None,
                language="en",
                sent=clock.now().isoformat(),
            )
        any_support.demand_nothing_over(before, self.picture)

    # The clock

    @rule(brought=st.booleans(), number=numbers, days=st.sampled_from((0, 5, 90)))
    def the_worker_runs(self, brought: bool, number: int, days: int) -> None:
        """Now and then after something came in of which nobody was told to ask."""
        if brought:
            with clock.at(self.now):
                home = self.homes[number % len(self.homes)]
                without_a_check(self.council, home, since=clock.today() - timedelta(days=days))
        worker = Worker(self.council.app.config["PORTAL"], lambda _letter: "")
        for _time in range(2):
            before = self.picture
            with self.without_a_click():
                last: int | None = 0
                while last is not None:
                    last = worker.sweep(last).last_family
                for each in worker.waits_for_the_clock():
                    worker.do_by_the_clock(each)
        any_moves.demand_nothing_changed(before, self.picture)
        until = [check.waived_until for check in self.picture.of(FollowUpCheck, state=C.WAIVED)]
        assert all(day and day > self.now.date() for day in until)

    @rule(who=anybody, number=numbers, really=now_and_then)
    def social_work_closes(self, who: str | None, number: int, really: bool) -> None:
        if really:
            family = self.pick(Family, number)
            self.do(
                who or "social_worker",
                P.SOCIAL_WORK_CLOSE,
                family,
                lambda found, by: social_work.closed(found, clock.today(), by=by),
            )

    @contextmanager
    def without_a_click(self) -> Iterator[None]:
        """Something that nobody clicks: in the end everything is committed and looked at."""
        self.now += timedelta(minutes=3)
        self.clicked = True
        before = self.picture
        with clock.at(self.now):
            with self.council.app.app_context(), writing(), unscoped("a test arranges its world"):
                try:
                    yield
                    summary.recount_changed()
                    db.session.commit()
                except REFUSALS:
                    db.session.rollback()
                    summary.forget_changed()
            self.picture = any_moves.take(self.council, before)
        any_moves.demand_told(before, self.picture)
