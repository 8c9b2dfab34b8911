"""The worklist: one row a family, most urgent first, from the families' summaries alone."""

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, and_, bindparam, case, literal, or_, select, true

from portal.core import clock
from portal.core.db import UTCDateTime, db
from portal.core.errors import NotInReach
from portal.core.kept import kept
from portal.domain.dates import Calendar, london_date, near
from portal.domain.episodes import Stage
from portal.domain.next_steps import REMINDABLE, Next
from portal.domain.roles import Role
from portal.domain.seen import NEWS
from portal.domain.viewer import Viewer
from portal.domain.wording import STATES
from portal.domain.words import Word, say
from portal.facts import reminding, sharing
from portal.facts.practice import calendar
from portal.models.families import Family
from portal.models.people import CoordinatorCover, Organisation, User
from portal.models.record import FamilySummary
from portal.queries import changed, next_steps, tabs
from portal.queries.families import CANNOT_SEE, lead_words
from portal.queries.shapes import Due, due, sentence
from portal.queries.tabs import Tab

PAGE = 50
NO_PAGE = "There is no such list of families."
NOBODY = ("Nobody holds this family", "govuk-tag govuk-tag--red")
NO_LEAD_CLASS = "govuk-tag govuk-tag--red"
NEW = timedelta(days=7)
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
# What somebody has not seen is looked for only where they ask: it costs more than the rest of the list.
_COUNTED = tuple(view for view in View if view is not View.CHANGED)
# These see families of others too; for anybody else the list is of their own.
_ALL_IN_REACH = frozenset({Role.EARLY_HELP_MANAGER, Role.AUDITOR, Role.SOCIAL_CARE_MANAGER})


@dataclass(frozen=True)
class Line:
    """A family in the list; every value ready to print. `action_ref`: the next step is an action, whose date and owner
    can be changed in the list. `remind_of`: what somebody else could be reminded of, ticked where it is `chosen`."""

    ref: str
    href: str
    name: str
    new: bool
    next: str
    action_ref: str | None
    who: str | None
    due: Due | None
    lead: str
    lead_class: str
    lead_note: str | None
    stage: str
    stage_class: str
    support: str
    changed: str
    remind_of: str | None
    chosen: bool
    reminded: str | None


@dataclass(frozen=True)
class Worklist:
    """A page of the list. `more` is the key the next page begins after."""

    title: str
    view: View
    tabs: list[Tab]
    lines: list[Line]
    covering: list[str]
    more: str | None
    further: bool

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
    """Three statements. Raises NotInReach where there is no such view or page."""
    if view is not None and view not in list(View):
        raise NotInReach(NO_PAGE)
    chosen = View(view or View.ALL)
    today, days = clock.today(), calendar()
    late = days.latest_overdue(today)
    own = _coordinates(viewer)
    given = {
        "user": viewer.user_id,
        "today": today,
        "late": late,
        "due_by": today if days.is_working_day(today) else late,
        "changed_since": clock.now() - CHANGED,
        "news_since": clock.now() - NEWS,
    }
    concepts, place = tuple(_as_one_of(viewer)), _place(after) if after else None
    page = _page(chosen, concepts, own=own, after=place.dated if place else None)
    rows = db.session.execute(page, given | (place.given if place else {})).all()
    shown = rows[:PAGE]
    line = partial(
        _line,
        now=clock.now(),
        today=today,
        days=days,
        viewer=viewer,
        words=words,
        stages={stage: _stage(stage) for stage in Stage},
        select_overdue=select_overdue,
    )
    return Worklist(
        title="Families" if _ALL_IN_REACH & viewer.roles else "My families",
        view=chosen,
        tabs=_tabs(viewer, db.session.execute(_counts(concepts, own=own), given).one(), chosen, words),
        lines=[line(row) for row in shown],
        covering=_covering(viewer, today) if own else [],
        more=_key(shown[-1]) if len(rows) > PAGE else None,
        further=after is not None,
    )


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
def _counts(concepts: tuple[str, ...], *, own: bool) -> Any:
    base = _base(own=own)
    return tabs.counting(select(S.family_id).where(base, _conditions(concepts)[view]) for view in _COUNTED)


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
    numbers = dict(zip(_COUNTED, counts, strict=True))
    return [
        Tab(
            label=say(labels[view], words) + (f" ({tabs.in_words(numbers[view])})" if view in numbers else ""),
            href="/families" if view is View.ALL else f"/families?view={view}",
            current=view is current,
        )
        for view in View
    ]


def _line(
    row: Any,
    *,
    now: datetime,
    today: date,
    days: Calendar,
    viewer: Viewer,
    words: Mapping[str, Word],
    stages: Mapping[Stage, Any],
    select_overdue: bool,
) -> Line:
    stage, stage_class = NOBODY if row.nobody_holds_since else stages[row.stage]
    ref = f"{Family.ref_prefix}-{row.family_id}"
    by = due(row.next_due_on, today, days)
    others = row.next_who_id not in (None, viewer.user_id)
    remindable = others and row.reminded_at is None and row.next_kind in REMINDABLE
    return Line(
        ref=ref,
        href=f"/families/{ref}",
        name=row.name,
        new=now - row.added_at <= NEW,
        next=next_steps.sentence(row.next_kind, row.next_text, words),
        action_ref=row.next_subject if row.next_kind == Next.ACTION else None,
        who=sentence(next_steps.who(row.next_who, row.next_who_id, viewer, words)),
        due=by,
        lead=say(lead_words(row.stage, row.lead_name, row.lead_asked, wanted=row.lead_wanted), words),
        lead_class=NO_LEAD_CLASS if row.lead_wanted and row.lead_name is None else "",
        lead_note=_lead_note(row, today, days, words),
        stage=stage,
        stage_class=stage_class,
        support=f"{row.supports_started} of {row.supports} started" if row.supports else "Nothing suggested yet",
        changed=near(london_date(row.last_event_at), today) if row.last_event_at else "",
        remind_of=row.next_subject if remindable else None,
        reminded=sentence(reminding.reminded_words(row.reminded_at, today)),
        chosen=remindable and select_overdue and by is not None and by.late,
    )


def _lead_note(row: Any, today: date, days: Calendar, words: Mapping[str, Word]) -> str | None:
    """What is wrong with who leads, or was asked to."""
    if row.lead_unseeing:
        return say(CANNOT_SEE, words)
    late = row.lead_answer_by and days.is_overdue(row.lead_answer_by, today)
    return f"To answer by {near(row.lead_answer_by, today)}" if late else None


def _stage(stage: Stage) -> tuple[str, str]:
    words, colour = STATES[stage].words, STATES[stage].colour.value
    return words, f"govuk-tag govuk-tag--{colour}" if colour else ""
