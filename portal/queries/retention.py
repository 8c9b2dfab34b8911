"""Which records are due to be destroyed and what holds each back, and how one family's record stands."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, exists, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotInReach
from portal.domain.dates import counted, full, moment
from portal.domain.retention import Kept
from portal.domain.viewer import Viewer
from portal.facts import retention
from portal.models.families import Family
from portal.models.record import FamilySummary
from portal.models.subjects import DestroyedRecord, DestructionProposal, RetentionHold
from portal.queries import tabs
from portal.queries.tabs import Tab

PAGE = 50


class View(enum.StrEnum):
    DUE = "due"
    PROPOSED = "proposed"
    HELD = "held"
    MISSING = "missing"
    DESTROYED = "destroyed"


LABELS: Mapping[View, str] = {
    View.DUE: "Due",
    View.PROPOSED: "Waiting for a second person",
    View.HELD: "On hold",
    View.MISSING: "Something is not known",
    View.DESTROYED: "Destroyed",
}


@dataclass(frozen=True)
class Row:
    """`back`: what holds it back, in sentences."""

    id: int
    ref: str
    name: str
    last: str
    youngest: str
    due: str
    back: list[str]


@dataclass(frozen=True)
class Gone:
    id: int
    ref: str
    when: str
    proposed: str
    confirmed: str
    rule: str
    rows: str


@dataclass(frozen=True)
class Page:
    """`more`: after which number the next page begins."""

    tabs: list[Tab]
    view: View
    rows: Sequence[Row | Gone]
    count: int
    more: int | None
    rule: str


@dataclass(frozen=True)
class Hold:
    why: str
    placed: str
    review: str
    late: bool


@dataclass(frozen=True)
class Proposal:
    """`mine`: the viewer proposed it."""

    why: str
    proposed: str
    mine: bool


@dataclass(frozen=True)
class OfFamily:
    row: Row
    rule: str
    is_due: bool
    hold: Hold | None
    proposal: Proposal | None
    lifted: list[str]


def page_of(view: View, after: int) -> Page:
    lists = _lists()
    numbers = tabs.numbers(lists)
    rows: Sequence[Row | Gone] = _destroyed(after) if view is View.DESTROYED else _families(lists[view], after)
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return Page(
        tabs=[
            Tab(f"{label} ({tabs.in_words(numbers[each])})", f"/retention?view={each.value}", each is view)
            for each, label in LABELS.items()
        ],
        view=view,
        rows=rows[:PAGE],
        count=len(rows[:PAGE]),
        more=more,
        rule=str(retention.rule()),
    )


def of_family(family: Family, viewer: Viewer) -> OfFamily:
    kept = retention.of_family(family.id)
    hold, proposal = _hold_of(family.id), _proposal_of(family.id)
    past = db.session.scalars(
        select(RetentionHold)
        .where(RetentionHold.family_id == family.id, RetentionHold.lifted_at.is_not(None))
        .order_by(RetentionHold.id.desc())
    )
    return OfFamily(
        row=_row(family.id, family.name, kept, hold, proposal),
        rule=str(kept.rule),
        is_due=kept.is_due(clock.today()),
        hold=_hold(hold) if hold else None,
        proposal=_proposal(proposal, viewer) if proposal else None,
        lifted=[
            f"{each.placed_by_name} placed a hold on {moment(each.placed_at)}: {each.why}. "
            f"{each.lifted_by_name} lifted it on {moment(each.lifted_at)}: {each.lifted_why}"
            for each in past
            if each.lifted_at
        ],
    )


def view_of(name: str | None) -> View:
    """Raises NotInReach for one that there is not."""
    try:
        return View(name or View.DUE)
    except ValueError:
        raise NotInReach("There is no such page.") from None


def _lists() -> dict[View, Select[Any]]:
    today, by = clock.today(), retention.rule()
    families = select(Family.id).join(FamilySummary, FamilySummary.family_id == Family.id)
    held = exists().where(RetentionHold.family_id == Family.id, RetentionHold.lifted_at.is_(None))
    proposed = exists().where(DestructionProposal.family_id == Family.id, DestructionProposal.withdrawn_at.is_(None))
    closed, missing = and_(*retention.closed_long_enough(today, by)), retention.something_missing()
    old = retention.youngest_old_enough(today, by)
    return {
        View.DUE: families.where(closed, ~missing, old, ~held, ~proposed),
        View.PROPOSED: families.where(proposed),
        View.HELD: families.where(held),
        View.MISSING: families.where(closed, missing, ~held),
        View.DESTROYED: select(DestroyedRecord.id),
    }


def _families(wanted: Select[Any], after: int) -> list[Row]:
    """Of the first numbers first: those were added first."""
    found = db.session.execute(
        wanted.add_columns(Family.name).where(Family.id > after).order_by(Family.id).limit(PAGE + 1)
    ).all()
    ids = [row.id for row in found]
    if not ids:
        return []
    kept = retention.of_families(ids)
    holds = {row.family_id: row for row in db.session.scalars(_holds().where(RetentionHold.family_id.in_(ids)))}
    proposals = {
        row.family_id: row for row in db.session.scalars(_proposals().where(DestructionProposal.family_id.in_(ids)))
    }
    return [_row(row.id, row.name, kept[row.id], holds.get(row.id), proposals.get(row.id)) for row in found]


def _destroyed(after: int) -> list[Gone]:
    """The latest first."""
    rows = select(DestroyedRecord).order_by(DestroyedRecord.id.desc()).limit(PAGE + 1)
    found = db.session.scalars(rows.where(DestroyedRecord.id < after) if after else rows)
    return [
        Gone(
            row.id,
            row.reference,
            moment(row.destroyed_at),
            f"{row.proposed_by_name}, {moment(row.proposed_at)}",
            row.confirmed_by_name,
            row.rule,
            f"{counted(sum(row.counts.values()), 'entry', 'entries')} of {counted(len(row.counts), 'kind', 'kinds')}",
        )
        for row in found
    ]


def _row(number: int, name: str, kept: Kept, hold: Any, proposal: Any) -> Row:
    return Row(
        id=number,
        ref=f"{Family.ref_prefix}-{number}",
        name=name,
        last=f"{kept.last}, {full(kept.last_on)}",
        youngest=full(kept.youngest_is_old_on) if kept.youngest_is_old_on else "not known",
        due=_due(kept),
        back=_back(kept, hold, proposal),
    )


def _due(kept: Kept) -> str:
    if kept.due_on is None:
        return "cannot be said yet"
    return f"since {full(kept.due_on)}" if kept.is_due(clock.today()) else f"on {full(kept.due_on)}"


def _back(kept: Kept, hold: Any, proposal: Any) -> list[str]:
    back = ["The {family} is open"] if kept.is_open else []
    back += list(kept.missing)
    if hold:
        back.append(f"On hold, to be looked at again on {full(hold.review_on)}")
    if proposal:
        who, when = proposal.proposed_by_name, moment(proposal.proposed_at)
        back.append(f"{who} proposed it on {when}: somebody else confirms")
    return back


def _hold(row: RetentionHold) -> Hold:
    placed = f"{row.placed_by_name}, {moment(row.placed_at)}"
    return Hold(row.why, placed, full(row.review_on), row.review_on < clock.today())


def _proposal(row: DestructionProposal, viewer: Viewer) -> Proposal:
    proposed = f"{row.proposed_by_name}, {moment(row.proposed_at)}"
    return Proposal(row.why, proposed, row.proposed_by_id == viewer.user_id)


def _holds() -> Select[RetentionHold]:
    return select(RetentionHold).where(RetentionHold.lifted_at.is_(None))


def _proposals() -> Select[DestructionProposal]:
    return select(DestructionProposal).where(DestructionProposal.withdrawn_at.is_(None))


def _hold_of(family_id: int) -> RetentionHold | None:
    return db.session.scalars(_holds().where(RetentionHold.family_id == family_id)).one_or_none()


def _proposal_of(family_id: int) -> DestructionProposal | None:
    return db.session.scalars(_proposals().where(DestructionProposal.family_id == family_id)).one_or_none()
