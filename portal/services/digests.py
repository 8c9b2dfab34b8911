"""Digests: begun once a day for whoever has something to be told, and what was lined up taken in."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import or_, select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock
from portal.core.db import db
from portal.domain.digests import Often, begins_month, has_weekly, how_often, may_begin
from portal.domain.roles import Role
from portal.facts import falling_due, looking_through, practice
from portal.models.messages import Delivery, DeliveryStatus, DigestDay
from portal.models.people import User, UserRole
from portal.policies.scope import unscoped
from portal.services.outbox import new_message_id


def begin() -> int:
    """Today's digests, if it is time and no worker has begun them: one delivery for each person who has something to
    be told, in one transaction. What it says, and whether it is still theirs, is looked up when it is sent. Answers how
    many."""
    today, days = clock.today(), practice.calendar()
    if not may_begin(clock.now(), days) or db.session.get(DigestDay, today) is not None:
        return 0
    weekly = has_weekly(today, _last_weekly(), days)
    db.session.add(DigestDay(day=today, weekly=weekly, begun_at=clock.now()))
    try:
        db.session.flush()
    except IntegrityError:  # another worker was faster
        db.session.rollback()
        return 0
    told = sorted(_told(today, {Often.DAILY, Often.WEEKLY} if weekly else {Often.DAILY}))
    db.session.add_all(_delivery(user_id, today) for user_id in told)
    return len(told)


def _last_weekly() -> date | None:
    return db.session.scalars(
        select(DigestDay.day).where(DigestDay.weekly).order_by(DigestDay.day.desc()).limit(1)
    ).first()


def _told(today: date, due: set[Often]) -> set[int]:
    """Who has a digest on this day, and something in it as things stand."""
    people = {user_id: often for user_id, often in _people().items() if often in due}
    lined_up = set(
        db.session.scalars(
            select(Delivery.user_id)
            .where(Delivery.status == DeliveryStatus.LINED_UP, Delivery.digest_id.is_(None))
            .distinct()
        )
    )
    windows, ladder = falling_due.windows_of(today), falling_due.ladder(practice.calendar())
    with unscoped("who has a digest today"):
        through = {
            often: looking_through.managers_with_some(monthly=begins_month(today, often, practice.calendar()))
            for often in sorted(due)
        }
        owed = {often: falling_due.owed(ladder.may_stand_in(windows[often]), today) for often in sorted(due)}
    return {
        user_id
        for user_id, often in people.items()
        if user_id in lined_up
        or user_id in through[often]
        or falling_due.in_digest(owed[often].get(user_id, []), windows[often], ladder)
    }


def _people() -> Mapping[int, Often]:
    """Everybody with an account and a role."""
    rows = db.session.execute(
        select(User.id, UserRole.role).join(UserRole, UserRole.user_id == User.id).where(User.active)
    ).all()
    roles: dict[int, list[Role]] = {}
    for row in rows:
        roles.setdefault(row.id, []).append(row.role)
    return {user_id: how_often(held) for user_id, held in roles.items()}


def _delivery(user_id: int, today: date) -> Delivery:
    now = clock.now()
    return Delivery(user_id=user_id, digest_on=today, message_id=new_message_id(), made_at=now, next_at=now)


def take_in(digest_id: int) -> None:
    """What is lined up for its reader stands in this digest from now on, and in no other."""
    reader = select(Delivery.user_id).where(Delivery.id == digest_id).scalar_subquery()
    db.session.execute(
        update(Delivery)
        .where(
            Delivery.user_id == reader,
            Delivery.status == DeliveryStatus.LINED_UP,
            or_(Delivery.digest_id.is_(None), Delivery.digest_id == digest_id),
        )
        .values(digest_id=digest_id)
        .execution_options(synchronize_session=False)
    )


def leave_out(why: Mapping[int, str]) -> None:
    """Lines that are their reader's no longer, by delivery, with the reason."""
    for delivery_id, words in why.items():
        db.session.execute(
            update(Delivery)
            .where(Delivery.id == delivery_id, Delivery.status == DeliveryStatus.LINED_UP)
            .values(status=DeliveryStatus.WITHHELD, settled_at=clock.now(), why=words)
            .execution_options(synchronize_session=False)
        )
