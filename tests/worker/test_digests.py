"""One email a day for coordinators and one a week for everybody else: what is in it, whose it is, and when it comes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup
from flask import Flask

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import to_utc
from portal.domain.emergencies import Emergency
from portal.domain.event_kinds import E
from portal.domain.notices import Notice, When
from portal.domain.plans import ActionState
from portal.models.families import Clearance, Family, Person
from portal.models.handover import LeadCover
from portal.models.messages import DeliveryStatus, NoticeChoice
from portal.models.people import User
from portal.models.record import OutboxMessage
from portal.models.restricting import EmergencyOpening
from portal.models.teamwork import PlanAction, TeamMember
from portal.services import history
from portal.worker.post import Letter
from tests.support.following import a_referral
from tests.support.people import Council, Team, an_action, an_active_family, another_manager
from tests.support.post import CHOOSE, Postbox, deliveries, links_in

FRIDAY, MONDAY = date(2026, 10, 9), date(2026, 10, 12)
SOON, EIGHT_LATE = date(2026, 10, 14), date(2026, 9, 30)
HELD = timedelta(minutes=11)


@pytest.fixture
def postbox(app: Flask) -> Postbox:
    return Postbox(app)


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council)


@contextmanager
def on(day: date, at: time = time(8)) -> Iterator[datetime]:
    with time_machine.travel(to_utc(day, at), tick=False):
        yield clock.now()


def letter_to(postbox: Postbox, user: User) -> Letter:
    (letter,) = [each for each in postbox.letters if each.to == user.email]
    return letter


def lines_of(letter: Letter) -> list[str]:
    """What it says but for its links and its foot."""
    return [line for line in letter.text.splitlines() if line and not line.startswith(("http", "You "))]


def told(council: Council, team: Team, kind: E, rule: str, subject: str = "") -> None:
    """Something that happened a while ago, and is nobody's to be told at once."""
    with council.behind_the_scenes():
        now = clock.now()
        db.session.add(
            OutboxMessage(
                family_id=team.family.id,
                kind=kind,
                rule=rule,
                subject=subject or team.ref,
                made_at=now,
                due_at=now,
                expires_at=now + timedelta(days=14),
            )
        )


def restrict(council: Council, team: Team, *cleared: User) -> None:
    with council.behind_the_scenes():
        db.session.get_one(Family, team.family.id).restricted = True
        for user in cleared:
            db.session.add(Clearance(family_id=team.family.id, user_id=user.id, cleared_at=clock.now()))


class TestWhatManagersLookThrough:
    FIRST_MONDAY, SECOND_MONDAY = date(2026, 11, 2), date(2026, 11, 9)

    def test_restricted_families_once_a_month_and_how_many_of_those_they_may_see(
        self, council: Council, team: Team, postbox: Postbox
    ) -> None:
        other = another_manager(council)
        restrict(council, team, council.manager, council.coordinator)

        with on(self.FIRST_MONDAY):
            postbox.work()
        with on(self.SECOND_MONDAY):
            postbox.work()

        (letter,) = [each for each in postbox.letters if each.to == council.manager.email]
        assert lines_of(letter) == [
            "To look through",
            "1 restricted family: is each still to be restricted, "
            "and does everybody who is cleared still need to see it?",
        ]
        assert links_in(letter.text) == ["http://localhost/restricted"]
        assert not [each for each in postbox.letters if each.to in (other.email, council.coordinator.email)]

    def test_what_was_opened_in_an_emergency_until_somebody_has(
        self, council: Council, team: Team, postbox: Postbox
    ) -> None:
        other = another_manager(council)
        restrict(council, team, council.manager)
        now = clock.now()
        opened = {"reason": Emergency.ASKED, "why": "Police", "opened_at": now, "ends_at": now + timedelta(hours=1)}
        with council.behind_the_scenes():
            opening = EmergencyOpening(family_id=team.family.id, user_id=council.coordinator.id, **opened)
            db.session.add(opening)

        with on(MONDAY):
            postbox.work()
        first = letter_to(postbox, council.manager)
        with council.behind_the_scenes():
            row = db.session.get_one(EmergencyOpening, opening.id)
            row.reviewed_at, row.reviewed_by_id, row.review = clock.now(), council.manager.id, "It was needed"
        with on(date(2026, 10, 19)):
            postbox.work()

        assert lines_of(first) == [
            "To look through",
            "1 family was opened in an emergency, and nobody has looked into it yet",
        ]
        assert letter_to(postbox, council.manager) is first
        assert not [each for each in postbox.letters if each.to == other.email]


