"""A service of a directory, put together from its HSDS-UK record or from its record at one location."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from portal.domain import identifiers, opening_hours
from portal.domain.hsds_record import Record

LIMITS: Final[Mapping[str, int]] = {
    "external_id": 100,
    "name": 300,
    "organisation_name": 300,
    "organisation_external_id": 100,
    "description": 10_000,
    "url": 500,
    "email": 254,
    "phone": 60,
    "fees": 500,
    "alert": 1_000,
    "place": 450,
    "opening": 1_000,
    "topic": 200,
}


class ServiceStatus(StrEnum):
    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


@dataclass(frozen=True)
class DirectoryService:
    """A service as its publisher describes it. What the publisher leaves out is None."""

    external_id: str
    name: str
    organisation_name: str
    organisation_external_id: str | None
    status: ServiceStatus
    description: str | None
    url: str | None
    email: str | None
    phone: str | None
    fees: str | None
    minimum_age: int | None
    maximum_age: int | None
    assured_on: date | None
    alert: str | None
    places: tuple[str, ...]
    postcode: str | None
    opening: str | None
    topics: tuple[str, ...]
    last_modified: datetime | None

    @property
    def is_active(self) -> bool:
        return self.status is ServiceStatus.ACTIVE

    @property
    def states_ages(self) -> bool:
        return self.minimum_age is not None or self.maximum_age is not None

    @property
    def address(self) -> str | None:
        """The first place, and how many more there are."""
        if not self.places:
            return None
        more = len(self.places) - 1
        return self.places[0] + (f" (and {more} other {'place' if more == 1 else 'places'})" if more else "")


def service_of(record: Record) -> DirectoryService | None:
    """A service, from its own record or from one of a service at a location; None if anything in it is at fault."""
    at_location = "service" in record.values
    service = record.child("service") if at_location else record
    places = [record] if at_location else service.children("service_at_locations")
    organisation = service.child("organization")
    whereabouts = [_whereabouts(place.child("location")) for place in places]
    read = DirectoryService(
        external_id=service.required_text("id", LIMITS["external_id"]),
        name=service.required_text("name", LIMITS["name"]),
        organisation_name=organisation.required_text("name", LIMITS["organisation_name"]),
        organisation_external_id=organisation.text("id", LIMITS["organisation_external_id"]),
        status=_status(service),
        description=service.text("description", LIMITS["description"], lines=True),
        url=service.web_address("url", LIMITS["url"]) or organisation.web_address("website", LIMITS["url"]),
        email=service.email("email", LIMITS["email"]) or organisation.email("email", LIMITS["email"]),
        phone=_phone([service, *places, organisation]),
        fees=service.text("fees", LIMITS["fees"], lines=True) or _costs(service),
        minimum_age=service.age("minimum_age"),
        maximum_age=service.age("maximum_age"),
        assured_on=service.date("assured_date"),
        alert=service.text("alert", LIMITS["alert"], lines=True),
        places=unique(place for place, _ in whereabouts),
        postcode=next((postcode for _, postcode in whereabouts if postcode), None),
        opening=_opening([service, *places]),
        topics=unique(_topic(attribute) for attribute in service.children("attributes")),
        last_modified=service.moment("last_modified"),
    )
    if read.minimum_age is not None and read.maximum_age is not None and read.minimum_age > read.maximum_age:
        service.fault("minimum_age", "must not be more than maximum_age")
    return None if record.faults else read


def _status(service: Record) -> ServiceStatus:
    text = service.required_text("status", 40).lower()
    if text and text not in list(ServiceStatus):
        service.fault("status", f"must be one of: {', '.join(ServiceStatus)}")
    return ServiceStatus(text) if text in list(ServiceStatus) else ServiceStatus.INACTIVE


def _whereabouts(location: Record) -> tuple[str | None, str | None]:
    """A place on one line, and its postcode if it is one of the United Kingdom."""
    addresses = location.children("addresses")
    name = location.text("name", LIMITS["place"])
    physical = [address for address in addresses if address.values.get("address_type") == "physical"]
    if not addresses:
        return name, None
    address = (physical or addresses)[0]
    lines = [address.text(key, LIMITS["place"]) for key in ("address_1", "address_2", "city", "state_province")]
    written = address.text("postal_code", 40)
    postcode = _postcode(written)
    place = ", ".join(unique([name, *lines, postcode or written]))
    if len(place) > LIMITS["place"]:
        location.fault("addresses", f"must be {LIMITS['place']} characters or fewer altogether")
    return place or None, postcode


def _postcode(written: str | None) -> str | None:
    try:
        return identifiers.postcode(written or "")
    except ValueError:
        return None  # It still stands in the address, as it was written


def _phone(holders: list[Record]) -> str | None:
    """The first number, looked for at the service, its contacts, its places and its organisation."""
    of_contacts = (contact for holder in holders for contact in holder.children("contacts"))
    for holder in [*holders, *of_contacts]:
        for phone in holder.children("phones"):
            number = phone.text("number", LIMITS["phone"])
            if number:
                return number
    return None


def _costs(service: Record) -> str | None:
    """What `fees` said before it was given up: one line an option."""
    lines = []
    for cost in service.children("cost_options"):
        amount = cost.amount("amount")
        price = None if amount is None else f"£{amount:.2f}".removesuffix(".00") if amount else "free"
        said = " ".join(part for part in (price, cost.text("amount_description", LIMITS["fees"])) if part)
        lines.append(": ".join(part for part in (cost.text("option", LIMITS["fees"]), said) if part))
    return _one_text(service, "cost_options", lines, LIMITS["fees"])


def _opening(holders: list[Record]) -> str | None:
    lines = [_schedule(schedule) for holder in holders for schedule in holder.children("schedules")]
    return _one_text(holders[0], "schedules", lines, LIMITS["opening"])


def _schedule(schedule: Record) -> str | None:
    """The publisher's own sentence, or one made from the parts."""
    return schedule.text("description", LIMITS["opening"], lines=True) or opening_hours.in_words(
        byday=schedule.text("byday", 100) or "",
        opens_at=schedule.time("opens_at"),
        closes_at=schedule.time("closes_at"),
        every=int(schedule.amount("interval") or 1),
        monthly=schedule.values.get("freq") == "MONTHLY",
    )


def _topic(attribute: Record) -> str | None:
    return attribute.child("taxonomy_term").text("name", LIMITS["topic"])


def _one_text(holder: Record, key: str, lines: Iterable[str | None], limit: int) -> str | None:
    text = "\n".join(unique(lines))
    if len(text) > limit:
        holder.fault(key, f"must be {limit:,} characters or fewer altogether")
    return text or None


def unique(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))
