"""Who belongs to whom in a family, drawn: people, homes, relationships, parental responsibility; and as a list."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from portal.domain.dates import counted
from portal.queries.households import FamilyHomes, Somebody

BOX_WIDTH, BOX_HEIGHT, GAP, COLUMN, TOP = 190, 54, 22, 330, 34
LONGEST_NAME = 22
BULGE = 26
# A line that goes between two boxes: how far before and after them it turns, how close a line may come to a box, and
# where the second and further ones in one gap go.
CLEAR, NEAR, LANES = 14, 3, (0, 5, -5)
# The words on a line: as wide as a letter may be in any font, as high as a line; and where on the line they may stand,
# the best first: nearer to who is named first, so that the words of several lines to one child are apart.
LETTER, LINE, LONGEST_LABEL = 9, 20, 14
ALONG = (0.3, 0.45, 0.2, 0.6, 0.75)
RESPONSIBLE, RELATED, LIVES = "responsible", "related", "lives"


@dataclass(frozen=True)
class Box:
    """Somebody, or a home: `lines` of text. A home's corners are square."""

    x: int
    y: int
    lines: Sequence[str]
    is_home: bool
    pale: bool


@dataclass(frozen=True)
class Line:
    """`path` in the words of SVG; `kind` decides whether it is solid, dashed or dotted; `label` stands at (x, y)."""

    path: str
    kind: str
    label: str = ""
    x: int = 0
    y: int = 0


@dataclass(frozen=True)
class Drawing:
    """The picture, its one sentence, and the same facts as a list."""

    width: int
    height: int
    box_width: int
    box_height: int
    headings: Sequence[tuple[int, str]]
    boxes: Sequence[Box]
    lines: Sequence[Line]
    sentence: str
    facts: Sequence[str]


@dataclass(frozen=True)
class _Place:
    column: int
    row: int

    @property
    def x(self) -> int:
        return BULGE + self.column * COLUMN

    @property
    def y(self) -> int:
        return TOP + self.row * (BOX_HEIGHT + GAP)

    @property
    def middle(self) -> int:
        return self.y + BOX_HEIGHT // 2


def draw(household: FamilyHomes) -> Drawing:
    """Adults on the left, children in the middle, homes on the right."""
    people = [person for person in household.people if not person.ended]
    adults = [person for person in people if not person.is_child]
    children = [person for person in people if person.is_child]
    at = {person.id: _Place(0, row) for row, person in enumerate(adults)}
    at |= {person.id: _Place(1, row) for row, person in enumerate(children)}
    homes = {home.id: _Place(2, row) for row, home in enumerate(household.homes)}
    rows = max(len(adults), len(children), len(household.homes), 1)
    return Drawing(
        width=BULGE + 2 * COLUMN + BOX_WIDTH + 2,
        height=TOP + rows * (BOX_HEIGHT + GAP),
        box_width=BOX_WIDTH,
        box_height=BOX_HEIGHT,
        headings=[(BULGE + column * COLUMN, words) for column, words in enumerate(("Adults", "Children", "Homes"))],
        boxes=[*_boxes(people, at), *(_home_box(home.name, homes[home.id]) for home in household.homes)],
        lines=[*_lives(household, at, homes), *_bonds(household, at)],
        sentence=_sentence(len(adults), len(children), len(household.homes)),
        facts=_facts(household, people),
    )


def _boxes(people: Sequence[Somebody], at: Mapping[int, _Place]) -> list[Box]:
    return [
        Box(
            at[person.id].x,
            at[person.id].y,
            [_short(person.name), person.born],
            is_home=False,
            pale=person.died or person.unborn,
        )
        for person in people
    ]


def _home_box(name: str, place: _Place) -> Box:
    return Box(place.x, place.y, [_short(name)], is_home=True, pale=False)


def _lives(household: FamilyHomes, at: Mapping[int, _Place], homes: Mapping[int, _Place]) -> list[Line]:
    """From each person to each home they live in; where a child's box is in the way, between two boxes."""
    children = [place for place in at.values() if place.column == 1]
    taken: Counter[int] = Counter()
    return [
        Line(_home_path(at[person_id], homes[home.id], children, taken), LIVES)
        for home in household.homes
        for person_id in home.person_ids
        if person_id in at
    ]


