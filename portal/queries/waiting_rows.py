"""How each part of what waits is read: of families that are open, on whom, where they work, since when."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Date, Integer, Select, String, and_, case, cast, func, literal, null, or_, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.elements import ColumnElement

from portal.core.db import written, written_all
from portal.domain.episodes import Stage
from portal.domain.event_kinds import E
from portal.domain.step_downs import OPEN
from portal.models.families import Family
from portal.models.handover import StepDown
from portal.models.people import Organisation, OrganisationKind, User
from portal.models.record import Event, FamilySummary

EARLY_HELP, SOCIAL_CARE, NOT_KNOWN = "{Early_help}", "Social care", "Not recorded"
# Of whoever is in the way of an action, known only as somebody wrote it.
AS_WRITTEN = "Whoever {action:a} waits on"
COORDINATORS, MANAGERS, SOCIAL_CARE_MANAGERS = (
    "{coordinator:many}",
    "{early_help_manager:many}",
    "{social_care_manager:many}",
)
S = FamilySummary
NO_DATE, NO_ID, NO_TEXT = cast(null(), Date), cast(null(), Integer), cast(null(), String)


@dataclass(frozen=True)
class Person:
    """Somebody something waits on: as they are called, their number where they sign in, and where they work."""

    name: Any
    id: Any
    organisation: Any


# Whom things wait on where no single person is named on them.
_coordinating = aliased(User)
_leading = aliased(User)
_leads_from = aliased(Organisation)


def is_led() -> ColumnElement[bool]:
    return and_(S.lead_name.is_not(None), S.lead_asked.is_(False))


def coordinating() -> Person:
    return Person(func.coalesce(_coordinating.name, COORDINATORS), S.coordinator_id, literal(EARLY_HELP, String))


def leading() -> Person:
    """Who leads; where nobody does, the coordinator."""
    coordinator = coordinating()
    return Person(
        case((is_led(), S.lead_name), else_=coordinator.name),
        case((is_led(), S.lead_user_id), else_=coordinator.id),
        case((is_led(), works_at(_leading, _leads_from)), else_=coordinator.organisation),
    )


def social_worker() -> ColumnElement[int | None]:
    """Of an open step-down, else of the family, until social work closes or early help is responsible."""
    handing_over = (
        select(func.min(StepDown.social_worker_id))
        .where(
            StepDown.family_id == S.family_id,
            StepDown.state.in_(written_all(OPEN)),
            StepDown.social_work_closed_on.is_(None),
        )
        .scalar_subquery()
    )
    own = case((Family.social_work_closed_on.is_(None), Family.social_worker_id))
    return case((S.stage != Stage.ACTIVE, func.coalesce(handing_over, own)))


def following(worker: Any) -> Person:
    """Whose checks would be (facts/owners.py): this social worker's where there is one, else whoever leads, else the
    coordinator, else the manager."""
    lead = leading()
    somebody = case((or_(is_led(), S.coordinator_id.is_not(None)), lead.name), else_=MANAGERS)
    return Person(
        func.coalesce(worker.name, somebody),
        func.coalesce(worker.id, lead.id),
        case((worker.id.is_not(None), SOCIAL_CARE), else_=lead.organisation),
    )


def works_at(user: Any, organisation: Any) -> ColumnElement[str]:
    """Which part of the council somebody works for, or which partner."""
    return case(
        (user.social_care_team_id.is_not(None), SOCIAL_CARE),
        (organisation.kind == OrganisationKind.COUNCIL, EARLY_HELP),
        else_=func.coalesce(organisation.name, NOT_KNOWN),
    )


def all_of(concept: str, organisation: str) -> Person:
    return Person(literal(concept, String), NO_ID, literal(organisation, String))


def of_social_care(user: Any) -> Person:
    """Of social care, as who answers for a step-down always is."""
    return Person(user.name, user.id, literal(SOCIAL_CARE, String))


def day_of(moment: Any) -> ColumnElement[date]:
    return func.date(moment, type_=Date)


def row(
    kind: Any,
    id_: Any,
    on: Person,
    *,
    since: Any,
    due: Any = NO_DATE,
    text: Any = NO_TEXT,
    other_id: Any = NO_ID,
) -> Select[Any]:
    """Of each family that is open; the caller joins the thing itself."""
    return (
        select(
            (literal(str(kind), String) if isinstance(kind, str) else kind).label("kind"),
            id_.label("id"),
            Family.id.label("family_id"),
            Family.name.label("family"),
            on.name.label("who"),
            on.id.label("who_id"),
            on.organisation.label("organisation"),
            since.label("since"),
            due.label("due"),
            text.label("text"),
            other_id.label("other_id"),
            S.coordinator_id.label("coordinator_id"),
            S.lead_user_id.label("lead_id"),
        )
        .select_from(S)
        .join(Family, Family.id == S.family_id)
        .outerjoin(_coordinating, _coordinating.id == S.coordinator_id)
        .outerjoin(_leading, _leading.id == S.lead_user_id)
        .outerjoin(_leads_from, _leads_from.id == _leading.organisation_id)
        .where(S.open)
    )


def came_on(kind: E, prefix: str, id_: Any) -> Any:
    """The day the thing last came to be so, as its history has it."""
    return (
        select(func.max(Event.happened_on))
        .where(
            Event.family_id == S.family_id,
            Event.kind == written(kind),
            Event.subject == literal(prefix, String) + cast(id_, String),
        )
        .scalar_subquery()
    )
