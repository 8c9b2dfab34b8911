"""The picture of who is who: words on its lines can be read, however the lines cross."""

import re
from itertools import combinations, pairwise

import pytest

from portal.queries.households import Bond, FamilyHomes, Home, Somebody
from portal.queries.whos_who import LETTER, LINE, draw


def somebody(id_: int, *, is_child: bool) -> Somebody:
    name, alive = f"Person {id_}", {"unborn": False, "died": False, "ended": False, "hidden": False}
    return Somebody(id_, f"P-{id_}", name, name, "7 years", [], is_child=is_child, **alive)


@pytest.mark.parametrize("children", [1, 3, 4])
def test_no_word_lies_on_another_or_on_a_box(children: int) -> None:
    adults = {1: "Mother", 2: "Father"}
    of = range(10, 10 + children)
    people = [*(somebody(id_, is_child=False) for id_ in adults), *(somebody(id_, is_child=True) for id_ in of)]
    bonds = [Bond(adult, child, kind) for child in of for adult, kind in adults.items()]

    found = draw(FamilyHomes([], [], people, bonds, []))

    words = [line for line in found.lines if line.label]
    assert len(words) == 2 * children
    for one, other in combinations(words, 2):
        wide = (len(one.label) + len(other.label)) * LETTER / 2
        assert abs(one.x - other.x) >= wide or abs(one.y - other.y) >= LINE, (one, other)
    right, left = found.boxes[0].x + found.box_width, found.boxes[2].x
    assert all(right <= line.x - len(line.label) * LETTER / 2 for line in words)
    assert all(line.x + len(line.label) * LETTER / 2 <= left for line in words)


def home_of(id_: int, person_ids: list[int]) -> Home:
    return Home(id_, f"H-{id_}", f"Home {id_}", None, [], [], [], person_ids, may_change=True)


@pytest.mark.parametrize("children", [1, 2, 4])
def test_no_line_to_a_home_is_hidden_by_a_child_who_stands_between(children: int) -> None:
    adults, of = [1, 2, 3], list(range(10, 10 + children))
    people = [*(somebody(id_, is_child=False) for id_ in adults), *(somebody(id_, is_child=True) for id_ in of)]
    homes = [home_of(20, [1, 2, *of]), home_of(21, [3])]

    found = draw(FamilyHomes(homes, [], people, [], []))

    assert len(found.lines) == 3 + children
    boxes = [box for box in found.boxes if not box.is_home]
    for line in found.lines:
        points = [(int(x), int(y)) for x, y in re.findall(r"(\d+) (\d+)", line.path)]
        for (left, start), (right, end) in pairwise(points):
            for box in boxes:
                inside = [
                    start + (end - start) * (x - left) / (right - left)
                    for x in range(max(left, box.x) + 1, min(right, box.x + found.box_width))
                ]
                assert all(not box.y <= y <= box.y + found.box_height for y in inside), (line, box)
