"""Migrations: up, down and up again, on a database of their own."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Engine, Enum, MetaData, inspect, select, text

from portal import create_app
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.domain.episodes import Stage
from portal.domain.support import NeedNow, NotStarted
from portal.models.base import FamilyScoped
from portal.models.families import Clearance, ConfidentialAddress, ConflictOfInterest, Family, KeepApart, KeepApartKind
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.record import (
    BankHoliday,
    ClosureDay,
    CouncilContact,
    Event,
    FamilySummary,
    PracticeStandard,
    WordLabel,
)
from portal.policies.scope import unscoped
from portal.services import summary, support_moves
from portal.web.migrations import folder
from tests.support import databases
from tests.support.following import a_referral, coordinated
from tests.support.people import Council, a_family, found_council
from tests.support.world import World, a_world

# Older steps are history, and each takes a second.
NEWEST = 3


@pytest.fixture
def own_app(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Flask]:
    """The portal over an empty database of its own, without a single table."""
    with databases.fresh(request.config.getoption("--database")) as url:
        app = create_app(settings.model_copy(update={"database_url": url}))
        yield app
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def script(migrated: Flask) -> ScriptDirectory:
    config = Config()
    config.set_main_option("script_location", str(folder()))
    return ScriptDirectory.from_config(config)


def tables_of(app: Flask) -> set[str]:
    with app.app_context():
        return set(inspect(db.engine).get_table_names())


Rows = dict[str, list[dict[str, Any]]]


def rows_of(app: Flask) -> Rows:
    """Every row of every table, as the database tells them."""
    with app.app_context(), db.engine.connect() as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in found.tables.items()
            if name != "alembic_version"
        }


def told_alike(some: Rows, others: Rows) -> dict[str, bool]:
    """For each table that both have, whether it tells the same over the columns that both have."""
    return {name: _over(some[name], others[name]) == _over(others[name], some[name]) for name in some.keys() & others}


def _over(rows: list[dict[str, Any]], others: list[dict[str, Any]]) -> list[str]:
    shared = sorted(rows[0].keys() & others[0].keys()) if rows and others else []
    return sorted(repr([row[column] for column in shared]) for row in rows)


def fill(app: Flask) -> tuple[Council, World]:
    """A council with families that have one of everything, and the settings a council makes for itself."""
    council = found_council(app)
    world = a_world(council)
    with council.behind_the_scenes():
        from portal.core import clock
        from portal.domain.standards import Standard, Unit

        of: dict[str, Any] = {"family_id": world.north.home.id}
        parent, child = world.north.home.parent, world.north.home.children[0]
        db.session.add_all(
            [
                Clearance(**of, user_id=council.auditor.id, cleared_at=clock.now()),
                ConflictOfInterest(**of, user_id=council.auditor.id, recorded_at=clock.now()),
                ConfidentialAddress(**of, person_id=parent.id, address="2 Safe Street, Ambleford"),
                KeepApart(**of, person_id=parent.id, other_id=child.id, kind=KeepApartKind.MUST_NOT_MEET),
                WordLabel(key="plan", one="family plan", many="family plans", a="a family plan"),
                PracticeStandard(key=Standard.DECIDE, amount=4, unit=Unit.WORKING_DAYS),
                CouncilContact(key="help_phone", value="01632 960 701"),
                BankHoliday(day=clock.today(), name="The King’s day"),
                ClosureDay(day=clock.today(), name="Moving office"),
            ]
        )
    return council, world


class TestMigrations:
    def test_have_one_head_and_numbers_in_order(self, script: ScriptDirectory) -> None:
        revisions = [revision.revision for revision in script.walk_revisions()][::-1]

        assert len(script.get_heads()) == 1
        assert revisions == sorted(revisions)
        assert all(name.isdigit() and len(name) == 4 for name in revisions)

    def test_each_says_what_it_is_for_and_goes_back(self, script: ScriptDirectory) -> None:
        for revision in script.walk_revisions():
            assert (revision.doc or "").strip().endswith(".")
            assert callable(revision.module.downgrade)
            assert "pass" not in revision.module.downgrade.__code__.co_names

    def test_head_is_what_the_models_say(self, migrated: Flask) -> None:
        assert differences(migrated) == []

    def test_checks_and_indexes_are_all_there(self, migrated: Flask) -> None:
        """What a comparison of tables does not look at: checks, and conditions of indexes."""
        with migrated.app_context():
            found = inspect(db.engine)
            for table in db.metadata.sorted_tables:
                checks = {str(check["name"]) for check in found.get_check_constraints(table.name)}
                assert checks == {str(each.name) for each in table.constraints if isinstance(each, CheckConstraint)}
                indexes = {str(index["name"]) for index in found.get_indexes(table.name)}
                assert indexes >= {str(index.name) for index in table.indexes}, table.name

    def test_a_check_of_words_takes_those_of_its_column_and_no_others(self, migrated: Flask) -> None:
        with migrated.app_context():
            found = inspect(db.engine)
            for table in db.metadata.sorted_tables:
                checks = {str(each["name"]): each["sqltext"] for each in found.get_check_constraints(table.name)}
                for column in table.columns:
                    if isinstance(column.type, Enum) and column.type.create_constraint:
                        check = checks[f"ck_{table.name}_{column.type.name}"]
                        assert set(re.findall(r"'(\w+)'", check)) == set(column.type.enums), (
                            f"{table.name}.{column.name}"
                        )

    def test_where_the_worker_writes_thousands_sqlite_builds_no_list_for_each_row(self, migrated: Flask) -> None:
        with migrated.app_context():
            if db.engine.dialect.name == "sqlite":
                found = inspect(db.engine)
                for table in (FollowUpCheck.__tablename__, Event.__tablename__):
                    lists = [each for each in found.get_check_constraints(table) if " IN (" in each["sqltext"]]
                    assert not lists, table

    def test_the_log_can_only_grow_at_the_newest(self, migrated: Flask) -> None:
        """A step that rebuilds a table on SQLite drops what guards it."""
        with migrated.app_context(), db.engine.connect() as connection:
            sqlite = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            postgresql = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
            found = connection.execute(text(sqlite if db.engine.dialect.name == "sqlite" else postgresql)).scalars()
            guards = (
                ("not_changed", "not_deleted", "not_replaced")
                if db.engine.dialect.name == "sqlite"
                else ("only_grows",)
            )
            names = {f"{table}_{guard}" for table in databases.GROW_ONLY for guard in guards} | {"audit_not_changed"}
            assert set(found) == names

    def test_down_to_nothing_and_up_again_with_rows_in_every_table(self, own_app: Flask) -> None:
        databases.migrate(own_app)
        fill(own_app)
        before = tables_of(own_app)

        with own_app.app_context():
            downgrade(revision="base")
        assert tables_of(own_app) == {"alembic_version"}

        databases.migrate(own_app)
        assert tables_of(own_app) == before
        assert differences(own_app) == []
        fill(own_app)

    def test_rows_survive_each_step_back_and_forth(self, own_app: Flask, script: ScriptDirectory) -> None:
        """Down step by step from the newest revision, in a soak to the first, then up again: whatever has a place on
        both sides of a step is the same before and after it."""
        databases.migrate(own_app)
        fill(own_app)
        steps = [revision for revision in script.walk_revisions() if revision.down_revision is not None]
        steps = steps if "PORTAL_SOAK" in os.environ else steps[:NEWEST]
        way = [(downgrade, str(step.down_revision)) for step in steps]
        way += [(upgrade, step.revision) for step in reversed(steps)]

        for go, to in way:
            before = rows_of(own_app)
            with own_app.app_context():
                go(revision=to)
            alike = told_alike(before, rows_of(own_app))
            assert [name for name, same in alike.items() if not same] == [], f"rows changed on the way to {to}"

    def test_a_family_that_another_service_is_owed_to_is_open_from_then_on(self, own_app: Flask) -> None:
        databases.migrate(own_app)
        council = found_council(own_app)
        home = coordinated(council, a_family(council))
        referral, _ = a_referral(council, home, by=council.coordinator)
        with council.as_(council.coordinator) as viewer:
            support_moves.not_start(
                db.session.get_one(SupportReferral, referral.id),
                by=viewer,
                code=NotStarted.NO_CAPACITY,
                reason="Full",
                need_now=NeedNow.ANOTHER_SERVICE,
            )
        with own_app.app_context():
            downgrade(revision="0033")
            with db.engine.begin() as connection:
                connection.execute(
                    text("UPDATE family_summary SET open = (1 = 0), stage = 'not_open', next_kind = NULL")
                )

            upgrade(revision="0034")

        with council.behind_the_scenes():
            row = db.session.get_one(FamilySummary, home.id)
            assert (row.open, row.stage, row.next_who) == (True, Stage.FOLLOWING_UP, council.coordinator.name)
        # What is counted anew is read as the tables stand today.
        databases.migrate(own_app)
        with council.behind_the_scenes():
            assert summary.differences(home.id) == {}

    def test_a_second_upgrade_changes_nothing(self, app: Flask) -> None:
        fill(app)
        before = rows_of(app)

        databases.migrate(app)

        assert rows_of(app) == before

    def test_what_the_tests_fill_is_in_every_table_of_families_that_pages_read(self, app: Flask) -> None:
        fill(app)

        empty = {name for name, rows in rows_of(app).items() if not rows}

        assert "family" not in empty
        assert not empty & {mapper.local_table.name for mapper in _scoped() if mapper.class_.__name__ in FILLED}


FILLED = {"Person", "Household", "StepDown", "PlanAction", "PlanNeed", "SupportReferral", "FollowUpCheck", "Event"}


def _scoped() -> Iterator[Any]:
    yield from (mapper for mapper in Family.registry.mappers if issubclass(mapper.class_, FamilyScoped))


def differences(app: Flask) -> list[Any]:
    """What a new migration would have to do."""
    with app.app_context(), writing(), unscoped("comparing tables"), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return list(compare_metadata(context, db.metadata))


def test_sqlite_keeps_its_promises(settings: Settings, tmp_path: Path) -> None:
    """Killing a process cannot show whether a commit outlives a power cut: only the setting can."""
    app = create_app(settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'promises.sqlite'}"}))
    with app.app_context():
        for _ in range(3):
            with db.engine.connect() as first, db.engine.connect() as second:
                for connection in (first, second):
                    read = {
                        name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                        for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
                    }
                    assert read == {
                        "journal_mode": "wal",
                        "synchronous": 2,  # FULL
                        "foreign_keys": 1,
                        "busy_timeout": 15000,
                    }
                    connection.rollback()
        db.engine.dispose()


def test_a_writing_transaction_locks_at_once_and_a_reading_one_does_not(settings: Settings, tmp_path: Path) -> None:
    from portal.core.db import reading

    app = create_app(settings.model_copy(update={"database_url": f"sqlite:///{tmp_path / 'locks.sqlite'}"}))
    begun: list[str] = []
    with app.app_context():
        engine: Engine = db.engine
        with engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            raw.set_trace_callback(begun.append)
            with reading():
                connection.exec_driver_sql("SELECT 1")
            connection.rollback()
            with writing():
                connection.exec_driver_sql("SELECT 1")
            connection.rollback()
            raw.set_trace_callback(None)
        engine.dispose()

    assert [line for line in begun if line.startswith("BEGIN")] == ["BEGIN", "BEGIN IMMEDIATE"]
