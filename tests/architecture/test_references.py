"""References that people read out and type: each says by itself what it is of."""

from collections import Counter

from portal.core.db import Base
from portal.models.base import Referenced

KINDS = [mapper.class_ for mapper in Base.registry.mappers if issubclass(mapper.class_, Referenced)]


def test_no_two_kinds_of_thing_share_how_their_references_begin() -> None:
    begin = Counter(kind.ref_prefix for kind in KINDS)

    assert len(KINDS) > 20
    assert [prefix for prefix, count in begin.items() if count > 1] == []


def test_how_one_kind_began_once_is_how_no_other_begins_that_is_met_at_its_addresses() -> None:
    earlier = [kind.earlier_prefix for kind in KINDS if kind.earlier_prefix]

    assert len(set(earlier)) == len(earlier)
    assert not any(kind.earlier_prefix == kind.ref_prefix for kind in KINDS)
