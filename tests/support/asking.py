"""Builders of tests: a family is asked by a link, and opens it."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.core.db import db
from portal.domain.asking import LinkWay
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.following import SupportReferral
from portal.models.people import User
from portal.models.record import OutboxMessage
from portal.services import family_links
from tests.support.people import Council, Home
from tests.support.web import Page, SignIn


@dataclass
class Link:
    """What somebody of a family holds in their hand."""

    referral: SupportReferral
    question: FamilyQuestion
    path: str


def a_link(
    council: Council,
    home: Home,
    referral: SupportReferral,
    *,
    by: User | None = None,
    safe_because: str | None = None,
) -> Link:
    """Handed to the parent on paper."""
    with council.as_(by or council.social_worker) as viewer:
        question = family_links.ask(
            db.session.get_one(SupportReferral, referral.id),
            home.parent.id,
            LinkWay.PRINT,
            by=viewer,
            safe_because=safe_because,
        )
        token = family_links.new_token(question)
    return Link(referral, question, f"/s/{token}")


def one_more(council: Council, link: Link) -> Link:
    """The reminder's: another link to the same question."""
    with council.behind_the_scenes():
        token = family_links.new_token(db.session.get_one(FamilyQuestion, link.question.id))
    return Link(link.referral, link.question, f"/s/{token}")


def answer(sign_in: SignIn, link: Link, **answers: str) -> Page:
    """Open the link on a phone of one's own, and send these answers."""
    return sign_in(None).submit(link.path, answers)


def answers_of(council: Council, home: Home) -> list[FamilyAnswer]:
    with council.behind_the_scenes():
        found = select(FamilyAnswer).where(FamilyAnswer.family_id == home.id).order_by(FamilyAnswer.id)
        return list(db.session.scalars(found))


def told(council: Council, home: Home) -> set[tuple[str, str]]:
    """The messages to send about a family: what happened, and who is told."""
    with council.behind_the_scenes():
        found = db.session.scalars(select(OutboxMessage).where(OutboxMessage.family_id == home.id))
        return {(each.kind, each.rule) for each in found}


def ask(council: Council, sign_in: SignIn, home: Home, referral: SupportReferral, way: str, **more: str) -> Page:
    return sign_in(council.social_worker).submit(
        f"/referrals/{referral.ref}/ask", {"person": str(home.parent.id), "way": way, **more}
    )


def question_of(council: Council) -> FamilyQuestion:
    """The latest one."""
    with council.behind_the_scenes():
        return db.session.scalars(select(FamilyQuestion).order_by(FamilyQuestion.id.desc()).limit(1)).one()
