"""What the family page rests on: the family's people with their homes, and its plan, support, step-downs and team."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)

from portal.core import clock
from portal.core.db import db, written, written_all
from portal.core.kept import kept
from portal.domain.dates import age_words, full
from portal.domain.leads import LeadState
from portal.domain.plans import ActionState, NeedState
from portal.domain.support import STANDING_CHECKS, CheckState
from portal.facts.plans import covered, under_way
from portal.models.families import (
    ConfidentialAddress,
    Family,
    Household,
    HouseholdMembership,
    KeepApart,
    Person,
    PersonKind,
    SafeContact,
)
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import Organisation, User
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.queries import addresses
from portal.queries.checking import MUST
from portal.queries.families import NOTES, SAFE, SECRET, SafeWay, note, noted, safe_way, secret_of


class Row(NamedTuple):
    """One thing of the family; what a column holds differs by kind, see `_statement`."""

    kind: str
    id: int
    parent_id: int | None
    state: str
    text: str
    label: str
    more: str
    who: str
    who_id: int | None
    team_id: int | None
    on: date | None
    other_on: date | None


def of_family(family_id: int) -> defaultdict[str, list[Row]]:
    """By kind, the dated ones by date; in one statement."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in db.session.execute(_statement(), {"family": family_id, "today": clock.today()}):
        found[row.kind].append(Row._make(row))
    return found


def is_only_suggested(need: Row) -> bool:
    """Whether a need is covered by support that was suggested, and by nothing else."""
    return need.state == NeedState.OPEN and bool(need.parent_id) and not need.team_id


_NONE = cast(null(), String)
MUST_BE_CHECKED = "must be checked"
_NO_ID = cast(null(), Integer)
_NO_DATE = cast(null(), Date)


@kept
def _statement() -> Select[Any]:
    family_id = bindparam("family", type_=Integer)
    parts = union_all(
        _row(
            "need",
            PlanNeed,
            state=PlanNeed.state,
            text=PlanNeed.what,
            label=PlanNeed.headline,
            who_id=PlanNeed.person_id,
            # What a revision brings is nobody’s to cover yet.
            parent_id=cast(or_(covered(PlanNeed.id), PlanNeed.revision_id.is_not(None)), Integer),
            team_id=cast(or_(under_way(PlanNeed.id), PlanNeed.revision_id.is_not(None)), Integer),
        ).where(PlanNeed.family_id == family_id),
        _row(
            "action",
            PlanAction,
            parent_id=PlanAction.plan_need_id,
            state=PlanAction.state,
            text=PlanAction.what,
            label=case((MUST, MUST_BE_CHECKED), else_=_NONE),
            more=cast(PlanAction.done_by_id, String),
            who=TeamMember.name,
            who_id=PlanAction.owner_id,
            team_id=PlanAction.revision_id,
            on=PlanAction.due_on,
            # Of one with something in its way: when it is looked at again.
            other_on=case(
                (PlanAction.state == written(ActionState.BLOCKED), PlanAction.review_on), else_=PlanAction.done_on
            ),
        )
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(PlanAction.family_id == family_id),
        _row(
            "referral",
            SupportReferral,
            parent_id=SupportReferral.plan_need_id,
            state=SupportReferral.state,
            text=SupportReferral.service_name,
            label=SupportReferral.not_started_code,
            more=SupportReferral.need_now,
            who=SupportReferral.started_source,
            on=SupportReferral.given_on,
            other_on=SupportReferral.started_on,
            # 1 where two sources say that it started, 2 where the service said no.
            team_id=case(
                (SupportReferral.confirmed_on.is_not(None), 1), (SupportReferral.declined_on.is_not(None), 2), else_=0
            ),
        ).where(SupportReferral.family_id == family_id),
        _row(
            "check",
            FollowUpCheck,
            parent_id=FollowUpCheck.referral_id,
            state=case((_put_off(), _NONE), else_=cast(FollowUpCheck.escalated_to, String)),
            text=FollowUpCheck.waived_reason,
            who=User.name,
            who_id=FollowUpCheck.owner_id,
            on=FollowUpCheck.due_on,
            # Until when one that is put off is not asked.
            other_on=case((_put_off(), FollowUpCheck.waived_until), else_=_NO_DATE),
        )
        .join(User, User.id == FollowUpCheck.owner_id)
        .where(FollowUpCheck.family_id == family_id, FollowUpCheck.state.in_(written_all(STANDING_CHECKS))),
        _row(
            "step_down",
            StepDown,
            state=StepDown.state,
            who=User.name,
            who_id=StepDown.social_worker_id,
            team_id=StepDown.social_care_team_id,
            other_on=StepDown.social_work_closed_on,
        )
        .join(User, User.id == StepDown.social_worker_id)
        .where(StepDown.family_id == family_id),
        _row(
            "member",
            TeamMember,
            label=TeamMember.job,
            more=TeamMember.organisation,
            who=TeamMember.name,
            who_id=TeamMember.user_id,
            parent_id=TeamMember.person_id,
            on=TeamMember.joined_on,
            other_on=TeamMember.left_on,
        ).where(TeamMember.family_id == family_id),
        _row(
            "asked",
            LeadAssignment,
            label=Organisation.name,
            who=LeadAssignment.name,
            who_id=LeadAssignment.user_id,
            parent_id=LeadAssignment.member_id,
        )
        .outerjoin(User, User.id == LeadAssignment.user_id)
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .where(LeadAssignment.family_id == family_id, LeadAssignment.state == written(LeadState.NOMINATED)),
        _row("lead", LeadAssignment, who_id=LeadAssignment.user_id, parent_id=LeadAssignment.member_id).where(
            LeadAssignment.family_id == family_id, LeadAssignment.state == written(LeadState.ACCEPTED)
        ),
        _row("apart", KeepApart, parent_id=KeepApart.other_id, state=KeepApart.kind, who_id=KeepApart.person_id).where(
            KeepApart.family_id == family_id, KeepApart.ended_on.is_(None)
        ),
        *noted(_note, family_id),
    ).subquery()
    # Joined to the family, so that the seat-belt holds the whole statement.
    return (
        select(*(column for column in parts.c if column.key != "family_id"))
        .join(Family, Family.id == parts.c.family_id)
        .order_by(parts.c.on_date, parts.c.id)
    )


