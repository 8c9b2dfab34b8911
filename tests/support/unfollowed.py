"""Support about which nobody is due to ask, as an import or a fault may leave it."""

from datetime import date
from typing import Any

from sqlalchemy import delete, insert, select

from portal.core import clock
from portal.core.db import db
from portal.domain.support import HowGiven, ReferralState, Source
from portal.models.families import Family
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.record import Event
from portal.services import history
from tests.support.people import Council, Home

S = ReferralState
# What the database wants to know of each state.
KNOWN: dict[ReferralState, tuple[str, ...]] = {
    S.SENT: ("sent_on",),
    S.WAITING_LIST: ("expected_on",),
    S.BOOKED: ("booked_for",),
    S.STARTED: ("started_on",),
    S.ENDED: ("started_on", "last_on"),
}
WORDS = {
    "sent_reason": "Somewhere to go",
    "safe_contact": "Ring after ten",
    "interim": "A neighbour helps",
    "started_source": Source.FAMILY,
    "started_what": "The Tuesday group",
    "ended_how": "completed",
    "helped": "better",
    "not_started_code": "travel",
    "need_now": "family_managing",
}


def _row(council: Council, family_id: int, state: ReferralState, since: date, **more: Any) -> dict[str, Any]:
    return {
        "family_id": family_id,
        "version": 1,
        "need_text": "Somewhere to go with the little one",
        "service_name": "Stay and play",
        "state": state,
        "given_on": since,
        "how_given": HowGiven.LEAFLET,
        "recorded_by_id": council.front_door.id,
        "recorded_by_name": council.front_door.name,
        "recorded_at": clock.now(),
        "state_on": since,
        **WORDS,
        **dict.fromkeys(KNOWN.get(state, ()), since),
        **more,
    }


def without_a_check(
    council: Council, home: Home, state: ReferralState = S.INFORMATION_GIVEN, since: date | None = None, **more: Any
) -> int:
    """Support that has been in this state since that day, and of which nobody was told to ask; its number."""
    with council.behind_the_scenes():
        referral = SupportReferral(**_row(council, home.id, state, since or clock.today(), **more))
        db.session.add(referral)
        db.session.flush()
        history.changed(home.id)
        return referral.id


def many_without_a_check(council: Council, families: int, each: int) -> None:
    with council.behind_the_scenes():
        added = {"added_by_id": council.front_door.id, "added_at": clock.now(), "version": 1, "restricted": False}
        ids = db.session.scalars(
            insert(Family).returning(Family.id), [{"name": f"Family {n}", **added} for n in range(families)]
        ).all()
        db.session.execute(
            insert(SupportReferral),
            [
                # Columns, all at once: a sealed one is set row by row.
                {name: value for name, value in row.items() if name != "safe_contact"}
                for row in (_row(council, family, S.INFORMATION_GIVEN, clock.today()) for family in ids)
                for _ in range(each)
            ],
        )
        for family in ids:
            history.changed(family)


def no_check_any_more(council: Council, home: Home) -> None:
    """A fault of long ago: the checks of the family are gone, and their lines of history."""
    with council.behind_the_scenes():
        refs = [f"C-{check}" for check in db.session.scalars(select(FollowUpCheck.id).filter_by(family_id=home.id))]
        db.session.execute(delete(FollowUpCheck).where(FollowUpCheck.family_id == home.id))
        db.session.execute(delete(Event).where(Event.family_id == home.id, Event.subject.in_(refs)))
        history.changed(home.id)
