"""The worklist: one row a family, most urgent first, from the families' summaries alone."""

import enum
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, case, literal, or_, select, true

from portal.core import clock
from portal.core.db import UTCDateTime, db
from portal.core.errors import NotInReach
from portal.core.kept import kept
from portal.domain.dates import near
from portal.domain.next_steps import Next
from portal.domain.roles import Role
from portal.domain.seen import NEWS
from portal.domain.viewer import Viewer
from portal.domain.words import Word, say
from portal.facts import reminding, sharing
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.people import CoordinatorCover, Organisation, User
from portal.models.record import FamilySummary
from portal.queries import changed, ringing, tabs, worklist_lines
from portal.queries.tabs import Tab
from portal.queries.worklist_lines import Line

PAGE = 50
NO_PAGE = "There is no such list of families."
CHANGED = timedelta(days=7)
S = FamilySummary
_KEY = re.compile(r"([0-6])\.([0-9]{4}-[0-9]{2}-[0-9]{2})?\.([1-9][0-9]{0,8})", re.ASCII)


class View(enum.StrEnum):
    NEEDS_ME = "needs_me"
    CHANGED = "changed"
    WAITING_FOR_SUPPORT = "waiting_for_support"
    NO_LEAD = "no_lead"
    UNANSWERED = "unanswered"
    OVERDUE = "overdue"
    ALL = "all"


VIEWS: Mapping[View, str] = {
    View.NEEDS_ME: "Needs me",
    View.CHANGED: "Changed",
    View.WAITING_FOR_SUPPORT: "Waiting for support to start",
    View.NO_LEAD: "No {lead_professional}",
    View.UNANSWERED: "Not answered whether they lead",
    View.OVERDUE: "Overdue",
    View.ALL: "All families",
}


def _counted(chosen: View) -> list[View]:
    """What somebody has not seen is looked for only where they ask: it costs more than the rest of the list."""
    return [view for view in View if view is not View.CHANGED or view is chosen]


# These see families of others too; for anybody else the list is of their own.
_ALL_IN_REACH = frozenset({Role.EARLY_HELP_MANAGER, Role.AUDITOR, Role.SOCIAL_CARE_MANAGER})


@dataclass(frozen=True)
class Worklist:
    """A page of the list. `more` is the key the next page begins after; `until`: nothing after it is on this page."""

    title: str
    view: View
    tabs: list[Tab]
    lines: list[Line]
    covering: list[str]
    more: str | None
    further: bool
    until: str

    @property
    def chosen(self) -> int:
        return sum(line.chosen for line in self.lines)

    @property
    def remindable(self) -> bool:
        return any(line.remind_of for line in self.lines)

    @property
    def late(self) -> bool:
        """Whether somebody could be reminded of something overdue."""
        return any(line.remind_of and line.due and line.due.late for line in self.lines)


def worklist(
    viewer: Viewer,
    words: Mapping[str, Word],
    *,
    view: str | None = None,
    after: str | None = None,
    select_overdue: bool = False,
) -> Worklist:
    """Three statements, four where a family is to be rung. Raises NotInReach where there is no such view or page."""
    if view is not None and view not in list(View):
        raise NotInReach(NO_PAGE)
    chosen, today = View(view or View.ALL), clock.today()
    own, given, concepts = _coordinates(viewer), _given(viewer), tuple(_as_one_of(viewer))
    place = _place(after) if after else None
    page = _page(chosen, concepts, own=own, after=place.dated if place else None)
    rows = db.session.execute(page, given | (place.given if place else {})).all()
    shown = rows[:PAGE]
    return Worklist(
        title=say("{Family:many}" if _ALL_IN_REACH & viewer.roles else "My {family:many}", words),
        view=chosen,
        tabs=_tabs(viewer, db.session.execute(_counts(concepts, chosen, own=own), given).one(), chosen, words),
        lines=_lines(shown, viewer, words, select_overdue=select_overdue),
        covering=_covering(viewer, today) if own else [],
        more=_key(shown[-1]) if len(rows) > PAGE else None,
        further=after is not None,
        until=clock.now().isoformat(),
    )