def _put_off() -> ColumnElement[bool]:
    return FollowUpCheck.state == written(CheckState.WAIVED)


def _note(kind: str, of: Any, name: Any, day: Any) -> Select[Any]:
    return _row("note", of, state=literal(kind, String), who=name, on=day).select_from(of)


def lead_notes(rows: Mapping[str, list[Row]], today: date) -> list[str]:
    """What has to be known beside the names of who leads and who coordinates, as `families.lead_notes` says it."""
    found = sorted(rows["note"], key=lambda row: NOTES.index(row.state))
    return [note(row.state, row.who, row.on, today) for row in found]


def _row(
    kind: str,
    of: Any,
    *,
    parent_id: Any = _NO_ID,
    state: Any = _NONE,
    text: Any = _NONE,
    label: Any = _NONE,
    more: Any = _NONE,
    who: Any = _NONE,
    who_id: Any = _NO_ID,
    team_id: Any = _NO_ID,
    on: Any = _NO_DATE,
    other_on: Any = _NO_DATE,
) -> Select[Any]:
    return select(
        literal(kind, String).label("kind"),
        getattr(of, "id", of.family_id).label("id"),
        parent_id.label("parent_id"),
        *(
            func.coalesce(cast(words, String), "").label(name)
            for name, words in (("state", state), ("text", text), ("label", label), ("more", more), ("who", who))
        ),
        who_id.label("who_id"),
        team_id.label("team_id"),
        on.label("on_date"),
        other_on.label("other_on"),
        of.family_id.label("family_id"),
    )


@dataclass(frozen=True)
class Resident:
    """A person of the family. `address` is their confidential one, for the few who may read it."""

    name: str
    words: str | None
    address: str | None


@dataclass(frozen=True)
class Home:
    """A home and who lives there now; `name` is None for those of whom no home is known."""

    name: str | None
    address: str | None
    people: list[Resident]


@dataclass(frozen=True)
class People:
    names: dict[int, str]
    homes: list[Home]
    safe_contact: list[SafeWay]


def people(family_id: int, today: date, confidential: Collection[int | None]) -> People:
    """The family's people by home, in one statement. `confidential`: whose address is kept back; the address of a
    home they live in is shown to nobody who may not read theirs."""
    rows = db.session.execute(_people(), {"family": family_id}).all()
    names = {row.id: f"{row.known_as or row.given_name} {row.family_name}" for row in rows}
    living = [row for row in rows if row.died_on is None]
    kept_back = {row.household_id for row in rows if row.id in confidential and row.secret_address is None}
    shown = [row for row in rows if row.pregnancy_ended_on is None]
    homes = [
        _home([row for row in shown if row.household_id == home], names, today, hidden=home in kept_back)
        for home in sorted({row.household_id for row in shown}, key=lambda home: (home is None, home))
    ]
    ways = {row.id: safe_way(names[row.id], row.safe, row) for row in living if row.safe is not None}
    return People(names, homes, list(ways.values()))


@kept
def _people() -> Any:
    # Nobody moves on a day still to come, so who has not left lives there.
    here = and_(HouseholdMembership.person_id == Person.id, HouseholdMembership.to_on.is_(None))
    return (
        select(
            Person.id,
            Person.kind,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            Person.date_of_birth,
            Person.expected_on,
            Person.pregnancy_ended_on,
            Person.died_on,
            Household.id.label("household_id"),
            Household.name.label("household"),
            Household.address_sealed,
            Household.postcode_sealed,
            *SECRET,
            *SAFE,
        )
        .outerjoin(HouseholdMembership, here)
        .outerjoin(Household, Household.id == HouseholdMembership.household_id)
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
        .outerjoin(ConfidentialAddress, ConfidentialAddress.person_id == Person.id)
        .where(Person.family_id == bindparam("family", type_=Integer))
        .order_by(Person.kind, Person.date_of_birth, Person.id, HouseholdMembership.id)
    )


def _home(rows: list[Any], names: dict[int, str], today: date, *, hidden: bool) -> Home:
    first = rows[0]
    return Home(
        name=first.household,
        address=None
        if hidden
        else _line(addresses.parts(first.address_sealed, first.postcode_sealed, first.household_id)),
        people=[
            Resident(names[row.id], _age(row, today), _line(secret_of(row)))
            # Adults first, then children by age.
            for row in sorted(rows, key=lambda row: row.kind is PersonKind.CHILD)
        ],
    )


def _line(address: list[str]) -> str | None:
    return ", ".join(address) or None


def _age(row: Any, today: date) -> str | None:
    if row.died_on:
        return f"died on {full(row.died_on)}"
    if row.kind is PersonKind.ADULT:
        return None
    if row.expected_on:
        return f"expected on {full(row.expected_on)}"
    return age_words(row.date_of_birth, today) if row.date_of_birth else "date of birth not known"
