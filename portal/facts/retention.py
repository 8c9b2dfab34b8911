"""When a family's record may be destroyed: what was last done, how old its youngest is, what is not known."""

from collections.abc import Collection, Mapping
from datetime import date, time, timedelta
from typing import Any

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import UTCDateTime
from portal.domain.dates import london_date, to_utc
from portal.domain.retention import Kept, Rule, latest_before
from portal.domain.standards import Standard
from portal.facts import at_once, practice
from portal.models.families import Family, Person, PersonKind
from portal.models.following import FollowUpCheck, SharedReferral, SupportReferral
from portal.models.handover import LeadAssignment, StepDown, StopRequest
from portal.models.merging import RecordMerge
from portal.models.record import FamilySummary
from portal.models.step_down_ends import HolderQuestion, StaysWithSocialCare
from portal.models.teamwork import Contact, Meeting, NeedReview, PlanAction, TeamMember

# What counts as something done for a family: the last of it is where the years begin. A line of history alone does not,
# so that a hold or a correction keeps nothing longer.
DONE: Mapping[str, Any] = {
    "The {family} was added": Family.added_at,
    "Social work closed": Family.social_work_closed_on,
    "{Step_down:a} ended": StepDown.ended_at,
    "{Step_down:a} was answered": StepDown.answered_at,
    "{Step_down:a} was completed": StepDown.completed_at,
    "It was agreed that the {family} stays with social care": StaysWithSocialCare.settled_on,
    "It was answered who holds the {family}": HolderQuestion.answered_on,
    "Support ended": SupportReferral.ended_at,
    "What a service was sent ended": SharedReferral.ended_on,
    "A check was done": FollowUpCheck.done_on,
    "A meeting was held": Meeting.held_on,
    "A visit or a call": Contact.on,
    "An action was done": PlanAction.done_on,
    "A need was reviewed": NeedReview.on,
    "{Lead_professional:a} ended": LeadAssignment.ended_on,
    "Somebody left the {team}": TeamMember.left_on,
    "A wish to stop was settled": StopRequest.settled_on,
    "Another record was merged into it": RecordMerge.confirmed_at,
}


def rule() -> Rule:
    """The council's own years."""
    amounts = practice.amounts([Standard.RETENTION_CLOSED, Standard.RETENTION_AGE])
    return Rule(amounts[Standard.RETENTION_CLOSED], amounts[Standard.RETENTION_AGE])


def closed_long_enough(today: date, by: Rule) -> list[ColumnElement[bool]]:
    """Conditions on Family beside FamilySummary: not open, and nothing was done since."""
    day = latest_before(today, by.after_closing)
    return [FamilySummary.open.is_(False), *(_not_since(column, day) for column in DONE.values())]


def youngest_old_enough(today: date, by: Rule) -> ColumnElement[bool]:
    """Whoever is the youngest of all counts, also where nobody calls them a child any more."""
    return ~exists().where(Person.family_id == Family.id, Person.date_of_birth > latest_before(today, by.youngest))


def something_missing() -> ColumnElement[bool]:
    child = and_(Person.family_id == Family.id, Person.kind == PersonKind.CHILD)
    unknown = exists().where(child, Person.date_of_birth.is_(None), Person.pregnancy_ended_on.is_(None))
    return or_(unknown, ~exists().where(child))


def _not_since(column: Any, day: date) -> ColumnElement[bool]:
    model = column.class_
    later = column >= to_utc(day + timedelta(days=1), time()) if _is_moment(column) else column > day
    if model is Family:
        return or_(column.is_(None), ~later)
    return ~exists().where(model.family_id == Family.id, later)


def of_families(ids: Collection[int]) -> Mapping[int, Kept]:
    """Two statements, however many families there are."""
    by = rule()
    reads: dict[str, Any] = {words: _last(column, ids) for words, column in DONE.items()}
    reads["people"] = select(
        Person.family_id,
        Person.given_name,
        Person.known_as,
        Person.family_name,
        Person.kind,
        Person.date_of_birth,
        Person.pregnancy_ended_on,
    ).where(Person.family_id.in_(ids))
    reads["open"] = select(FamilySummary.family_id, FamilySummary.open).where(FamilySummary.family_id.in_(ids))
    rows = at_once.read(reads)
    return {number: _kept(number, rows, by) for number in ids}


def of_family(family_id: int) -> Kept:
    return of_families([family_id])[family_id]


def _last(column: Any, ids: Collection[int]) -> Any:
    model = column.class_
    of = model.id if model is Family else model.family_id
    return select(of.label("family_id"), func.max(column).label("last")).where(of.in_(ids)).group_by(of)


def _kept(number: int, rows: at_once.Rows, by: Rule) -> Kept:
    done = [
        (row.last if isinstance(row.last, date) and not hasattr(row.last, "hour") else london_date(row.last), words)
        for words in DONE
        for row in rows[words]
        if row.family_id == number and row.last is not None
    ]
    last_on, last = max(done)
    people = [row for row in rows["people"] if row.family_id == number]
    return Kept(
        is_open=any(row.open for row in rows["open"] if row.family_id == number),
        last=last,
        last_on=last_on,
        born_on=max((row.date_of_birth for row in people if row.date_of_birth), default=None),
        missing=tuple(_missing(people)),
        rule=by,
    )


def _missing(people: list[Any]) -> list[str]:
    children = [row for row in people if row.kind is PersonKind.CHILD]
    if not children:
        return ["No child is recorded"]
    return [
        f"When {row.known_as or row.given_name or 'the baby'} {row.family_name} was born is not known"
        for row in children
        if row.date_of_birth is None and row.pregnancy_ended_on is None
    ]


def _is_moment(column: Any) -> bool:
    return isinstance(column.type, UTCDateTime)


def is_due(family_id: int) -> bool:
    return of_family(family_id).is_due(clock.today())
