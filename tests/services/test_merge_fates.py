"""Every table that leads to a family says what becomes of its rows in a merge; and what is left can be destroyed."""

from typing import Any

from sqlalchemy import MetaData, UniqueConstraint, inspect, select

from portal.core import clock
from portal.core.db import Base, db
from portal.domain.episodes import EpisodeState
from portal.domain.leads import EndCode, LeadState
from portal.facts import typed_places
from portal.models.base import FamilyScoped
from portal.models.families import Family, Person
from portal.models.handover import Episode, LeadAssignment
from portal.models.subjects import DestroyedRecord
from portal.services import destruction, history
from portal.services.merge_fates import BESIDE, FATES, UNTOUCHED, Fate, of_family
from portal.services.merge_moves import KEYS
from tests.support.hiding import WHERE, a_note, hide
from tests.support.merging import Two, added_twice
from tests.support.people import Council, a_family
from tests.support.web import SignIn
from tests.support.world import a_world


def tables() -> dict[str, type[Any]]:
    return {str(mapper.local_table): mapper.class_ for mapper in Base.registry.mappers}


class TestEveryTable:
    def test_that_leads_to_a_family_says_what_becomes_of_its_rows(self) -> None:
        """A new table has to be thought of: does it move, stand once, end, or stay?"""
        leading = {"family"}
        while more := {
            table.name
            for table in Base.metadata.tables.values()
            if table.name not in leading and any(key.column.table.name in leading for key in table.foreign_keys)
        }:
            leading |= more
        named = {name for name, table in Base.metadata.tables.items() if "family_id" in table.c}

        said = {model.__tablename__ for model in (*FATES, *UNTOUCHED)}

        assert leading | named == said, "say in portal/services/merge_fates.py what a merge does with it"

    def test_that_is_of_one_family_is_moved_by_the_column_that_says_which(self) -> None:
        for model, fate in FATES.items():
            if fate is not Fate.STAYS:
                assert model in BESIDE or issubclass(model, FamilyScoped)
                assert of_family(model) in inspect(model).columns

    def test_that_holds_something_of_a_family_once_has_a_key_or_ends(self) -> None:
        """A unique index over a family's rows alone would refuse the second one."""
        for name, table in Base.metadata.tables.items():
            alone: list[Any] = [index for index in table.indexes if index.unique and "family_id" in index.columns]
            rules = [each for each in table.constraints if isinstance(each, UniqueConstraint)]
            alone += [each for each in rules if "family_id" in each.columns]
            fate = FATES.get(tables()[name])
            if alone and name != "person":
                assert fate in {Fate.ONCE, Fate.ENDS, Fate.REFUSED, Fate.STAYS}, name

    def test_that_stands_once_says_by_what(self) -> None:
        once = {model for model, fate in FATES.items() if fate is Fate.ONCE}

        assert set(KEYS) == once - {Person}


class TestEveryRow:
    def test_of_two_full_families_is_in_the_kept_one_or_stays_for_a_reason(
        self, council: Council, sign_in: SignIn
    ) -> None:
        """One of everything on both sides: only what is open twice is ended before."""
        world = a_world(council)
        north, closed = world.north, world.south
        with council.behind_the_scenes():
            _end_early_help(closed.home.id)
        two = Two(council, sign_in, north.home, closed.home)

        page = two.propose({f"same_{row}": "nobody" for row in _people(council, closed.home.id)})
        assert page.status == 303, page.main
        assert two.confirm().status == 303

        left = _left(council, closed.home.id)
        assert {name for name, rows in left.items() if rows} <= {
            *("family_summary", "family", "household", "household_membership"),
            *("clearance", "conflict_of_interest", "team_member"),
        }


def _people(council: Council, family_id: int) -> list[int]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Person.id).where(Person.family_id == family_id)))


def _end_early_help(family_id: int) -> None:
    """What a family may have open once alone."""
    for episode in db.session.scalars(select(Episode).where(Episode.family_id == family_id)):
        episode.state = EpisodeState.ENDED_BEFORE_START
    for lead in db.session.scalars(select(LeadAssignment).where(LeadAssignment.family_id == family_id)):
        lead.state, lead.end_code, lead.ended_on = LeadState.ENDED, next(iter(EndCode)), clock.today()
    history.changed(family_id)


def _left(council: Council, family_id: int) -> dict[str, list[Any]]:
    with council.app.app_context(), db.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: list(connection.execute(select(table).where(table.c[column] == family_id)))
            for table in found.sorted_tables
            for column in ("family_id", "found_family_id")
            if column in table.c and table.name != "audit"
        }


class TestWhatIsLeftOfTheOther:
    def test_goes_with_the_record_when_that_is_destroyed(self, council: Council, sign_in: SignIn) -> None:
        two = added_twice(council, sign_in)
        a_family(council, name="Later")
        two.merge()

        with council.behind_the_scenes():
            destruction.destroy(two.kept.id)

        for home in (two.kept, two.other):
            assert {name for name, rows in _left(council, home.id).items() if rows} == set()
        with council.behind_the_scenes():
            assert db.session.get(Family, two.other.id) is None
            assert db.session.scalars(select(DestroyedRecord)).all() == []

    def test_of_a_proposal_nothing_is_left_when_the_other_record_is_destroyed(
        self, council: Council, sign_in: SignIn
    ) -> None:
        two = added_twice(council, sign_in)
        two.propose()

        with council.behind_the_scenes():
            destruction.destroy(two.other.id)

        assert two.page().main.count("Merged into this record") == 1
        assert _left(council, two.kept.id)["merge_person"] == []

    def test_hides_no_words_that_are_hidden(self, council: Council, sign_in: SignIn) -> None:
        """Those of rows that stayed there, and of the proposal, from either side."""
        two = added_twice(council, sign_in)
        two.propose({"why": f"They both live at {WHERE}"})
        hide(sign_in, council.coordinator, two.other, sure="y")
        assert WHERE not in two.page().main
        two.confirm()
        with council.behind_the_scenes():
            db.session.get_one(Person, two.other.parent.id).school = WHERE
        a_note(council, two.kept, council.coordinator, WHERE)

        hide(sign_in, council.coordinator, two.kept, sure="y")

        with council.behind_the_scenes():
            assert not [place for place in typed_places.of_family(two.kept.id) if WHERE in str(place.value)]
            assert db.session.get_one(Person, two.other.parent.id).school != WHERE


class TestCopies:
    def test_of_what_is_held_tell_what_either_record_said_of_somebody(self, council: Council, sign_in: SignIn) -> None:
        two = added_twice(council, sign_in)
        with council.behind_the_scenes():
            db.session.get_one(Person, two.other.parent.id).given_name = "Shivaun"
        two.propose({f"same_{two.other.parent.id}": str(two.kept.parent.id)})
        two.confirm()

        page = sign_in(council.manager).submit(
            f"/people/{two.kept.parent.ref}/copy",
            {"asked_by": "Siobhán", "identity": "Passport seen at the office", "why": "She asked in a letter"},
        )

        told = page.follow().main
        assert "Siobhán" in told
        assert "Shivaun" in told
