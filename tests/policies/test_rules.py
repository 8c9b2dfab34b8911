"""Who may do what: every permission for every role, and for everything that ties a person to a family."""

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, reading
from portal.core.errors import NotAllowed
from portal.domain.leads import LeadState
from portal.domain.permissions import GRANTS, P
from portal.domain.roles import Role, Tie
from portal.domain.support import CheckStage
from portal.domain.viewer import Viewer
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment
from portal.policies import rules
from portal.policies.ties import forget, remembered
from portal.services import history
from tests.support.people import Council
from tests.support.scenes import Scene, a_member

READS = (".list", ".view")


def viewer(*roles: Role, team: int | None = None, user_id: int = 1) -> Viewer:
    return Viewer(user_id, "Somebody", 1, "Somewhere", frozenset(roles), team)


def may(who: Viewer, permission: P, thing: Any) -> bool:
    return rules.allowed(who, permission, thing)


class TestRoles:
    @pytest.mark.parametrize("permission", P)
    @pytest.mark.parametrize("role", Role)
    def test_has_what_the_table_grants(self, permission: P, role: Role) -> None:
        assert rules.allowed(viewer(role), permission) is (role in GRANTS[permission])

    @pytest.mark.parametrize("permission", P)
    def test_two_roles_have_the_union(self, permission: P) -> None:
        both = viewer(Role.AUDITOR, Role.FRONT_DOOR)
        either = rules.allowed(viewer(Role.AUDITOR), permission) or rules.allowed(viewer(Role.FRONT_DOOR), permission)

        assert rules.allowed(both, permission) is either

    @pytest.mark.parametrize("permission", P)
    def test_no_role_may_nothing(self, permission: P) -> None:
        assert not rules.allowed(viewer(), permission)

    def test_refusal_says_so(self) -> None:
        with pytest.raises(NotAllowed, match="do not have permission"):
            rules.demand(viewer(Role.AUDITOR), P.FAMILY_ADD)


class TestWhatTheTableMustNeverSay:
    """Promises that hold whatever rows are added to the table."""

    def test_an_administrator_administers_and_sees_no_family(self) -> None:
        assert {permission for permission in P if Role.ADMINISTRATOR in GRANTS[permission]} == {P.ADMINISTER}

    def test_an_auditor_reads_and_changes_nothing(self) -> None:
        held = {permission for permission in P if Role.AUDITOR in GRANTS[permission]}

        assert all(permission.endswith(READS) for permission in held)

    def test_being_a_partner_alone_changes_nothing(self) -> None:
        held = {permission for permission in P if Role.PARTNER in GRANTS[permission]}

        assert all(permission.endswith(".list") for permission in held)

    @pytest.mark.parametrize(
        ("permission", "held_by"),
        [
            (P.LEAD_ANSWER, {Tie.NOMINEE}),
            (P.STEP_DOWN_AGREE, {Tie.SOCIAL_WORKERS_MANAGER}),
            (P.STEP_DOWN_COMPLETE, {Tie.SOCIAL_WORKER, Tie.SOCIAL_WORKERS_MANAGER, Tie.AFTER_SOCIAL_WORK}),
            (P.STEP_DOWN_ANSWER, {Role.COORDINATOR, Role.EARLY_HELP_MANAGER}),
        ],
    )
    def test_a_decision_is_made_by_those_who_answer_for_it(self, permission: P, held_by: set[Role | Tie]) -> None:
        assert GRANTS[permission] == held_by


