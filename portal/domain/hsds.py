"""Reading a service directory in HSDS-UK 3.0 JSON, the format that Open Referral UK publishes."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, Final, NoReturn

from portal.domain.hsds_record import Record
from portal.domain.hsds_service import LIMITS, DirectoryService, service_of, unique

OLDEST: Final = datetime.min.replace(tzinfo=UTC)
MARKS_OF_A_SERVICE: Final = frozenset({"service", "status", "organization", "service_at_locations"})


@dataclass(frozen=True)
class Fault:
    """Why one record was left out: which, where in it, and what its publisher would have to mend."""

    record_id: str
    field: str
    words: str

    def __str__(self) -> str:
        return f"{self.record_id}: {self.field} {self.words}"


@dataclass(frozen=True)
class Reading:
    services: list[DirectoryService]
    faults: list[Fault]


class BrokenFile(Exception):
    """Nothing can be read from this file. Its text says why, for the person who chose the file."""


def read(text: str) -> Reading:
    """Every well-formed service in the file, once each, and a fault for each field that kept a record out."""
    found: dict[str, list[DirectoryService]] = {}
    faults: list[Fault] = []
    for place, value in enumerate(_records(_parsed(text)), start=1):
        record = Record.of(value)
        service = service_of(record)
        if service is None:
            record_id = _id_of(value) or f"record {place}"
            faults.extend(Fault(record_id, field, words) for field, words in record.faults)
        else:
            found.setdefault(service.external_id, []).append(service)
    # A service at four places with one bad field says so once, not four times
    return Reading([_merged(records) for records in found.values()], list(dict.fromkeys(faults)))


def together(readings: Iterable[Reading]) -> Reading:
    """Several files as one: each service once, with what the newest record of it says."""
    found: dict[str, list[DirectoryService]] = {}
    faults: list[Fault] = []
    for reading in readings:
        faults += reading.faults
        for service in reading.services:
            found.setdefault(service.external_id, []).append(service)
    return Reading([_merged(records) for records in found.values()], list(dict.fromkeys(faults)))


# The file


def _parsed(text: str) -> object:
    try:
        parsed: object = json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        where = f"Line {error.lineno}, character {error.colno} cannot be read"
        raise BrokenFile(f"This file is not JSON. {where}") from error
    except (ValueError, RecursionError) as error:
        raise BrokenFile(
            "This file is not JSON that can be read: a number is too long, or it is nested too deep"
        ) from error
    return parsed


def _refuse_constant(name: str) -> NoReturn:
    raise BrokenFile(f"This file is not JSON. {name} is not a number")


def _records(parsed: object) -> list[object]:
    """What is in a page, a list, or a file of one record; refused unless some of it looks like services."""
    records: list[object]
    if isinstance(parsed, list):
        records = parsed
    elif isinstance(parsed, dict) and isinstance(parsed.get("contents"), list):
        records = parsed["contents"]
    else:
        records = [parsed]
    if records and not any(map(_looks_like_a_service, records)):
        raise BrokenFile(
            "There are no services in this file. "
            "It must be a page of services, one service, one service at a location, or a list of them"
        )
    return records


def _looks_like_a_service(record: object) -> bool:
    return isinstance(record, dict) and not MARKS_OF_A_SERVICE.isdisjoint(record)


def _id_of(value: object) -> str | None:
    """The id of the service in a record that could not be read, where it is fit to be shown."""
    record = Record.of(value)
    service = record.child("service") if "service" in record.values else record
    return service.text("id", LIMITS["external_id"]) or record.text("id", LIMITS["external_id"])


# Several records of one service


def _merged(records: list[DirectoryService]) -> DirectoryService:
    """What the newest record says; what it leaves out, from the next. Places and topics of all of them."""
    first, *older = sorted(records, key=lambda record: record.last_modified or OLDEST, reverse=True)
    for record in older:
        left_out = {field.name for field in fields(first) if getattr(first, field.name) is None}
        if first.states_ages:
            left_out -= {"minimum_age", "maximum_age"}  # Halves of two records could contradict each other
        filled: dict[str, Any] = {name: getattr(record, name) for name in left_out}
        first = replace(
            first,
            **filled,
            places=_places([*first.places, *record.places]),
            topics=unique([*first.topics, *record.topics]),
        )
    return first


def _places(places: list[str]) -> tuple[str, ...]:
    """Each place once: a list may give the name alone of a place that a full record gives with its address."""
    return tuple(place for place in unique(places) if not any(other.startswith(f"{place}, ") for other in places))