def _home_path(one: _Place, home: _Place, children: Sequence[_Place], taken: Counter[int]) -> str:
    if one.column > 0 or not any(_passes_behind(child, one, home) for child in children):
        return _across(one, home)
    # Below the row of whoever stands nearest to the way, beside the lines that go there already.
    row = min((one.row + home.row) // 2, len(children) - 1)
    y = TOP + (row + 1) * (BOX_HEIGHT + GAP) - GAP // 2 + LANES[taken[row] % len(LANES)]
    taken[row] += 1
    left = children[0].x
    return (
        f"M {one.x + BOX_WIDTH} {one.middle} L {left - CLEAR} {y} L {left + BOX_WIDTH + CLEAR} {y} "
        f"L {home.x} {home.middle}"
    )


def _passes_behind(box: _Place, one: _Place, home: _Place) -> bool:
    """Whether a straight line from one to the other would be hidden by this box, or nearly."""
    rise = (home.middle - one.middle) / (home.x - one.x - BOX_WIDTH)
    crossing = [one.middle + rise * (x - one.x - BOX_WIDTH) for x in (box.x, box.x + BOX_WIDTH)]
    return min(crossing) < box.y + BOX_HEIGHT + NEAR and max(crossing) > box.y - NEAR


def _bonds(household: FamilyHomes, at: Mapping[int, _Place]) -> list[Line]:
    """One line for each two people: solid where there is parental responsibility, with what they are to each other."""
    pairs: dict[frozenset[int], list[str]] = {}
    solid: set[frozenset[int]] = set()
    for bond in household.bonds:
        if bond.person_id in at and bond.other_id in at:
            pair = frozenset((bond.person_id, bond.other_id))
            pairs.setdefault(pair, [])
            if bond.kind is None:
                solid.add(pair)
            else:
                pairs[pair].append(bond.kind)
    lines: list[Line] = []
    for pair, kinds in pairs.items():
        lines.append(_bond([at[id_] for id_ in pair], kinds, RESPONSIBLE if pair in solid else RELATED, lines))
    return lines


def _bond(ends: Sequence[_Place], kinds: Sequence[str], kind: str, drawn: Sequence[Line]) -> Line:
    one, other = sorted(ends, key=lambda end: (end.column, end.row))
    label = _cut(" / ".join(kinds), LONGEST_LABEL)
    if one.column == other.column:
        turn = one.x - BULGE
        path = f"M {one.x} {one.middle} C {turn} {one.middle}, {turn} {other.middle}, {other.x} {other.middle}"
        return Line(path, kind)
    possible = [Line(_across(one, other), kind, label, *_on(one, other, label, part)) for part in ALONG]
    return min(possible, key=lambda line: sum(_lies_on(line, each) for each in drawn))


def _on(one: _Place, other: _Place, label: str, part: float) -> tuple[int, int]:
    """Where the words of a line stand, so far along it; they never reach into a box."""
    room = COLUMN - BOX_WIDTH
    half = len(label) * LETTER / 2
    along = min(max(part * room, half), room - half)
    return round(one.x + BOX_WIDTH + along), round(one.middle + (other.middle - one.middle) * along / room) + 5


def _lies_on(one: Line, other: Line) -> bool:
    wide = (len(one.label) + len(other.label)) * LETTER / 2
    return bool(one.label and other.label) and abs(one.x - other.x) < wide and abs(one.y - other.y) < LINE


def _across(one: _Place, other: _Place) -> str:
    return f"M {one.x + BOX_WIDTH} {one.middle} L {other.x} {other.middle}"


def _short(text: str) -> str:
    return _cut(text, LONGEST_NAME)


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else f"{text[: letters - 1].rstrip()}…"


def _sentence(adults: int, children: int, homes: int) -> str:
    people = f"{counted(adults, 'adult', 'adults')}, {counted(children, 'child', 'children')}"
    return (
        f"{people}, {counted(homes, 'home', 'homes')}. A solid line is parental responsibility, a dashed line another "
        "relationship, a dotted line leads to the home somebody lives in."
    )


def _facts(household: FamilyHomes, people: Sequence[Somebody]) -> list[str]:
    names = {person.id: person.name for person in people}
    told = [bond for bond in household.bonds if bond.person_id in names and bond.other_id in names]
    lives = {person_id: [home.name for home in household.homes if person_id in home.person_ids] for person_id in names}
    return [
        *(f"{names[bond.person_id]} is {bond.inside} of {names[bond.other_id]}" for bond in told if bond.kind),
        *(
            f"{names[bond.person_id]} has parental responsibility for {names[bond.other_id]}"
            for bond in told
            if bond.kind is None
        ),
        *(f"{names[id_]} lives in {' and in '.join(homes)}" for id_, homes in lives.items() if homes),
    ]
