"""What one message says to its recipient, read as that person at the moment it is sent; or why they get nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import Unread, opened
from portal.domain import notice_words
from portal.domain import viewer as asking
from portal.domain.asking import Said
from portal.domain.dates import short
from portal.domain.event_kinds import E
from portal.domain.leads import LeadState
from portal.domain.notices import Notice
from portal.domain.plans import OPEN_ACTIONS
from portal.domain.roles import Role
from portal.domain.step_downs import StepDownState
from portal.domain.support import CheckState
from portal.domain.viewer import Viewer
from portal.domain.words import Word
from portal.facts import follow_up, practice, recipients
from portal.facts.in_the_way import wanted_by
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SharedReferral
from portal.models.handover import LeadAssignment, OutstandingAction, StepDown, StepDownQuestion
from portal.models.messages import Delivery
from portal.models.people import Organisation, User
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import PlanAction
from portal.policies import barred
from portal.policies.scope import unscoped
from portal.queries.viewers import as_viewer

CLOSED = "Their account is closed"
NO_AGREEMENT = "Their organisation has no sharing agreement"
NO_LONGER_THEIRS = "They are no longer to be told of it"
SETTLED = "It was settled meanwhile"
OUT_OF_REACH = "They do not reach the family any more"
TOO_OLD = "It was too old to be sent"


@dataclass(frozen=True)
class Saying:
    """One message for one person: everything a template needs, and no name in it."""

    to: str
    ref: str
    head: str
    sentence: str
    due: str | None
    asked_by: str | None
    phone: str | None
    path: str
    why: str


@dataclass(frozen=True)
class Nothing:
    """Nothing is sent: the reason, without anybody's name."""

    why: str


@dataclass(frozen=True)
class _Message:
    outbox: OutboxMessage
    user_id: int
    notice: Notice
    email: str


def saying(delivery_id: int, words: Mapping[str, Word]) -> Saying | Nothing:
    """For one delivery that is sent by itself."""
    row = db.session.execute(
        select(OutboxMessage, Delivery.user_id, Delivery.notice, User.email)
        .join(Delivery, Delivery.outbox_id == OutboxMessage.id)
        .join(User, User.id == Delivery.user_id)
        .where(Delivery.id == delivery_id)
    ).one()
    message = _Message(row.OutboxMessage, row.user_id, row.notice, row.email)
    if message.outbox.expires_at <= clock.now():
        return Nothing(TOO_OLD)
    viewer = reader(message.user_id)
    if isinstance(viewer, Nothing):
        return viewer
    why_not = not_theirs(message.outbox, viewer)
    if why_not is not None:
        return Nothing(why_not)
    with asking.asking(viewer):
        return _said(message, words)


def reader(user_id: int) -> Viewer | Nothing:
    """The recipient as they are now, if anything is sent to them."""
    try:
        viewer = as_viewer(user_id)
    except LookupError:
        return Nothing(CLOSED)
    return viewer if viewer.shares else Nothing(NO_AGREEMENT)


def not_theirs(outbox: OutboxMessage, viewer: Viewer) -> str | None:
    """Why this message is no longer this person's to read; None where it is."""
    if viewer.user_id not in recipients.of_message(outbox, clock.today()):
        return NO_LONGER_THEIRS
    beyond = outbox.rule in recipients.BEYOND_REACH
    if not (_may_know(outbox.family_id or 0, viewer) if beyond else _reaches(outbox.family_id or 0, viewer)):
        return OUT_OF_REACH
    return None if _is_still_asked(outbox, viewer) else SETTLED


