"""The system's log as an administrator reads it: who came in, what was changed, what was refused, which messages did
not go. No family stands in it, not even its reference."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select
from sqlalchemy.orm import aliased

from portal.core.db import db
from portal.domain.dates import moment, to_utc
from portal.domain.log_words import DONE, PAGES, as_what
from portal.domain.notices import NAMES, Notice
from portal.models.administering import AdminChange
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.people import Organisation, User
from portal.models.record import Audit, AuditKind, OutboxMessage
from portal.queries import administration
from portal.queries.messages import DIGEST, OTHERS, TO_FAMILY

AT_ONCE = 50
# In one file: the latest, to be narrowed by a day where that is not all.
MOST, BATCH = 10_000, 2_000
CHANGES, SIGN_INS, REFUSALS, MESSAGES = "changes", "sign_ins", "refusals", "messages"
KINDS: Mapping[str, str] = {
    CHANGES: "Changes by administrators",
    SIGN_INS: "Signing in and out",
    REFUSALS: "What was refused",
    MESSAGES: "Messages that could not be sent",
}
_AT_THE_DOOR = (AuditKind.SIGN_IN, AuditKind.SIGN_IN_FAILED, AuditKind.SIGN_OUT)


@dataclass(frozen=True)
class Place:
    """Where a page of the log goes on: below this moment, and of what happened at it below this kind and number."""

    at: datetime
    kind: str
    id: int


@dataclass(frozen=True)
class Asked:
    kind: str | None = None
    user_id: int | None = None
    day: date | None = None
    before: Place | None = None
    many: int = AT_ONCE


@dataclass(frozen=True)
class Line:
    """`what` may hold concepts; `more`: what stood before and after, and why."""

    place: Place
    when: str
    who: str
    kind: str
    what: str
    more: str


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    further: Place | None


def page(asked: Asked) -> Page:
    """The latest first; one statement for each kind."""
    found: list[Line] = []
    for kind in [asked.kind] if asked.kind else KINDS:
        found += _READ[kind](asked)
    found.sort(key=lambda line: (line.place.at, line.place.kind, line.place.id), reverse=True)
    shown = found[: asked.many]
    return Page(shown, shown[-1].place if len(found) > asked.many else None)


def export(asked: Asked) -> list[Line]:
    """The latest of what is asked, from the newest on."""
    asked = replace(asked, many=BATCH, before=None)
    found: list[Line] = []
    while len(found) < MOST:
        part = page(asked)
        found += part.lines
        if part.further is None:
            break
        asked = replace(asked, before=part.further)
    return found[:MOST]


def people() -> list[tuple[int, str]]:
    """Everybody the log could be about, by name."""
    rows = db.session.execute(
        select(User.id, User.name, Organisation.name)
        .join(Organisation, Organisation.id == User.organisation_id)
        .order_by(User.name, User.id)
    )
    return [(id_, f"{name}, {organisation}") for id_, name, organisation in rows]


def _within(asked: Asked, kind: str, at: Any, id_: Any) -> list[ColumnElement[bool]]:
    """Of the day that is asked, and below the place where the page before ended."""
    conditions: list[ColumnElement[bool]] = []
    if asked.day:
        conditions += [at >= to_utc(asked.day, time(0)), at < to_utc(asked.day + timedelta(days=1), time(0))]
    if (last := asked.before) is not None:
        if kind == last.kind:
            conditions.append(or_(at < last.at, and_(at == last.at, id_ < last.id)))
        else:
            conditions.append(at <= last.at if kind < last.kind else at < last.at)
    return conditions


def _changes(asked: Asked) -> list[Line]:
    statement = select(AdminChange).where(*_within(asked, CHANGES, AdminChange.at, AdminChange.id))
    if asked.user_id:
        about = f"{User.ref_prefix}-{asked.user_id}"
        statement = statement.where(or_(AdminChange.by_id == asked.user_id, AdminChange.subject == about))
    rows = db.session.scalars(statement.order_by(AdminChange.at.desc(), AdminChange.id.desc()).limit(asked.many + 1))
    lines = []
    for row in rows:
        told = administration.change_line(row)
        what = told.title.removeprefix(f"{row.by_name} ")
        lines.append(_line(CHANGES, row.at, row.id, row.by_name, what[:1].upper() + what[1:], told.words))
    return lines


def _sign_ins(asked: Asked) -> list[Line]:
    """Who came in was nobody before: whom it was about stands in the subject."""
    lines = []
    for row in _audit(asked, SIGN_INS, Audit.kind.in_(_AT_THE_DOOR)):
        who = row.name or row.about or "Nobody that is known here"
        lines.append(_line(SIGN_INS, row.at, row.id, who, DONE[row.kind], ""))
    return lines


def _refusals(asked: Asked) -> list[Line]:
    lines = []
    for row in _audit(asked, REFUSALS, Audit.kind == AuditKind.REFUSAL):
        feature = row.page.partition(".")[0]
        place = PAGES.get(feature) or feature.replace("_", " ") or "a page"
        more = as_what(None, row.roles)
        lines.append(_line(REFUSALS, row.at, row.id, row.name or "Nobody signed in", f"Was refused: {place}", more))
    return lines


def _audit(asked: Asked, kind: str, of: ColumnElement[bool]) -> Any:
    about = aliased(User)
    reference = User.ref_prefix + "-"
    statement = (
        select(Audit.id, Audit.at, Audit.kind, Audit.page, Audit.roles, User.name, about.name.label("about"))
        .outerjoin(User, User.id == Audit.user_id)
        .outerjoin(about, and_(Audit.user_id.is_(None), Audit.subject == _ref_of(reference, about.id)))
        .where(of, *_within(asked, kind, Audit.at, Audit.id))
    )
    if asked.user_id:
        at_the_door = and_(Audit.user_id.is_(None), Audit.subject == f"{reference}{asked.user_id}")
        statement = statement.where(or_(Audit.user_id == asked.user_id, at_the_door))
    return db.session.execute(statement.order_by(Audit.at.desc(), Audit.id.desc()).limit(asked.many + 1))


def _ref_of(prefix: str, id_: Any) -> Any:
    return literal(prefix) + cast(id_, String)


def _messages(asked: Asked) -> list[Line]:
    statement = (
        select(Delivery.id, Delivery.settled_at, Delivery.notice, Delivery.why, User.name, OutboxMessage.rule)
        .outerjoin(User, User.id == Delivery.user_id)
        .outerjoin(OutboxMessage, OutboxMessage.id == Delivery.outbox_id)
        .where(Delivery.status == DeliveryStatus.FAILED, Delivery.settled_at.is_not(None))
        .where(*_within(asked, MESSAGES, Delivery.settled_at, Delivery.id))
    )
    if asked.user_id:
        statement = statement.where(Delivery.user_id == asked.user_id)
    rows = db.session.execute(statement.order_by(Delivery.settled_at.desc(), Delivery.id.desc()).limit(asked.many + 1))
    return [
        _line(MESSAGES, row.settled_at, row.id, row.name or TO_FAMILY, f"Was not sent: {_called(row)}", row.why or "")
        for row in rows
    ]


def _called(row: Any) -> str:
    return NAMES[Notice(row.notice)] if row.notice else OTHERS.get(row.rule, DIGEST)


def _line(kind: str, at: datetime, id_: int, who: str, what: str, more: str) -> Line:
    return Line(Place(at, kind, id_), moment(at), who, KINDS[kind], what, more)


_READ = {CHANGES: _changes, SIGN_INS: _sign_ins, REFUSALS: _refusals, MESSAGES: _messages}
