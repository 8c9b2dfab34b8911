"""The picture of a plan: a bar for each action from when it was asked to when it is due, today, and the meetings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.core.db import db
from portal.domain.dates import Calendar, counted, london_date, near, short
from portal.domain.meetings import MeetingState
from portal.domain.plans import DONE_ACTIONS, UNSETTLED_ACTIONS
from portal.models.teamwork import Meeting, PlanAction
from portal.queries.shapes import Tag, tag

# More rows nobody reads at a glance. Those still open come first, the most urgent on top.
MOST = 20
HEAD, ROW, FOOT = 48, 40, 8
LONGEST_LABEL = 34
# Room at both ends, so that a mark on the first or last day is whole.
MARGIN = timedelta(days=3)


@dataclass(frozen=True)
class Bar:
    """One action. Places across are in per cent of the width, so that the words keep their size on a narrow screen;
    `late`: from where to where it is overdue."""

    ref: str
    label: str
    owner: str
    top: int
    left: float
    width: float
    late: tuple[float, float] | None
    done: bool
    begun: str
    due: str
    tag: Tag


@dataclass(frozen=True)
class Mark:
    """A meeting on the picture."""

    at: float
    words: str
    held: bool


@dataclass(frozen=True)
class Timeline:
    sentence: str
    height: int
    today: float
    first: str
    last: str
    bars: list[Bar]
    marks: list[Mark]
    left_out: int


def meetings(family_id: int) -> list[Any]:
    """The family's meetings that were held or are arranged, in one statement."""
    return list(
        db.session.execute(
            select(Meeting.id, Meeting.starts_at, Meeting.held_on, Meeting.state)
            .where(Meeting.family_id == family_id, Meeting.state.in_((MeetingState.ARRANGED, MeetingState.HELD)))
            .order_by(Meeting.starts_at, Meeting.id)
        )
    )


def drawn(actions: Sequence[Any], met: Iterable[Any], today: date, days: Calendar) -> Timeline | None:
    """Actions come in the page's order. None where there is nothing to draw."""
    rows = [row for row in actions if row.state in UNSETTLED_ACTIONS or row.state in DONE_ACTIONS]
    shown = rows[:MOST]
    if not shown:
        return None
    spans = [_span(row, days) for row in shown]
    first = min(today, *(span[0] for span in spans)) - MARGIN
    arranged = [(row.held_on or london_date(row.starts_at), row.state is MeetingState.HELD) for row in met]
    last = max(today, *(span[1] for span in spans), *(day for day, held in arranged if not held)) + MARGIN

    def at(day: date) -> float:
        return round(100 * (day - first) / (last - first), 2)

    bars = [_bar(row, span, place, today, days, at) for place, (row, span) in enumerate(zip(shown, spans, strict=True))]
    return Timeline(
        sentence=_sentence(rows, today, days),
        height=HEAD + ROW * len(bars) + FOOT,
        today=at(today),
        first=short(first + MARGIN, today),
        last=short(last - MARGIN, today),
        bars=bars,
        marks=[Mark(at(day), near(day, today), held) for day, held in arranged if first <= day <= last],
        left_out=len(rows) - len(shown),
    )


def _span(row: Any, days: Calendar) -> tuple[date, date]:
    begun = row.agreed_on or london_date(row.proposed_at)
    ends = (row.done_on or row.due_on) if row.state in DONE_ACTIONS else days.due(row.wanted_by)
    return min(begun, ends), ends


def _bar(row: Any, span: tuple[date, date], place: int, today: date, days: Calendar, at: Any) -> Bar:
    begun, ends = span
    is_late = row.state in UNSETTLED_ACTIONS and days.is_overdue(row.wanted_by, today)
    what = row.what if len(row.what) <= LONGEST_LABEL else row.what[: LONGEST_LABEL - 1].rstrip() + "…"
    done = row.state in DONE_ACTIONS
    return Bar(
        ref=f"{PlanAction.ref_prefix}-{row.id}",
        label=what,
        owner=row.owner,
        top=HEAD + ROW * place,
        left=at(begun),
        width=max(1.0, round(at(ends) - at(begun), 2)),
        late=(at(ends), round(at(today) - at(ends), 2)) if is_late else None,
        done=done,
        begun=near(begun, today),
        due=f"Done {near(ends, today)}" if done else f"{near(ends, today)}{', overdue' if is_late else ''}",
        tag=tag(row.state),
    )


def _sentence(rows: Sequence[Any], today: date, days: Calendar) -> str:
    still = [row for row in rows if row.state in UNSETTLED_ACTIONS]
    late = sum(days.is_overdue(row.wanted_by, today) for row in still)
    words = [counted(len(still), "open {action}", "open {action:many}"), f"{late} overdue" if late else "none overdue"]
    done = len(rows) - len(still)
    return ", ".join([*words, *([f"{done} done"] if done else [])]) + "."
