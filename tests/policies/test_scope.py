"""Whose rows a viewer can ever read: the reach of every role, and no way of asking that leads round it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import (
    String,
    and_,
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

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NobodyAsking, NotNarrowed
from portal.domain.leads import LeadState
from portal.domain.step_downs import StepDownState
from portal.domain.support import HowGiven, NeedNow, NotStarted, ReferralState, Source
from portal.models.base import FamilyScoped
from portal.models.families import (
    Clearance,
    ConfidentialAddress,
    ConflictOfInterest,
    Family,
    Note,
    NoteAudience,
)
from portal.models.following import SupportReferral
from portal.models.handover import LeadAssignment, StepDown
from portal.models.people import SharingAgreement, User, UserRole
from portal.models.record import Event
from portal.models.teamwork import PlanAction, PlanNeed, TeamMember
from portal.policies.scope import unscoped
from tests.support.people import Council, a_family
from tests.support.scenes import LONG_AGO, Scene, a_member, a_scene

ITS_OWN = ["coordinator", "lead", "partner", "social_worker", "social_care_manager"]
WIDE = ["other_coordinator", "manager", "auditor"]
NO_TIE = [
    "partner_other_organisation",
    "partner_without_agreement",
    "social_worker_other_team",
    "front_door",
    "admin",
]
EVERYBODY = [*ITS_OWN, *WIDE, *NO_TIE]


class TestReach:
    """The reach table, row by row. Rows of it that no page uses yet are not reached by anybody."""

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_open_family(self, scene: Scene, who: str) -> None:
        assert scene.is_reached_by(getattr(scene.council, who)) is (who not in NO_TIE)

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_restricted_family_is_nobodys_without_clearance(self, scene: Scene, who: str) -> None:
        scene.change(Family, scene.family_id, restricted=True)

        assert not scene.is_reached_by(getattr(scene.council, who))

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_clearance_gives_back_what_the_role_has_and_no_more(self, scene: Scene, who: str) -> None:
        person = getattr(scene.council, who)
        scene.change(Family, scene.family_id, restricted=True)
        scene.arrange(Clearance(family_id=scene.family_id, user_id=person.id, cleared_at=clock.now()))

        assert scene.is_reached_by(person) is (who not in NO_TIE)

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_conflict_of_interest_beats_every_role_and_clearance(self, scene: Scene, who: str) -> None:
        person = getattr(scene.council, who)
        scene.arrange(
            Clearance(family_id=scene.family_id, user_id=person.id, cleared_at=clock.now()),
            ConflictOfInterest(family_id=scene.family_id, user_id=person.id, recorded_at=clock.now()),
        )

        assert not scene.is_reached_by(person)

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_family_that_is_nobodys_own(self, council: Council, scene: Scene, who: str) -> None:
        other = a_family(council, name="Nobody")
        scene.change(Family, other.id, added_at=clock.now() - LONG_AGO)

        with council.as_(getattr(council, who)):
            found = db.session.scalars(select(Family.id)).all()

        assert (other.id in found) is (who in ["coordinator", *WIDE])

    def test_two_roles_are_a_union(self, scene: Scene) -> None:
        both = scene.council.front_door
        scene.arrange(UserRole(user_id=both.id, role="auditor"))

        assert scene.is_reached_by(both)

    def test_administrator_on_a_team_by_mistake_still_sees_what_a_member_sees_only(self, scene: Scene) -> None:
        other = a_family(scene.council, name="Other")
        scene.arrange(a_member(scene, scene.council.admin))

        with scene.council.as_(scene.council.admin):
            assert other.id not in db.session.scalars(select(Family.id)).all()


class TestPartners:
    def test_nothing_under_an_ended_agreement(self, scene: Scene) -> None:
        scene.arrange(a_member(scene, scene.council.partner_without_agreement))

        assert not scene.is_reached_by(scene.council.partner_without_agreement)

    def test_agreement_that_ends_takes_the_reach_with_it(self, scene: Scene) -> None:
        assert scene.is_reached_by(scene.council.partner)
        with scene.council.behind_the_scenes():
            db.session.execute(update(SharingAgreement).values(ends_on=clock.today() - timedelta(days=1)))

        assert not scene.is_reached_by(scene.council.partner)
        assert not scene.is_reached_by(scene.council.lead)
        assert scene.is_reached_by(scene.council.coordinator)

    def test_leaving_the_team_takes_the_reach_with_it(self, scene: Scene) -> None:
        scene.change(TeamMember, scene.team.partner.id, left_on=clock.today())

        assert not scene.is_reached_by(scene.council.partner)

    def test_colleague_of_a_member_reaches_nothing(self, scene: Scene) -> None:
        assert not scene.is_reached_by(scene.council.partner_other_organisation)


class TestSocialCare:
    """Own and team's step-downs and referrals, and 30 days on; what the manager's whole team added."""

    OWN = ("social_worker", "social_care_manager")

    @pytest.mark.parametrize("who", OWN)
    @pytest.mark.parametrize("state", [StepDownState.DRAFT, StepDownState.PROPOSED, StepDownState.ACCEPTED])
    def test_while_a_step_down_is_open(self, scene: Scene, who: str, state: StepDownState) -> None:
        scene.change(StepDown, scene.step_down.id, state=state)

        assert scene.is_reached_by(getattr(scene.council, who))
        assert not scene.is_reached_by(scene.council.social_worker_other_team)

    def test_colleague_of_the_same_team(self, scene: Scene) -> None:
        scene.change(User, scene.council.social_worker_other_team.id, social_care_team_id=scene.council.team.id)

        assert scene.is_reached_by(scene.council.social_worker_other_team)

    @pytest.mark.parametrize("who", OWN)
    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_thirty_days_after_completion(self, scene: Scene, who: str, days: int, reached: bool) -> None:
        ended = clock.now() - timedelta(days=days)
        scene.change(StepDown, scene.step_down.id, state=StepDownState.COMPLETED, completed_at=ended)

        assert scene.is_reached_by(getattr(scene.council, who)) is reached

    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_thirty_days_after_it_was_not_accepted(self, scene: Scene, days: int, reached: bool) -> None:
        ended = clock.now() - timedelta(days=days)
        scene.change(
            StepDown, scene.step_down.id, state=StepDownState.DECLINED, answered_at=ended, decline_reason="Not now"
        )

        assert scene.is_reached_by(scene.council.social_worker) is reached

    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_thirty_days_after_social_work_closes(self, scene: Scene, days: int, reached: bool) -> None:
        scene.change(Family, scene.family_id, social_work_closed_on=clock.today() - timedelta(days=days))

        assert scene.is_reached_by(scene.council.social_worker) is reached

    def test_a_step_down_of_another_team_opens_nothing_else(self, scene: Scene) -> None:
        other = a_family(scene.council, name="Other", by=scene.council.social_worker_other_team)

        with scene.council.as_(scene.council.social_worker):
            assert other.id not in db.session.scalars(select(Family.id)).all()

    @pytest.mark.parametrize(("days", "reached"), [(29, True), (31, False)])
    def test_families_they_added(self, council: Council, days: int, reached: bool) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Family, home.id).added_at = clock.now() - timedelta(days=days)

        found = {}
        for who in ("social_worker", "social_care_manager", "social_worker_other_team"):
            with council.as_(getattr(council, who)):
                found[who] = home.id in db.session.scalars(select(Family.id)).all()

        assert found == {
            "social_worker": reached,
            "social_care_manager": reached,
            "social_worker_other_team": False,
        }

    def test_a_colleague_does_not_reach_what_a_worker_added(self, council: Council) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            colleague = db.session.get_one(User, council.social_worker_other_team.id)
            colleague.social_care_team_id = council.team.id

        with council.as_(council.social_worker_other_team):
            assert home.id not in db.session.scalars(select(Family.id)).all()

    @pytest.mark.parametrize(
        ("state", "ended_days_ago", "reached"),
        [
            (ReferralState.INFORMATION_GIVEN, None, True),
            (ReferralState.STARTED, None, True),
            (ReferralState.NOT_STARTED, 29, True),
            (ReferralState.NOT_STARTED, 31, False),
        ],
    )
    def test_referrals(self, scene: Scene, state: ReferralState, ended_days_ago: int | None, reached: bool) -> None:
        council = scene.council
        days = None if ended_days_ago is None else clock.now() - timedelta(days=ended_days_ago)
        scene.arrange(
            SupportReferral(
                family_id=scene.family_id,
                need_text="Somebody to talk to",
                service_name="Listening Ear",
                state=state,
                given_on=clock.today(),
                how_given=HowGiven.SAID,
                recorded_by_id=council.social_worker_other_team.id,
                recorded_by_name=council.social_worker_other_team.name,
                social_care_team_id=council.other_team.id,
                recorded_at=clock.now(),
                started_on=clock.today(),
                started_source=Source.FAMILY,
                started_what="A first talk",
                not_started_code=NotStarted.NO_CAPACITY,
                need_now=NeedNow.FAMILY_MANAGING,
                ended_at=days,
            )
        )

        assert scene.is_reached_by(council.social_worker_other_team) is reached


class TestNarrowerThanAFamily:
    def test_nominee_reads_the_question_and_not_the_family(self, scene: Scene) -> None:
        nominee = scene.council.partner_other_organisation
        scene.arrange(a_nomination(scene, nominee))

        with scene.council.as_(nominee):
            assert db.session.scalars(select(LeadAssignment.state)).all() == [LeadState.NOMINATED]
            assert db.session.scalars(select(Family)).all() == []
            assert db.session.scalars(select(StepDown)).all() == []

    def test_question_is_gone_once_it_is_answered(self, scene: Scene) -> None:
        nominee = scene.council.partner_other_organisation
        scene.arrange(a_nomination(scene, nominee, state=LeadState.DECLINED))

        with scene.council.as_(nominee):
            assert db.session.scalars(select(LeadAssignment)).all() == []

    @pytest.mark.parametrize("barred", ["restricted", "conflict"])
    def test_nominee_who_may_not_know_the_family_is_not_asked(self, scene: Scene, barred: str) -> None:
        nominee = scene.council.partner_other_organisation
        scene.arrange(a_nomination(scene, nominee))
        if barred == "restricted":
            scene.change(Family, scene.family_id, restricted=True)
        else:
            scene.arrange(ConflictOfInterest(family_id=scene.family_id, user_id=nominee.id, recorded_at=clock.now()))

        with scene.council.as_(nominee):
            assert db.session.scalars(select(LeadAssignment)).all() == []

    @pytest.mark.parametrize(
        ("who", "notes"),
        [
            ("partner", ["for the school", "for the team"]),
            ("lead", ["for the team"]),
            ("coordinator", ["for the team"]),
            ("auditor", ["for the team"]),
            ("partner_other_organisation", []),
            ("admin", []),
        ],
    )
    def test_note_for_ones_own_organisation(self, scene: Scene, who: str, notes: list[str]) -> None:
        author = scene.council.partner
        for audience, words in ((NoteAudience.TEAM, "for the team"), (NoteAudience.ORGANISATION, "for the school")):
            scene.arrange(
                Note(
                    family_id=scene.family_id,
                    author_id=author.id,
                    organisation_id=author.organisation_id,
                    audience=audience,
                    text=words,
                    written_at=clock.now(),
                )
            )

        with scene.council.as_(getattr(scene.council, who)):
            assert sorted(db.session.scalars(select(Note.text))) == notes

    @pytest.mark.parametrize("who", EVERYBODY)
    def test_confidential_address_is_the_coordinators_and_the_leads(self, scene: Scene, who: str) -> None:
        scene.arrange(
            ConfidentialAddress(
                family_id=scene.family_id, person_id=scene.team.home.parent.id, address="2 Safe Street, Ambleford"
            )
        )

        with scene.council.as_(getattr(scene.council, who)):
            seen = db.session.scalars(select(ConfidentialAddress.address)).all()

        assert bool(seen) is (who in {"coordinator", "lead"})


def a_nomination(scene: Scene, user: User, state: LeadState = LeadState.NOMINATED) -> LeadAssignment:
    return LeadAssignment(
        family_id=scene.family_id,
        episode_id=scene.team.episode.id,
        user_id=user.id,
        state=state,
        nominated_by_name="Carol Coordinator",
        nominated_at=clock.now(),
        answer_by=clock.today(),
        answer_reason="No time" if state is LeadState.DECLINED else None,
    )


def rows(statement: Any) -> list[Any]:
    return list(db.session.execute(statement).all())


_other = aliased(PlanAction)
_owner = aliased(TeamMember)
_action = aliased(PlanAction, name="task")
_lines = select(PlanAction.what.label("what")).subquery()
_whole = select(PlanAction).subquery()
_from_whole = aliased(PlanAction, _whole)
_with = select(PlanAction.what.label("what")).cte("spoken")
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
        apart = {"audit", "outbox_message"}  # the log outlives families; the worker reads under its recipient
        scoped = {
            str(mapper.local_table) for mapper in Family.registry.mappers if issubclass(mapper.class_, FamilyScoped)
        }
        with_family = {name for name, table in db.metadata.tables.items() if "family_id" in table.c}

        assert with_family - scoped == apart
