"""What families answered by a link, as workers read it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.asking import CALL_ME, SAID
from portal.domain.dates import full, moment
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.families import Person
from portal.models.following import FollowUpCheck


@dataclass(frozen=True)
class AnswerLine:
    """One answer: what was chosen, in their own words, by whose link and when."""

    title: str
    words: str | None
    byline: str


def latest(check: FollowUpCheck) -> AnswerLine | None:
    """The last answer about the support of this check. One statement."""
    row = db.session.execute(
        select(FamilyAnswer, Person.given_name, Person.known_as, Person.family_name)
        .join(FamilyQuestion, FamilyQuestion.id == FamilyAnswer.question_id)
        .join(Person, Person.id == FamilyQuestion.person_id)
        .where(FamilyQuestion.referral_id == check.referral_id)
        .order_by(FamilyAnswer.id.desc())
        .limit(1)
    ).first()
    return None if row is None else _line(row)


def _line(row: Any) -> AnswerLine:
    answer: FamilyAnswer = row.FamilyAnswer
    said = SAID[answer.said] if answer.said else None
    if said and answer.started_on:
        said += f", on {full(answer.started_on)}"
    return AnswerLine(
        title=". ".join(part for part in (said, CALL_ME if answer.call_me else None) if part),
        words=answer.words,
        byline=f"By the link of {row.known_as or row.given_name} {row.family_name}, {moment(answer.answered_at)}",
    )
