"""What waits longest, over many families: on whom, at which stage, of which organisation."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Subquery, and_, func, select, true

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotInReach
from portal.domain.dates import Calendar, counted
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.domain.waiting import KINDS_OF, STAGES, WAITS, Stage, Wait
from portal.domain.words import Word, say
from portal.facts import practice
from portal.queries import ringing, standing, waits
from portal.queries.waits import Waits

MOST = 100
NO_LIST = "There is no such list of what waits."
# These see what waits for families of others too; a coordinator's list is of their own.
_ALL_IN_REACH = frozenset({Role.EARLY_HELP_MANAGER, Role.SOCIAL_CARE_MANAGER})


@dataclass(frozen=True)
class Choice:
    """A stage or an organisation the list can be narrowed to, how much waits there and how long the longest has."""

    key: str
    words: str
    number: int
    longest: str
    chosen: bool


@dataclass(frozen=True)
class Longest:
    """At most a hundred, the longest first; `more` says that there are others."""

    lines: list[Waits]
    more: bool
    total: int
    stages: list[Choice]
    organisations: list[Choice]
    narrowed: bool


def listing(
    viewer: Viewer, words: Mapping[str, Word], *, stage: str | None = None, organisation: str | None = None
) -> Longest:
    """Five statements at most. Raises NotInReach where nobody made such a stage."""
    if stage and stage not in set(Stage):
        raise NotInReach(NO_LIST)
    today, days = clock.today(), practice.calendar()
    table = waits.table()
    whole = and_(_of(viewer, table, today), waits.already(table, today, days.latest_overdue(today)))
    figures = _figures(table, whole)
    rows = db.session.execute(
        select(table)
        .where(whole, *_narrowed(table, stage, organisation))
        .order_by(table.c.since, table.c.family_id, table.c.kind, table.c.id)
        .limit(MOST + 1)
    ).all()
    return Longest(
        ringing.on_lines([waits.in_words(row, viewer, words, today, days) for row in rows[:MOST]]),
        more=len(rows) > MOST,
        total=sum(figure.number for figure in figures if _is_in(figure, stage, organisation)),
        stages=_stages(figures, organisation, stage, words, today, days),
        organisations=_organisations(figures, stage, organisation, words, today, days),
        narrowed=bool(stage or organisation),
    )


def _of(viewer: Viewer, table: Subquery, today: date) -> ColumnElement[bool]:
    if _ALL_IN_REACH & viewer.roles:
        return true()
    return standing.of(viewer, today).coordinated(table.c)


def _narrowed(table: Subquery, stage: str | None, organisation: str | None) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if stage:
        found.append(table.c.kind.in_([kind.value for kind in KINDS_OF[Stage(stage)]]))
    if organisation:
        found.append(table.c.organisation == organisation)
    return found


@dataclass(frozen=True)
class _Figure:
    stage: Stage
    organisation: str
    number: int
    since: date


def _figures(table: Subquery, whole: ColumnElement[bool]) -> list[_Figure]:
    """How much waits at each stage on each organisation, and since when the longest."""
    rows = db.session.execute(
        select(table.c.kind, table.c.organisation, func.count().label("number"), func.min(table.c.since).label("since"))
        .where(whole)
        .group_by(table.c.kind, table.c.organisation)
    )
    return [_Figure(WAITS[Wait(row.kind)].stage, row.organisation, row.number, row.since) for row in rows]


def _is_in(figure: _Figure, stage: str | None, organisation: str | None) -> bool:
    return (not stage or figure.stage == stage) and (not organisation or figure.organisation == organisation)


def _stages(
    figures: list[_Figure],
    organisation: str | None,
    chosen: str | None,
    words: Mapping[str, Word],
    today: date,
    days: Calendar,
) -> list[Choice]:
    within = [figure for figure in figures if _is_in(figure, None, organisation)]
    return [
        _choice(stage, say(STAGES[stage], words), of, chosen, today, days)
        for stage in Stage
        if (of := [figure for figure in within if figure.stage is stage]) or stage == chosen
    ]


def _organisations(
    figures: list[_Figure],
    stage: str | None,
    chosen: str | None,
    words: Mapping[str, Word],
    today: date,
    days: Calendar,
) -> list[Choice]:
    within = [figure for figure in figures if _is_in(figure, stage, None)]
    names = {figure.organisation for figure in within} | ({chosen} if chosen else set())
    found = [
        _choice(name, say(name, words), [each for each in within if each.organisation == name], chosen, today, days)
        for name in names
    ]
    return sorted(found, key=lambda choice: choice.words.casefold())


def _choice(key: str, words: str, of: Iterable[_Figure], chosen: str | None, today: date, days: Calendar) -> Choice:
    counts = list(of)
    since = min((figure.since for figure in counts), default=today)
    waited = max(days.working_days_between(since, today), 0)
    return Choice(
        str(key),
        words,
        sum(figure.number for figure in counts),
        counted(waited, "working day", "working days") if waited else "under 1 working day",
        key == chosen,
    )
