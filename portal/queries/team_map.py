"""The team as a picture: the family in the middle, people by organisation, the ring of needs; and its geometry."""

import enum
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.dates import counted
from portal.domain.plans import LIVE_ACTIONS, SHORT_HEADLINES, ActionState, Headline, NeedState
from portal.domain.support import ReferralState
from portal.facts.plans import nobody_covers
from portal.queries.family_rows import Row

# As wide as the narrowest screen shows at full size, so that its letters are as large there as anywhere.
WIDTH, BOX, GAP = 340, 156, 12
HEADING, ROW = 24, 20
RING, WITHIN, BAND = 46, 32, 12
LABELS = RING + 20
MOST_GROUPS, MOST_PEOPLE = 10, 8
HEADING_LETTERS, NAME_LETTERS = 15, 14
AT_WORK = LIVE_ACTIONS | {ActionState.BLOCKED}
APART = 10  # degrees between two needs of the ring
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


@dataclass(frozen=True)
class Covered:
    """A need and who covers it: names of people and of services. Where one of two needs of a headline is not
    covered, the headline is not."""

    headline: Headline
    by: list[str]
    covered: bool


@dataclass(frozen=True)
class Name:
    """One line in a box: `y` is the middle of it."""

    words: str
    tied: str
    y: float


@dataclass(frozen=True)
class Box:
    """The people of one organisation. The line from the spine meets it at `meets`, `y` its middle of the heading."""

    words: str
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
    """Ready to be drawn, and the list of the same. `spine` is from where to where the line down the middle goes."""

    ref: str
    width: int
    height: float
    middle: float
    spine: tuple[float, float]
    boxes: list[Box]
    more: str
    ring: list[Segment]
    legend: float
    sentence: str
    needs: list[NeedLine]


def of_rows(ref: str, rows: Mapping[str, list[Row]]) -> TeamMap:
    """From what was read of the family already (queries.family_rows)."""
    return drawn(ref, _people(rows), _needs(rows))


def _people(rows: Mapping[str, list[Row]]) -> list[Somebody]:
    on_team = {row.who_id for row in rows["member"] if row.other_on is None}
    asked = [row for row in rows["asked"] if row.who_id not in on_team]
    asked_ids = {row.who_id for row in asked}
    return [
        *(
            Somebody(
                row.who,
                OF_FAMILY if row.parent_id else row.more or NO_ORGANISATION,
                Tied.LEFT if row.other_on else Tied.ACTIVE,
            )
            for row in rows["member"]
            if row.who_id is None or row.who_id not in asked_ids
        ),
        *(Somebody(row.who, row.label, Tied.ASKED) for row in asked),
    ]


def _needs(rows: Mapping[str, list[Row]]) -> list[Covered]:
    """Each headline of an open need once, in the table's order; uncovered where any need of it is."""
    needs: dict[Headline, list[Row]] = {}
    for row in rows["need"]:
        if row.state == NeedState.OPEN:
            needs.setdefault(Headline(row.label), []).append(row)
    return [
        Covered(headline, _who(needs[headline], rows), covered=all(row.parent_id for row in needs[headline]))
        for headline in Headline
        if headline in needs
    ]


def _who(needs: list[Row], rows: Mapping[str, list[Row]]) -> list[str]:
    """Each once: who is to do something about these needs, and the services suggested for them."""
    ids = {need.id for need in needs}
    people = [row.who for row in rows["action"] if row.parent_id in ids and row.state in AT_WORK]
    services = [row.text for row in rows["referral"] if row.parent_id in ids and row.state != ReferralState.NOT_STARTED]
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
        height=legend + ROW,
        middle=middle,
        spine=(min(ends), max(ends)),
        boxes=boxes,
        more=f"and {counted(left_out, 'more organisation', 'more organisations')}" if left_out else "",
        ring=_ring(needs, middle),
        legend=legend,
        sentence=_sentence(people, groups, needs),
        needs=[
            NeedLine(
                SHORT_HEADLINES[need.headline].capitalize(),
                ", ".join(need.by) if need.covered else "nobody is covering this",
                uncovered=not need.covered,
            )
            for need in needs
        ],
    )


def _groups(people: Sequence[Somebody]) -> dict[str, list[Somebody]]:
    """The family first, then the organisation with most people on the team."""
    found: dict[str, list[Somebody]] = {}
    for each in people:
        found.setdefault(each.organisation, []).append(each)
    order = sorted(found, key=lambda name: (name != OF_FAMILY, -sum(_is_on(p) for p in found[name]), name))
    return {name: sorted(found[name], key=lambda each: list(Tied).index(each.tied)) for name in order}


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
    rows = len(shown) + bool(left_out)
    return Box(
        words=_cut(name, HEADING_LETTERS),
        tied=people[0].tied.value,
        x=x,
        y=top + HEADING / 2,
        height=HEADING + rows * ROW + 4,
        meets=x + BOX if x < WIDTH / 2 - BOX / 2 else x,
        names=[
            Name(_cut(each.name, NAME_LETTERS), each.tied.value, top + HEADING + (n + 0.5) * ROW)
            for n, each in enumerate(shown)
        ],
        more=f"and {left_out} more" if left_out else "",
    )


def _cut(words: str, letters: int) -> str:
    return words if len(words) <= letters else words[: letters - 1].rstrip() + "…"


def _ring(needs: Sequence[Covered], middle: float) -> list[Segment]:
    """From the top, clockwise; each need an equal part of the circle."""
    if not needs:
        return []
    part = 360 / len(needs)
    return [
        Segment(
            number=n + 1,
            path=_arc(n * part + APART / 2, (n + 1) * part - APART / 2, middle) if need.covered else "",
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
    if many[Tied.ASKED]:
        said += f"; {many[Tied.ASKED]} asked to lead"
    if many[Tied.LEFT]:
        said += f"; {many[Tied.LEFT]} left"
    gap = nobody_covers(need.headline for need in needs if not need.covered)
    return f"{said}. {gap}." if gap else f"{said}."