class TestADigest:
    def test_tells_what_is_due_and_new_with_a_link_to_each_and_no_name(
        self, council: Council, team: Team, postbox: Postbox
    ) -> None:
        an_action(council, team, what="Ring Siobhán", due_on=SOON)
        an_action(council, team, what="Ring the school", due_on=EIGHT_LATE)
        told(council, team, E.TEAM_LEFT, "coordinator", "T-1")

        with on(MONDAY):
            postbox.work()

        partners = letter_to(postbox, council.partner)
        assert partners.subject == "2 due: Monday 12 October"
        assert lines_of(partners) == [
            "Due",
            "Action A-2, of F-1 (O): 8 working days overdue, since 30 September",
            "Action A-1, of F-1 (O): due in 2 working days, on 14 October",
        ]
        assert links_in(partners.text) == ["http://localhost/actions/A-2/update", "http://localhost/actions/A-1/update"]
        coordinators = letter_to(postbox, council.coordinator)
        assert coordinators.subject == "1 due, 1 new: Monday 12 October"
        assert lines_of(coordinators) == [
            "Overdue, with somebody else",
            "Action A-2, of F-1 (O), with PP, Hillside Primary School: 8 working days overdue, since 30 September",
            "New",
            "Somebody left the team around the family of F-1 (O)",
        ]
        assert len(postbox.letters) == 2
        for letter in postbox.letters:
            body = BeautifulSoup(letter.html or "", "lxml").body
            assert body is not None
            assert " ".join(body.get_text(" ").split()) == " ".join(letter.text.split())
            assert CHOOSE in letter.text
            for name in ("Siobhán", "O’Neill", "Pat", "Carol", "school run"):
                assert name not in letter.text

    def test_comes_once_from_eight_on_however_often_the_worker_runs(
        self, council: Council, team: Team, postbox: Postbox
    ) -> None:
        an_action(council, team, due_on=SOON)
        an_action(council, team, due_on=EIGHT_LATE)

        for day, at in (
            (date(2026, 10, 10), time(9)),
            (MONDAY, time(7, 59)),
            (MONDAY, time(8)),
            (MONDAY, time(11)),
            (MONDAY, time(20)),
            (date(2026, 10, 13), time(8)),
        ):
            with on(day, at):
                postbox.work()

        assert [letter.to for letter in postbox.letters] == [council.coordinator.email, council.partner.email]

    def test_is_not_sent_where_there_is_nothing_to_tell(self, council: Council, team: Team, postbox: Postbox) -> None:
        an_action(council, team, due_on=date(2026, 11, 20))

        with on(MONDAY):
            postbox.work()

        assert postbox.letters == []
        assert deliveries(council.app) == []

    def test_that_could_not_be_sent_leaves_what_is_new_to_the_next_one(
        self, council: Council, team: Team, postbox: Postbox
    ) -> None:
        told(council, team, E.TEAM_LEFT, "coordinator", "T-1")
        with on(FRIDAY), postbox.refuses(for_good=True):
            postbox.work()

        with on(MONDAY):
            postbox.work()

        assert "Somebody left" in letter_to(postbox, council.coordinator).text
        lined_up = next(each for each in deliveries(council.app) if each.outbox_id)
        assert lined_up.status is DeliveryStatus.SENT

    def test_comes_every_working_day_to_a_coordinator_and_on_mondays_to_a_manager(
        self, council: Council, team: Team, postbox: Postbox
    ) -> None:
        for rule in ("coordinator", "early_help_managers"):
            told(council, team, E.LEAD_DECIDED, rule)

        came: list[tuple[date, str]] = []
        for day in (date(2026, 10, 8), FRIDAY, date(2026, 10, 10), MONDAY):
            postbox.letters.clear()
            with on(day):
                postbox.work()
            came += [(day, letter.to) for letter in postbox.letters]

        assert came == [(date(2026, 10, 8), council.coordinator.email), (MONDAY, council.manager.email)]


class TestWhoHasWhatIsDue:
    def test_whoever_covers_for_the_lead_has_the_leads_and_the_lead_rings_who_has_no_sign_in(
        self, council: Council, team: Team, postbox: Postbox
    ) -> None:
        cover = council.partner_other_organisation
        with council.behind_the_scenes():
            housing = TeamMember(
                family_id=team.family.id,
                outside_name="Olu Outside",
                name="Olu Outside",
                organisation="Housing Office",
                joined_on=clock.today(),
            )
            db.session.add(housing)
            db.session.add(
                LeadCover(
                    family_id=team.family.id,
                    assignment_id=1,
                    user_id=cover.id,
                    from_on=MONDAY,
                    to_on=MONDAY,
                    named_by_name="Lena Lead",
                    named_at=clock.now(),
                )
            )
        an_action(council, team, owner=team.lead, due_on=SOON)
        an_action(council, team, owner=housing, due_on=MONDAY)
        a_referral(council, team.home, by=council.coordinator)

        with on(MONDAY):
            postbox.work()

        for person in (council.lead, cover):
            assert lines_of(letter_to(postbox, person)) == [
                "Due",
                "Action A-1, of F-1 (O): due in 2 working days, on 14 October",
                "Follow-up check C-1, of F-1 (O): due in 2 working days, on 14 October",
                "They have no sign-in, so that you ring them",
                "Ring OO, Housing Office, about action A-2, of F-1 (O): due today",
            ]


def _leaves(council: Council, team: Team) -> None:
    db.session.get_one(TeamMember, team.partner.id).left_on = clock.today()


def _is_done(council: Council, team: Team) -> None:
    action = db.session.get_one(PlanAction, 1)
    action.done_on, action.state = clock.today(), ActionState.DONE


def _child_dies(council: Council, team: Team) -> None:
    db.session.get_one(Person, team.home.children[0].id).died_on = clock.today()


def _chooses_never(council: Council, team: Team) -> None:
    db.session.add(NoticeChoice(user_id=council.partner.id, notice=Notice.DUE, choice=When.NEVER))


class TestWhoGetsNoDigest:
    @pytest.mark.parametrize("happens", [_leaves, _is_done, _child_dies, _chooses_never])
    def test_has_left_or_chose_so_since_it_was_begun_or_it_is_done_or_no_child_lives(
        self, council: Council, team: Team, postbox: Postbox, happens: Callable[[Council, Team], None]
    ) -> None:
        an_action(council, team, due_on=SOON)
        with on(MONDAY), postbox.refuses():
            postbox.work()
        with council.behind_the_scenes():
            happens(council, team)
            history.changed(team.family.id)

        with on(MONDAY, time(9)):
            postbox.work()

        assert len(postbox.tried) == 1
        assert postbox.letters == []
        (digest,) = deliveries(council.app)
        assert (digest.status, digest.why) == (DeliveryStatus.WITHHELD, "There was nothing to tell them")
