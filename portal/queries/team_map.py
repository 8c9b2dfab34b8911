"""The team as a picture: the family in the middle, people by organisation, the ring of needs; and its geometry."""

import enum
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.dates import counted
from portal.domain.plans import LIVE_ACTIONS, SHORT_HEADLINES, ActionState, Headline, NeedState
from portal.domain.support import OPEN_REFERRALS
from portal.facts.plans import nobody_covers, only_suggested
from portal.queries import lettering
from portal.queries.family_rows import Row, is_only_suggested

# As wide as the narrowest screen shows at full size, so that its letters are as large there as anywhere.
WIDTH, BOX, GAP = 340, 156, 12
HEADING, ROW = 24, 20
RING, WITHIN, BAND = 46, 32, 12
# The ground around the ring reaches beyond the numbers, so that the line down the middle ends before them.
LABELS = RING + 28
MOST_GROUPS, MOST_PEOPLE = 10, 8
# Where a name begins in its box, and how wide it and the heading can be.
INDENT, MARGIN = 32, 6
HEADING_ROOM, NAME_ROOM = BOX - 2 * MARGIN, BOX - INDENT - MARGIN
AT_WORK = LIVE_ACTIONS | {ActionState.BLOCKED}
APART = 10  # degrees between two needs of the ring
LEADS = "lead"
OF_FAMILY, NO_ORGANISATION = "The family", "No organisation named"


class Tied(enum.StrEnum):
    """How somebody belongs to the team; the picture's lines are drawn by it."""

    ACTIVE = "active"
    ASKED = "asked"
    LEFT = "left"


@dataclass(frozen=True)
class Somebody:
    name: str
    organisation: str
    tied: Tied
    leads: bool = False
    asked: bool = False

    @property
    def notes(self) -> list[str]:
        return [LEADS] if self.leads else ["asked to lead"] if self.asked else []


@dataclass(frozen=True)
class Covered:
    """A need and who covers it: names of people and of services. Where one of two needs of a headline is not
    covered, the headline is not; `suggested`: for one of them support was suggested and nothing else is done."""

    headline: Headline
    by: list[str]
    covered: bool
    suggested: bool = False


@dataclass(frozen=True)
class Name:
    """Somebody in a box, on one line or more; `y` is the middle of the first."""

    lines: list[str]
    tied: str
    y: float


@dataclass(frozen=True)
class Box:
    """The people of one organisation. The line from the spine meets it at `meets`, `y` the middle of its first line."""

    lines: list[str]
    tied: str
    x: float
    y: float
    height: float
    meets: float
    names: list[Name]
    more: str


@dataclass(frozen=True)
class Segment:
    """A need of the ring. `path` is empty where nobody covers it: there the ring has a gap."""

    number: int
    path: str
    suggested: bool
    x: float
    y: float


@dataclass(frozen=True)
class NeedLine:
    """The same in the list beside the picture."""

    words: str
    by: str
    uncovered: bool


@dataclass(frozen=True)
class TeamMap:
    """Ready to be drawn, and the list of the same. `spine` is from where to where the line down the middle goes.
    `strokes` are lines by how somebody belongs, `letters` each line of words: where, what, and whether in bold."""

    ref: str
    width: int
    height: float
    middle: float
    spine: tuple[float, float]
    boxes: list[Box]
    frames: str
    strokes: list[tuple[str, str]]
    letters: list[tuple[str, str, str, bool]]
    more: str
    ring: list[Segment]
    legend: float
    sentence: str
    needs: list[NeedLine]


def of_rows(ref: str, rows: Mapping[str, list[Row]]) -> TeamMap:
    """From what was read of the family already (queries.family_rows)."""
    return drawn(ref, _people(rows), _needs(rows))


def _people(rows: Mapping[str, list[Row]]) -> list[Somebody]:
    """Whoever is asked to lead and not on the team stands there as asked; of a member it is said beside the name."""
    asked, leads = ({_whom(row.who_id, row.parent_id) for row in rows[kind]} for kind in ("asked", "lead"))
    on_team = {row.who_id for row in rows["member"] if row.other_on is None}
    beside = [row for row in rows["asked"] if row.who_id and row.who_id not in on_team]
    asked_beside = {row.who_id for row in beside}
    return [
        *(
            Somebody(
                row.who,
                OF_FAMILY if row.parent_id else row.more or NO_ORGANISATION,
                Tied.LEFT if row.other_on else Tied.ACTIVE,
                leads=row.other_on is None and _whom(row.who_id, row.id) in leads,
                asked=row.other_on is None and _whom(row.who_id, row.id) in asked,
            )
            for row in rows["member"]
            if row.who_id is None or row.who_id not in asked_beside
        ),
        *(Somebody(row.who, row.label, Tied.ASKED) for row in beside),
    ]


