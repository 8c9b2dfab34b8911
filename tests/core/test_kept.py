"""A statement that is kept answers as the session would, each time anew."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import Date, Integer, String, bindparam, column, literal, select, union_all
from sqlalchemy.exc import DBAPIError

from portal.core import clock
from portal.core.db import UTCDateTime, db, when_run, writing
from portal.core.kept import kept
from portal.domain.roles import Role
from portal.models.people import User, UserRole
from portal.models.record import BankHoliday
from tests.support.people import Council


@kept
def _of_user() -> Any:
    return select(User.name, User.email).where(User.id == bindparam("user", type_=Integer()))


@kept
def _with_roles(*roles: Role) -> Any:
    return select(UserRole.user_id, UserRole.role).where(UserRole.role.in_(roles)).order_by(UserRole.user_id)


@kept
def _values() -> Any:
    return select(
        when_run("the_day", clock.today, Date()).label("day"),
        when_run("the_day", clock.today, Date()).label("again"),
        when_run("the_time", clock.now, UTCDateTime()).label("at"),
        bindparam("nothing", type_=String()).label("absent"),
        literal("100 % ours").label("ours"),
    )


@kept
def _two_kinds() -> Any:
    days = select(literal("day", String()).label("kind"), BankHoliday.day.label("day"))
    return union_all(days, select(literal("none", String()), literal(None, Date())))


@kept
def _wrong() -> Any:
    return select(column("nowhere"))


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


class TestKept:
    def test_what_it_is_given_is_this_runs(self, council: Council) -> None:
        found = [
            db.session.execute(_of_user(), {"user": each.id}).one() for each in (council.coordinator, council.lead)
        ]

        assert [row.name for row in found] == [council.coordinator.name, council.lead.name]
        assert tuple(found[0]) == (council.coordinator.name, council.coordinator.email)

    def test_what_is_read_when_it_runs_is_read_each_time(self, council: Council) -> None:
        given = {"nothing": None}
        first = db.session.execute(_values(), given).one()
        with time_machine.travel(datetime(2027, 3, 1, 9, tzinfo=UTC), tick=False):
            later = db.session.execute(_values(), given).one()

        assert (first.day, first.again) == (clock.today(), clock.today())
        assert (later.day, later.again, later.at) == (date(2027, 3, 1), date(2027, 3, 1), clock_at(2027))
        assert (later.absent, later.ours) == (None, "100 % ours")

    def test_values_come_back_as_the_columns_types(self, council: Council) -> None:
        with writing():
            db.session.add(BankHoliday(day=date(2031, 5, 9), name="A day off"))
            db.session.commit()

        found = {(row.kind, row.day) for row in db.session.execute(_two_kinds())}

        assert {("day", date(2031, 5, 9)), ("none", None)} <= found

    def test_list_that_stands_in_it(self, council: Council) -> None:
        found = db.session.execute(_with_roles(Role.COORDINATOR, Role.AUDITOR)).all()

        assert {row.role for row in found} == {Role.COORDINATOR, Role.AUDITOR}
        assert (council.auditor.id, Role.AUDITOR) in {tuple(row) for row in found}

    def test_what_is_made_of_it_is_another_statement(self, council: Council) -> None:
        db.session.execute(_with_roles(Role.COORDINATOR, Role.AUDITOR)).all()

        found = db.session.scalars(_with_roles(Role.COORDINATOR, Role.AUDITOR).where(UserRole.role == Role.AUDITOR))

        assert set(found) == {council.auditor.id}

    def test_sees_what_was_changed_before_it(self, council: Council) -> None:
        with writing():
            person = db.session.get_one(User, council.coordinator.id)
            person.name = "Amina Adair"

            assert db.session.scalar(_of_user(), {"user": person.id}) == "Amina Adair"

    def test_value_that_is_not_given_is_an_error(self, council: Council) -> None:
        db.session.execute(_of_user(), {"user": 1}).all()

        with pytest.raises(KeyError):
            db.session.execute(_of_user(), {"users": 1})

    def test_what_goes_wrong_is_said_by_sqlalchemy(self, council: Council) -> None:
        with pytest.raises(DBAPIError, match="nowhere"):
            db.session.execute(_wrong()).all()

        db.session.rollback()
        assert db.session.execute(_of_user(), {"user": council.lead.id}).one().name == council.lead.name


def clock_at(year: int) -> datetime:
    return datetime(year, 3, 1, 9, tzinfo=UTC)
