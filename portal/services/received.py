"""The receiving service answers: it reaches what was shared with it, and its answer moves the family's referral."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.permissions import P
from portal.domain.support import REFERRAL, EndedHow, Helped, Source
from portal.domain.viewer import Viewer
from portal.models.following import SharedReferral, SupportReferral
from portal.policies import rules
from portal.policies.scope import unscoped
from portal.services import support_moves

CHANGED = (
    "Something was told about this since you opened the page. See how it stands now, then answer again if it is right."
)


def demand_as_seen(shared: SharedReferral, seen: str, *, by: Viewer) -> None:
    """Raises Refused where somebody told something since the page was opened that this answer came from."""
    with _as_the_service(shared, by) as referral:
        if seen != str(referral.version):
            raise Refused(CHANGED)


def received(shared: SharedReferral, *, by: Viewer, after_all: bool = False) -> None:
    """It has arrived, and somebody looks at it."""
    _fact(shared, "receive", by=by, after_all=after_all)


def accepted(shared: SharedReferral, *, by: Viewer, after_all: bool = False) -> None:
    """They take the family on. Nothing has started by that."""
    _fact(shared, "accept", by=by, after_all=after_all)


def waits(shared: SharedReferral, *, by: Viewer, expected_on: date, interim: str, after_all: bool = False) -> None:
    """A waiting list, or a longer wait: when a place is expected, and what they offer until then."""
    _fact(shared, "wait", "wait_longer", by=by, expected_on=expected_on, interim=interim, after_all=after_all)


def booked(shared: SharedReferral, *, by: Viewer, booked_for: date, after_all: bool = False) -> None:
    """The first day, or another first day."""
    _fact(shared, "book", "rebook", by=by, booked_for=booked_for, after_all=after_all)


def started(
    shared: SharedReferral,
    *,
    by: Viewer,
    started_on: date,
    what: str,
    already_receiving: bool = False,
    date_is_right: bool = False,
) -> None:
    """Really received, first on that day."""
    with _as_the_service(shared, by) as referral:
        support_moves.start(
            referral,
            by=by,
            started_on=started_on,
            source=Source.PROVIDER,
            what=what,
            already_receiving=already_receiving,
            date_is_right=date_is_right,
            follows=True,
        )


def declined(shared: SharedReferral, *, by: Viewer, why: str) -> None:
    """They cannot take it on; those around the family decide what happens now."""
    with _as_the_service(shared, by) as referral:
        support_moves.report_decline(referral, by=by, why=why)


def ended(
    shared: SharedReferral, *, by: Viewer, on: date, how: EndedHow, helped: Helped, why: str | None = None
) -> None:
    """Support is over, and what it did about what it was for, as they see it. The need stays with those around the
    family."""
    with _as_the_service(shared, by) as referral:
        support_moves.end(referral, by=by, on=on, how=how, helped=helped, why=why, source=Source.PROVIDER, follows=True)


def _fact(shared: SharedReferral, *moves: str, by: Viewer, **values: Any) -> None:
    """The first of these moves that is open; where none is, the first one, which is refused in words."""
    with _as_the_service(shared, by) as referral:
        move = next((name for name in moves if REFERRAL.is_open(name, referral.state)), moves[0])
        support_moves.fact(referral, move, by=by, on=clock.today(), source=Source.PROVIDER, follows=True, **values)


@contextmanager
def _as_the_service(shared: SharedReferral, by: Viewer) -> Iterator[SupportReferral]:
    """Its people do not reach the family: the one referral is theirs to answer."""
    rules.demand(by, P.REFERRAL_ANSWER, shared)
    with unscoped("the receiving service answers"):
        yield db.session.get_one(SupportReferral, shared.referral_id)
