"""Support about which nobody is due to ask gets its check by the clock; so does what was put off, or tried in vain."""

import subprocess
import sys
from collections import Counter
from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.clock import LONDON
from portal.core.db import db
from portal.domain.standards import Standard, Unit
from portal.domain.support import CheckStage, CheckState, Escalation, ReferralState
from portal.facts import owners
from portal.models.families import ConflictOfInterest
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.record import ClosureDay, Event, PracticeStandard
from portal.services import checks, unfollowed
from tests.support.following import (
    a_referral,
    a_step_down,
    checks_of,
    coordinated,
    due_check,
    no_answer,
    social_work_closes,
)
from tests.support.people import Council, Home, a_family, an_action, an_active_family, summary_of
from tests.support.post import Postbox
from tests.support.unfollowed import many_without_a_check, no_check_any_more, without_a_check
from tests.support.web import SignIn, counted_statements

PROJECT = Path(__file__).parents[2]
R = ReferralState


@pytest.fixture
def worker(app: Flask) -> Postbox:
    return Postbox(app)


def everything_made(council: Council) -> list[FollowUpCheck]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(FollowUpCheck).order_by(FollowUpCheck.id)))


def put_off(council: Council, home: Home, days: int) -> FollowUpCheck:
    _, check = a_referral(council, home)
    with council.as_(council.coordinator) as viewer:
        found = db.session.get_one(FollowUpCheck, check.id)
        checks.waive(found, by=viewer, until=clock.today() + timedelta(days=days), reason="In hospital")
    return check


