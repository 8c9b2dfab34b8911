"""Services added, corrected and retired by hand; an import never undoes that without saying so."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.facts.same_service import same_services
from portal.models.following import Service, ServiceOrigin
from portal.models.people import Organisation
from portal.policies import rules


def add(columns: Mapping[str, Any], *, by: Viewer, another: bool = False) -> Service:
    """One that no publisher lists. `another`: somebody said that it is not the one of that name which is there."""
    rules.demand(by, P.SERVICE_EDIT)
    _ages(columns)
    if not another:
        _not_there_yet(columns)
    service = Service(
        origin=ServiceOrigin.HAND, changed_at=clock.now(), changed_by_name=by.name, **{"topics": [], **columns}
    )
    db.session.add(service)
    db.session.flush()
    return service


def correct(service: Service, columns: Mapping[str, Any], *, by: Viewer, another: bool = False) -> list[str]:
    """Set what differs, and remember that it was set by hand; returns the names of what changed."""
    rules.demand(by, P.SERVICE_EDIT, service)
    _ages(columns)
    differs = [name for name, value in columns.items() if getattr(service, name) != value]
    if not another and {"name", "organisation_name"} & set(differs):
        _not_there_yet(columns, but=service.id)
    for name in differs:
        setattr(service, name, columns[name])
    _by_hand(service, differs, by=by)
    return differs


def retire(service: Service, why: str, *, by: Viewer) -> None:
    """It takes no new families: it is no longer offered. What was suggested before stays as it was."""
    rules.demand(by, P.SERVICE_EDIT, service)
    if not service.active:
        raise Refused("This service is retired already.")
    service.active, service.changed_why = False, why
    _by_hand(service, ["active"], by=by)


def restore(service: Service, *, by: Viewer) -> None:
    """It is offered again."""
    rules.demand(by, P.SERVICE_EDIT, service)
    if service.active:
        raise Refused("This service is offered already.")
    service.active, service.changed_why = True, None
    _by_hand(service, ["active"], by=by)


def take_publishers(service: Service, *, by: Viewer) -> None:
    """What was set by hand gives way to what the publisher says; later imports change it again."""
    rules.demand(by, P.SERVICE_EDIT, service)
    if not service.publisher_says:
        raise Refused("The publisher says nothing else than what is here.")
    for name, value in service.publisher_says.items():
        day = name == "assured_on" and value is not None
        setattr(service, name, date.fromisoformat(value) if day else value)
    service.by_hand = [name for name in service.by_hand if name not in service.publisher_says]
    service.publisher_says = {}
    service.changed_at, service.changed_by_name = clock.now(), by.name


def place(service: Service, organisation_id: int | None, *, by: Viewer) -> None:
    """Whose people answer what is sent to it from now on; None where it has nobody with a sign-in."""
    rules.demand(by, P.SERVICE_EDIT, service)
    if organisation_id is not None and db.session.get(Organisation, organisation_id) is None:
        raise FieldRefused("organisation", "Choose an organisation of the list")
    service.organisation_id = organisation_id
    service.changed_by_name = by.name


def _by_hand(service: Service, names: list[str], *, by: Viewer) -> None:
    if not names:
        return
    service.changed_at, service.changed_by_name = clock.now(), by.name
    if service.origin is ServiceOrigin.DIRECTORY:
        service.by_hand = sorted({*service.by_hand, *names})
    service.publisher_says = {name: value for name, value in service.publisher_says.items() if name not in names}


def _not_there_yet(columns: Mapping[str, Any], *, but: int | None = None) -> None:
    """Raises FieldRefused at `another`, where the page shows which it may be."""
    if same_services(columns["name"], columns["organisation_name"], but=but):
        raise FieldRefused(
            "another", "This service is in the directory already. Correct it, or tick that yours is another"
        )


def _ages(columns: Mapping[str, Any]) -> None:
    youngest, oldest = columns.get("minimum_age"), columns.get("maximum_age")
    if youngest is not None and oldest is not None and youngest > oldest:
        raise FieldRefused("maximum_age", "The highest age must not be below the lowest")
