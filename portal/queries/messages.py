"""What could not be sent, as an administrator sees it: to whom and why, and nothing of any family."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import counted, moment
from portal.domain.notices import NAMES, Notice
from portal.domain.words import Word, say
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.people import Organisation, User
from portal.models.record import OutboxMessage

MOST = 200
DIGEST = "A digest"
TO_FAMILY = "Somebody of a family"


@dataclass(frozen=True)
class Unsent:
    """One message that was given up."""

    id: int
    what: str
    to: str
    organisation: str | None
    since: str
    tries: str
    why: str
    # Nothing is sent after it expires: it can be known, but not sent again.
    too_old: bool


@dataclass(frozen=True)
class Messages:
    """`waiting`: how many are on their way, and since when the oldest waits; a worker that does not run shows here."""

    unsent: list[Unsent]
    more: bool
    waiting: str
    oldest: str | None

    @property
    def can_go(self) -> list[int]:
        return [each.id for each in self.unsent if not each.too_old]


def not_sent(words: Mapping[str, Word]) -> Messages:
    """The latest first, in two statements."""
    rows = db.session.execute(
        select(
            Delivery.id,
            Delivery.notice,
            Delivery.settled_at,
            Delivery.attempts,
            Delivery.why,
            User.name,
            Organisation.name.label("organisation"),
            OutboxMessage.expires_at,
        )
        .outerjoin(User, User.id == Delivery.user_id)
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .outerjoin(OutboxMessage, OutboxMessage.id == Delivery.outbox_id)
        .where(Delivery.status == DeliveryStatus.FAILED)
        .order_by(Delivery.settled_at.desc(), Delivery.id.desc())
        .limit(MOST + 1)
    ).all()
    waiting = db.session.execute(
        select(func.count(Delivery.id), func.min(Delivery.made_at)).where(Delivery.status == DeliveryStatus.WAITING)
    ).one()
    now = clock.now()
    unsent = [
        Unsent(
            id=row.id,
            what=say(NAMES[Notice(row.notice)], words) if row.notice else DIGEST,
            to=row.name or TO_FAMILY,
            organisation=row.organisation,
            since=moment(row.settled_at),
            tries=counted(row.attempts, "try", "tries"),
            why=row.why or "",
            too_old=row.expires_at is not None and row.expires_at <= now,
        )
        for row in rows[:MOST]
    ]
    count: int = waiting[0]
    since: datetime | None = waiting[1]
    return Messages(
        unsent,
        more=len(rows) > MOST,
        waiting=counted(count, "message is on its way", "messages are on their way"),
        oldest=moment(since) if since else None,
    )
