"""Ask somebody of a family by a link whether support has started; stop the link; make its token when it is sent."""

import secrets

from sqlalchemy import select

from portal.core import clock, mail
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.asking import (
    LINK,
    LINK_LIVES,
    REMINDED_AT,
    REMINDER,
    WHY_NOT_PUT,
    AskedEnd,
    LinkWay,
    instead,
    not_at_night,
)
from portal.domain.dates import london_date, to_utc
from portal.domain.event_kinds import E
from portal.domain.standards import Standard
from portal.domain.support import OPEN_REFERRALS
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.facts import family_links, practice
from portal.facts.family_links import hashed
from portal.models.asking import FamilyLink, FamilyQuestion
from portal.models.families import Person, SafeContact
from portal.models.following import SupportReferral
from portal.models.record import Event, OutboxMessage
from portal.services import history


def ask(
    referral: SupportReferral,
    person_id: int,
    way: LinkWay,
    *,
    by: Viewer,
    safe_because: str | None = None,
    labelled: bool = False,
    in_hand: bool = False,
) -> FamilyQuestion:
    """A question to this person, only by a way that is safe; where anybody of the family is kept apart from somebody,
    only with `safe_because`. One asked before of the same person about the same support ends with it. By email or
    text the link is sent, not at night, and once more where nobody answers; on paper it is printed. `labelled`: this
    person asked that the page calls the support by its label. `in_hand`: where no safe way to reach them is known, the
    sheet is given into their own hand, and that is safe."""
    if referral.state not in OPEN_REFERRALS:
        raise Refused("Nothing more is asked about this support: what became of it is known.")
    person = _safely_asked(referral, person_id, way, in_hand=in_hand)
    _demand_own_label(referral, person, labelled=labelled)
    if family_links.anybody_apart(referral.family_id) and not (safe_because or "").strip():
        raise FieldRefused("safe_because", "Enter why it is safe to ask this person by a link")
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
        label=referral.label if labelled else None,
    )
    db.session.add(question)
    data = {"whom": person.name, "service": referral.service_name, "how": CHOICES[way].lower()}
    event = history.record(E.LINK_MADE, referral, by=by, text=question.safe_because, data=data)
    if way is not LinkWay.PRINT and not mail.is_held():
        db.session.flush()
        _to_be_sent(question, event)
    return question


def _demand_own_label(referral: SupportReferral, person: Person, *, labelled: bool) -> None:
    """Only whoever asked for the label reads it: others may not know what it is about."""
    if not labelled or referral.label_by_id in (None, person.id):
        return
    name = db.session.get_one(Person, referral.label_by_id).name
    words = f"{name} asked for this label, and {person.name} may not know of it. Take the tick away"
    raise FieldRefused("labelled", words)


def _safely_asked(referral: SupportReferral, person_id: int, way: LinkWay, *, in_hand: bool) -> Person:
    """The person, where they can answer alone and that way is recorded as safe for them."""
    row = db.session.execute(
        select(Person, SafeContact)
        .outerjoin(SafeContact, SafeContact.person_id == Person.id)
        .where(Person.id == person_id, Person.family_id == referral.family_id, Person.died_on.is_(None))
    ).first()
    if row is None:
        raise FieldRefused("person", "Select somebody of this family")
    reach = family_links.reach_of(row.SafeContact)
    from_age = practice.amount(Standard.LINK_FROM)
    if not family_links.answers_alone(row.Person, from_age):
        words = f"{row.Person.name} is not known to be {from_age} or older. Select somebody else, or ask them yourself"
        raise FieldRefused("person", words)
    if reach.never_contact:
        raise FieldRefused("person", f"{row.Person.name} must never be contacted. Select somebody else")
    if way is LinkWay.PRINT and not reach.is_safe and not in_hand:
        unknown = f"No safe way to reach {row.Person.name} is known yet"
        raise FieldRefused("in_hand", f"{unknown}. Record one first, or tick that it is given into their own hand")
    if way is not LinkWay.PRINT and family_links.to_by(reach, way) is None:
        raise FieldRefused("way", f"{CHOICES[way]} is not recorded as a safe way for {row.Person.name}")
    return row.Person  # type: ignore[no-any-return]


def _to_be_sent(question: FamilyQuestion, event: Event) -> None:
    """The link at once, or in the morning; and once more after some working days."""
    first = not_at_night(event.recorded_at)
    again = to_utc(practice.due_after(london_date(first), Standard.REMIND), REMINDED_AT)
    for rule, due_at in ((LINK, first), (REMINDER, again)):
        db.session.add(
            OutboxMessage(
                family_id=question.family_id,
                event_id=event.id,
                kind=event.kind,
                rule=rule,
                subject=question.ref,
                made_at=event.recorded_at,
                due_at=due_at,
                expires_at=first + LINK_LIVES,
            )
        )


def stop(question: FamilyQuestion, *, by: Viewer) -> None:
    """Its links open nothing any more, and nothing more is sent."""
    if question.ended_at is not None:
        raise Refused("This link was stopped already.")
    if question.expires_at is not None and question.expires_at <= clock.now():
        raise Refused("This link has stopped working already: its days are over.")
    _end(question, AskedEnd.REVOKED)
    row = db.session.execute(
        select(SupportReferral, Person)
        .join(Person, Person.id == question.person_id)
        .where(SupportReferral.id == question.referral_id)
    ).one()
    data = {"whom": row.Person.name, "service": row.SupportReferral.service_name}
    history.record(E.LINK_REVOKED, row.SupportReferral, by=by, data=data)


def printed(question: FamilyQuestion) -> str:
    """The random part of a link to hand over. Raises Refused where it would open nothing."""
    if question.ended_at is not None or (question.expires_at is not None and question.expires_at <= clock.now()):
        raise Refused("This question can no longer be answered. Ask the family again.")
    if why := family_links.why_not_put(question):
        raise Refused(f"A link would not work: {WHY_NOT_PUT[why]}. {instead(why)}.")
    return new_token(question)


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