class TestSupportThatNobodyAsksAbout:
    def test_gets_the_check_that_a_click_would_have_made_and_only_once(
        self, council: Council, worker: Postbox, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        a_referral(council, home)
        with council.behind_the_scenes():
            clicked = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        (before,) = checks_of(council, home)
        no_check_any_more(council, home)

        first, second = worker.work(), worker.work()

        assert (first.checks_made, second.did_something) == (1, False)
        (check,) = checks_of(council, home)
        for column in ("referral_id", "stage", "state", "due_on", "owner_id", "hand_named", "unanswered", "version"):
            assert getattr(check, column) == getattr(before, column), column
        with council.behind_the_scenes():
            (line,) = db.session.scalars(select(Event).where(Event.subject == check.ref))
        assert (line.kind, line.data) == (clicked.kind, clicked.data)
        assert (line.actor_id, line.actor_name) == (None, "The portal")
        page = sign_in(council.social_worker).get(f"/checks/{check.ref}")
        assert "Stay and play" in page.main

    def test_is_asked_about_at_the_stage_where_it_stands(self, council: Council, worker: Postbox) -> None:
        home = a_family(council)
        referrals = {state: without_a_check(council, home, state) for state in R}

        worker.work()

        made = {check.referral_id: check.stage for check in checks_of(council, home)}
        assert made == {
            referrals[R.INFORMATION_GIVEN]: CheckStage.SIGNPOSTED,
            referrals[R.SENT]: CheckStage.SENT,
            referrals[R.RECEIVED]: CheckStage.SENT,
            referrals[R.ACCEPTED]: CheckStage.ACCEPTED,
            referrals[R.WAITING_LIST]: CheckStage.WAITING,
            referrals[R.BOOKED]: CheckStage.BOOKED,
            referrals[R.STARTED]: CheckStage.STARTED,
        }

    def test_is_asked_about_by_whoever_is_responsible_for_the_family(self, council: Council, worker: Postbox) -> None:
        of_social_work, handed_over = a_family(council), a_family(council, by=council.coordinator)
        a_step_down(council, handed_over)
        led, followed = an_active_family(council).home, coordinated(council, a_family(council))
        nobodys = a_family(council, by=council.other_coordinator)
        homes = (of_social_work, handed_over, led, followed, nobodys)
        for home in homes:
            without_a_check(council, home)

        worker.work()

        made = [due_check(council, home).owner_id for home in homes]
        assert made == [
            council.social_worker.id,
            council.social_worker.id,
            council.lead.id,
            council.coordinator.id,
            council.manager.id,
        ]
        with council.app.app_context():
            assert made == [owners.of_checks(home.id).user_id for home in homes]

    @pytest.mark.parametrize(
        ("state", "since", "today", "due_on"),
        [
            # Good Friday and Easter Monday of 2026 are no working days, and London's clocks went forward on 29 March.
            (R.INFORMATION_GIVEN, date(2026, 3, 30), date(2026, 3, 30), date(2026, 4, 8)),
            (R.SENT, date(2026, 3, 27), date(2026, 3, 29), date(2026, 4, 7)),
            # They went back on 25 October: the night is an hour longer, the week is not.
            (R.ACCEPTED, date(2026, 10, 23), date(2026, 10, 23), date(2026, 11, 6)),
            (R.STARTED, date(2026, 9, 21), date(2026, 9, 30), date(2026, 11, 2)),
            # The council's own closure day is no working day either.
            (R.BOOKED, date(2026, 6, 10), date(2026, 6, 1), date(2026, 6, 15)),
            # What was suggested weeks ago is overdue at once; what was sent weeks ago is asked about today.
            (R.INFORMATION_GIVEN, date(2026, 8, 3), date(2026, 10, 7), date(2026, 8, 10)),
            (R.SENT, date(2026, 8, 3), date(2026, 10, 10), date(2026, 10, 12)),
            # A place that is expected sooner than the next look at the list is not waited past.
            (R.WAITING_LIST, date(2026, 10, 7), date(2026, 10, 7), date(2026, 10, 19)),
        ],
    )
    def test_is_due_by_policy_over_holidays_and_clock_changes(
        self, council: Council, worker: Postbox, state: R, since: date, today: date, due_on: date
    ) -> None:
        sunday = {"expected_on": date(2026, 10, 18)} if state is R.WAITING_LIST else {}
        with time_machine.travel(datetime.combine(today, time(0, 30), LONDON)):
            home = a_family(council)
            with council.behind_the_scenes():
                db.session.add(ClosureDay(day=date(2026, 6, 12), name="Moving office"))
            without_a_check(council, home, state, since, **sunday)

            worker.work()

            assert due_check(council, home).due_on == due_on

    def test_is_left_alone_where_a_check_stands_or_it_is_over(self, council: Council, worker: Postbox) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        a_referral(council, home, service="Food bank")
        without_a_check(council, home, R.ENDED)
        without_a_check(council, home, R.NOT_STARTED)
        with council.as_(council.coordinator) as viewer:
            until = clock.today() + timedelta(days=20)
            checks.waive(db.session.get_one(FollowUpCheck, check.id), by=viewer, until=until, reason="In hospital")

        done = worker.work()

        assert (done.checks_made, done.by_the_clock) == (0, 0)

    def test_where_nobody_could_ask_it_waits_and_holds_up_no_others(
        self, council: Council, worker: Postbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first, second = (a_family(council, by=council.other_coordinator) for _ in range(2))
        for home in (first, second):
            without_a_check(council, home)
        with council.behind_the_scenes():
            conflict = ConflictOfInterest(family_id=first.id, user_id=council.manager.id, recorded_at=clock.now())
            db.session.add(conflict)
        monkeypatch.setattr(unfollowed, "BATCH", 1)

        assert worker.work().checks_made == 1
        assert not checks_of(council, first)
        with council.behind_the_scenes():
            db.session.delete(db.session.get_one(ConflictOfInterest, conflict.id))

        assert worker.work().checks_made == 1
        assert checks_of(council, first)

    def test_is_the_next_step_of_the_family_only_where_it_is_the_most_urgent(
        self, council: Council, worker: Postbox
    ) -> None:
        sooner, later, same_day = (an_active_family(council) for _ in range(3))
        nobodys = a_family(council)
        a_step_down(council, nobodys)
        social_work_closes(council, nobodys)
        due_on = clock.today() + timedelta(days=7)
        for team, days in ((sooner, -2), (later, 1), (same_day, 0)):
            an_action(council, team, due_on=due_on + timedelta(days=days))
        waiting = a_family(council)
        put_off(council, waiting, 3)
        homes = [sooner.home, later.home, same_day.home, nobodys, waiting]
        for home in homes:
            without_a_check(council, home)
            without_a_check(council, home, R.STARTED)

        worker.work()  # what the summary says is compared with a recount after each test

        kinds = [summary_of(council, home.id).next_kind for home in homes]
        assert kinds == ["action", "check", "check", "name_holder", "check"]

    def test_takes_as_many_statements_for_many_as_for_few(self, council: Council, worker: Postbox) -> None:
        worker.work()  # begins the digests of the day
        counts = []
        for families, each in ((2, 5), (100, 15)):
            many_without_a_check(council, families, each)
            with counted_statements(council.app) as statements:
                assert worker.work().checks_made == families * each
            counts.append(len(statements))
            with counted_statements(council.app) as statements:
                assert not worker.work().did_something
            counts.append(len(statements))

        assert counts[0] == counts[2]
        assert counts[1] == counts[3]

    def test_by_four_workers_at_once_gets_one_check_each(self, council: Council) -> None:
        many_without_a_check(council, 60, 2)
        url, now = council.app.config["SQLALCHEMY_DATABASE_URI"], clock.now().isoformat()
        command = [sys.executable, "-m", "tests.support.worker_process", url, "9", "--at-once"]

        done = subprocess.run(
            [*command, *[f"none:none:{now}"] * 4], cwd=PROJECT, capture_output=True, text=True, check=False
        )

        assert done.returncode == 0, done.stderr
        made = everything_made(council)
        assert len(made) == 120
        assert set(Counter(check.referral_id for check in made).values()) == {1}
        with council.behind_the_scenes():
            told = Counter(db.session.scalars(select(Event.subject).where(Event.kind == "check.made")))
        assert told == Counter(check.ref for check in made)


class TestAStandingCheck:
    def test_that_was_put_off_is_due_again_on_its_day_of_whoever_is_responsible(
        self, council: Council, worker: Postbox
    ) -> None:
        home = a_family(council)
        check = put_off(council, home, 7)
        coordinated(council, home)
        on = clock.now() + timedelta(days=7)

        with time_machine.travel(on - timedelta(days=1)):
            assert worker.work().by_the_clock == 0
        with time_machine.travel(on + timedelta(days=3)):
            assert (worker.work().by_the_clock, worker.work().by_the_clock) == (1, 0)

        again = due_check(council, home)
        assert (again.id, again.due_on, again.owner_id) == (check.id, on.date(), council.coordinator.id)

    def test_that_was_put_off_is_not_asked_twice(self, council: Council, worker: Postbox) -> None:
        home = a_family(council)
        check = put_off(council, home, 1)
        with council.as_(council.coordinator) as viewer:
            checks.make(db.session.get_one(SupportReferral, check.referral_id), check.stage, by=viewer)

        with time_machine.travel(clock.now() + timedelta(days=2)):
            worker.work()

        assert [each.state for each in checks_of(council, home)] == [CheckState.VOID, CheckState.DUE]

    def test_tried_in_vain_goes_to_a_manager_when_the_family_is_handed_over_meanwhile(
        self, council: Council, worker: Postbox
    ) -> None:
        home = a_family(council)
        a_referral(council, home)
        no_answer(council, home, council.social_worker)
        no_answer(council, home, council.social_worker)
        assert worker.work().by_the_clock == 0
        a_step_down(council, home)

        assert (worker.work().by_the_clock, worker.work().by_the_clock) == (1, 0)

        assert due_check(council, home).escalated_to is Escalation.SOCIAL_CARE_MANAGER

    def test_tried_in_vain_goes_to_a_manager_when_the_standard_is_lowered(
        self, council: Council, worker: Postbox
    ) -> None:
        home = coordinated(council, a_family(council))
        a_referral(council, home, by=council.coordinator)
        no_answer(council, home, council.coordinator)
        with council.behind_the_scenes():
            db.session.add(PracticeStandard(key=Standard.ESCALATE, amount=1, unit=Unit.COUNT))

        worker.work()

        assert due_check(council, home).escalated_to is Escalation.EARLY_HELP_MANAGER
        with council.behind_the_scenes():
            kinds = db.session.scalars(select(Event.kind).where(Event.family_id == home.id)).all()
        assert kinds.count("check.escalated") == 1
