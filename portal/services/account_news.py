"""Tell somebody by email that how they sign in was changed, whoever changed it."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from portal.core import clock, mail
from portal.core.db import db
from portal.domain.account_news import NOT_YOU, RULE, SUBJECT, WORDS, News
from portal.domain.dates import moment
from portal.models.people import User
from portal.models.record import OutboxMessage

# Later it helps nobody.
EXPIRES = timedelta(days=7)


@dataclass(frozen=True)
class Letter:
    to: str
    subject: str
    text: str


def tell(user_id: int, news: News) -> None:
    """In the transaction of the change."""
    if mail.is_held():
        return
    now = clock.now()
    db.session.add(
        OutboxMessage(
            kind=news,
            rule=RULE,
            subject=f"{User.ref_prefix}-{user_id}",
            made_at=now,
            due_at=now,
            expires_at=now + EXPIRES,
        )
    )


def letter_of(message: OutboxMessage, *, service: str) -> Letter | None:
    """None where the account was closed meanwhile."""
    number = int(message.subject.rpartition("-")[2])
    to = db.session.scalars(select(User.email).where(User.id == number, User.active)).first()
    if to is None:
        return None
    said = WORDS[News(message.kind)].format(service=service, at=moment(message.made_at))
    return Letter(to, SUBJECT.format(service=service), f"{said}. {NOT_YOU}")
