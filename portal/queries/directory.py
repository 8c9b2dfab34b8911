"""The service directory: found by need, place, age and words; and one service with what its publisher says."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, cast, func, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.domain import identifiers
from portal.domain.dates import london_date, near
from portal.domain.directory import NAMED
from portal.facts.same_service import SameService, same_services
from portal.models.following import Service, ServiceOrigin
from portal.models.people import Organisation

MOST = 100
Choice = tuple[str, str]


@dataclass(frozen=True)
class Asked:
    """What somebody looks for; what is None is not asked."""

    words: str | None = None
    place: str | None = None
    age: int | None = None
    topic: str | None = None
    retired: bool = False


@dataclass(frozen=True)
class ServiceRow:
    ref: str
    name: str
    organisation: str
    where: str | None
    ages: str
    phone: str | None
    assured: str
    alert: str | None
    active: bool


@dataclass(frozen=True)
class Directory:
    """At most a hundred, by name; `more` says that there are others, `topics` what can be chosen."""

    rows: list[ServiceRow]
    more: bool
    topics: list[str]


def search(asked: Asked) -> Directory:
    """Two statements."""
    rows = db.session.execute(
        select(
            Service.id,
            Service.name,
            Service.organisation_name,
            Service.address,
            Service.postcode,
            Service.minimum_age,
            Service.maximum_age,
            Service.phone,
            Service.assured_on,
            Service.alert,
            Service.active,
        )
        .where(*matching(asked))
        .order_by(Service.name, Service.id)
        .limit(MOST + 1)
    ).all()
    today = clock.today()
    return Directory([_row(row, today) for row in rows[:MOST]], more=len(rows) > MOST, topics=topics())


def matching(asked: Asked) -> list[ColumnElement[bool]]:
    """Conditions on services."""
    found: list[ColumnElement[bool]] = [] if asked.retired else [Service.active.is_(True)]
    for word in (asked.words or "").split()[:6]:
        columns = (Service.name, Service.organisation_name, Service.description, cast(Service.topics, String))
        found.append(or_(*(func.lower(column).contains(word.lower(), autoescape=True) for column in columns)))
    if asked.place:
        place = asked.place.lower()
        squeezed = func.replace(func.lower(Service.postcode), " ", "")
        found.append(
            or_(
                squeezed.startswith(place.replace(" ", ""), autoescape=True),
                func.lower(Service.address).contains(place, autoescape=True),
            )
        )
    if asked.age is not None:
        found.append(or_(Service.minimum_age.is_(None), Service.minimum_age <= asked.age))
        found.append(or_(Service.maximum_age.is_(None), Service.maximum_age >= asked.age))
    if asked.topic:
        found.append(cast(Service.topics, String).contains(_as_stored(asked.topic), autoescape=True))
    return found


def _as_stored(topic: str) -> str:
    """As one entry of a list is written in the column."""
    return json.dumps(topic)


def topics() -> list[str]:
    """What the services that are offered help with, in order, each once."""
    lists = db.session.scalars(select(Service.topics).where(Service.active))
    return sorted({topic for each in lists for topic in each}, key=str.casefold)


def _row(row: Any, today: date) -> ServiceRow:
    return ServiceRow(
        f"{Service.ref_prefix}-{row.id}",
        row.name,
        row.organisation_name,
        _where(row.address, row.postcode),
        ages(row.minimum_age, row.maximum_age),
        row.phone,
        assured(row.assured_on, today),
        row.alert,
        row.active,
    )


def _where(address: str | None, postcode: str | None) -> str | None:
    """A publisher's address mostly holds its postcode already."""
    if address and postcode and postcode in address:
        return address
    return ", ".join(part for part in (address, postcode) if part) or None


def assured(on: date | None, today: date) -> str:
    return f"Last assured {near(on, today)}" if on else "Not known when it was last assured"


def ages(youngest: int | None, oldest: int | None) -> str:
    match youngest, oldest:
        case None, None:
            return "All ages"
        case int(), None:
            return f"From {youngest}"
        case None, int():
            return f"Up to {oldest}"
        case _:
            return f"Ages {youngest} to {oldest}"


@dataclass(frozen=True)
class ServicePage:
    """One service: its facts as pairs, which of them were set by hand, and where the publisher says something else.
    `web_page`: an address that can be followed; what is none stands among the facts as it was published."""

    ref: str
    name: str
    organisation: str
    active: bool
    web_page: str | None
    facts: list[tuple[str, str]]
    by_hand: list[str]
    otherwise: list[tuple[str, str]]
    changed: str
    changed_why: str | None
    answers: str | None


def one(service: Service) -> ServicePage:
    """One statement."""
    today = clock.today()
    answers = db.session.execute(
        select(Organisation.name).where(Organisation.id == service.organisation_id)
    ).scalar_one_or_none()
    web_page = _web_page(service.url)
    left_out = {"name", "active"} | ({"url"} if web_page else set())
    shown = ((name, _shown(getattr(service, name), today)) for name in NAMED)
    published = service.origin is ServiceOrigin.DIRECTORY
    who = service.changed_by_name or ("its publisher" if published else "somebody")
    return ServicePage(
        ref=service.ref,
        name=service.name,
        organisation=service.organisation_name,
        active=service.active,
        web_page=web_page,
        facts=[(NAMED[name], words) for name, words in shown if words and name not in left_out],
        by_hand=[NAMED[name] for name in NAMED if name in service.by_hand],
        otherwise=[
            (NAMED[name], _shown(_day(name, value), today) or "Nothing")
            for name, value in service.publisher_says.items()
        ],
        changed=f"{near(london_date(service.changed_at), today)}, by {who}",
        changed_why=service.changed_why,
        answers=answers,
    )


def _web_page(url: str | None) -> str | None:
    try:
        return identifiers.web_page(url or "")
    except ValueError:
        return None


def _day(name: str, value: Any) -> Any:
    return date.fromisoformat(value) if name == "assured_on" and value else value


def _shown(value: Any, today: date) -> str | None:
    """In words; None where nothing is known."""
    if value in (None, "", []):
        return None
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return near(value, today)
    return ", ".join(value) if isinstance(value, list) else str(value)


def organisations() -> list[Choice]:
    """Whose people may answer, by name."""
    rows = db.session.execute(select(Organisation.id, Organisation.name).order_by(Organisation.name, Organisation.id))
    return [(str(row.id), row.name) for row in rows]


def same_as(name: str | None, run_by: str | None, *, but: Service | None = None) -> list[SameService]:
    """What a service that is being written down may be. One statement."""
    return same_services(name, run_by, but=but.id if but else None)


def as_typed(service: Service) -> Mapping[str, Any]:
    """A service's columns, as the form that corrects it shows them: numbers and lists in text."""

    def typed(value: Any) -> Any:
        if isinstance(value, list):
            return "\n".join(value)
        return str(value) if isinstance(value, int) else value

    return {name: typed(getattr(service, name)) for name in NAMED if name != "active"}
