"""Clicks on actions, the plan and the team."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    precondition,
    rule,
)

from portal.core import clock
from portal.core.db import db
from portal.domain.following import AFTERWARDS
from portal.domain.permissions import P
from portal.domain.plans import OPEN_ACTIONS, UNSETTLED_ACTIONS, ActionState, FamilyAgrees, NeedState, PlanState
from portal.domain.support import CheckState, Source
from portal.domain.team import LeftWhy
from portal.domain.viewer import Viewer
from portal.facts import plans
from portal.models.families import Family, Person
from portal.models.following import FollowUpCheck
from portal.models.record import Event
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.services import (
    actions,
    afterwards,
    episodes,
    needs,
    plan_versions,
    team_members,
    undo,
)
from portal.services import plans as planning
from tests.services.any_moves.clicks import (
    Clicks,
    anybody,
    days_ahead,
    now_and_then,
    numbers,
)


class Working(Clicks):
    # The plan and its actions

    @precondition(lambda self: self.has(PlanNeed, NeedState.OPEN))
    @rule(who=anybody, number=numbers, owner=numbers, days=days_ahead, agreed=st.booleans())
    def an_action_is_asked_for(self, who: str | None, number: int, owner: int, days: int, agreed: bool) -> None:
        need = self.pick(PlanNeed, number, NeedState.OPEN)
        family = next(row for row in self.picture.rows[Family] if row.id == need.family_id)
        members = self.picture.of(TeamMember, family_id=need.family_id)
        people = self.picture.of(Person, family_id=need.family_id)
        offered = ["me", *(f"member-{row.id}" for row in members), *(f"person-{row.id}" for row in people)]
        asked = planning.Asked(
            "Ring the school",
            need.id,
            offered[owner % len(offered)],
            clock.today() + timedelta(days=days),
            agreed=agreed,
        )
        self.do(
            who or self.leader_of(need.family_id),
            P.PLAN_EDIT,
            family,
            lambda found, by: planning.add_action(found, asked, by=by),
        )

    @precondition(lambda self: self.has(PlanAction, *OPEN_ACTIONS))
    @rule(
        who=anybody,
        number=numbers,
        move=st.sampled_from(("agree", "go on", "do", "block", "hand back")),
        days=days_ahead,
    )
    def an_owner_updates_an_action(self, who: str | None, number: int, move: str, days: int) -> None:
        action = self.pick(PlanAction, number, *OPEN_ACTIONS)

        def update(found: PlanAction, by: Viewer) -> None:
            on = clock.today() + timedelta(days=days)
            moves: dict[str, Callable[[], Any]] = {
                "agree": lambda: actions.agree(found, "Lena Lead", by=by),
                "go on": lambda: actions.go_on(found, by=by, note="Rang twice"),
                "do": lambda: actions.do(found, by=by, note="Done", done_on=on if days < 2 else None),
                "block": lambda: actions.block(
                    found, in_the_way="Nobody answers", waiting_on="The school", review_on=on, by=by
                ),
                "hand back": lambda: actions.hand_back(found, "I am away", by=by),
            }
            moves[move]()

        permission = P.ACTION_AGREE if move == "agree" else P.ACTION_UPDATE
        self.do(who or self.owner_of(action), permission, action, update)

    @precondition(lambda self: self.has(PlanAction, *ActionState))
    @rule(who=anybody, number=numbers, source=st.sampled_from(Source))
    def an_action_is_checked(self, who: str | None, number: int, source: Source) -> None:
        action = self.pick(PlanAction, number, ActionState.DONE)
        if action is not None:
            self.do(
                who or "coordinator",
                P.ACTION_VERIFY,
                action,
                lambda found, by: actions.verify(found, "He sleeps now", source=source, by=by),
            )

    @precondition(lambda self: self.has(PlanAction, *ActionState))
    @rule(
        who=anybody,
        number=numbers,
        member=numbers,
        days=days_ahead,
        move=st.sampled_from(("reopen", "drop", "move due", "pass on", "take on")),
    )
    def the_lead_changes_an_action(self, who: str | None, number: int, member: int, days: int, move: str) -> None:
        fitting = (ActionState.DONE, ActionState.VERIFIED) if move == "reopen" else UNSETTLED_ACTIONS
        action = self.pick(PlanAction, number, *fitting)
        if action is None:
            return
        team = self.on_the_team(action.family_id)

        def change(found: PlanAction, by: Viewer) -> None:
            own = next((row for row in team if row.user_id == by.user_id), team[0])
            to = db.session.get_one(TeamMember, own.id if move == "take on" else team[member % len(team)].id)
            if move == "reopen":
                actions.reopen(found, "It is there again", by=by)
            elif move == "drop":
                actions.drop(found, "They moved", family_agreed=FamilyAgrees.AGREES, by=by)
            elif move == "move due":
                actions.move_due(found, clock.today() + timedelta(days=days), "The holidays", by=by)
            else:
                actions.pass_on(found, to, "They know the school", by=by)

        permission = {"reopen": P.ACTION_REOPEN, "drop": P.ACTION_DROP}.get(move, P.ACTION_MOVE)
        self.do(who or self.leader_of(action.family_id), permission, action, change)

    @precondition(lambda self: any(event.before is not None for event in self.picture.rows[Event]))
    @rule(who=anybody, late=st.integers(0, 2))
    def a_change_is_undone(self, who: str | None, late: int) -> None:
        """The latest that can be, or one before it, which somebody may have changed since."""
        undoable = [event for event in self.picture.rows[Event] if event.before is not None]
        event = undoable[-1 - late % len(undoable)]
        self.do(who or self.name_of(event.actor_id), P.UNDO, event, lambda found, by: undo.undo(found, by=by))

    @precondition(lambda self: self.has(PlanNeed, *NeedState))
    @rule(who=anybody, number=numbers, ends=st.booleans())
    def a_need_ends_or_is_open_again(self, who: str | None, number: int, ends: bool) -> None:
        need = self.pick(PlanNeed, number, *([NeedState.OPEN] if ends else [NeedState.MET]))
        if need is not None:
            change = needs.met if ends else needs.reopen
            permission = P.NEED_END if ends else P.NEED_NOT_MET
            self.do(who or "coordinator", permission, need, lambda found, by: change(found, "They said so", by=by))

    @rule(who=anybody, number=numbers)
    def the_plan_is_revised_or_put_in_force(self, who: str | None, number: int) -> None:
        family = self.pick(Family, number)

        def change(found: Family, by: Viewer) -> None:
            plan = plan_versions.latest(episodes.to_plan_in(found).id)
            if plan.state is PlanState.DRAFT:
                read = plans.wording(plan.episode_id).mark
                plan_versions.put_family_plan_in_force(found, read=read, by=by)
            else:
                plan_versions.begin_revision(found, by=by)

        self.do(who or self.leader_of(family.id), P.PLAN_IN_FORCE, family, change)

    @precondition(lambda self: bool(self.picture.rows[TeamMember]))
    @rule(who=anybody, number=numbers, to=numbers, really=now_and_then)
    def somebody_leaves_the_team_or_comes_back(self, who: str | None, number: int, to: int, really: bool) -> None:
        if not really:
            return
        members = self.picture.rows[TeamMember]
        member = members[number % len(members)]
        team = [row for row in self.on_the_team(member.family_id) if row.id != member.id]

        def change(found: TeamMember, by: Viewer) -> None:
            if found.left_on is not None:
                team_members.come_back(found, by=by)
                return
            pass_to = db.session.get_one(TeamMember, team[to % len(team)].id) if team else None
            team_members.leave(found, on=clock.today(), why=LeftWhy.WORK_DONE, note=None, by=by, pass_to=pass_to)

        self.do(who or self.leader_of(member.family_id), P.TEAM_EDIT, member, change)

    @precondition(lambda self: self.has(FollowUpCheck, CheckState.DUE))
    @rule(who=anybody, number=numbers, wants=st.booleans())
    def they_are_asked_again_once_it_ended(self, who: str | None, number: int, wants: bool) -> None:
        check = self.pick(FollowUpCheck, number, CheckState.DUE)
        if check.stage not in AFTERWARDS:
            return
        answer = afterwards.happened if wants else afterwards.manages
        self.do(
            who or self.name_of(check.owner_id),
            P.CHECK_RECORD,
            check,
            lambda found, by: answer(found, by=by, note=None),
        )
