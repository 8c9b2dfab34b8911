"""No way of asking the database leads round a viewer's reach."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import (
    Integer,
    String,
    and_,
    bindparam,
    case,
    cast,
    delete,
    exists,
    extract,
    func,
    join,
    literal,
    or_,
    select,
    text,
    true,
    union_all,
    update,
)
from sqlalchemy.orm import aliased

from portal.core.db import db, writing
from portal.core.errors import NobodyAsking, NotNarrowed
from portal.core.kept import kept
from portal.models.base import FamilyScoped
from portal.models.families import Family
from portal.models.people import User
from portal.models.record import Event
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.policies.scope import unscoped
from tests.support.people import Council
from tests.support.scenes import Scene, a_member, a_scene


def rows(statement: Any) -> list[Any]:
    return list(db.session.execute(statement).all())


_other = aliased(PlanAction)
_owner = aliased(TeamMember)
_action = aliased(PlanAction, name="task")
_lines = select(PlanAction.what.label("what")).subquery()
_whole = select(PlanAction).subquery()
_from_whole = aliased(PlanAction, _whole)
_with = select(PlanAction.what.label("what")).cte("spoken")


@kept
def _kept_lines() -> Any:
    return select(PlanAction.what).where(PlanAction.family_id == bindparam("family", type_=Integer()))


@kept
def _kept_union() -> Any:
    return union_all(select(PlanAction.what), select(_owner.name))


# Each reads something of an action or its family; the rows of somebody outside must be empty, or all None.
SHAPES: dict[str, Callable[[Scene], list[Any]]] = {
    "columns": lambda _: rows(select(PlanAction.what)),
    "entity": lambda _: list(db.session.scalars(select(PlanAction))),
    "by its id": lambda s: list(db.session.scalars(select(PlanAction).where(PlanAction.id == s.action.id))),
    "get": lambda s: [found for found in [db.session.get(PlanAction, s.action.id)] if found],
    "get of the family": lambda s: [found for found in [db.session.get(Family, s.family_id)] if found],
    "merge": lambda s: [found for found in [db.session.get(PlanAction, s.action.id, populate_existing=True)] if found],
    "locked": lambda _: rows(select(PlanAction).with_for_update()),
    "alias": lambda _: rows(select(_other)),
    "columns of an alias": lambda _: rows(select(_other.what)),
    "two aliases": lambda _: rows(select(_other.what, PlanAction.id).where(_other.id == PlanAction.id)),
    "join to the family": lambda _: rows(select(Family.name).join(PlanAction, PlanAction.family_id == Family.id)),
    "join from a user": lambda _: rows(select(User.name).join(TeamMember, TeamMember.user_id == User.id)),
    "outer join from a user": lambda _: [
        row
        for row in rows(select(User.name, TeamMember.job).outerjoin(TeamMember, TeamMember.user_id == User.id))
        if row.job
    ],
    "comma join": lambda _: rows(select(User.name).where(TeamMember.user_id == User.id)),
    "joined alias": lambda _: rows(select(User.name, _owner.id).join(_owner, _owner.user_id == User.id)),
    "outer joined alias": lambda _: [
        row for row in rows(select(User.name, _owner.id).outerjoin(_owner, _owner.user_id == User.id)) if row.id
    ],
    "alias joined to an entity": lambda _: rows(
        select(_action.what, _owner.name).join(_owner, _owner.family_id == _action.family_id)
    ),
    "exists about an alias": lambda _: rows(
        select(User.name).where(exists(select(_owner.id).where(_owner.user_id == User.id)))
    ),
    "subquery": lambda _: rows(select(_lines.c.what)),
    "entity of a subquery": lambda _: rows(select(_from_whole)),
    "common table expression": lambda _: rows(select(_with.c.what)),
    "in a list": lambda _: rows(select(User.name).where(User.id.in_(select(TeamMember.user_id)))),
    "scalar subquery": lambda _: [
        found
        for found in db.session.scalars(select(select(PlanAction.what).limit(1).scalar_subquery()))
        if found is not None
    ],
    "exists": lambda _: [found for found in db.session.scalars(select(exists(select(PlanAction.id)))) if found],
    "exists about a user": lambda _: rows(select(User.name).where(exists().where(TeamMember.user_id == User.id))),
    "count": lambda _: [n for n in db.session.scalars(select(func.count(PlanAction.id))) if n],
    "count from": lambda _: [n for n in db.session.scalars(select(func.count()).select_from(PlanAction)) if n],
    "count of a subquery": lambda _: [n for n in db.session.scalars(select(func.count()).select_from(_lines)) if n],
    "largest": lambda _: [found for found in db.session.scalars(select(func.max(PlanAction.id))) if found],
    "grouped": lambda _: rows(select(PlanAction.state, func.count()).group_by(PlanAction.state)),
    "window beside a column": lambda _: rows(select(PlanAction.what, func.row_number().over(order_by=PlanAction.id))),
    "case": lambda _: rows(select(case((PlanAction.id > 0, 1), else_=2))),
    "cast": lambda _: rows(select(cast(PlanAction.id, String))),
    "literal where": lambda _: rows(select(literal(1)).where(PlanAction.id > 0)),
    "on a condition": lambda _: rows(
        select(User.id).join(TeamMember, and_(TeamMember.user_id == User.id, TeamMember.id > 0))
    ),
    "join to a subquery": lambda _: rows(select(User.id).join(select(TeamMember.user_id).subquery("on_it"), true())),
    "changing a user by it": lambda _: changed(
        update(User).where(User.id.in_(select(TeamMember.user_id))).values(job="Known")
    ),
    "distinct": lambda _: rows(select(PlanAction.family_id).distinct()),
    "union": lambda _: rows(union_all(select(PlanAction.what), select(PlanNeed.what))),
    "union in a subquery": lambda _: rows(
        select(union_all(select(PlanAction.what), select(PlanNeed.what)).subquery().c.what)
    ),
    "kept": lambda s: list(db.session.execute(_kept_lines(), {"family": s.family_id})),
    "kept union": lambda _: rows(_kept_union()),
    "literal beside a table": lambda _: rows(select(literal(1)).select_from(Event)),
    "query": lambda _: list(db.session.query(PlanAction).all()),
    "query count": lambda _: [n for n in [db.session.query(PlanAction).count()] if n],
    "page of many": lambda _: list(db.paginate(select(PlanAction), page=1, error_out=False).items),
    "streamed": lambda _: list(db.session.scalars(select(PlanAction).execution_options(yield_per=2))),
    "update": lambda _: changed(update(PlanAction).values(what="Taken")),
    "update by id": lambda s: changed(update(PlanAction).where(PlanAction.id == s.action.id).values(what="Taken")),
    "update and read": lambda _: rows(update(PlanAction).values(what="Taken").returning(PlanAction.what)),
    "delete": lambda _: changed(delete(Event).where(Event.id > 0)),
}
# SQLAlchemy puts no criterion on these: they are refused, whoever asks.
REFUSED: dict[str, Callable[[Scene], list[Any]]] = {
    "window alone": lambda _: rows(select(func.row_number().over(order_by=PlanAction.id))),
    "filtered count": lambda _: rows(select(func.count().filter(PlanAction.id > 0))),
    "part of a date": lambda _: rows(select(extract("year", PlanAction.due_on))),
    "literal where this and that": lambda _: rows(
        select(literal(1)).where(and_(PlanAction.id > 0, or_(PlanAction.id > 1, PlanAction.id < 5)))
    ),
    "joined by hand": lambda _: rows(
        select(User.id).select_from(join(User, TeamMember, TeamMember.user_id == User.id))
    ),
    "core table": lambda _: rows(select(PlanAction.__table__)),
    "core table under a name": lambda _: rows(select(PlanAction.__table__.alias("quiet"))),
    "core table beside an entity": lambda _: rows(
        select(PlanAction.what, Event.__table__.c.id).where(Event.__table__.c.family_id == PlanAction.family_id)
    ),
    "text": lambda _: rows(text("SELECT what FROM plan_action")),
    "text with a join": lambda _: rows(text("SELECT name FROM app_user JOIN plan_action ON plan_action.id > 0")),
}


def changed(statement: Any) -> list[int]:
    result: Any = db.session.execute(statement)
    return [result.rowcount] if result.rowcount else []


def plain(found: list[Any]) -> list[str]:
    """Rows and entities as text that can be compared after their session has gone."""
    return sorted(
        repr([getattr(part, "id", part) for part in row]) if isinstance(row, tuple) else repr(getattr(row, "id", row))
        for row in found
    )


@contextmanager
def undone(council: Council, user: User) -> Iterator[None]:
    """As this person, and nothing of it stays."""
    with council.as_(user):
        yield
        db.session.rollback()


class TestWaysOfAsking:
    @pytest.mark.parametrize("shape", SHAPES)
    def test_does_not_leak(self, scene: Scene, shape: str) -> None:
        with undone(scene.council, scene.council.partner_other_organisation):
            assert SHAPES[shape](scene) == []

    @pytest.mark.parametrize("shape", SHAPES)
    def test_answers_those_who_may(self, scene: Scene, shape: str) -> None:
        with scene.council.behind_the_scenes():
            db.session.get_one(TeamMember, scene.team.partner.id).job = "Teacher"
        with undone(scene.council, scene.council.partner):
            assert SHAPES[shape](scene)

    @pytest.mark.parametrize("shape", REFUSED)
    @pytest.mark.parametrize("who", ["partner", "partner_other_organisation", "coordinator"])
    def test_refuses_what_cannot_be_narrowed(self, scene: Scene, shape: str, who: str) -> None:
        with undone(scene.council, getattr(scene.council, who)), pytest.raises(NotNarrowed, match="past the seat-belt"):
            REFUSED[shape](scene)

    @pytest.mark.parametrize("shape", SHAPES)
    def test_raises_where_nobody_is_asking(self, scene: Scene, shape: str) -> None:
        with scene.council.app.app_context(), writing(), pytest.raises(NobodyAsking, match="nobody was asking"):
            SHAPES[shape](scene)

    @pytest.mark.parametrize("shape", SHAPES)
    def test_one_viewer_after_another_gets_their_own(self, scene: Scene, shape: str) -> None:
        """The compiled statement is kept; what is bound to it must not be."""
        with scene.council.behind_the_scenes():
            db.session.get_one(TeamMember, scene.team.partner.id).job = "Teacher"
        people = [scene.council.partner, scene.council.partner_other_organisation] * 2

        answers = []
        for person in people:
            with undone(scene.council, person):
                answers.append(bool(SHAPES[shape](scene)))

        assert answers == [True, False, True, False]

    @pytest.mark.parametrize("shape", SHAPES)
    def test_gives_those_who_have_a_family_nothing_of_another(self, council: Council, shape: str) -> None:
        """A condition that asks whether the viewer reaches any family would hold for every row."""
        viewer = council.partner_other_organisation
        mine = a_scene(council)
        mine.arrange(a_member(mine, viewer))
        absent = replace(mine, action=PlanAction(id=4711))
        with undone(council, viewer):
            before = plain(SHAPES[shape](absent))

        other = a_scene(council)
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, other.team.partner.id).job = "Teacher"

        with undone(council, viewer):
            assert plain(SHAPES[shape](absent)) == before
            assert shape not in {"get", "by its id", "update by id"} or SHAPES[shape](other) == []

    def test_a_statement_that_is_kept_gives_each_viewer_their_own_and_nobody_anything(self, scene: Scene) -> None:
        kept, council = select(Family.id), scene.council
        everybody = [council.coordinator, council.partner_other_organisation, council.partner, council.admin]

        for _turn in range(2):
            found = []
            for person in everybody:
                with council.as_(person):
                    found.append(scene.family_id in db.session.scalars(kept).all())
            assert found == [True, False, True, False]
            with council.app.app_context(), pytest.raises(NobodyAsking):
                db.session.scalars(kept)

    def test_there_are_no_relationships_to_load_by_accident(self) -> None:
        loaded = {
            mapper.class_.__name__: list(mapper.relationships.keys())
            for mapper in Family.registry.mappers
            if mapper.class_ is Family or issubclass(mapper.class_, FamilyScoped)
        }

        assert not {name: keys for name, keys in loaded.items() if keys}

    def test_tables_that_are_no_familys_are_read_by_anybody(self, scene: Scene) -> None:
        with scene.council.app.app_context():
            assert db.session.scalars(select(User.id)).all()

    def test_a_write_of_somebody_outside_changes_nothing(self, scene: Scene) -> None:
        with scene.council.as_(scene.council.partner_other_organisation):
            db.session.execute(update(PlanAction).values(what="Taken"))
            db.session.execute(delete(PlanAction).where(PlanAction.id == scene.action.id))

        with scene.council.behind_the_scenes():
            assert db.session.get_one(PlanAction, scene.action.id).what == "Call school"


class TestUnscoped:
    def test_ends_with_its_block(self, scene: Scene) -> None:
        with scene.council.app.app_context():
            with unscoped("a test"):
                assert db.session.scalars(select(Family.id)).all()
            with pytest.raises(NobodyAsking):
                db.session.scalars(select(Family.id)).all()

    def test_every_table_of_a_family_is_narrowed(self) -> None:
        """A table with a family's id is one of the family's, or says here why it is not."""
        # The log outlives families; the worker reads under its recipient; what somebody typed is theirs alone;
        # whoever said that a family is their own does not reach it.
        apart = {"audit", "outbox_message", "form_draft", "conflict_declaration"}
        scoped = {
            str(mapper.local_table) for mapper in Family.registry.mappers if issubclass(mapper.class_, FamilyScoped)
        }
        with_family = {name for name, table in db.metadata.tables.items() if "family_id" in table.c}

        assert with_family - scoped == apart
