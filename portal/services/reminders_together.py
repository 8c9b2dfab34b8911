"""Several reminders that somebody pressed at once are one letter to each person whose they are."""

from sqlalchemy import select, update

from portal.core.db import db
from portal.domain.reminders import CLICK, REMINDED
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.record import Event, OutboxMessage
from portal.policies.scope import unscoped

_TAKEN = Delivery.status == DeliveryStatus.LINED_UP


def take_in(delivery_id: int) -> list[int]:
    """The other reminders of the same click to the same person stand in this letter, and no worker sends them by
    themselves. Answers them, those that stood in it at an earlier try among them; of any other message none."""
    ids = _of_the_same_click(delivery_id)
    if ids:
        db.session.execute(
            update(Delivery)
            .where(Delivery.id.in_(ids), *_NOT_BEGUN)
            .values(status=DeliveryStatus.LINED_UP, digest_id=delivery_id)
            .execution_options(synchronize_session=False)
        )
    return list(
        db.session.scalars(select(Delivery.id).where(Delivery.digest_id == delivery_id, _TAKEN).order_by(Delivery.id))
    )


# In nobody's hands, and never tried.
_NOT_BEGUN = (Delivery.status == DeliveryStatus.WAITING, Delivery.attempts == 0, Delivery.lease.is_(None))


def _of_the_same_click(delivery_id: int) -> list[int]:
    message, user_id = db.session.execute(
        select(OutboxMessage, Delivery.user_id)
        .join(Delivery, Delivery.outbox_id == OutboxMessage.id)
        .where(Delivery.id == delivery_id)
    ).one()
    if message.kind not in REMINDED:
        return []
    with unscoped("which reminders were sent by one click"):
        pressed = db.session.execute(select(Event.actor_id, Event.data).where(Event.id == message.event_id)).one()
        rows = db.session.execute(
            select(Delivery.id, Event.data)
            .join(OutboxMessage, OutboxMessage.id == Delivery.outbox_id)
            .join(Event, Event.id == OutboxMessage.event_id)
            .where(
                Delivery.user_id == user_id,
                Delivery.id != delivery_id,
                *_NOT_BEGUN,
                OutboxMessage.kind.in_(REMINDED),
                Event.actor_id == pressed.actor_id,
            )
        ).all()
    return [row.id for row in rows if row.data.get(CLICK) == pressed.data.get(CLICK)]


def let_go(delivery_id: int) -> None:
    """The letter is not sent after all: what stood in it goes out by itself."""
    db.session.execute(
        update(Delivery)
        .where(Delivery.digest_id == delivery_id, _TAKEN)
        .values(status=DeliveryStatus.WAITING, digest_id=None)
        .execution_options(synchronize_session=False)
    )
