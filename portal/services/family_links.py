"""Ask somebody of a family by a link whether support has started; stop the link; make its token when it is sent."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, func, insert, select

from portal.core import clock
from portal.core.db import db, writing
from portal.domain.asking import LINK_LIVES, AskedEnd, LinkWay
from portal.domain.events import E
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts.family_links import hashed
from portal.models.asking import FamilyLink, FamilyQuestion, LinkPost
from portal.models.families import Person
from portal.models.following import SupportReferral
from portal.services import history

POSTS, WITHIN = 10, timedelta(hours=1)


def ask(
    referral: SupportReferral, person: Person, way: LinkWay, *, by: Viewer, safe_because: str | None = None
) -> FamilyQuestion:
    """A question to this person, whose links live from when the first is made. One asked before of the same person
    about the same support ends with it."""
    for before in live(referral, person.id):
        _end(before, AskedEnd.ASKED_AGAIN)
    db.session.flush()
    question = FamilyQuestion(
        family_id=referral.family_id,
        referral_id=referral.id,
        person_id=person.id,
        way=way,
        asked_by_id=by.user_id,
        asked_by_name=by.name,
        asked_at=clock.now(),
        safe_because=(safe_because or "").strip() or None,
    )
    db.session.add(question)
    data = {"whom": person.name, "service": referral.service_name, "how": CHOICES[way].lower()}
    history.record(E.LINK_MADE, referral, by=by, text=question.safe_because, data=data)
    return question


def live(referral: SupportReferral, person_id: int | None = None) -> list[FamilyQuestion]:
    """The questions about this support that were not stopped; of one person, or of everybody."""
    asked = select(FamilyQuestion).where(FamilyQuestion.referral_id == referral.id, FamilyQuestion.ended_at.is_(None))
    if person_id is not None:
        asked = asked.where(FamilyQuestion.person_id == person_id)
    return list(db.session.scalars(asked.order_by(FamilyQuestion.id)))


def new_token(question: FamilyQuestion) -> str:
    """The random part of one more link to this question. It is given back once and kept nowhere, only its hash: who
    sends or prints it makes it then. All links of a question have the end of the first one."""
    token = secrets.token_urlsafe(32)
    if question.expires_at is None:
        question.expires_at = clock.now() + LINK_LIVES
    link = FamilyLink(
        family_id=question.family_id, question_id=question.id, token_hash=hashed(token), made_at=clock.now()
    )
    db.session.add(link)
    db.session.flush()
    return token


def _end(question: FamilyQuestion, how: AskedEnd) -> None:
    question.ended_at, question.ended_how = clock.now(), how


def too_many(address: str) -> bool:
    """Whether so many answers came from this address within an hour that it has to wait. This one is counted, on a
    short connection of its own: no other transaction may be open."""
    now, who = clock.now(), hashlib.sha256(f"link|{address}".encode()).hexdigest()
    with writing(), db.engine.begin() as connection:
        connection.execute(delete(LinkPost).where(LinkPost.at <= now - WITHIN))
        before = connection.execute(select(func.count(LinkPost.id)).where(LinkPost.who_hash == who)).scalar_one()
        connection.execute(insert(LinkPost).values(who_hash=who, at=now))
    return before >= POSTS
