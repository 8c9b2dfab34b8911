"""Two records were one by mistake: within thirty days each row goes back to where it was."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from sqlalchemy import MetaData, select

from portal.core import clock
from portal.core.db import db
from portal.models.families import Family, Person
from portal.services import summary
from tests.services.test_merge_fates import _end_early_help, _people
from tests.support.hiding import a_note
from tests.support.merging import Two, added_twice
from tests.support.people import Council, history_of
from tests.support.web import Page, SignIn
from tests.support.world import a_world

MISTAKE = "The two mothers are cousins of one name"
# What a merge and its undoing write anew, and figures that say when.
OF_THE_MERGE = {
    "audit",
    "audit_seal",
    "record_merge",
    "merge_person",
    "moved_value",
    "idempotency_key",
    "outbox_message",
}
ALSO = {"delivery", "delivery_attempt", "user_session", "alembic_version", "sqlite_sequence", "family_seen"}
OF_NO_MATTER = {"version", "last_event_at"}


@pytest.fixture
def two(council: Council, sign_in: SignIn) -> Two:
    return added_twice(council, sign_in)


def part(two: Two, why: str = MISTAKE) -> Page:
    return two.sign_in(two.council.manager).submit(f"/families/{two.kept.ref}/merge/part", {"why": why})


def rows(council: Council) -> dict[str, dict[Any, dict[str, Any]]]:
    """Every row there is, but for lines of history of the merge itself."""
    with council.app.app_context(), db.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        said: dict[str, dict[Any, dict[str, Any]]] = {}
        for table in found.sorted_tables:
            if table.name in OF_THE_MERGE | ALSO:
                continue
            keys = [column.name for column in table.primary_key.columns]
            for row in connection.execute(select(table)).mappings():
                if str(row.get("kind", "")).startswith(("merge.", "emergency.")):
                    continue
                key = tuple(row[name] for name in keys)
                said.setdefault(table.name, {})[key] = {
                    name: value for name, value in row.items() if name not in OF_NO_MATTER
                }
        return said


class TestTakingApart:
    def test_leaves_each_row_as_it_was(self, council: Council, sign_in: SignIn) -> None:
        world = a_world(council)
        with council.behind_the_scenes():
            _end_early_help(world.south.home.id)
        two = Two(council, sign_in, world.north.home, world.south.home)
        nobody = {f"same_{row}": "nobody" for row in _people(council, world.south.home.id)}
        before = rows(council)
        assert two.propose(nobody).status == 303
        assert two.confirm().status == 303
        assert rows(council) != before

        page = part(two)

        assert page.status == 303, page.errors or page.main
        after = rows(council)
        # What was opened in an emergency stays closed.
        assert {name for name, found in after.items() if found != before.get(name)} == {"emergency_opening"}
        assert before.keys() == after.keys()

    def test_takes_away_again_what_somebody_was_filled_in_with(self, two: Two) -> None:
        with two.council.behind_the_scenes():
            db.session.get_one(Person, two.other.parent.id).school = "Mill Lane Primary"
            db.session.get_one(Person, two.other.parent.id).nhs_number = "9434765919"
        two.merge()

        assert part(two).status == 303

        with two.council.behind_the_scenes():
            kept, other = (db.session.get_one(Person, each.parent.id) for each in (two.kept, two.other))
            assert (kept.school, kept.nhs_number) == (None, None)
            assert (other.school, other.nhs_number) == ("Mill Lane Primary", "9434765919")

    def test_is_in_the_history_of_both_and_both_open_again(self, two: Two) -> None:
        two.merge()

        page = part(two).follow()

        assert f"{two.other.ref} stands for itself again" in page.text
        assert MISTAKE in page.main
        assert page.soup.select_one(f"main dd a[href='/families/{two.other.ref}']")
        for home in (two.kept, two.other):
            assert history_of(two.council, home.id)[-1] == "merge.parted"
            shown = two.sign_in(two.council.coordinator).get(f"/families/{home.ref}/history")
            assert f"took {two.other.ref} and {two.kept.ref} apart again" in shown.main
        assert two.people(two.other) != []
        with two.council.behind_the_scenes():
            for home in (two.kept, two.other):
                assert not summary.differences(home.id)

    def test_leaves_what_was_written_since_with_the_kept_record(self, two: Two) -> None:
        two.merge()
        a_note(two.council, two.kept, two.council.coordinator, "Rang the school")

        assert part(two).status == 303

        coordinator = two.sign_in(two.council.coordinator)
        assert "Rang the school" in coordinator.get(f"/families/{two.kept.ref}/history").text
        assert "Rang the school" not in coordinator.get(f"/families/{two.other.ref}/history").text


class TestIsRefused:
    def test_after_thirty_days(self, two: Two) -> None:
        two.merge()

        with time_machine.travel(clock.now() + timedelta(days=30, minutes=1), tick=True):
            page = two.sign_in(two.council.manager).get(f"/families/{two.kept.ref}/merge/part")
            assert "Nothing is merged into this record that could be taken apart" in page.main
            assert two.page().soup.select("a[href$='/merge/part']") == []

    def test_to_whom_it_is_not_given(self, two: Two) -> None:
        two.merge()

        assert two.sign_in(two.council.coordinator).get(f"/families/{two.kept.ref}/merge/part").status == 403
        assert two.page(two.council.coordinator).soup.select("a[href$='/merge/part']") == []

    def test_where_something_written_since_belongs_to_both(self, two: Two) -> None:
        two.merge({f"same_{two.other.children[0].id}": "nobody"})
        with two.council.behind_the_scenes():
            written = Person.family_id == two.kept.id
            assert len(db.session.scalars(select(Person).where(written)).all()) > 2
        joined = two.sign_in(two.council.coordinator).submit(
            f"/families/{two.kept.ref}/household/keep-apart",
            {
                "person": two.kept.children[0].id,
                "other": two.other.children[0].id,
                "kind": "must_not_meet",
                "reason": "Harm",
            },
        )
        assert joined.status == 303, joined.errors or joined.main

        page = part(two)

        assert page.status == 409
        assert "something was written that belongs to both: two people who are kept apart. While" in page.main
        with two.council.behind_the_scenes():
            assert db.session.get_one(Family, two.other.id).merged_into_id == two.kept.id

    def test_without_a_reason(self, two: Two) -> None:
        two.merge()

        assert part(two, "").errors == ["Enter why they are taken apart"]

    def test_where_nothing_was_merged(self, two: Two) -> None:
        page = two.sign_in(two.council.manager).get(f"/families/{two.kept.ref}/merge/part")

        assert "Nothing is merged into this record that could be taken apart" in page.main
