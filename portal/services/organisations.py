"""Organisations: added, changed, retired once nobody there has an open account, brought back; and their teams."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.administering import Act, differing
from portal.domain.dates import counted
from portal.domain.organisations import KINDS, OrganisationKind
from portal.domain.viewer import Viewer
from portal.models.people import Organisation, SocialCareTeam, User
from portal.services import administration


@dataclass(frozen=True)
class Known:
    """What is known of an organisation."""

    name: str
    kind: OrganisationKind
    phone: str | None = None
    contact: str | None = None


def add(known: Known, *, by: Viewer) -> Organisation:
    """Raises FieldRefused where there is one of that name."""
    _demand_free(known.name)
    made = Organisation(**vars(known))
    db.session.add(made)
    db.session.flush()
    administration.record(Act.ORGANISATION_ADDED, made.ref, made.name, by=by, after=_told(made))
    return made


def change(organisation: Organisation, known: Known, *, by: Viewer) -> bool:
    """False where nothing is different. Its people's rights are what the new kind gives them, from their next click."""
    _demand_free(known.name, but=organisation.id)
    before = _told(organisation)
    for name, value in vars(known).items():
        setattr(organisation, name, value)
    was, now = differing(before, _told(organisation))
    if now:
        administration.record(Act.ORGANISATION_CHANGED, organisation.ref, known.name, by=by, before=was, after=now)
    return bool(now)


def retire(organisation: Organisation, *, why: str, by: Viewer) -> None:
    """Nobody is invited to it any more; what its people did keeps its name. Raises Refused while somebody there has an
    open account."""
    if organisation.retired_at is not None:
        raise Refused("This organisation is retired already.")
    here = db.session.execute(
        select(func.count(User.id)).where(User.organisation_id == organisation.id, User.active)
    ).scalar_one()
    if here:
        raise Refused(f"{counted(here, 'person', 'people')} there can still sign in. Close their accounts first.")
    organisation.retired_at = clock.now()
    administration.record(Act.ORGANISATION_RETIRED, organisation.ref, organisation.name, by=by, why=why)


def bring_back(organisation: Organisation, *, by: Viewer) -> None:
    if organisation.retired_at is None:
        raise Refused("This organisation is not retired.")
    organisation.retired_at = None
    administration.record(Act.ORGANISATION_BACK, organisation.ref, organisation.name, by=by)


def add_team(organisation: Organisation, name: str, *, by: Viewer) -> None:
    """A team of social workers. Raises FieldRefused where it is none of the council's, or there is one of that name."""
    if organisation.kind is not OrganisationKind.COUNCIL:
        raise Refused("Only the council has social care teams.")
    there = select(SocialCareTeam.id).where(
        SocialCareTeam.organisation_id == organisation.id, func.lower(SocialCareTeam.name) == name.lower()
    )
    if db.session.execute(there).first():
        raise FieldRefused("name", "There is a team of this name already")
    db.session.add(SocialCareTeam(organisation_id=organisation.id, name=name))
    administration.record(Act.TEAM_ADDED, organisation.ref, organisation.name, by=by, after={"team": name})


def _demand_free(name: str, *, but: int = 0) -> None:
    taken = select(Organisation.id).where(func.lower(Organisation.name) == name.lower(), Organisation.id != but)
    if db.session.execute(taken).first():
        raise FieldRefused("name", "There is an organisation of this name already")


def _told(organisation: Organisation) -> dict[str, str | None]:
    return {
        "name": organisation.name,
        "kind": KINDS[organisation.kind],
        "phone": organisation.phone,
        "contact": organisation.contact,
    }