def _whom(user_id: int | None, member_id: int | None) -> tuple[int | None, int | None]:
    """A user by their sign-in, anybody else by their place on the team."""
    return (user_id, None) if user_id else (None, member_id)


def _needs(rows: Mapping[str, list[Row]]) -> list[Covered]:
    """Each headline of an open need once, in the table's order; uncovered where any need of it is."""
    needs: dict[Headline, list[Row]] = {}
    for row in rows["need"]:
        if row.state == NeedState.OPEN:
            needs.setdefault(Headline(row.label), []).append(row)
    return [
        Covered(
            headline,
            _who(needs[headline], rows),
            covered=all(row.parent_id for row in needs[headline]),
            suggested=any(is_only_suggested(row) for row in needs[headline]),
        )
        for headline in Headline
        if headline in needs
    ]


def _who(needs: list[Row], rows: Mapping[str, list[Row]]) -> list[str]:
    """Each once: who is to do something about these needs, and the services suggested for them."""
    ids = {need.id for need in needs}
    people = [row.who for row in rows["action"] if row.parent_id in ids and row.state in AT_WORK]
    services = [row.text for row in rows["referral"] if row.parent_id in ids and row.state in OPEN_REFERRALS]
    return list(dict.fromkeys([*people, *services]))


def drawn(ref: str, people: Sequence[Somebody], needs: Sequence[Covered]) -> TeamMap:
    """The geometry: organisations above and below the family, in two columns beside a spine. Its size is bounded,
    whatever the number of people; whom it does not name the list does."""
    groups = _groups(people)
    shown = list(groups.items())[:MOST_GROUPS]
    above, top = _stacked(shown[::2], 0)
    middle = top + GAP + LABELS
    below, bottom = _stacked(shown[1::2], middle + LABELS + GAP)
    boxes = [*above, *below]
    ends = [middle, *(box.y for box in boxes)]
    left_out = len(groups) - len(shown)
    legend = bottom + GAP + ROW / 2
    return TeamMap(
        ref=ref,
        width=WIDTH,
        height=legend + (3 if needs else 1) * ROW,
        middle=middle,
        spine=(min(ends), max(ends)),
        boxes=boxes,
        frames="".join(f"M{box.x:g} {box.y - HEADING / 2:g}h{BOX}v{box.height:g}h{-BOX}z" for box in boxes),
        strokes=[*(stroke for box in boxes for stroke in _strokes(box)), *_legend_strokes(legend)],
        letters=[*(line for box in boxes for line in _letters(box)), *_legend_letters(legend)],
        more=f"and {counted(left_out, 'more organisation', 'more organisations')}" if left_out else "",
        ring=_ring(needs, middle),
        legend=legend,
        sentence=_sentence(people, groups, needs),
        needs=[
            NeedLine(
                SHORT_HEADLINES[need.headline].replace("{s", "{S"),
                _by(need),
                uncovered=not need.covered,
            )
            for need in needs
        ],
    )


def _by(need: Covered) -> str:
    if not need.covered:
        return "nobody is covering this"
    return ", ".join([*need.by, "only suggested so far"] if need.suggested else need.by)


def _groups(people: Sequence[Somebody]) -> dict[str, list[Somebody]]:
    """The family first, then the organisation with most people on the team."""
    found: dict[str, list[Somebody]] = {}
    for each in people:
        found.setdefault(each.organisation, []).append(each)
    order = sorted(found, key=lambda name: (name != OF_FAMILY, -sum(_is_on(p) for p in found[name]), name))
    return {name: sorted(found[name], key=lambda each: (not each.leads, list(Tied).index(each.tied))) for name in order}


def _is_on(each: Somebody) -> bool:
    return each.tied is Tied.ACTIVE


def _stacked(groups: Sequence[tuple[str, list[Somebody]]], top: float) -> tuple[list[Box], float]:
    """Each box on the shorter of the two columns; and where the longer one ends."""
    ends = [top, top]
    boxes = []
    for name, people in groups:
        column = 0 if ends[0] <= ends[1] else 1
        box = _box(name, people, x=0.5 if column == 0 else WIDTH - BOX - 0.5, top=ends[column])
        ends[column] += box.height + GAP
        boxes.append(box)
    return boxes, max(ends) - GAP if boxes else top


