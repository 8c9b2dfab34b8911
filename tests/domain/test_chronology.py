"""Every kind of line belongs to one subject that the history can be narrowed to."""

import pytest

from portal.domain.chronology import WORDS, Subject, kinds_of, subject_of
from portal.domain.event_kinds import E


@pytest.mark.parametrize("kind", E)
def test_a_kind_has_a_subject(kind: E) -> None:
    assert kind in kinds_of(subject_of(kind))


def test_a_subject_has_words_and_kinds() -> None:
    assert set(WORDS) == set(Subject)
    assert all(kinds_of(subject) for subject in Subject)
