"""What stands above every page of a family: who leads, how it stands, how its people can safely be reached."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, String, and_, bindparam, cast, literal, null, or_, select, union_all

from portal.core import clock
from portal.core.db import db, written
from portal.core.kept import kept
from portal.core.sealed import UNREAD, opened, within
from portal.domain.dates import near
from portal.domain.episodes import Stage
from portal.domain.leads import LeadState
from portal.domain.reach import Reach
from portal.facts import holders, leading, sharing
from portal.facts.holders import HeldChild
from portal.facts.meetings import apart_words
from portal.models.families import ConfidentialAddress, Family, KeepApart, Person, SafeContact
from portal.models.handover import LeadAssignment, LeadCover
from portal.models.people import CoordinatorCover, Organisation, User
from portal.models.record import FamilySummary
from portal.queries import addresses
from portal.queries.shapes import Tag, tag

CANNOT_SEE = "{Lead_professional} can’t see this family"
# The columns `safe_way` reads.
SAFE = (
    SafeContact.id.label("safe"),
    SafeContact.phone_sealed,
    SafeContact.email_sealed,
    SafeContact.by_phone,
    SafeContact.by_text,
    SafeContact.by_email,
    SafeContact.by_post,
    SafeContact.never_contact,
    SafeContact.note_sealed,
)
# The columns `secret_of` reads.
SECRET = (
    ConfidentialAddress.id.label("secret"),
    ConfidentialAddress.address_sealed.label("secret_address"),
    ConfidentialAddress.postcode_sealed.label("secret_postcode"),
)
_TO_LEAD_NOBODY = frozenset({Stage.DRAFT, Stage.WAITING, Stage.NOT_ACCEPTED, Stage.FOLLOWING_UP, Stage.NOT_OPEN})


@dataclass(frozen=True)
class SafeWay:
    """How one person can safely be reached, in words; `never` where nobody may try, `unread` where a part of it cannot
    be read."""

    name: str
    ways: str
    never: bool
    note: str | None
    unread: bool = False


@dataclass(frozen=True)
class Header:
    """What stands above every page of a family. `lead` is a name, or words."""

    ref: str
    name: str
    restricted: bool
    lead: str
    lead_missing: bool
    lead_notes: list[str]
    coordinator: str | None
    stage: Tag
    safe_contact: list[SafeWay]
    apart: list[str]
    council_reference: str | None = None
    # While early help is active: children whose social work goes on, a brother or sister of those handed over.
    with_social_care: list[str] = field(default_factory=list)


def header(family: Family) -> Header:
    """Three statements, and a fourth where early help is active while social work goes on."""
    row = db.session.execute(
        select(
            FamilySummary.stage,
            FamilySummary.lead_name,
            FamilySummary.lead_asked,
            FamilySummary.lead_wanted,
            User.name.label("coordinator"),
        )
        .outerjoin(User, User.id == FamilySummary.coordinator_id)
        .where(FamilySummary.family_id == family.id)
    ).one()
    ways, apart = safety(family.id)
    return Header(
        ref=family.ref,
        name=family.name,
        restricted=family.restricted,
        lead=lead_words(row.stage, row.lead_name, row.lead_asked, wanted=row.lead_wanted),
        lead_missing=row.lead_wanted and row.lead_name is None,
        lead_notes=lead_notes(family.id),
        coordinator=row.coordinator,
        stage=tag(row.stage),
        safe_contact=ways,
        apart=apart,
        council_reference=family.council_reference,
        with_social_care=with_social_care(holders.still_with_social_work(family.id))
        if row.stage is Stage.ACTIVE and family.social_work_closed_on is None
        else [],
    )


def header_of(family_id: int) -> Header:
    """The header, where only the family's id is at hand. Raises NoResultFound outside the viewer's reach."""
    return header(db.session.execute(select(Family).where(Family.id == family_id)).scalar_one())


def lead_notes(family_id: int) -> list[str]:
    """What has to be known beside the names of who leads and who coordinates: that the lead cannot see the family,
    until when they lead, who covers; in one statement."""
    today = clock.today()
    rows = db.session.execute(_lead_notes(), {"family": family_id, "today": today})
    return [note(row.kind, row.name, row.day, today) for row in rows]


NOTES = ("unseen", "until", "leaving", "cover", "held")


@kept
def _lead_notes() -> Any:
    def row(kind: str, of: Any, name: Any, day: Any) -> Any:
        return select(literal(kind, String).label("kind"), name.label("name"), day.label("day")).select_from(of)

    return union_all(*noted(row, bindparam("family", type_=Integer())))


def noted(row: Callable[[str, Any, Any, Any], Any], family_id: Any) -> list[Any]:
    """Of each kind of note the SELECT that finds it, begun by `row(kind, table, name, day)`; they ask for `today`."""
    today = bindparam("today", type_=Date())
    lead = and_(LeadAssignment.family_id == family_id, LeadAssignment.state == written(LeadState.ACCEPTED))
    return [
        row("unseen", LeadAssignment, cast(null(), String), cast(null(), Date))
        .join(User, User.id == LeadAssignment.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(lead, or_(User.active.is_(False), ~sharing.is_live(today))),
        row("until", LeadAssignment, LeadAssignment.name, LeadAssignment.until_on).where(
            lead, LeadAssignment.until_on.is_not(None)
        ),
        row("leaving", LeadAssignment, LeadAssignment.name, cast(null(), Date)).where(
            lead, LeadAssignment.end_code.is_not(None)
        ),
        row("cover", LeadCover, User.name, LeadCover.to_on)
        .join(User, User.id == LeadCover.user_id)
        .join(LeadAssignment, LeadAssignment.id == LeadCover.assignment_id)
        .where(lead, leading.covers_on(today)),
        row("held", FamilySummary, User.name, CoordinatorCover.to_on)
        .join(CoordinatorCover, FamilySummary.coordinator_id == CoordinatorCover.user_id)
        .join(User, User.id == CoordinatorCover.cover_id)
        .where(
            FamilySummary.family_id == family_id,
            CoordinatorCover.withdrawn_at.is_(None),
            CoordinatorCover.from_on <= today,
            CoordinatorCover.to_on >= today,
        ),
    ]


def note(kind: str, name: str | None, day: date | None, today: date) -> str:
    """One of them in words."""
    until = near(day, today) if day else ""
    return {
        "unseen": CANNOT_SEE,
        "until": f"{name} leads for the time being, until {until}",
        "leaving": f"{name} leads until somebody else has accepted",
        "cover": f"{name} covers for the {{lead_professional}} until {until}",
        "held": f"{name} covers for the {{coordinator}} until {until}",
    }[kind]


def with_social_care(children: Iterable[HeldChild]) -> list[str]:
    return [f"{child.name} is still open to social care{f': {child.who}' if child.who else ''}" for child in children]


# What stands where there is no name.
NOBODY_LEADS = (
    "Nobody to lead yet",
    "No {lead_professional}",
    "No {lead_professional}: the {coordinator} holds the {family}",
    "No {lead_professional} is asked: the {coordinator} will hold the {family}",
)


def lead_words(stage: Stage, name: str | None, asked: bool, *, wanted: bool = False) -> str:
    """The name of who leads; who was asked and has not answered; or that there is nobody."""
    if name is None and wanted:
        return NOBODY_LEADS[1]
    if name is None and stage in _TO_LEAD_NOBODY:
        return NOBODY_LEADS[0]
    if name is None:
        # Early help has begun, and its destination asks for no lead.
        return NOBODY_LEADS[2 if stage is Stage.ACTIVE else 3]
    return f"{name}, who was asked and has not answered" if asked else name


def safety(family_id: int) -> tuple[list[SafeWay], list[str]]:
    """How each person can safely be reached, and who is to be kept apart from whom; in one statement."""
    rows = db.session.execute(
        select(
            Person.id,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            Person.died_on,
            *SAFE,
            KeepApart.kind,
            KeepApart.other_id,
        )
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
        .outerjoin(KeepApart, and_(KeepApart.person_id == Person.id, KeepApart.ended_on.is_(None)))
        .where(Person.family_id == family_id)
        .order_by(Person.kind, Person.date_of_birth, Person.id, KeepApart.id)
    ).all()
    names = {row.id: f"{row.known_as or row.given_name} {row.family_name}" for row in rows}
    living = [row for row in rows if row.died_on is None]
    ways = {row.id: safe_way(names[row.id], row.safe, row) for row in living if row.safe is not None}
    apart = [apart_words(row.kind, names[row.id], names[row.other_id]) for row in living if row.kind]
    return list(ways.values()), apart


def secret_of(row: Any) -> list[str]:
    """The confidential address and its postcode, from a row with the columns of SECRET."""
    return addresses.parts(row.secret_address, row.secret_postcode, row.secret)


def safe_way(name: str, row_id: int, safe: Any) -> SafeWay:
    """How a person can be reached, from a row with the columns of SAFE."""
    reach = Reach(
        phone=within(opened(safe.phone_sealed, row_id)),
        email=within(opened(safe.email_sealed, row_id)),
        by_phone=safe.by_phone,
        by_text=safe.by_text,
        by_email=safe.by_email,
        by_post=safe.by_post,
        never_contact=safe.never_contact,
    )
    unread = str(within(UNREAD)) in reach.words
    return SafeWay(name, reach.words, safe.never_contact, opened(safe.note_sealed, row_id), unread)
