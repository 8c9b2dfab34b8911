"""Practice standards as the page shows them: the default and its source, the council's value, who changed it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.core.db import db
from portal.domain.dates import moment
from portal.domain.standards import DEFAULTS, NAMES, Standard, length
from portal.models.record import PracticeStandard, StandardChange


@dataclass(frozen=True)
class Change:
    """One change, in words."""

    words: str
    why: str


@dataclass(frozen=True)
class Row:
    """A standard. `name` may hold concepts in braces."""

    key: str
    name: str
    now: str
    default: str
    source: str
    is_own: bool
    changes: list[Change]


def rows() -> list[Row]:
    """Every standard in the order of the table, its changes newest first; two statements."""
    own = {row.key: row.amount for row in db.session.execute(select(PracticeStandard.key, PracticeStandard.amount))}
    changes: dict[Standard, list[Change]] = {}
    for change in db.session.scalars(select(StandardChange).order_by(StandardChange.id.desc())):
        changes.setdefault(change.key, []).append(_change(change))
    return [
        Row(
            key=standard.value,
            name=NAMES[standard],
            now=length(own.get(standard, default.amount), default.unit),
            default=length(default.amount, default.unit),
            source=default.source,
            is_own=own.get(standard, default.amount) != default.amount,
            changes=changes.get(standard, []),
        )
        for standard, default in DEFAULTS.items()
    ]


def _change(change: StandardChange) -> Change:
    unit = DEFAULTS[change.key].unit
    words = f"{change.by_name} changed it from {length(change.before, unit)} to {length(change.after, unit)} on"
    return Change(f"{words} {moment(change.at)}", change.why)


def newest_change() -> int:
    """The id of the latest change of any standard, 0 where there was none: what a form has seen."""
    return db.session.execute(select(func.coalesce(func.max(StandardChange.id), 0))).scalar_one()
