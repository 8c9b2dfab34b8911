"""Practice standards: the council sets its own value, with a reason; what it dated moves with it."""

from itertools import groupby

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.dates import moment
from portal.domain.event_kinds import E
from portal.domain.standards import DEFAULTS, NAMES, Standard, length
from portal.domain.viewer import Viewer
from portal.facts import practice
from portal.models.families import Family
from portal.models.record import PracticeStandard, StandardChange
from portal.policies.scope import unscoped
from portal.services import history, sweeps


def change(standard: Standard, amount: int, *, why: str, seen: int, by: Viewer) -> StandardChange:
    """Set the council's value and keep who, when and why. `seen` is the newest change that was on the page: where
    this standard was changed after it, Refused tells by whom. Dates that have not passed move, each with a line in
    its family's history."""
    newer = db.session.scalars(
        select(StandardChange)
        .where(StandardChange.key == standard, StandardChange.id > seen)
        .order_by(StandardChange.id.desc())
        .limit(1)
    ).first()
    unit = DEFAULTS[standard].unit
    if newer is not None:
        raise Refused(
            f"{newer.by_name} changed this to {length(newer.after, unit)} on {moment(newer.at)}: {newer.why}. "
            "What you typed is still here."
        )
    before = practice.amount(standard)
    if amount == before:
        raise FieldRefused("amount", f"This standard is {length(before, unit)} already")
    _set(standard, amount, why)
    moved = sweeps.move_dates(standard, before, amount)
    made = StandardChange(
        key=standard,
        before=before,
        after=amount,
        why=why,
        by_id=by.user_id,
        by_name=by.name,
        at=clock.now(),
        moved=len(moved),
    )
    db.session.add(made)
    _tell(moved, standard, before, amount, by=by)
    return made


def _set(standard: Standard, amount: int, why: str) -> None:
    own = db.session.get(PracticeStandard, standard)
    if own is None:
        own = PracticeStandard(key=standard, unit=DEFAULTS[standard].unit)
        db.session.add(own)
    own.amount, own.why = amount, why
    db.session.flush()


def _tell(moved: list[sweeps.Moved], standard: Standard, before: int, after: int, *, by: Viewer) -> None:
    unit = DEFAULTS[standard].unit
    for family_id, some in groupby(moved, key=lambda each: each.family_id):
        with unscoped("a standard moves dates"):
            family = db.session.get_one(Family, family_id)
        history.record(
            E.STANDARD_MOVED,
            family,
            by=by,
            data={
                "part": NAMES[standard],
                "before": length(before, unit),
                "after": length(after, unit),
                "what": sweeps.words(list(some)),
            },
        )
