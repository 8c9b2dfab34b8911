"""What a family's link leads to: one question about one support, and nothing else of the family."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import String, and_, case, exists, func, literal, or_, select
from sqlalchemy.sql.elements import ColumnElement

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import Unread
from portal.domain.asking import LinkWay, NotPut
from portal.domain.dates import years_old
from portal.domain.reach import Reach
from portal.domain.support import OPEN_REFERRALS
from portal.models.asking import FamilyLink, FamilyQuestion
from portal.models.families import KeepApart, Person, PersonKind, SafeContact
from portal.models.following import SupportReferral
from portal.policies.scope import unscoped


@dataclass(frozen=True)
class Asked:
    """All that the page behind a link may know. `label`: what the person wanted the support to be called."""

    question_id: int
    family_id: int
    referral_id: int
    given_on: date
    label: str | None
    expires_at: datetime

    @property
    def ref(self) -> str:
        return f"{FamilyQuestion.ref_prefix}-{self.question_id}"


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def with_whom(questions: Any) -> Any:
    """A statement on questions, with their support, their person and how that one is reached."""
    return (
        questions.join(SupportReferral, SupportReferral.id == FamilyQuestion.referral_id)
        .join(Person, Person.id == FamilyQuestion.person_id)
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
    )


def not_put() -> ColumnElement[str | None]:
    """Why the question of a statement `with_whom` is put to nobody as things are now: a NotPut, NULL where it is."""
    apart = exists().where(KeepApart.family_id == FamilyQuestion.family_id, KeepApart.ended_on.is_(None))
    whys = {
        NotPut.OVER: SupportReferral.state.not_in(OPEN_REFERRALS),
        NotPut.DIED: Person.died_on.is_not(None),
        NotPut.NEVER: SafeContact.never_contact.is_(True),
        NotPut.APART: FamilyQuestion.safe_because.is_(None) & apart,
        # What was sent can be opened, whatever is said of the way since.
        NotPut.NO_WAY: FamilyQuestion.expires_at.is_(None) & ~_reaches(),
    }
    return case(*((condition, literal(why.value, String)) for why, condition in whys.items()))


def _reaches() -> ColumnElement[bool]:
    """The same as `to_by`, as a condition."""
    return or_(
        FamilyQuestion.way == LinkWay.PRINT,
        and_(
            FamilyQuestion.way == LinkWay.EMAIL,
            func.coalesce(SafeContact.by_email, False).is_(True),
            SafeContact.email.is_not(None),
        ),
        and_(
            FamilyQuestion.way == LinkWay.TEXT,
            func.coalesce(SafeContact.by_text, False).is_(True),
            SafeContact.phone.is_not(None),
        ),
    )


def may_be_asked() -> tuple[ColumnElement[bool], ...]:
    """The conditions, on a statement `with_whom`, under which a question is put."""
    return FamilyQuestion.ended_at.is_(None), not_put().is_(None)


def why_not_put(question: FamilyQuestion) -> NotPut | None:
    """One statement."""
    asked = with_whom(select(not_put()).select_from(FamilyQuestion)).where(FamilyQuestion.id == question.id)
    why = db.session.execute(asked).scalar_one()
    return NotPut(why) if why else None


def anybody_apart(family_id: int) -> bool:
    """Whether somebody of this family is to be kept apart from somebody: links are off, but for those who are said to
    be safe."""
    found = select(KeepApart.id).where(KeepApart.family_id == family_id, KeepApart.ended_on.is_(None)).limit(1)
    return db.session.execute(found).first() is not None


def answers_alone(person: Person, from_age: int) -> bool:
    """Whether a link can be given to this person: to a grown-up, or to a child known to be of this age."""
    if person.kind is PersonKind.ADULT:
        return True
    return person.date_of_birth is not None and years_old(person.date_of_birth, clock.today()) >= from_age


def reach_of(safe: SafeContact | None) -> Reach:
    if safe is None:
        return Reach()
    return Reach(
        phone=safe.phone,
        email=safe.email,
        by_phone=safe.by_phone,
        by_text=safe.by_text,
        by_email=safe.by_email,
        by_post=safe.by_post,
        never_contact=safe.never_contact,
    )


def to_by(reach: Reach, way: LinkWay) -> str | None:
    """The address or number to which a link goes; None where that way is not recorded as safe."""
    if reach.never_contact:
        return None
    ways = {
        LinkWay.EMAIL: reach.email if reach.by_email else None,
        LinkWay.TEXT: reach.phone if reach.by_text else None,
    }
    to = ways.get(way)
    return None if isinstance(to, Unread) else to


def behind(token: str) -> Asked | None:
    """The question that this link asks. None where it is unknown, altered, expired or was stopped; where nothing is
    asked about this support any more; and where its person must not be asked by a link, as things are now."""
    with unscoped("a family's link"):
        row = db.session.execute(
            with_whom(
                select(
                    FamilyQuestion.id,
                    FamilyQuestion.family_id,
                    FamilyQuestion.expires_at,
                    SupportReferral.id.label("referral_id"),
                    SupportReferral.given_on,
                    FamilyQuestion.label,
                ).select_from(FamilyQuestion)
            )
            .join(FamilyLink, FamilyLink.question_id == FamilyQuestion.id)
            .where(FamilyLink.token_hash == hashed(token), FamilyQuestion.expires_at > clock.now(), *may_be_asked())
        ).first()
    if row is None or row.expires_at is None:
        return None
    return Asked(row.id, row.family_id, row.referral_id, row.given_on, row.label, row.expires_at)
