"""Leading across families: where somebody has to be asked again, covered or decided for, and who has room."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, true

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, counted, near, to_utc
from portal.domain.leads import LeadState, missing_too_long_since
from portal.domain.roles import Role
from portal.domain.standards import Standard
from portal.domain.viewer import Viewer
from portal.domain.words import Word
from portal.facts import closures, practice, sharing
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.models.people import Organisation, User
from portal.models.record import FamilySummary
from portal.models.teamwork import TeamMember
from portal.queries.covers import closed_words, covered
from portal.queries.worklist import held_by

S = FamilySummary
MOST = 200


@dataclass(frozen=True)
class Line:
    """One family, why it stands here, and where that is settled."""

    ref: str
    name: str
    words: str
    href: str


@dataclass(frozen=True)
class Room:
    """An organisation: how many families its people lead, how many they were asked for, how many they said no to."""

    organisation: str
    leads: int
    asked: int
    declined: int


@dataclass(frozen=True)
class Leading:
    unanswered: list[Line]
    missing: list[Line]
    unseen: list[Line]
    to_follow: list[Line]
    closing: list[Line]
    rooms: list[Room]
    since: str

    @property
    def count(self) -> int:
        return sum(map(len, (self.unanswered, self.missing, self.unseen, self.to_follow, self.closing)))


def of_viewer(viewer: Viewer, _words: Mapping[str, Word]) -> Leading:
    """A coordinator's own families and those they cover; every family within reach of a manager."""
    today, days = clock.today(), calendar()
    own = and_(S.open, held_by(viewer.user_id, today) if Role.EARLY_HELP_MANAGER not in viewer.roles else true())
    since = today - timedelta(days=practice.amount(Standard.CAPACITY))
    return Leading(
        unanswered=_unanswered(own, today, days),
        missing=_missing(own, today, days),
        unseen=_unseen(own, today),
        to_follow=_to_follow(own, today),
        closing=_closing(own, today, days),
        rooms=_rooms(to_utc(since, time.min)),
        since=near(since, today),
    )


def _lines(statement: Any, words: Any) -> list[Line]:
    rows = db.session.execute(statement.order_by(S.family_id).limit(MOST)).all()
    return [
        Line(
            f"{Family.ref_prefix}-{row.family_id}",
            row.name,
            words(row),
            f"/families/{Family.ref_prefix}-{row.family_id}/team/lead",
        )
        for row in rows
    ]


def _unanswered(own: ColumnElement[bool], today: date, days: Calendar) -> list[Line]:
    return _lines(
        select(S.family_id, Family.name, LeadAssignment.name.label("nominee"), S.lead_answer_by)
        .join(Family, Family.id == S.family_id)
        .join(
            LeadAssignment,
            and_(LeadAssignment.family_id == S.family_id, LeadAssignment.state == LeadState.NOMINATED),
        )
        .where(own, S.lead_answer_by <= days.latest_overdue(today)),
        lambda row: f"{row.nominee} was to answer by {near(row.lead_answer_by, today)}",
    )


def not_found(today: date, days: Calendar) -> ColumnElement[bool]:
    """The condition on summaries that no lead was found and the manager has not decided since."""
    return and_(
        S.lead_wanted.is_(True),
        S.lead_decided.is_(False),
        or_(
            S.lead_declines >= practice.amount(Standard.LEAD_DECLINES),
            S.lead_missing_since <= missing_too_long_since(today, days, practice.amount(Standard.LEAD_MISSING)),
        ),
    )


def _missing(own: ColumnElement[bool], today: date, days: Calendar) -> list[Line]:
    return _lines(
        select(S.family_id, Family.name, S.lead_missing_since, S.lead_declines)
        .join(Family, Family.id == S.family_id)
        .where(own, not_found(today, days)),
        lambda row: (
            f"Without {{lead_professional:a}} since {near(row.lead_missing_since, today)}"
            + (f", {counted(row.lead_declines, 'person has', 'people have')} said no" if row.lead_declines else "")
        ),
    )


def _unseen(own: ColumnElement[bool], today: date) -> list[Line]:
    return _lines(
        select(S.family_id, Family.name, User.name.label("lead"), User.active)
        .join(Family, Family.id == S.family_id)
        .join(User, User.id == S.lead_user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(own, or_(User.active.is_(False), ~sharing.is_live(today))),
        lambda row: (
            f"{row.lead} can’t see this family: "
            + ("their organisation’s agreement has ended" if row.active else "their account is closed")
        ),
    )


def _to_follow(own: ColumnElement[bool], today: date) -> list[Line]:
    return _lines(
        select(S.family_id, Family.name, LeadAssignment.name.label("lead"), LeadAssignment.until_on)
        .join(Family, Family.id == S.family_id)
        .join(LeadAssignment, and_(LeadAssignment.family_id == S.family_id, LeadAssignment.state == LeadState.ACCEPTED))
        .where(
            own,
            S.lead_answer_by.is_(None),
            or_(LeadAssignment.end_code.is_not(None), LeadAssignment.until_on < today),
        ),
        lambda row: (
            f"{row.lead} was to lead until {near(row.until_on, today)}"
            if row.until_on
            else f"{row.lead} leads until somebody else has accepted, and nobody is asked"
        ),
    )


def _closing(own: ColumnElement[bool], today: date, days: Calendar) -> list[Line]:
    found: list[Line] = []
    for closure in closures.asking(today, days):
        rows = db.session.execute(
            select(S.family_id, Family.name, User.name.label("lead"), LeadAssignment.id)
            .join(Family, Family.id == S.family_id)
            .join(
                LeadAssignment,
                and_(LeadAssignment.family_id == S.family_id, LeadAssignment.state == LeadState.ACCEPTED),
            )
            .join(User, User.id == LeadAssignment.user_id)
            .where(own, User.organisation_id == closure.organisation_id, ~covered(closure))
            .order_by(S.family_id)
            .limit(MOST)
        ).all()
        found += [
            Line(
                f"{Family.ref_prefix}-{row.family_id}",
                row.name,
                f"{row.lead} leads. {closed_words(closure, today)}, and nobody covers",
                f"/leads/{LeadAssignment.ref_prefix}-{row.id}/cover",
            )
            for row in rows
        ]
    return found


def _rooms(since: datetime) -> list[Room]:
    """How often each organisation's people lead, were asked, and said no; in one statement."""
    organisation = func.coalesce(Organisation.name, TeamMember.organisation, "Not known")

    def number(condition: ColumnElement[bool]) -> Any:
        return func.sum(case((condition, 1), else_=0))

    rows = db.session.execute(
        select(
            organisation.label("organisation"),
            number(LeadAssignment.state == LeadState.ACCEPTED).label("leads"),
            number(LeadAssignment.state == LeadState.NOMINATED).label("asked"),
            number(
                and_(
                    LeadAssignment.state == LeadState.DECLINED,
                    LeadAssignment.answered_at >= since,
                )
            ).label("declined"),
        )
        .select_from(LeadAssignment)
        .outerjoin(User, User.id == LeadAssignment.user_id)
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(TeamMember, TeamMember.id == LeadAssignment.member_id)
        .group_by(organisation)
        .order_by(organisation)
    ).all()
    return [
        Room(row.organisation, row.leads, row.asked, row.declined)
        for row in rows
        if row.leads or row.asked or row.declined
    ]