def lines_of(families: Iterable[Family], viewer: Viewer, words: Mapping[str, Word]) -> list[Line]:
    """These families of the list, in its order. One statement, two where a family is to be rung."""
    ids = [family.id for family in families]
    page = _page(View.ALL, tuple(_as_one_of(viewer)), own=False, after=None).where(S.family_id.in_(ids))
    return _lines(db.session.execute(page, _given(viewer)).all(), viewer, words)


def _given(viewer: Viewer) -> dict[str, object]:
    today, days = clock.today(), calendar()
    late = days.latest_overdue(today)
    return {
        "user": viewer.user_id,
        "today": today,
        "late": late,
        "due_by": today if days.is_working_day(today) else late,
        "changed_since": clock.now() - CHANGED,
        "news_since": clock.now() - NEWS,
    }


def _lines(
    rows: Sequence[Any], viewer: Viewer, words: Mapping[str, Word], *, select_overdue: bool = False
) -> list[Line]:
    line = partial(
        worklist_lines.line,
        now=clock.now(),
        today=clock.today(),
        days=calendar(),
        viewer=viewer,
        words=words,
        stages=worklist_lines.stages(),
        not_rung=ringing.notes(row.next_subject for row in rows if row.next_kind == Next.CALL_BACK),
        select_overdue=select_overdue,
    )
    return [line(row) for row in rows]


_USER, _TODAY, _LATE = (
    bindparam("user", type_=Integer()),
    bindparam("today", type_=Date()),
    bindparam("late", type_=Date()),
)


def _base(*, own: bool) -> ColumnElement[bool]:
    return and_(S.open, held_by(_USER, _TODAY) if own else true())


@kept
def _page(view: View, concepts: tuple[str, ...], *, own: bool, after: bool | None) -> Any:
    """The first page, or what comes after a place: one with a date (True) or without (False)."""
    bands, by = _order(own=own)
    unseeing = and_(S.lead_user_id.is_not(None), or_(User.active.is_(False), ~sharing.is_live(_TODAY)))
    return (
        select(
            S.family_id,
            Family.name,
            Family.added_at,
            S.stage,
            S.nobody_holds_since,
            S.lead_name,
            S.lead_asked,
            S.lead_wanted,
            S.lead_answer_by,
            unseeing.label("lead_unseeing"),
            S.next_kind,
            S.next_text,
            S.next_subject,
            S.next_who,
            S.next_who_id,
            S.next_due_on,
            S.supports,
            S.supports_started,
            S.last_event_at,
            reminding.reminded_at(S.family_id, S.next_subject).label("reminded_at"),
            bands.label("band"),
        )
        .join(Family, Family.id == S.family_id)
        .outerjoin(User, User.id == S.lead_user_id)
        .outerjoin(Organisation, Organisation.id == User.organisation_id)
        .where(_base(own=own), _conditions(concepts)[view], true() if after is None else _later(bands, dated=after))
        .order_by(*by)
        .limit(PAGE + 1)
    )


@kept
def _counts(concepts: tuple[str, ...], chosen: View, *, own: bool) -> Any:
    base = _base(own=own)
    return tabs.counting(select(S.family_id).where(base, _conditions(concepts)[view]) for view in _counted(chosen))


def held_by(user_id: Any, today: Any) -> ColumnElement[bool]:
    """The condition on summaries that this user coordinates the family, or covers today for who does."""
    covered = select(CoordinatorCover.user_id).where(
        CoordinatorCover.cover_id == user_id,
        CoordinatorCover.withdrawn_at.is_(None),
        CoordinatorCover.from_on <= today,
        CoordinatorCover.to_on >= today,
    )
    return or_(S.coordinator_id == user_id, S.coordinator_id.in_(covered))


def _covering(viewer: Viewer, today: date) -> list[str]:
    """For whom the viewer holds families at present."""
    rows = db.session.execute(_covered(), {"user": viewer.user_id, "today": today}).all()
    return [f"You cover for {row.name} until {near(row.to_on, today)}: their families stand here too." for row in rows]


