"""Messages on their way: handed over to their recipients, claimed by one worker at a time, and settled."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain import account_news, asking, password_links
from portal.domain.administering import Act
from portal.domain.dates import counted, london_date
from portal.domain.emergencies import UNWATCHED_RULE
from portal.domain.event_kinds import E
from portal.domain.notices import CHOSE_NEVER, Notice, When, notice_of
from portal.domain.sending import LEASE, pause_after
from portal.domain.viewer import Viewer
from portal.facts import notice_choices, recipients
from portal.models.messages import Delivery, DeliveryAttempt, DeliveryStatus
from portal.models.record import OutboxMessage
from portal.services import administration
from portal.services.password_links import recipient

TOO_OLD = "It was too old to be sent"
NOBODY = "Nobody is to be told of it any more"
LONGEST = 300
# About somebody’s own account, or to one administrator: theirs to read, whatever they chose to be told.
TO_ONE = (password_links.RULE, account_news.RULE, UNWATCHED_RULE)


@dataclass(frozen=True)
class Claimed:
    """A delivery that this worker alone holds until the lease runs out."""

    id: int
    lease: str
    attempt: int


def hand_over() -> bool:
    """Give the oldest due message to whoever is to be told: one delivery each, in the transaction that marks it as
    handed over. Two workers never take the same one. False where none is due."""
    now = clock.now()
    message = db.session.execute(
        select(OutboxMessage)
        .where(
            OutboxMessage.sent_at.is_(None),
            OutboxMessage.due_at <= now,
            OutboxMessage.rule.in_([*recipients.RULES, *asking.RULES, *TO_ONE]),
        )
        .order_by(OutboxMessage.due_at, OutboxMessage.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    ).scalar_one_or_none()
    if message is None:
        return False
    message.sent_at = now
    if message.expires_at <= now:
        _add(message, None, DeliveryStatus.WITHHELD, why=TOO_OLD)
        return True
    if message.rule in asking.RULES:
        # To whom of the family, by which way, and whether still, is looked up when it is sent.
        _add(message, None, DeliveryStatus.WAITING)
        return True
    if message.rule in TO_ONE:
        user_id = recipient(message)
        status, why = (DeliveryStatus.WAITING, None) if user_id else (DeliveryStatus.WITHHELD, NOBODY)
        _add(message, user_id, status, why=why)
        return True
    notice = notice_of(E(message.kind), message.rule)
    told = recipients.of_message(message, london_date(now))
    choices = notice_choices.of_people(told, notice)
    for user_id in told:
        match choices[user_id]:
            case When.NEVER:
                _add(message, user_id, DeliveryStatus.WITHHELD, notice, why=CHOSE_NEVER)
            case When.DIGEST:
                _add(message, user_id, DeliveryStatus.LINED_UP, notice)
            case When.AT_ONCE:
                _add(message, user_id, DeliveryStatus.WAITING, notice)
    if not told:
        _add(message, None, DeliveryStatus.WITHHELD, notice, why=NOBODY)
    return True


def _add(
    message: OutboxMessage,
    user_id: int | None,
    status: DeliveryStatus,
    notice: Notice | None = None,
    *,
    why: str | None = None,
) -> None:
    now = clock.now()
    db.session.add(
        Delivery(
            outbox_id=message.id,
            user_id=user_id,
            notice=notice,
            status=status,
            message_id=new_message_id(),
            made_at=now,
            next_at=now,
            settled_at=now if status is DeliveryStatus.WITHHELD else None,
            why=why,
        )
    )


def new_message_id() -> str:
    """The part before the @ of a Message-ID, and the reference for GOV.UK Notify."""
    return secrets.token_hex(16)


def claim() -> Claimed | None:
    """Take the delivery that has waited longest and is in nobody's hands, and note that a try begins. To be committed
    before anything is sent."""
    now, lease = clock.now(), secrets.token_hex(16)
    one = aliased(Delivery)
    first = (
        select(one.id)
        .where(
            one.status == DeliveryStatus.WAITING,
            one.next_at <= now,
            or_(one.leased_until.is_(None), one.leased_until <= now),
        )
        .order_by(one.next_at, one.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    row = db.session.execute(
        update(Delivery)
        .where(Delivery.id == first, or_(Delivery.leased_until.is_(None), Delivery.leased_until <= now))
        .values(lease=lease, leased_until=now + LEASE, attempts=Delivery.attempts + 1)
        .returning(Delivery.id, Delivery.attempts)
        .execution_options(synchronize_session=False)
    ).first()
    if row is None:
        return None
    db.session.add(DeliveryAttempt(delivery_id=row.id, number=row.attempts, lease=lease, at=now))
    db.session.flush()
    return Claimed(row.id, lease, row.attempts)


def sent(claimed: Claimed, outcome: str) -> None:
    """It has left the house."""
    _settle(claimed, outcome, DeliveryStatus.SENT)


def withheld(claimed: Claimed, why: str) -> None:
    """It is its recipient's no longer: nothing was sent, and nothing will be."""
    _settle(claimed, why, DeliveryStatus.WITHHELD, why=why)


