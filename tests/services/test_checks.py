"""Follow-up checks: who owns them, and what happens to them when responsibility moves."""

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain import events
from portal.domain.episodes import EpisodeState
from portal.domain.event_kinds import E
from portal.domain.leads import LeadState
from portal.domain.words import SHIPPED
from portal.models.families import ConflictOfInterest
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment
from portal.models.people import User
from portal.models.record import Event
from portal.services import history
from tests.support.following import (
    a_referral,
    a_step_down,
    checks_of,
    coordinated,
    due_check,
    no_answer,
    reowned,
    social_work_closes,
)
from tests.support.people import Council, a_family, an_active_family, history_of


class TestWhoOwnsACheck:
    def test_the_social_worker_while_social_work_is_open(self, council: Council) -> None:
        _, check = a_referral(council, a_family(council), by=council.coordinator)

        assert check.owner_id == council.social_worker.id

    def test_the_social_worker_of_an_open_step_down(self, council: Council) -> None:
        home = a_family(council, by=council.coordinator)
        a_step_down(council, home)

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.social_worker.id

    def test_the_lead_waits_until_responsibility_has_moved(self, council: Council) -> None:
        home = a_family(council)
        an_active_family(council, home, state=EpisodeState.PREPARING)

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.social_worker.id

    def test_the_lead_in_an_active_episode(self, council: Council) -> None:
        team = an_active_family(council)

        _, check = a_referral(council, team.home, by=council.partner)

        assert check.owner_id == council.lead.id

    def test_the_coordinator_where_nobody_leads(self, council: Council) -> None:
        home = coordinated(council, a_family(council))

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.coordinator.id

    def test_the_manager_where_there_is_no_coordinator_and_no_social_work(self, council: Council) -> None:
        home = a_family(council, by=council.other_coordinator)

        _, check = a_referral(council, home, by=council.coordinator)

        assert check.owner_id == council.manager.id

    def test_never_a_manager_whose_own_family_it_is(self, council: Council) -> None:
        home = a_family(council, by=council.other_coordinator)
        with council.behind_the_scenes():
            db.session.add(ConflictOfInterest(family_id=home.id, user_id=council.manager.id, recorded_at=clock.now()))

        with pytest.raises(Refused, match="nobody to check"):
            a_referral(council, home, by=council.coordinator)

    def test_nobody_who_has_left(self, council: Council) -> None:
        home = coordinated(council, a_family(council))
        with council.behind_the_scenes():
            db.session.get_one(User, council.coordinator.id).active = False

        _, check = a_referral(council, home, by=council.other_coordinator)

        assert check.owner_id == council.manager.id


class TestResponsibilityMoves:
    def test_due_checks_go_with_it_and_keep_their_dates(self, council: Council) -> None:
        home = a_family(council)
        _, first = a_referral(council, home)
        _, second = a_referral(council, home, service="Food bank")
        coordinated(council, home)

        reowned(council, home)

        now = checks_of(council, home)
        assert {check.owner_id for check in now} == {council.coordinator.id}
        assert [check.due_on for check in now] == [first.due_on, second.due_on]
        assert [check.version for check in now] == [first.version, second.version]
        assert history_of(council, home.id)[-1] == "check.reowned"
        with council.behind_the_scenes():
            event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        assert event.data == {"whom": council.coordinator.name, "checks": f"checks {first.ref} and {second.ref}"}

    def test_history_names_one_check_as_one(self, council: Council) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        coordinated(council, home)

        reowned(council, home)

        with council.behind_the_scenes():
            event = db.session.scalars(select(Event).order_by(Event.id.desc()).limit(1)).one()
        said = events.line(E(event.kind), actor="", subject="", data=event.data, words=SHIPPED)
        assert said == f"{council.coordinator.name} now owns check {check.ref}"

    def test_nothing_is_written_where_nothing_changes(self, council: Council) -> None:
        home = a_family(council)
        a_referral(council, home)
        before = history_of(council, home.id)

        reowned(council, home)

        assert history_of(council, home.id) == before

    def test_a_hand_named_owner_stays_and_owns_the_next(self, council: Council) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        with council.behind_the_scenes():
            named = db.session.get_one(FollowUpCheck, check.id)
            named.owner_id, named.hand_named = council.other_coordinator.id, True
            history.changed(home.id)
        coordinated(council, home)

        reowned(council, home)
        following = no_answer(council, home, council.other_coordinator)

        assert following.owner_id == council.other_coordinator.id
        assert following.hand_named

    def test_a_check_that_was_done_keeps_its_owner(self, council: Council) -> None:
        home = a_family(council)
        a_referral(council, home)
        no_answer(council, home, council.social_worker)
        coordinated(council, home)

        reowned(council, home)

        assert [check.owner_id for check in checks_of(council, home)] == [
            council.social_worker.id,
            council.coordinator.id,
        ]

    def test_from_the_lead_back_to_the_coordinator(self, council: Council) -> None:
        team = an_active_family(council)
        a_referral(council, team.home, by=council.lead)
        with council.behind_the_scenes():
            db.session.scalars(select(LeadAssignment)).one().state = LeadState.NOMINATED
            history.changed(team.home.id)

        reowned(council, team.home)

        assert due_check(council, team.home).owner_id == council.coordinator.id

    def test_a_social_worker_who_no_longer_reaches_the_family_still_hands_it_on(self, council: Council) -> None:
        home = a_family(council)
        a_referral(council, home)
        coordinated(council, home)
        social_work_closes(council, home)

        reowned(council, home, by=council.social_worker_other_team)

        assert due_check(council, home).owner_id == council.coordinator.id
