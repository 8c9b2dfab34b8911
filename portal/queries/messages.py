"""What could not be sent, as an administrator sees it: to whom and why, and nothing of any family."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, or_, select

from portal.core import clock
from portal.core.db import db
from portal.domain import account_news, asking, password_links
from portal.domain.dates import counted, moment
from portal.domain.emergencies import UNWATCHED_CALLED, UNWATCHED_RULE
from portal.domain.notices import NAMES, Notice
from portal.domain.words import Word, say
from portal.facts import recipients
from portal.models.messages import Delivery, DeliveryStatus
from portal.models.people import Organisation, User
from portal.models.record import OutboxMessage

MOST = 200
DIGEST = "A digest"
TO_FAMILY = "Somebody of a family"
OTHERS = {
    **dict.fromkeys(asking.RULES, "A question to a family"),
    password_links.RULE: password_links.CALLED,
    account_news.RULE: account_news.CALLED,
    UNWATCHED_RULE: UNWATCHED_CALLED,
}


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
    """`waiting`: how many are on their way, and since when the oldest waits; a worker that does not run shows here.
    `held`: how many are not, as they can still be taken back; None where there is none."""

    unsent: list[Unsent]
    more: bool
    waiting: str
    oldest: str | None
    held: str | None

    @property
    def can_go(self) -> list[int]:
        return [each.id for each in self.unsent if not each.too_old]


def not_sent(words: Mapping[str, Word]) -> Messages:
    """The latest first, in three statements."""
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
            OutboxMessage.rule,
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
    untold = _not_handed_over(now)
    unsent = [
        Unsent(
            id=row.id,
            what=say(NAMES[Notice(row.notice)], words) if row.notice else OTHERS.get(row.rule, DIGEST),
            to=row.name or TO_FAMILY,
            organisation=row.organisation,
            since=moment(row.settled_at),
            tries=counted(row.attempts, "try", "tries"),
            why=row.why or "",
            too_old=row.expires_at is not None and row.expires_at <= now,
        )
        for row in rows[:MOST]
    ]
    count: int = waiting[0] + untold.due
    since = min((each for each in (waiting[1], untold.since) if each), default=None)
    return Messages(
        unsent,
        more=len(rows) > MOST,
        waiting=counted(count, "message is on its way", "messages are on their way"),
        oldest=moment(since) if since else None,
        held=counted(
            untold.held,
            "message is held until it can no longer be undone",
            "messages are held until they can no longer be undone",
        )
        if untold.held
        else None,
    )


@dataclass(frozen=True)
class _NotHandedOver:
    """What has no recipient yet: `due`, and since when the oldest is; `held`, for as long as it can be undone."""

    due: int
    since: datetime | None
    held: int


def _not_handed_over(now: datetime) -> _NotHandedOver:
    """A link to a family that goes out in the morning, or once more after some days, is neither before its time."""
    is_due = OutboxMessage.due_at <= now
    of_people = OutboxMessage.rule.in_([*recipients.RULES, password_links.RULE, account_news.RULE, UNWATCHED_RULE])
    of_families = OutboxMessage.rule.in_(asking.RULES)
    row = db.session.execute(
        select(
            func.count(case((is_due, 1))).label("due"),
            func.min(case((is_due, OutboxMessage.due_at))).label("since"),
            func.count(case((~is_due, 1))).label("held"),
        ).where(OutboxMessage.sent_at.is_(None), or_(of_people, and_(of_families, is_due)))
    ).one()
    return _NotHandedOver(row.due, row.since, row.held)
