"""Resets of second factors: those that wait for another administrator, the latest others, and whom one may be for."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.proving import RESET_LIVES
from portal.domain.viewer import Viewer
from portal.models.people import Organisation, User
from portal.models.proving import FactorReset

MOST = 50


@dataclass(frozen=True)
class Reset:
    """`mine`: whether the viewer asked for it, or it is about them; `outcome`: nothing while it waits."""

    id: int
    whom: str
    organisation: str
    asked: str
    why: str
    mine: bool
    until: str
    outcome: str | None


@dataclass(frozen=True)
class Somebody:
    id: int
    name: str
    organisation: str


def latest(viewer: Viewer) -> list[Reset]:
    """The latest first."""
    rows = db.session.execute(
        select(FactorReset, User.name, Organisation.name.label("organisation"))
        .join(User, User.id == FactorReset.user_id)
        .join(Organisation, Organisation.id == User.organisation_id)
        .order_by(FactorReset.id.desc())
        .limit(MOST)
    )
    return [_reset(row.FactorReset, row.name, row.organisation, viewer) for row in rows]


def people(viewer: Viewer) -> list[Somebody]:
    """Everybody else who can sign in, by name."""
    rows = db.session.execute(
        select(User.id, User.name, Organisation.name.label("organisation"))
        .join(Organisation, Organisation.id == User.organisation_id)
        .where(User.active, User.id != viewer.user_id)
        .order_by(User.name, User.id)
    )
    return [Somebody(row.id, row.name, row.organisation) for row in rows]


def _reset(row: FactorReset, name: str, organisation: str, viewer: Viewer) -> Reset:
    until = row.asked_at + RESET_LIVES
    outcome = None
    if row.confirmed_at:
        outcome = f"{row.confirmed_by_name} confirmed it on {moment(row.confirmed_at)}"
    elif row.withdrawn_at:
        outcome = f"{row.withdrawn_by_name} withdrew it on {moment(row.withdrawn_at)}"
    elif until < clock.now():
        outcome = "Nobody confirmed it in time"
    mine = viewer.user_id in (row.asked_by_id, row.user_id)
    asked = f"{row.asked_by_name} asked on {moment(row.asked_at)}"
    return Reset(row.id, name, organisation, asked, row.why, mine, moment(until), outcome)
