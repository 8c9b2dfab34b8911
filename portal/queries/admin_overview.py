"""What an administrator begins with: what waits for them, in numbers."""

from dataclasses import dataclass

from sqlalchemy import exists, func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.proving import RESET_LIVES
from portal.facts import looking_through
from portal.facts.proving import can_come_in
from portal.facts.sharing import is_live
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.people import Organisation, User
from portal.models.proving import FactorReset


@dataclass(frozen=True)
class Unwatched:
    """A family opened in an emergency that no manager may look into: nothing of the family."""

    ref: str
    who: str
    who_ref: str
    at: str


@dataclass(frozen=True)
class Overview:
    """`unshared`: organisations with people who see no family, as no agreement covers today."""

    people: int
    invited: int
    closed: int
    resets: int
    organisations: int
    unshared: int
    unsent: int


def overview() -> Overview:
    """One statement."""
    user, body = select(func.count(User.id)), select(func.count(Organisation.id))
    resets = select(func.count(FactorReset.id)).where(
        FactorReset.confirmed_at.is_(None),
        FactorReset.withdrawn_at.is_(None),
        FactorReset.asked_at > clock.now() - RESET_LIVES,
    )
    works_here = exists().where(User.organisation_id == Organisation.id, User.active)
    numbers = (
        user.where(User.active, can_come_in()),
        user.where(User.active, ~can_come_in()),
        user.where(~User.active),
        resets,
        body,
        body.where(works_here, ~is_live(clock.today())),
        select(func.count(Delivery.id)).where(Delivery.status == DeliveryStatus.FAILED),
    )
    row = db.session.execute(select(*(each.scalar_subquery() for each in numbers))).one()
    return Overview(*row)


def unwatched() -> list[Unwatched]:
    """The latest first. One statement."""
    return [
        Unwatched(each.ref, each.who, f"{User.ref_prefix}-{each.user_id}", moment(each.opened_at))
        for each in looking_through.unwatched()
    ]
