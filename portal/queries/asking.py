"""What families answered by a link, as workers read it."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import within
from portal.domain.asking import CALL_ME, SAID, WHY_NOT_PUT, AskedEnd, LinkWay, NotPut, instead
from portal.domain.dates import full, london_date, moment, near
from portal.domain.reach import Reach
from portal.domain.standards import Standard
from portal.domain.wording import CHOICES
from portal.facts import practice
from portal.facts.family_links import answers_alone, not_put, reach_of, with_whom
from portal.models.asking import FamilyAnswer, FamilyQuestion
from portal.models.families import KeepApart, Person, PersonKind, SafeContact
from portal.models.following import FollowUpCheck, SupportReferral


@dataclass(frozen=True)
class AnswerLine:
    """One answer: what was chosen, in their own words, by whose link and when."""

    title: str
    words: str | None
    byline: str


@dataclass(frozen=True)
class QuestionLine:
    """Somebody was asked by a link: how, by whom, and every answer, latest first. `opens`: its link works, or would;
    `to_stop`: it does, or will again when what stands in its way has gone."""

    ref: str
    whom: str
    byline: str
    stands: str
    opens: bool
    to_stop: bool
    on_paper: bool
    answers: list[AnswerLine]


def of_referral(referral: SupportReferral) -> list[QuestionLine]:
    """The latest first. Two statements, one where nobody was asked."""
    rows = db.session.execute(
        with_whom(_asked()).where(FamilyQuestion.referral_id == referral.id).order_by(FamilyQuestion.id.desc())
    ).all()
    if not rows:
        return []
    answers: dict[int, list[AnswerLine]] = {}
    for row in db.session.execute(_answers().where(FamilyQuestion.referral_id == referral.id)):
        answers.setdefault(row.FamilyAnswer.question_id, []).append(_line(row))
    return [_question(row, answers.get(row.FamilyQuestion.id, [])) for row in rows]


def _asked() -> Any:
    names = (Person.given_name, Person.known_as, Person.family_name)
    return select(FamilyQuestion, *names, not_put().label("not_put")).select_from(FamilyQuestion)


def _question(row: Any, answers: list[AnswerLine]) -> QuestionLine:
    asked: FamilyQuestion = row.FamilyQuestion
    return QuestionLine(
        ref=asked.ref,
        whom=f"{row.known_as or row.given_name} {row.family_name}",
        byline=_asked_how(asked),
        stands=_stands(row, answered=bool(answers)),
        opens=_lives(asked) and row.not_put is None,
        to_stop=_lives(asked) and row.not_put not in (NotPut.OVER, NotPut.DIED),
        on_paper=asked.way is LinkWay.PRINT,
        answers=answers,
    )


def _asked_how(asked: FamilyQuestion) -> str:
    called = f". The page calls it “{asked.label}”" if asked.label else ""
    return f"{CHOICES[asked.way]}. Asked by {asked.asked_by_name}, {moment(asked.asked_at)}{called}"


def _lives(asked: FamilyQuestion) -> bool:
    return asked.ended_at is None and not _is_over(asked)


def _is_over(asked: FamilyQuestion) -> bool:
    return asked.expires_at is not None and asked.expires_at <= clock.now()


def _stands(row: Any, *, answered: bool) -> str:
    """Who has answered need not be asked another way."""
    asked: FamilyQuestion = row.FamilyQuestion
    if asked.ended_how is AskedEnd.REVOKED:
        return "The link was stopped"
    if asked.ended_how is AskedEnd.ASKED_AGAIN:
        return "They were asked again"
    if _is_over(asked):
        return "The link has stopped working"
    if row.not_put:
        why = NotPut(row.not_put)
        words = f"{_shut(asked)}: {WHY_NOT_PUT[why]}"
        return words if answered else f"{words}. {instead(why)}"
    if asked.expires_at is None:
        return "Not printed yet" if asked.way is LinkWay.PRINT else "Not sent yet"
    return f"The link works until {near(london_date(asked.expires_at), clock.today())}"


def _shut(asked: FamilyQuestion) -> str:
    if asked.expires_at is not None:
        return "The link does not work any more"
    return "No link can be printed any more" if asked.way is LinkWay.PRINT else "The link is not being sent"


@dataclass(frozen=True)
class Askable:
    """Whom a link could be given to: value, name and the safe ways, in words; from which age children are among them;
    and whether anybody is kept apart in this family."""

    people: list[tuple[str, str, str]]
    from_age: int
    apart: bool


def _told(reach: Reach) -> Reach:
    return replace(reach, phone=within(reach.phone), email=within(reach.email))


def askable(family_id: int) -> Askable:
    """The living who may be contacted and can answer alone, grown-ups first. Two statements."""
    from_age = practice.amount(Standard.LINK_FROM)
    apart = select(KeepApart.id).where(KeepApart.family_id == family_id, KeepApart.ended_on.is_(None)).exists()
    rows = db.session.execute(
        select(Person, SafeContact, apart.label("apart"))
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
        .where(Person.family_id == family_id, Person.died_on.is_(None))
        .order_by(Person.kind != PersonKind.ADULT, Person.date_of_birth, Person.id)
    ).all()
    alone = [row for row in rows if answers_alone(row.Person, from_age)]
    people = [(str(row.Person.id), row.Person.name, _told(reach_of(row.SafeContact))) for row in alone]
    return Askable(
        [(value, name, reach.words) for value, name, reach in people if not reach.never_contact],
        from_age=from_age,
        apart=any(row.apart for row in rows),
    )


@dataclass(frozen=True)
class Standing:
    """One question, for the pages that print or stop its link: how it stands, and whether its link opens anything."""

    stands: str
    opens: bool
    whom: str
    referral_ref: str
    service: str


def standing(question: FamilyQuestion) -> Standing:
    """One statement."""
    row = db.session.execute(
        with_whom(_asked().add_columns(SupportReferral.service_name)).where(FamilyQuestion.id == question.id)
    ).one()
    return Standing(
        stands=_stands(row, answered=False),
        opens=_lives(question) and row.not_put is None,
        whom=f"{row.known_as or row.given_name} {row.family_name}",
        referral_ref=f"{SupportReferral.ref_prefix}-{question.referral_id}",
        service=row.service_name,
    )


def latest(check: FollowUpCheck) -> AnswerLine | None:
    """The last answer about the support of this check. One statement."""
    row = db.session.execute(_answers().where(FamilyQuestion.referral_id == check.referral_id).limit(1)).first()
    return None if row is None else _line(row)


def _answers() -> Any:
    return (
        select(FamilyAnswer, Person.given_name, Person.known_as, Person.family_name)
        .join(FamilyQuestion, FamilyQuestion.id == FamilyAnswer.question_id)
        .join(Person, Person.id == FamilyQuestion.person_id)
        .order_by(FamilyAnswer.id.desc())
    )


def _line(row: Any) -> AnswerLine:
    answer: FamilyAnswer = row.FamilyAnswer
    return AnswerLine(
        title=answer_words(answer),
        words=answer.words,
        byline=f"By the link of {row.known_as or row.given_name} {row.family_name}, {moment(answer.answered_at)}",
    )


def answer_words(answer: FamilyAnswer) -> str:
    """What was chosen, as workers call it."""
    said = SAID[answer.said] if answer.said else None
    if said and answer.started_on:
        said += f", on {full(answer.started_on)}"
    return ". ".join(part for part in (said, CALL_ME if answer.call_me else None) if part)
