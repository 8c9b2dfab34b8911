"""Opening a family out of reach in an emergency: for some hours, with a reason, looked into by somebody else."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, or_, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, NotAllowed, Refused, TooMany
from portal.domain.dates import moment
from portal.domain.emergencies import MOST, NOT_OPENED, WITHIN, WORDS, Emergency
from portal.domain.event_kinds import E
from portal.domain.identifiers import family_number
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.facts import merging
from portal.models.families import Family
from portal.models.people import User
from portal.models.record import Audit
from portal.models.restricting import EmergencyOpening
from portal.policies import barred, rules, ties
from portal.policies.scope import unscoped
from portal.services import emergency_news, history, summary


@dataclass(frozen=True)
class Opened:
    """`opening` is empty where the family was in reach already: nothing had to be opened."""

    family_id: int
    ref: str
    opening: EmergencyOpening | None


def demand_pace(page: str, by: Viewer) -> None:
    """Raises TooMany where this person has tried as often as anybody needs to, by the log's own count."""
    tried = db.session.execute(
        select(func.count()).where(Audit.user_id == by.user_id, Audit.page == page, Audit.at > clock.now() - WITHIN)
    ).scalar_one()
    if tried >= MOST:
        raise TooMany(f"You have tried this {MOST} times in an hour. Ring the number below.")


def open_(reference: str, reason: Emergency, why: str, hours: int, *, by: Viewer) -> Opened:
    """By an exact reference. Raises FieldRefused with the same words for one that is none of a family, and for whose
    own family it is."""
    rules.demand(by, P.EMERGENCY_OPEN)
    number, typed = family_number(reference), reference.strip()
    with unscoped("a family opened in an emergency"):
        named = aliased(Family)
        known = or_(named.id == (number or 0), named.council_reference == typed)
        family = db.session.scalars(
            select(Family)
            .where(
                Family.id.in_(select(merging.record_of(named)).where(known)),
                ~barred.conflicted(Family.id, by.user_id),
            )
            .limit(1)
        ).first()
        if family is None:
            raise FieldRefused("reference", NOT_OPENED)
        family_id, ref = family.id, family.ref
    if db.session.execute(select(Family.id).where(Family.id == family_id)).first() is not None:
        return Opened(family_id, ref, None)
    summary.lock(family_id)
    opened_at = clock.now()
    opening = EmergencyOpening(
        family_id=family_id,
        user_id=by.user_id,
        reason=reason,
        why=why,
        opened_at=opened_at,
        ends_at=opened_at + timedelta(hours=hours),
    )
    db.session.add(opening)
    db.session.flush()
    data = {"until": moment(opening.ends_at), "what": WORDS[reason]}
    event = history.record(E.EMERGENCY_OPENED, opening, by=by, data=data, text=why, notify=("early_help_managers",))
    db.session.flush()
    emergency_news.tell(event)
    ties.forget()
    return Opened(family_id, ref, opening)


def close(opening: EmergencyOpening, *, by: Viewer) -> None:
    """Before it ends by itself: by whoever opened it, or a manager."""
    rules.demand(by, P.EMERGENCY_CLOSE, opening)
    if opening.closed_at is not None or opening.ends_at <= clock.now():
        raise Refused("This has ended already.")
    history.record(E.EMERGENCY_CLOSED, opening, by=by)
    opening.closed_at = clock.now()


def review(opening: EmergencyOpening, words: str, *, by: Viewer) -> None:
    """What a manager found who looked into it; never whoever opened it."""
    rules.demand(by, P.EMERGENCY_REVIEW, opening)
    if opening.user_id == by.user_id:
        raise NotAllowed("Somebody else looks into what you opened yourself.")
    if opening.reviewed_at is not None:
        raise Refused("Somebody has looked into this already. See what they found.")
    opening.reviewed_at, opening.reviewed_by_id, opening.review = clock.now(), by.user_id, words
    name = db.session.scalars(select(User.name).where(User.id == opening.user_id)).one()
    history.record(E.EMERGENCY_REVIEWED, opening, by=by, data={"whom": name}, text=words)