@kept
def _covered() -> Any:
    return (
        select(User.name, CoordinatorCover.to_on)
        .join(CoordinatorCover, CoordinatorCover.user_id == User.id)
        .where(
            CoordinatorCover.cover_id == _USER,
            CoordinatorCover.withdrawn_at.is_(None),
            CoordinatorCover.from_on <= _TODAY,
            CoordinatorCover.to_on >= _TODAY,
        )
        .order_by(CoordinatorCover.to_on, User.name)
    )


def _coordinates(viewer: Viewer) -> bool:
    return Role.COORDINATOR in viewer.roles and not _ALL_IN_REACH & viewer.roles


def _as_one_of(viewer: Viewer) -> list[str]:
    """What a next step says that waits for whoever of this person's role comes first."""
    concepts = {Role.COORDINATOR: "{coordinator:many}", Role.EARLY_HELP_MANAGER: "{early_help_manager:many}"}
    return [words for role, words in concepts.items() if role in viewer.roles]


def _conditions(concepts: tuple[str, ...]) -> dict[View, ColumnElement[bool]]:
    return {
        View.NEEDS_ME: or_(S.next_who_id == _USER, S.next_who.in_(concepts)),
        View.CHANGED: changed.has_news(_USER, bindparam("news_since", type_=UTCDateTime())),
        View.WAITING_FOR_SUPPORT: S.supports_waiting > 0,
        View.NO_LEAD: S.lead_wanted.is_(True),
        View.UNANSWERED: S.lead_answer_by <= _LATE,
        View.OVERDUE: S.next_due_on <= _LATE,
        View.ALL: true(),
    }


def _order(*, own: bool) -> tuple[ColumnElement[int], list[Any]]:
    """Most urgent first. A coordinator's own families stand in bands: nobody holds it, overdue, due today, no lead,
    no next step, changed, the rest; in a band by due date. A list of everybody's goes by due date alone, so that a
    page costs a page and not all of them."""
    by_date = [S.next_due_on.asc().nulls_last(), S.family_id]
    if not own:
        return literal(0), by_date
    bands = case(
        (S.next_kind == Next.NAME_HOLDER, 0),
        (S.next_due_on <= _LATE, 1),
        (S.next_due_on <= bindparam("due_by", type_=Date()), 2),
        (S.lead_wanted, 3),
        (S.next_kind.is_(None), 4),
        (S.last_event_at >= bindparam("changed_since", type_=UTCDateTime()), 5),
        else_=6,
    )
    return bands, [bands, *by_date]


@dataclass(frozen=True)
class _Place:
    """The last row of a page, as that order puts it."""

    given: dict[str, object]

    @property
    def dated(self) -> bool:
        return "last_due_on" in self.given


def _key(row: Any) -> str:
    return f"{row.band}.{row.next_due_on or ''}.{row.family_id}"


def _place(key: str) -> _Place:
    found = _KEY.fullmatch(key)
    if found is None:
        raise NotInReach(NO_PAGE)
    day: dict[str, object] = {} if found[2] is None else {"last_due_on": _day(found[2])}
    return _Place({"last_band": int(found[1]), "last_family": int(found[3])} | day)


def _later(band: ColumnElement[int], *, dated: bool) -> ColumnElement[bool]:
    """What comes after a place."""
    last_band, last_family = (bindparam(name, type_=Integer()) for name in ("last_band", "last_family"))
    last_due_on = bindparam("last_due_on", type_=Date())
    if dated:
        same_day = and_(S.next_due_on == last_due_on, S.family_id > last_family)
        later = or_(S.next_due_on > last_due_on, same_day, S.next_due_on.is_(None))
    else:
        later = and_(S.next_due_on.is_(None), S.family_id > last_family)
    return or_(band > last_band, and_(band == last_band, later))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotInReach(NO_PAGE) from None


def _tabs(viewer: Viewer, counts: Any, current: View, words: Mapping[str, Word]) -> list[Tab]:
    labels = {**VIEWS, View.ALL: VIEWS[View.ALL] if _ALL_IN_REACH & viewer.roles else "All my families"}
    numbers = dict(zip(_counted(current), counts, strict=True))
    return [
        Tab(
            label=say(labels[view], words) + (f" ({tabs.in_words(numbers[view])})" if view in numbers else ""),
            href="/families" if view is View.ALL else f"/families?view={view}",
            current=view is current,
        )
        for view in View
    ]