def put_off(claimed: Claimed, until: datetime, why: str) -> None:
    """Not now, and not because anything failed: the try does not count."""
    _end_attempt(claimed, why)
    _own(claimed, next_at=until, attempts=claimed.attempt - 1, lease=None, leased_until=None)


def not_sent(claimed: Claimed, why: str, *, for_good: bool) -> None:
    """The other side did not take it. Tried again after a pause that grows, unless it never will."""
    pause = None if for_good else pause_after(claimed.attempt)
    if pause is None:
        _settle(claimed, why, DeliveryStatus.FAILED, why=why)
        return
    _end_attempt(claimed, why)
    _own(claimed, next_at=clock.now() + pause, lease=None, leased_until=None, why=why[:LONGEST])


def _settle(claimed: Claimed, outcome: str, status: DeliveryStatus, *, why: str | None = None) -> None:
    _end_attempt(claimed, outcome)
    cut = why[:LONGEST] if why else None
    if _own(claimed, status=status, settled_at=clock.now(), lease=None, leased_until=None, why=cut):
        _settle_lines(claimed.id, status, cut)


def _settle_lines(digest_id: int, status: DeliveryStatus, why: str | None) -> None:
    """What stood in a digest goes the way of the digest; of one that could not be sent it waits for the next."""
    values: dict[str, object] = {"status": status, "settled_at": clock.now(), "why": why}
    db.session.execute(
        update(Delivery)
        .where(Delivery.digest_id == digest_id, Delivery.status == DeliveryStatus.LINED_UP)
        .values({"digest_id": None} if status is DeliveryStatus.FAILED else values)
        .execution_options(synchronize_session=False)
    )


def _end_attempt(claimed: Claimed, outcome: str) -> None:
    db.session.execute(
        update(DeliveryAttempt)
        .where(DeliveryAttempt.delivery_id == claimed.id, DeliveryAttempt.lease == claimed.lease)
        .values(ended_at=clock.now(), outcome=outcome[:LONGEST])
        .execution_options(synchronize_session=False)
    )


def _own(claimed: Claimed, **values: object) -> bool:
    """Change the delivery, unless the lease ran out and somebody else has it in hand."""
    changed = db.session.execute(
        update(Delivery)
        .where(Delivery.id == claimed.id, Delivery.lease == claimed.lease)
        .values(**values)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    )
    return changed.first() is not None


def send_again(ids: Iterable[int], *, by: Viewer) -> int:
    """Messages that were given up are tried anew, as if for the first time. Answers how many; Refused where none of
    them waits here any more."""
    now = clock.now()
    again = db.session.execute(
        update(Delivery)
        .where(Delivery.id.in_(list(ids)), Delivery.status == DeliveryStatus.FAILED)
        .values(status=DeliveryStatus.WAITING, attempts=0, next_at=now, settled_at=None, why=None)
        .returning(Delivery.id)
        .execution_options(synchronize_session=False)
    ).all()
    if not again:
        raise Refused("This was sent again already.")
    numbers = sorted(row.id for row in again)
    about = counted(len(numbers), "message", "messages")
    administration.record(Act.SENT_AGAIN, "messages", about, by=by, after={"messages": ", ".join(map(str, numbers))})
    return len(again)
