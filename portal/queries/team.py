"""The team around a family: who is on it, who could join, when it meets."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, or_, select, true

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, london_date, moment, near
from portal.domain.labels import Colour
from portal.domain.meetings import Attendance, MeetingState
from portal.domain.roles import Role
from portal.domain.team import LACKS
from portal.domain.viewer import Viewer
from portal.facts import confidential, practice, sharing, team_needs
from portal.models.families import Family, Person
from portal.models.handover import StepDown
from portal.models.people import Organisation, User, UserRole
from portal.models.record import FamilySummary
from portal.models.teamwork import Meeting, MeetingInvitee, TeamMember
from portal.policies import barred
from portal.queries import family_rows, team_cards, team_map
from portal.queries.shapes import Tag, tag
from portal.queries.team_cards import Cards
from portal.queries.team_map import TeamMap

JOINS = (Role.PARTNER, Role.COORDINATOR, Role.EARLY_HELP_MANAGER)
SOCIAL_CARE = (Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER)
PLACE_KEPT_BACK = "The place is not shown: it would tell an address that is kept confidential"
NEEDS_WRITE_UP = Tag("Needs write-up", Colour.YELLOW.value)
KINDS = {"is_step_down": "{step_down_meeting}", "is_first_team": "{first_team_meeting}", "is_review": "review"}


@dataclass(frozen=True)
class MeetingRow:
    """A meeting of a list. `came` is empty until it is written up."""

    ref: str
    what: str
    when: str
    place: str | None
    tag: Tag
    came: str | None
    to_come: bool
    why: str | None
    needs_write_up: bool


@dataclass(frozen=True)
class Team:
    """What the page of a team shows. `asked` is who was asked to lead and has not answered yet."""

    cards: Cards
    meetings: list[MeetingRow]
    asked: str | None
    lead_wanted: bool
    lacks: list[str] | None
    map: TeamMap


def of_family(family: Family, viewer: Viewer) -> Team:
    """Who leads first, then by the day they joined; meetings to come first, then the latest."""
    summary = db.session.execute(
        select(FamilySummary.lead_name, FamilySummary.lead_asked, FamilySummary.lead_wanted).where(
            FamilySummary.family_id == family.id
        )
    ).one()
    rows = family_rows.of_family(family.id)
    return Team(
        cards=team_cards.of_family(family.id, viewer, rows),
        meetings=_meetings(family.id),
        asked=summary.lead_name if summary.lead_asked else None,
        lead_wanted=summary.lead_wanted and not summary.lead_asked,
        lacks=lacks(family.id, practice.calendar()),
        map=team_map.of_rows(family.ref, rows),
    )


def lacks(family_id: int, days: Calendar) -> list[str] | None:
    """What this team still needs, in words with concepts in braces; None where there is no team yet."""
    found = team_needs.of_family(family_id, days)
    return None if found is None else [LACKS[each] for each in found]


def _meetings(family_id: int) -> list[MeetingRow]:
    came = (
        select(func.count(MeetingInvitee.id))
        .where(MeetingInvitee.meeting_id == Meeting.id, MeetingInvitee.attendance == Attendance.ATTENDED)
        .correlate(Meeting)
        .scalar_subquery()
    )
    rows = db.session.execute(
        select(Meeting, came.label("came"))
        .where(Meeting.family_id == family_id)
        .order_by(Meeting.starts_at.desc(), Meeting.id.desc())
    ).all()
    hidden = confidential.marks(family_id) if rows else confidential.Marks()
    found = [_row(row.Meeting, row.came, hidden) for row in rows]
    to_come = [row for row in found if row.to_come]
    return [*reversed(to_come), *(row for row in found if not row.to_come)]


def _row(meeting: Meeting, came: int, hidden: confidential.Marks) -> MeetingRow:
    held = meeting.state is MeetingState.HELD
    return MeetingRow(
        ref=meeting.ref,
        what=what(meeting),
        when=near(meeting.held_on, clock.today()) if meeting.held_on else moment(meeting.starts_at),
        place=PLACE_KEPT_BACK if hidden.told_by(meeting.place) else meeting.place,
        tag=state(meeting),
        came=("1 person came" if came == 1 else f"{came} people came") if held else None,
        to_come=meeting.state is MeetingState.ARRANGED,
        why=meeting.ended_why,
        needs_write_up=meeting.state is MeetingState.ARRANGED and london_date(meeting.starts_at) <= clock.today(),
    )


def state(meeting: Meeting) -> Tag:
    """Arranged, past with nothing written, or held."""
    gone_by = meeting.state is MeetingState.ARRANGED and meeting.starts_at < clock.now()
    return NEEDS_WRITE_UP if gone_by else tag(meeting.state)


def what(meeting: Meeting) -> str:
    """The kinds of a meeting as its name, concepts in braces: {Step_down_meeting} and {first_team_meeting}."""
    words = " and ".join(words for column, words in KINDS.items() if getattr(meeting, column))
    return "{" + words[1].upper() + words[2:] if words.startswith("{") else words[:1].upper() + words[1:]


@dataclass(frozen=True)
class Candidates:
    """Who could join: (id, words), as the questions list them."""

    users: list[tuple[int, str]]
    people: list[tuple[int, str]]


def who_could_join(family: Family) -> Candidates:
    """People with a sign-in whose work is with families and whose organisation shares, by organisation; and people of
    the family; both not yet on the team. Whoever must not see the family is not there, and nothing says why."""
    on_team = select(TeamMember.user_id).where(
        TeamMember.family_id == family.id, TeamMember.left_on.is_(None), TeamMember.user_id.is_not(None)
    )
    users = db.session.execute(
        select(User.id, User.name, User.job, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.active, sharing.is_live(clock.today()), User.id.not_in(on_team), *_may_see(family))
        .order_by(Organisation.name, User.name, User.id)
    ).all()
    joined = select(TeamMember.person_id).where(
        TeamMember.family_id == family.id, TeamMember.left_on.is_(None), TeamMember.person_id.is_not(None)
    )
    people = db.session.scalars(
        select(Person)
        .where(
            Person.family_id == family.id,
            Person.died_on.is_(None),
            Person.pregnancy_ended_on.is_(None),
            Person.expected_on.is_(None),
            Person.id.not_in(joined),
        )
        .order_by(Person.kind, Person.date_of_birth, Person.id)
    ).all()
    return Candidates(
        users=[(row.id, f"{row.organisation}: {row.name}" + (f" ({row.job})" if row.job else "")) for row in users],
        people=[(person.id, person.name) for person in people],
    )


def _may_see(family: Family) -> list[Any]:
    """Who works with families, of social care only the family's own teams; cleared, where it is restricted; without
    a conflict of interest. Administrators reach no family, whatever else they are."""
    of_step_downs = select(StepDown.social_care_team_id).where(StepDown.family_id == family.id)
    own_team = or_(User.social_care_team_id == family.social_care_team_id, User.social_care_team_id.in_(of_step_downs))
    return [
        or_(_has(*JOINS), and_(_has(*SOCIAL_CARE), own_team)),
        ~_has(Role.ADMINISTRATOR),
        ~barred.conflicted(family.id, User.id),
        barred.cleared(family.id, User.id) if family.restricted else true(),
    ]


def _has(*roles: Role) -> Any:
    return select(UserRole.user_id).where(UserRole.user_id == User.id, UserRole.role.in_(roles)).exists()


def person_of(family: Family, person_id: int) -> Person:
    """Somebody of the family, by an id that the form offered."""
    return db.session.scalars(select(Person).where(Person.family_id == family.id, Person.id == person_id)).one()