def _box(name: str, people: list[Somebody], *, x: float, top: float) -> Box:
    shown = people[:MOST_PEOPLE] if len(people) > MOST_PEOPLE + 1 else people
    left_out = len(people) - len(shown)
    heading = lettering.wrapped(name, HEADING_ROOM, bold=True)
    names, y = [], top + HEADING + (len(heading) - 1) * ROW + ROW / 2
    for each in shown:
        lines = lettering.wrapped(each.name, NAME_ROOM) + each.notes
        names.append(Name(lines, each.tied.value, y))
        y += len(lines) * ROW
    return Box(
        lines=heading,
        tied=people[0].tied.value,
        x=x,
        y=top + HEADING / 2,
        height=y - ROW / 2 + bool(left_out) * ROW + 4 - top,
        meets=x + BOX if x < WIDTH / 2 - BOX / 2 else x,
        names=names,
        more=f"and {left_out} more" if left_out else "",
    )


# How people belong, as it is explained under the picture, and where.
_LEGEND = ((Tied.ACTIVE, 0, "on the team"), (Tied.ASKED, 146, "asked"), (Tied.LEFT, 262, "left"))
# From the middle of a line to where its letters stand.
_STANDS = 5


def _strokes(box: Box) -> Iterator[tuple[str, str]]:
    yield box.tied, f"M{WIDTH / 2:g} {box.y:g}H{box.meets:g}"
    for name in box.names:
        yield name.tied, f"M{box.x + MARGIN:g} {name.y:g}h20"


def _legend_strokes(y: float) -> Iterator[tuple[str, str]]:
    return ((tied.value, f"M{x} {y:g}h30") for tied, x, _ in _LEGEND)


def _letters(box: Box) -> Iterator[tuple[str, str, str, bool]]:
    for n, line in enumerate(box.lines):
        yield f"{box.x + MARGIN:g}", f"{box.y + _STANDS + n * ROW:g}", line, True
    x = f"{box.x + INDENT:g}"
    for name in box.names:
        for n, line in enumerate(name.lines):
            yield x, f"{name.y + _STANDS + n * ROW:g}", line, n == len(name.lines) - 1 and line == LEADS
    if box.more:
        yield x, f"{box.y + box.height - 21:g}", box.more, False


def _legend_letters(y: float) -> Iterator[tuple[str, str, str, bool]]:
    return ((f"{x + 36}", f"{y + _STANDS:g}", words, False) for _, x, words in _LEGEND)


def _ring(needs: Sequence[Covered], middle: float) -> list[Segment]:
    """From the top, clockwise; each need an equal part of the circle."""
    if not needs:
        return []
    part = 360 / len(needs)
    return [
        Segment(
            number=n + 1,
            path=_arc(n * part + APART / 2, (n + 1) * part - APART / 2, middle) if need.covered else "",
            suggested=need.suggested,
            x=_at((n + 0.5) * part, RING + BAND + 2, middle)[0],
            y=_at((n + 0.5) * part, RING + BAND + 2, middle)[1],
        )
        for n, need in enumerate(needs)
    ]


def _arc(begins: float, ends: float, middle: float) -> str:
    (x1, y1), (x2, y2) = _at(begins, RING, middle), _at(ends, RING, middle)
    return f"M {x1} {y1} A {RING} {RING} 0 {int(ends - begins > 180)} 1 {x2} {y2}"  # noqa: PLR2004  half a circle


def _at(degrees: float, radius: float, middle: float) -> tuple[float, float]:
    turned = math.radians(degrees - 90)
    return round(WIDTH / 2 + radius * math.cos(turned), 1), round(middle + radius * math.sin(turned), 1)


def _sentence(people: Sequence[Somebody], groups: dict[str, list[Somebody]], needs: Sequence[Covered]) -> str:
    many = {tied: sum(each.tied is tied for each in people) for tied in Tied}
    said = f"{counted(many[Tied.ACTIVE], 'person', 'people')} on the team"
    bodies = len(set(groups) - {OF_FAMILY, NO_ORGANISATION})
    if bodies:
        said += f", from {counted(bodies, 'organisation', 'organisations')}"
    if asked := many[Tied.ASKED] + sum(each.asked for each in people):
        said += f"; {asked} asked to lead"
    if many[Tied.LEFT]:
        said += f"; {many[Tied.LEFT]} left"
    gaps = (
        nobody_covers(need.headline for need in needs if not need.covered),
        only_suggested(need.headline for need in needs if need.covered and need.suggested),
    )
    return " ".join(f"{each}." for each in (said, *gaps) if each)
