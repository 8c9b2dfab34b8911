"""The cards of a team: who is on it, how to reach them, what was heard of them last; who left, and what they left."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import opened, within
from portal.domain.dates import london_date, near
from portal.domain.leads import LeadState
from portal.domain.plans import UNSETTLED_ACTIONS
from portal.domain.sharing import Standing, Warn
from portal.domain.viewer import Viewer
from portal.facts import sharing
from portal.models.families import Person, PersonKind, SafeContact
from portal.models.handover import LeadAssignment
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import PlanAction, TeamMember
from portal.queries import families
from portal.queries.family_rows import Row
from portal.queries.team_members import Left, left


@dataclass(frozen=True)
class Member:
    """Somebody on the team. `signs_in` is false for who sees nothing here; `sharing` warns of an agreement that ends
    soon, strongly so where `ends_very_soon`; `unshared` is why they cannot see the family at present."""

    ref: str
    name: str
    role: str
    organisation: str | None
    reach: str
    since: str
    last: str | None
    signs_in: bool
    of_family: bool
    leads: bool
    # Of the assignment, where they lead.
    lead_ref: str | None
    is_viewer: bool
    sharing: str
    ends_very_soon: bool
    unshared: str


@dataclass(frozen=True)
class LeftBehind:
    """Something that somebody who left was to do."""

    ref: str
    what: str
    whose: str


@dataclass(frozen=True)
class Cards:
    members: list[Member]
    left: list[Left]
    left_behind: list[LeftBehind]


def of_family(family_id: int, viewer: Viewer, of: Mapping[str, list[Row]]) -> Cards:
    """Who leads first, then by the day they joined; who left last comes first. Two statements, besides what was read
    of the family already."""
    rows = db.session.execute(_statement(family_id)).all()
    standings = sharing.standings({row.organisation_id for row in rows if row.organisation_id})
    today = clock.today()
    on_team = [_member(row, standings, today, viewer) for row in rows if row.TeamMember.left_on is None]
    gone = sorted(
        (row.TeamMember for row in rows if row.TeamMember.left_on),
        key=lambda member: (member.left_on, member.id),
        reverse=True,
    )
    return Cards(
        members=sorted(on_team, key=lambda member: not member.leads),
        left=[left(member) for member in gone],
        left_behind=_left_behind(of),
    )


def _statement(family_id: int) -> Any:
    heard = (
        select(func.max(Event.recorded_at))
        .where(
            Event.family_id == family_id,
            or_(Event.actor_id == TeamMember.user_id, Event.told_by == TeamMember.name),
        )
        .correlate(TeamMember)
        .scalar_subquery()
    )
    return (
        select(
            TeamMember,
            User.phone_sealed,
            User.email,
            User.active,
            User.organisation_id,
            Person.kind,
            SafeContact,
            LeadAssignment.id.label("leads"),
            heard.label("heard"),
        )
        .outerjoin(User, User.id == TeamMember.user_id)
        .outerjoin(Person, Person.id == TeamMember.person_id)
        .outerjoin(SafeContact, SafeContact.person_id == TeamMember.person_id)
        .outerjoin(
            LeadAssignment,
            and_(
                LeadAssignment.family_id == TeamMember.family_id,
                or_(LeadAssignment.user_id == TeamMember.user_id, LeadAssignment.member_id == TeamMember.id),
                LeadAssignment.state == LeadState.ACCEPTED,
            ),
        )
        .where(TeamMember.family_id == family_id)
        .order_by(TeamMember.joined_on, TeamMember.id)
    )


def _member(row: Any, standings: dict[int, Standing], today: date, viewer: Viewer) -> Member:
    member: TeamMember = row.TeamMember
    of_family = member.person_id is not None
    standing = standings.get(row.organisation_id)
    ended = standing is not None and standing.warn is Warn.ENDED
    return Member(
        ref=member.ref,
        name=member.name,
        role=member.job
        or (("A child of the family" if row.kind is PersonKind.CHILD else "Family") if of_family else ""),
        organisation=member.organisation,
        reach=_reach(row),
        since=near(member.joined_on, today),
        last=near(london_date(row.heard), today) if row.heard else None,
        signs_in=member.user_id is not None,
        of_family=of_family,
        leads=row.leads is not None,
        lead_ref=f"{LeadAssignment.ref_prefix}-{row.leads}" if row.leads else None,
        is_viewer=member.user_id == viewer.user_id,
        sharing=standing.words if standing and not ended else "",
        ends_very_soon=standing is not None and standing.warn is Warn.LAST,
        unshared=_unshared(row, standing, ended=ended),
    )


def _of_family(kind: PersonKind | None) -> str:
    """Empty for who is not of the family."""
    return {None: "", PersonKind.CHILD: "A child of the family"}.get(kind, "Family")


def _unshared(row: Any, standing: Standing | None, *, ended: bool) -> str:
    if row.TeamMember.user_id is None:
        return ""
    if not row.active:
        return "Cannot see this family at present: their account is closed"
    return f"Cannot see this family at present. {standing.words}" if standing and ended else ""


def _reach(row: Any) -> str:
    member: TeamMember = row.TeamMember
    if member.person_id is not None:
        if row.SafeContact is None:
            return "No safe way is known yet"
        way = families.safe_way(member.name, row.SafeContact.id, row.SafeContact)
        return f"{way.ways[:1].upper()}{way.ways[1:]}" + (f". {way.note}" if way.note else "")
    number = opened(row.phone_sealed, member.user_id or 0) or member.contact
    return ", ".join(each for each in (within(number), row.email) if each) or "Not known"


def _left_behind(rows: Mapping[str, list[Row]]) -> list[LeftBehind]:
    gone = {row.id for row in rows["member"] if row.other_on}
    return [
        LeftBehind(f"{PlanAction.ref_prefix}-{row.id}", row.text, row.who)
        for row in rows["action"]
        if row.who_id in gone and row.state in UNSETTLED_ACTIONS
    ]
