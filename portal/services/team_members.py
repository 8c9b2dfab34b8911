"""The members of a team: what is known of them is corrected, they leave, and they come back."""

from datetime import date

from sqlalchemy import select

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.event_kinds import E
from portal.domain.meetings import MeetingState
from portal.domain.plans import UNSETTLED_ACTIONS
from portal.domain.team import LEFT_WHY, LeftWhy
from portal.domain.viewer import Viewer
from portal.facts import leading, meetings
from portal.models.families import Family, Person
from portal.models.record import Event
from portal.models.teamwork import Meeting, MeetingInvitee, PlanAction, TeamMember
from portal.policies import ties
from portal.services import actions, history, team
from portal.services.team import Outside

LEFT_ALREADY = "{} left the team already."
CALLED = {"name": "name", "organisation": "organisation", "job": "role", "contact": "how they can be reached"}


def correct(member: TeamMember, *, by: Viewer, **facts: str | None) -> Event:
    """Put right what is known: history keeps both values. Raises Refused where they have left or nothing is
    different, FieldRefused at `name` where an outside person of that name and organisation is on the team."""
    if member.left_on is not None:
        raise Refused(LEFT_ALREADY.format(member.name))
    whom, before = member.name, {column: getattr(member, column) for column in facts}
    changed = {column: fact for column, fact in facts.items() if fact != before[column]}
    if not changed:
        raise Refused("Nothing was changed.")
    if {"name", "organisation"} & changed.keys():
        _refuse_a_double(member, facts.get("name") or member.name, facts.get("organisation"))
    for column, fact in changed.items():
        setattr(member, column, fact)
    if member.outside_name is not None:
        member.outside_name = member.name
    what = ", ".join(
        f"{CALLED[column]} from {_said(before[column])} to {_said(fact)}" for column, fact in changed.items()
    )
    return history.record(E.TEAM_CORRECTED, member, by=by, data={"whom": whom, "what": what})


def _said(fact: str | None) -> str:
    return f"“{fact}”" if fact else "not known"


def _refuse_a_double(member: TeamMember, name: str, organisation: str | None) -> None:
    double = db.session.scalars(
        select(TeamMember.id).where(
            TeamMember.family_id == member.family_id,
            TeamMember.id != member.id,
            TeamMember.left_on.is_(None),
            TeamMember.outside_name == name,
            TeamMember.organisation.is_not_distinct_from(organisation),
        )
    ).first()
    if double is not None:
        raise FieldRefused("name", team.on_already(name))


def leave(
    member: TeamMember,
    *,
    on: date,
    why: LeftWhy,
    note: str | None,
    by: Viewer,
    pass_to: TeamMember | None = None,
) -> Event:
    """End a membership: nothing of the family is theirs to see from the next request on, no meeting to come asks
    them, and what they were to do is passed on where somebody was named for it. Raises Refused for who has left, and
    for who leads; FieldRefused at `on` for a day before they joined."""
    if member.left_on is not None:
        raise Refused(LEFT_ALREADY.format(member.name))
    lead = leading.current(member.family_id)
    if lead is not None and lead.accepted and lead.user_id == member.user_id:
        raise Refused(f"{member.name} is the {{lead_professional}}. Somebody else leads first, then they can leave.")
    if on < member.joined_on:
        raise FieldRefused("on", "The day they left must be after the day they joined, or the same")
    if pass_to is not None:
        for action in still_theirs(member):
            actions.pass_on(action, pass_to, f"{member.name} left the team", by=by)
    member.left_on, member.left_why, member.left_note = on, why, note
    _ask_no_more(member)
    ties.forget()
    return history.record(
        E.TEAM_LEFT,
        member,
        by=by,
        happened_on=on,
        text=note,
        data={"whom": member.name, "reason": LEFT_WHY[why]},
        notify=("lead_professional",),
    )


def still_theirs(member: TeamMember) -> list[PlanAction]:
    """What they are still to do."""
    return list(
        db.session.scalars(
            select(PlanAction)
            .where(PlanAction.owner_id == member.id, PlanAction.state.in_(UNSETTLED_ACTIONS))
            .order_by(PlanAction.due_on, PlanAction.id)
        )
    )


def _ask_no_more(member: TeamMember) -> None:
    to_come = select(Meeting.id).where(
        Meeting.family_id == member.family_id,
        Meeting.state == MeetingState.ARRANGED,
        Meeting.starts_at >= meetings.start_of_today(),
    )
    invited = db.session.scalars(
        select(MeetingInvitee).where(MeetingInvitee.member_id == member.id, MeetingInvitee.meeting_id.in_(to_come))
    )
    for each in invited:
        db.session.delete(each)


def come_back(member: TeamMember, *, by: Viewer, apart_considered: bool = False) -> TeamMember:
    """On the team again, as somebody who joins: the same refusals, at the same fields. Raises Refused for who never
    left, or was brought back meanwhile."""
    if member.left_on is None:
        raise Refused(f"{member.name} is on the team already.")
    if member.user_id is not None:
        family = db.session.get_one(Family, member.family_id)
        return team.join_user(family, member.user_id, by=by)
    if member.person_id is not None:
        person = db.session.get_one(Person, member.person_id)
        return team.join_person(person, by=by, job=member.job, apart_considered=apart_considered)
    family = db.session.get_one(Family, member.family_id)
    who = Outside(member.name, member.organisation, member.job, member.contact)
    return team.join_outside(family, who, by=by)
