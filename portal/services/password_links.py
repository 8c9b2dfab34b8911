"""Set a password by a link: ask for one, make it when it is sent, use it once."""

import secrets
from dataclasses import dataclass

from sqlalchemy import func, select, update

from portal.core import clock, mail
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.account_news import News
from portal.domain.password_links import GONE, LIVES, RULE, WORDS, Why
from portal.facts.password_links import Behind, hashed
from portal.models.people import PasswordLink, User
from portal.models.record import OutboxMessage
from portal.services import account_news, sign_in, trusted_devices

NOBODY = 0


@dataclass(frozen=True)
class Letter:
    """One email with a link, which stands in it and nowhere else."""

    to: str
    subject: str
    text: str
    link: str


def ask(email: str, *, waits: bool) -> int | None:
    """Somebody forgot the password of this address. Whether there is such an account shows in nothing, not in the
    work either: the same is looked up and written, and the worker finds nobody to send it to. `waits`: it was asked
    too often, and is sent to nobody. Whose it is, for the log alone."""
    found = db.session.scalars(select(User.id).where(func.lower(User.email) == email.lower(), User.active)).first()
    send(NOBODY if waits or found is None else found, Why.FORGOTTEN)
    return found


def send(user_id: int, why: Why) -> None:
    """Put it into the outbox; the link is made at the moment of sending."""
    if mail.is_held():
        return
    now = clock.now()
    db.session.add(
        OutboxMessage(
            kind=why,
            rule=RULE,
            subject=f"{User.ref_prefix}-{user_id}",
            made_at=now,
            due_at=now,
            expires_at=now + LIVES[why],
        )
    )


def recipient(message: OutboxMessage) -> int | None:
    """The user it is for, if there is one."""
    number = int(message.subject.rpartition("-")[2])
    return db.session.scalars(select(User.id).where(User.id == number, User.active)).first()


def letter_of(message: OutboxMessage, *, begins: str, service: str, council: str) -> Letter | None:
    """What goes out; None where the account was closed meanwhile. The link is stored, as a hash, in the transaction
    of whoever asks, to be committed before the letter is sent. Links sent before it open nothing any more."""
    user_id, why, now = recipient(message), Why(message.kind), clock.now()
    if user_id is None:
        return None
    token = secrets.token_urlsafe(32)
    end_links(user_id)
    db.session.add(
        PasswordLink(user_id=user_id, token_hash=hashed(token), made_at=now, expires_at=now + LIVES[why]),
    )
    db.session.flush()
    words = WORDS[why]
    return Letter(
        to=db.session.scalars(select(User.email).where(User.id == user_id)).one(),
        subject=words.subject.format(service=service),
        text=words.text.format(service=service, council=council),
        link=f"{begins}/set-password/{token}",
    )


def use(found: Behind, password_hash: str) -> None:
    """This is their password from now on; they are signed out everywhere. Raises Refused where the link was used at
    this very moment by another click."""
    used = db.session.execute(
        update(PasswordLink)
        .where(PasswordLink.id == found.link_id, PasswordLink.ended_at.is_(None))
        .values(ended_at=clock.now())
        .returning(PasswordLink.id)
    ).first()
    if used is None:
        raise Refused(GONE)
    had_one = db.session.scalars(select(User.password_hash).where(User.id == found.user_id)).one() is not None
    db.session.execute(update(User).where(User.id == found.user_id).values(password_hash=password_hash))
    if had_one:
        account_news.tell(found.user_id, News.PASSWORD)
    end_links(found.user_id)
    sign_in.end_all(found.user_id)
    trusted_devices.forget_all(found.user_id)


def end_links(user_id: int) -> None:
    db.session.execute(
        update(PasswordLink)
        .where(PasswordLink.user_id == user_id, PasswordLink.ended_at.is_(None))
        .values(ended_at=clock.now())
    )