def _is_still_asked(outbox: OutboxMessage, viewer: Viewer) -> bool:
    """Whether what a message asks for is still to be done; what only tells of something always is."""
    number = int(outbox.subject.partition("-")[2] or 0)
    open_action = select(PlanAction.id).where(PlanAction.state.in_(OPEN_ACTIONS))
    carried = open_action.join(OutstandingAction, OutstandingAction.plan_action_id == PlanAction.id)
    step_down = select(StepDown.id).where(StepDown.id == number)
    asks: Mapping[E, Select[int]] = {
        **dict.fromkeys(_TO_UPDATE, open_action.where(PlanAction.id == number)),
        E.OUTSTANDING_CARRIED: carried.where(OutstandingAction.id == number),
        E.CHECK_REMINDED: select(FollowUpCheck.id).where(
            FollowUpCheck.id == number, FollowUpCheck.state == CheckState.DUE
        ),
        E.STEP_DOWN_PROPOSED: step_down.where(StepDown.state == StepDownState.PROPOSED),
        E.STEP_DOWN_REPLIED: step_down.where(StepDown.state == StepDownState.PROPOSED),
        E.STEP_DOWN_DECLINED: step_down.where(StepDown.declined_then.is_(None)),
        E.LEAD_UNANSWERED: select(LeadAssignment.id).where(
            LeadAssignment.id == number, LeadAssignment.state == LeadState.NOMINATED
        ),
    }
    asked = asks.get(E(outbox.kind))
    if asked is None:
        return True
    with asking.asking(viewer):
        return db.session.execute(asked).first() is not None


def _reaches(family_id: int, viewer: Viewer) -> bool:
    with asking.asking(viewer):
        return db.session.execute(select(Family.id).where(Family.id == family_id)).first() is not None


def _may_know(family_id: int, viewer: Viewer) -> bool:
    """Told of it before, or after, the family is in reach: as long as nothing bars them."""
    if Role.ADMINISTRATOR in viewer.roles:
        return False
    knows = select(Family.id).where(Family.id == family_id, barred.may_know(Family, viewer.user_id))
    with unscoped("whether a message may reach somebody"):
        return db.session.execute(knows).first() is not None


def which_family(family_id: int) -> str:
    """By its reference and initials. Read past the seat-belt, since somebody
    asked to lead does not reach the family yet; nothing else is read."""
    with unscoped("a family's initials in a message"):
        name = db.session.scalars(select(Family.name).where(Family.id == family_id)).one()
    return notice_words.by_initials(f"{Family.ref_prefix}-{family_id}", name)


def told_of(outbox: OutboxMessage) -> notice_words.Told:
    """What its sentence speaks of. The receiving service knows what was sent to it by a reference of its own."""
    family_id = outbox.family_id or 0
    shared = _of_service(outbox)
    if shared is not None:
        return notice_words.Told(which_family(family_id), shared.ref, sent=short(shared.sent_on, clock.today()))
    ref = outbox.subject or f"{Family.ref_prefix}-{family_id}"
    return notice_words.Told(which_family(family_id), ref, _answer(outbox), _question(outbox))


def _question(outbox: OutboxMessage) -> str | None:
    """What the check of a reminder asks: read as its recipient."""
    if outbox.kind != E.CHECK_REMINDED:
        return None
    return follow_up.question(int(outbox.subject.partition("-")[2]))


