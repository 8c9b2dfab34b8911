"""The service directory: take in what its publisher says, again and again, without ever doubling a service."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain import hsds
from portal.domain.hsds import Fault, Reading
from portal.domain.hsds_service import DirectoryService
from portal.models.following import Service, ServiceOrigin


@dataclass
class Taken:
    """What one import did: how many services it added, changed and found as they were, and what it left out."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    # Of services that somebody corrected by hand: the name, and what the publisher says differently now.
    kept: list[tuple[str, list[str]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def take_in(readings: Iterable[Reading]) -> Taken:
    """Bring the directory up to date with these files. A service is known again by its publisher's id; one added by
    hand has none and is never touched. What was corrected by hand stays: that is said, and kept beside it. The caller's
    transaction is around all of the files."""
    reading = hsds.together(readings)
    published = select(Service).where(Service.origin == ServiceOrigin.DIRECTORY)
    known = {service.external_id: service for service in db.session.scalars(published)}
    taken = Taken(faults=reading.faults)
    for described in reading.services:
        service = known.get(described.external_id)
        if service is None:
            _add(described)
            taken.added += 1
            continue
        otherwise = _what_differs_by_hand(service, described)
        if otherwise:
            taken.kept.append((service.name, otherwise))
        if _bring_up_to_date(service, described):
            taken.changed += 1
        else:
            taken.unchanged += 1
    db.session.flush()
    return taken


def _columns(described: DirectoryService) -> dict[str, Any]:
    return {
        "name": described.name,
        "organisation_name": described.organisation_name,
        "active": described.is_active,
        "description": described.description,
        "url": described.url,
        "email": described.email,
        "phone": described.phone,
        "fees": described.fees,
        "minimum_age": described.minimum_age,
        "maximum_age": described.maximum_age,
        "assured_on": described.assured_on,
        "alert": described.alert,
        "address": described.address,
        "postcode": described.postcode,
        "opening": described.opening,
        "topics": list(described.topics),
    }


def _add(described: DirectoryService) -> None:
    db.session.add(
        Service(
            origin=ServiceOrigin.DIRECTORY,
            external_id=described.external_id,
            changed_at=described.last_modified or clock.now(),
            **_columns(described),
        )
    )


def _bring_up_to_date(service: Service, described: DirectoryService) -> bool:
    """Whether anything changed. What somebody set by hand stays."""
    said = {name: value for name, value in _said(service, described).items() if name not in service.by_hand}
    different = {name: value for name, value in said.items() if getattr(service, name) != value}
    if different:
        for name, value in different.items():
            setattr(service, name, value)
        service.changed_at = described.last_modified or clock.now()
    return bool(different)


def _what_differs_by_hand(service: Service, described: DirectoryService) -> list[str]:
    """Columns set by hand of which the publisher says something else that it had not said before; all that differs is
    kept beside them."""
    said = _said(service, described) | {"active": described.is_active}
    differs = {
        name: _plain(said[name]) for name in service.by_hand if name in said and said[name] != getattr(service, name)
    }
    new = [name for name, value in differs.items() if service.publisher_says.get(name) != value]
    if differs != service.publisher_says:
        service.publisher_says = differs
    return new


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _said(service: Service, described: DirectoryService) -> dict[str, Any]:
    """The columns this file speaks of. A list of services says less than a full record: what it leaves out stays."""
    said = {name: value for name, value in _columns(described).items() if value not in (None, [])}
    if described.states_ages:
        # Half of each of two records could contradict the other.
        said |= {"minimum_age": described.minimum_age, "maximum_age": described.maximum_age}
    if described.alert is None and described.last_modified and described.last_modified > service.changed_at:
        said["alert"] = None  # It was true for a while; a newer record without it means that it is over.
    if "address" in said and _is_part_of(said["address"], service.address):
        del said["address"]
    elif "address" in said:
        said["postcode"] = described.postcode
    return said


def _is_part_of(place: str, known: str | None) -> bool:
    """A list gives the name alone of a place that is known with its address, or one of several places."""
    return known is not None and known.startswith((f"{place}, ", f"{place} (and "))
