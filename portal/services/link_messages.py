"""What the worker sends for a question to a family: the link is made here, at the moment of sending."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from portal.core import clock
from portal.core.db import db
from portal.domain.asking import MESSAGE, REMINDER, SUBJECT, LinkWay, not_at_night
from portal.facts import family_links
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.families import SafeContact
from portal.models.record import OutboxMessage
from portal.policies.scope import unscoped
from portal.services.family_links import new_token


@dataclass(frozen=True)
class Letter:
    """One message to somebody of a family. `to` is an email address or a phone number, by `way`; `link` stands in
    the `text` and nowhere else."""

    way: LinkWay
    to: str
    subject: str
    text: str
    link: str


@dataclass(frozen=True)
class Later:
    """Not at night: nothing was made, and it is due again then."""

    until: datetime


def letter_of(message: OutboxMessage, *, begins: str, council: str, phone: str) -> Letter | Later | None:
    """What goes out for a message of the rules LINK and REMINDER of portal/domain/asking.py. None where nothing is to
    be sent any more: it was answered, stopped or is over, or this way is no longer safe for this person. The link is
    stored, as a hash, in the transaction of whoever asks, to be committed before the letter is sent. `begins`: what
    the portal's addresses begin with; `council` and `phone` are what families know."""
    number = int(message.subject.rpartition("-")[2])
    with unscoped("a family's link is sent"):
        row = db.session.execute(
            family_links.with_whom(select(FamilyQuestion, SafeContact).select_from(FamilyQuestion)).where(
                FamilyQuestion.id == number,
                ~exists().where(FamilyAnswer.question_id == FamilyQuestion.id),
                *family_links.may_be_asked(),
            )
        ).first()
        if row is None or _is_over(row.FamilyQuestion, message):
            return None
        to = family_links.to_by(family_links.reach_of(row.SafeContact), row.FamilyQuestion.way)
        if to is None:
            return None
        until = not_at_night(clock.now())
        if until > clock.now():
            return Later(until)
        link = f"{begins}/s/{new_token(row.FamilyQuestion)}"
    return Letter(
        way=row.FamilyQuestion.way,
        to=to,
        subject=SUBJECT.format(council=council),
        text=MESSAGE.format(council=council, link=link, phone=phone),
        link=link,
    )


def _is_over(question: FamilyQuestion, message: OutboxMessage) -> bool:
    """Nobody is reminded of what never reached them, nor after the last day."""
    if question.expires_at is None:
        return message.rule == REMINDER
    return question.expires_at <= clock.now()