def _answer(outbox: OutboxMessage) -> notice_words.Answer | None:
    """What the family answered by its link, where the message tells of that or of the stop that it reported so: read
    as its recipient."""
    if outbox.kind not in notice_words.ANSWERED:
        return None
    told = aliased(Event)
    data = db.session.scalars(
        select(Event.data)
        .join(told, and_(told.family_id == Event.family_id, told.subject == Event.subject, told.id >= Event.id))
        .where(Event.kind == E.LINK_ANSWERED, told.id == outbox.event_id, told.actor_id.is_(None))
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    if data is None or "said" not in data:  # lines that are older do not hold which answer it was
        return None
    return notice_words.Answer(Said(data["said"]) if data["said"] else None, data["call_me"])


def _of_service(outbox: OutboxMessage) -> SharedReferral | None:
    if outbox.rule != "receiving_service":
        return None
    with unscoped("what was sent to a service, in a message to it"):
        number = int(outbox.subject.partition("-")[2])
        return db.session.scalars(select(SharedReferral).where(SharedReferral.referral_id == number)).one()


def _said(message: _Message, words: Mapping[str, Word]) -> Saying:
    outbox, today = message.outbox, clock.today()
    told = told_of(outbox)
    due = _due(outbox)
    asker = _asker(outbox)
    kind = E(outbox.kind)
    return Saying(
        to=message.email,
        ref=told.ref,
        head=notice_words.head(message.notice, told, words, due, today),
        sentence=notice_words.sentence(kind, told, words),
        due=notice_words.by_when(due, today, practice.calendar()) if due else None,
        asked_by=asker[0] if asker else None,
        phone=asker[1] if asker else None,
        path=path_of(outbox),
        why=notice_words.WHY[outbox.rule],
    )


def _due(outbox: OutboxMessage) -> date | None:
    """By when, where a message asks something with a date: read as its recipient."""
    letter, _, number = outbox.subject.partition("-")
    asked = {
        ("A", "action_owner"): select(wanted_by()).where(PlanAction.id == int(number or 0)),
        ("A", "waited_for"): select(wanted_by()).where(PlanAction.id == int(number or 0)),
        ("C", "waited_for"): select(FollowUpCheck.due_on).where(FollowUpCheck.id == int(number or 0)),
        ("L", "nominee"): select(LeadAssignment.answer_by).where(LeadAssignment.id == int(number or 0)),
        ("S", "coordinators"): select(StepDown.decide_by).where(StepDown.id == int(number or 0)),
        ("S", "asked"): select(StepDownQuestion.due_on).where(
            StepDownQuestion.step_down_id == int(number or 0), StepDownQuestion.answered_at.is_(None)
        ),
    }.get((letter, outbox.rule))
    return None if asked is None else db.session.scalars(asked).first()


def _asker(outbox: OutboxMessage) -> tuple[str, str | None] | None:
    """Who asks, by initials and organisation, and their phone number."""
    with unscoped("who asks, in a message"):
        row = db.session.execute(
            select(User.id, User.name, User.phone_sealed, Organisation.name.label("organisation"))
            .join(Event, Event.actor_id == User.id)
            .join(Organisation, Organisation.id == User.organisation_id)
            .where(Event.id == outbox.event_id)
        ).first()
    if row is None:
        return None
    number = opened(row.phone_sealed, row.id)
    # Whoever cannot ring the asker rings the number that stands in every letter.
    return f"{notice_words.initials(row.name)}, {row.organisation}", None if isinstance(number, Unread) else number


_OF_THING = {
    "S": "/step-downs/",
    "M": "/meetings/",
    "R": "/referrals/",
    "J": "/decisions/",
    "C": "/checks/",
    "EO": "/emergencies/",
    "B": "/emergencies/",  # as they were called before
}
_OF_FAMILY = {"L": "/team", "T": "/team", "P": "/household", "O": "/plan", "": "/agreement", "N": "/agreement"}


def path_of(outbox: OutboxMessage) -> str:
    """The very thing, where its recipient can open it."""
    letter = outbox.subject.partition("-")[0]
    if outbox.rule == "nominee" and outbox.kind == E.LEAD_NOMINATED:
        return f"/nominations/{outbox.subject}"
    shared = _of_service(outbox)
    if shared is not None:
        return f"/received/{shared.ref}"
    if outbox.rule in recipients.BEYOND_REACH:
        return "/"
    if letter == "A":
        return f"/actions/{outbox.subject}" + ("/update" if outbox.kind in _TO_UPDATE else "")
    if letter in _OF_THING:
        return _OF_THING[letter] + outbox.subject
    return f"/families/F-{outbox.family_id}{_OF_FAMILY.get(letter, '')}"


_TO_UPDATE = frozenset({E.ACTION_PROPOSED, E.ACTION_PASSED_ON, E.ACTION_REOPENED, E.ACTION_REMINDED})