class TestTies:
    """Each tie alone, held by somebody whose role grants nothing by itself."""

    def test_social_worker_of_the_step_down(self, scene: Scene) -> None:
        worker = viewer(user_id=scene.step_down.social_worker_id)

        self.assert_may(scene, worker, scene.step_down, {Tie.SOCIAL_WORKER})

    @pytest.mark.parametrize(
        ("role", "tie"),
        [(Role.SOCIAL_WORKER, Tie.SOCIAL_WORKERS_TEAM), (Role.SOCIAL_CARE_MANAGER, Tie.SOCIAL_WORKERS_MANAGER)],
    )
    def test_their_team(self, scene: Scene, role: Role, tie: Tie) -> None:
        colleague = viewer(role, team=scene.council.team.id, user_id=scene.council.auditor.id)
        stranger = viewer(role, team=scene.council.other_team.id, user_id=scene.council.auditor.id)

        self.assert_may(scene, colleague, scene.step_down, {tie, role})
        self.assert_may(scene, stranger, scene.step_down, {role})

    @pytest.mark.parametrize(
        ("role", "tie"), [(Role.EARLY_HELP_MANAGER, {Tie.AFTER_SOCIAL_WORK}), (Role.AUDITOR, set())]
    )
    def test_the_early_help_manager_once_social_work_has_closed(
        self, scene: Scene, role: Role, tie: set[Role | Tie]
    ) -> None:
        somebody = viewer(role, user_id=900)
        self.assert_may(scene, somebody, scene.step_down, {role})

        scene.step_down.social_work_closed_on = clock.today()

        self.assert_may(scene, somebody, scene.step_down, {role, *tie})

    def test_nominee(self, scene: Scene) -> None:
        asked = LeadAssignment(family_id=scene.family_id, user_id=900, state=LeadState.NOMINATED)
        answered = LeadAssignment(family_id=scene.family_id, user_id=900, state=LeadState.DECLINED)

        self.assert_may(scene, viewer(user_id=900), asked, {Tie.NOMINEE})
        self.assert_may(scene, viewer(user_id=900), answered, set())
        self.assert_may(scene, viewer(user_id=901), asked, set())

    def test_team_member_who_owns_the_action(self, scene: Scene) -> None:
        partner = viewer(user_id=scene.council.partner.id)

        self.assert_may(scene, partner, scene.action, {Tie.MEMBER, Tie.OWNER})
        self.assert_may(scene, partner, scene.team.family, {Tie.MEMBER})

    def test_lead(self, scene: Scene) -> None:
        lead = viewer(user_id=scene.council.lead.id)

        self.assert_may(scene, lead, scene.action, {Tie.MEMBER, Tie.LEAD})

    def test_owner_of_a_check(self, scene: Scene) -> None:
        check = FollowUpCheck(family_id=scene.family_id, owner_id=900, stage=CheckStage.SIGNPOSTED)

        self.assert_may(scene, viewer(user_id=900), check, {Tie.OWNER})
        self.assert_may(scene, viewer(user_id=901), check, set())

    def test_somebody_without_any(self, scene: Scene) -> None:
        for thing in (scene.team.family, scene.step_down, scene.action):
            self.assert_may(scene, viewer(user_id=900), thing, set())

    def assert_may(self, scene: Scene, who: Viewer, thing: Any, held: set[Role | Tie]) -> None:
        with scene.council.app.app_context():
            found = {permission for permission in P if may(who, permission, thing)}

        assert found == {permission for permission in P if GRANTS[permission] & held}


class TestTiesEnd:
    def test_with_membership(self, scene: Scene) -> None:
        scene.change(type(scene.team.lead), scene.team.lead.id, left_on=clock.today())

        with scene.council.app.app_context():
            assert not may(viewer(user_id=scene.council.lead.id), P.PLAN_EDIT, scene.team.family)

    def test_with_leading(self, scene: Scene) -> None:
        with scene.council.behind_the_scenes():
            for row in db.session.scalars(select(LeadAssignment)):
                row.state, row.answer_reason = LeadState.DECLINED, "Left"
            history.changed(scene.family_id)
        lead = viewer(user_id=scene.council.lead.id)

        with scene.council.app.app_context():
            assert not may(lead, P.PLAN_EDIT, scene.team.family)
            assert may(lead, P.PLAN_VIEW, scene.team.family)

    def test_are_read_once_a_request_and_again_when_told(self, scene: Scene, council: Council) -> None:
        newcomer = council.partner_other_organisation
        who = viewer(user_id=newcomer.id)
        with council.app.app_context(), reading(), remembered():
            assert not may(who, P.FAMILY_VIEW, scene.team.family)
            db.session.rollback()
            scene.arrange(a_member(scene, newcomer))
            assert not may(who, P.FAMILY_VIEW, scene.team.family)
            forget()

            assert may(who, P.FAMILY_VIEW, scene.team.family)


class TestAsManager:
    """A manager may make a worker's move; history says that it was the manager."""

    @pytest.mark.parametrize(
        ("roles", "permission", "as_manager"),
        [
            ({Role.EARLY_HELP_MANAGER}, P.STEP_DOWN_ANSWER, True),
            ({Role.COORDINATOR}, P.STEP_DOWN_ANSWER, False),
            ({Role.EARLY_HELP_MANAGER, Role.COORDINATOR}, P.STEP_DOWN_ANSWER, False),
            ({Role.SOCIAL_CARE_MANAGER}, P.STEP_DOWN_COMPLETE, True),
            ({Role.SOCIAL_WORKER}, P.STEP_DOWN_COMPLETE, False),
            ({Role.SOCIAL_CARE_MANAGER}, P.STEP_DOWN_AGREE, False),
        ],
    )
    def test_says_who_really_did_it(self, roles: set[Role], permission: P, as_manager: bool) -> None:
        assert rules.as_manager(replace(viewer(), roles=frozenset(roles)), permission) is as_manager
