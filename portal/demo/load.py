"""Load the demonstration into an empty database, and write who can sign in."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

from sqlalchemy import select

from portal.core import mail
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.core.errors import Refused
from portal.demo import cast, families, old_records
from portal.domain import hsds
from portal.domain.viewer import asking
from portal.models.following import Service
from portal.models.people import User
from portal.queries.viewers import as_viewer
from portal.services import directory, duty

LOGINS = "demo-logins.json"


def run(settings: Settings, *, families: int, seed: int, say: Callable[[str], None]) -> Path:
    """Make the council, its services and its families; returns the file of the sign-ins, written last of all.
    Raises Refused in production, and where people are in the database already."""
    if settings.environment == "production":
        raise Refused("The demonstration cannot be loaded in production: PORTAL_ENVIRONMENT says production.")
    with writing(), mail.held():
        if db.session.execute(select(User.id).limit(1)).first():
            raise Refused("The database already has people in it. The demonstration goes into an empty one.")
        company = cast.found(settings.password_memory_kib)
        directory.take_in([hsds.read((Path(__file__).parent / "services.json").read_text(encoding="utf-8"))])
        _place(company)
        _on_duty(company)
        db.session.commit()
        say("Organisations, people and services are there. Now the families.")
        _families(company, Random(seed), families, say)  # noqa: S311  (a story needs no secrets)
    settings.instance_folder.mkdir(parents=True, exist_ok=True)
    path = settings.instance_folder / LOGINS
    path.write_text(json.dumps(company.logins(), indent=2) + "\n", encoding="utf-8")
    path.chmod(0o600)
    say(f"Everybody signs in with the password {company.password}")
    return path


def _place(company: cast.Company) -> None:
    """Services whose own people sign in here: they answer what is sent to them."""
    for service in db.session.scalars(select(Service)):
        run_by = company.organisations.get(service.organisation_name)
        service.organisation_id = run_by.id if run_by else None


def _on_duty(company: cast.Company) -> None:
    """A family that is only pointed to a service becomes this coordinator’s."""
    viewer = as_viewer(company["manager"].id)
    with asking(viewer):
        duty.name(company["coordinator"].id, by=viewer)


def _families(company: cast.Company, random: Random, count: int, say: Callable[[str], None]) -> None:
    for number, _family in enumerate(families.tell_all(company, random, count), start=1):
        db.session.commit()
        db.session.expunge_all()
        if number % 10 == 0:
            say(f"{number} of {count} families")
    for _family in old_records.tell_all(company, random):
        db.session.commit()
        db.session.expunge_all()
