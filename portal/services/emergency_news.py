"""Tell administrators of an opening in an emergency that no manager may look into: nothing of the family."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core import mail
from portal.core.db import db
from portal.core.sealed import opened, within
from portal.domain.dates import moment
from portal.domain.emergencies import UNWATCHED, UNWATCHED_RULE
from portal.domain.notice_words import initials
from portal.domain.roles import Role
from portal.facts import looking_through
from portal.models.people import Organisation, User, UserRole
from portal.models.record import Event, OutboxMessage
from portal.policies.scope import unscoped
from portal.services.history import MESSAGE_LIVES


@dataclass(frozen=True)
class Letter:
    """`ref`: the opening's own reference; `who`: whoever opened it, by initials and organisation."""

    to: str
    ref: str
    at: str
    who: str
    phone: str | None


def tell(opened: Event) -> None:
    """Each administrator, in the transaction of the opening; nobody while some manager may look into it."""
    if mail.is_held() or not looking_through.is_unwatched(opened.subject):
        return
    administers = select(UserRole.user_id).where(UserRole.role == Role.ADMINISTRATOR)
    ids = db.session.scalars(select(User.id).where(User.active, User.id.in_(administers)).order_by(User.id))
    db.session.add_all(
        OutboxMessage(
            # Of the family, so that it goes when the record goes.
            family_id=opened.family_id,
            event_id=opened.id,
            kind=UNWATCHED,
            rule=UNWATCHED_RULE,
            subject=f"{User.ref_prefix}-{user_id}",
            made_at=opened.recorded_at,
            due_at=opened.recorded_at,
            expires_at=opened.recorded_at + MESSAGE_LIVES,
        )
        for user_id in ids
    )


def letter_of(message: OutboxMessage) -> Letter | None:
    """None where the account was closed meanwhile, or whoever has it administers nothing any more."""
    number = int(message.subject.rpartition("-")[2])
    administers = select(UserRole.user_id).where(UserRole.role == Role.ADMINISTRATOR)
    to = db.session.scalars(select(User.email).where(User.id == number, User.active, User.id.in_(administers))).first()
    if to is None:
        return None
    with unscoped("who opened something in an emergency, for administrators"):
        row = db.session.execute(
            select(
                Event.subject,
                Event.recorded_at,
                User.id,
                User.name,
                User.phone_sealed,
                Organisation.name.label("organisation"),
            )
            .join(User, User.id == Event.actor_id)
            .join(Organisation, Organisation.id == User.organisation_id)
            .where(Event.id == message.event_id)
        ).one()
    who = f"{initials(row.name)}, {row.organisation}"
    return Letter(to, row.subject, moment(row.recorded_at), who, within(opened(row.phone_sealed, row.id)))
