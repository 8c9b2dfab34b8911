"""The picture of who is who: words on its lines can be read, however the lines cross."""

from itertools import combinations

import pytest

from portal.queries.households import Bond, FamilyHomes, Somebody
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
