"""A council's families as they are stored at one moment, and what must hold of them at every moment."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any, TypeVar

from sqlalchemy import func, inspect, literal, select, union_all

from portal.core.db import Base, db, reading
from portal.core.sealed import Sealed
from portal.domain.episodes import OPEN_EPISODES, EpisodeState
from portal.domain.leads import LeadState
from portal.domain.meetings import STANDING, MeetingState
from portal.domain.plans import UNSETTLED_ACTIONS, PlanState
from portal.domain.step_downs import OPEN, Destination, Gate, OutstandingState, StepDownState, needs_lead
from portal.facts import gates, holders, open_things
from portal.facts.holders import HeldChild, Holding
from portal.models.asking import FamilyQuestion
from portal.models.deciding import JointDecision
from portal.models.families import CoordinatorAssignment, Family, Person, PersonKind
from portal.models.following import FollowUpCheck, SupportReferral
from portal.models.handover import (
    Episode,
    LeadAssignment,
    OutstandingAction,
    StepDown,
    StepDownChild,
    StepDownQuestion,
)
from portal.models.record import Event
from portal.models.step_down_ends import HolderQuestion, StaysWithSocialCare
from portal.models.teamwork import (
    ActionPlan,
    Meeting,
    MeetingInvitee,
    PlanAction,
    PlanNeed,
    TeamMember,
)
from portal.policies.scope import unscoped
from portal.services import summary
from portal.services.moves import LIFE_OF
from tests.support.people import Council

# With a reference of their own: each line of history says which of them it is about.
TOLD_BY_NAME: tuple[type[Any], ...] = (
    StepDown,
    OutstandingAction,
    LeadAssignment,
    Meeting,
    PlanAction,
    SupportReferral,
    FollowUpCheck,
)
KEPT: tuple[type[Any], ...] = (
    *TOLD_BY_NAME,
    Family,
    Person,
    Episode,
    ActionPlan,
    PlanNeed,
    StepDownChild,
    StepDownQuestion,
    JointDecision,
    StaysWithSocialCare,
    HolderQuestion,
    CoordinatorAssignment,
    TeamMember,
    MeetingInvitee,
    FamilyQuestion,
)
Row = TypeVar("Row")


@dataclass(frozen=True)
class Picture:
    """Every row that the moves are about, by kind; who holds each child; which gates are shut; how many rows there
    are of anything at all."""

    rows: dict[type[Any], list[Any]]
    held: dict[int, list[HeldChild]]
    shut: dict[int, set[Gate]]
    counts: dict[str, int]
    miscounted: dict[int, Any]

    def of(self, model: type[Row], **columns: Any) -> list[Row]:
        return [row for row in self.rows[model] if all(getattr(row, name) == value for name, value in columns.items())]

    @cached_property
    def values(self) -> dict[str, Any]:
        """What is stored, to compare two moments."""
        stored = {
            f"{model.__name__} {row.id}": {name: _stored(getattr(row, name)) for name in _columns(model)}
            for model, rows in self.rows.items()
            for row in rows
            if model is not Event
        }
        return {**self.counts, **stored}


def _stored(value: Any) -> Any:
    return value.text if isinstance(value, Sealed) else value


def _columns(model: type[Any]) -> list[str]:
    return [each.key for each in inspect(model).column_attrs]


@cache
def _count() -> Any:
    """How many rows each table has; what people did not change has as many as before."""
    models = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__name__)
    return union_all(*(select(literal(model.__name__), func.count()).select_from(model) for model in models))


def take(council: Council, before: Picture | None = None) -> Picture:
    """Of a moment later than `before`: lines of history are only ever added, and who holds whom is looked at again
    where there is one."""
    known = before.rows[Event] if before else []
    with council.app.app_context(), reading(), unscoped("a test looks at everything"):
        rows = {model: list(db.session.scalars(select(model).order_by(model.id))) for model in KEPT}
        new = db.session.scalars(select(Event).where(Event.id > (known[-1].id if known else 0)).order_by(Event.id))
        rows[Event] = [*known, *new]
        changed = {event.family_id for event in rows[Event][len(known) :]}
        held = {family: holders.of_family(family, open_things.of_family(family)) for family in sorted(changed)}
        miscounted = {family: found for family in sorted(changed) if (found := summary.differences(family))}
        accepted = [each for each in rows[StepDown] if each.state is StepDownState.ACCEPTED]
        return Picture(
            rows,
            {**(before.held if before else {}), **held},
            {
                step_down: {gate.gate for gate in judged if not gate.holds}
                for step_down, judged in gates.of_each(accepted).items()
            },
            {row[0]: row[1] for row in db.session.execute(_count())},
            miscounted,
        )


def demand_nothing_changed(before: Picture, after: Picture) -> None:
    """After a refusal."""
    old, new = before.values, after.values
    assert {name: value for name, value in new.items() if old.get(name) != value} == {}
    assert old.keys() == new.keys()


def demand_order(picture: Picture) -> None:
    """What holds whatever has happened before."""
    assert not picture.miscounted, picture.miscounted
    _leads(picture)
    _holdings(picture)
    _step_downs(picture)
    _actions(picture)
    _meetings(picture)
    _plans(picture)
    for thing, told in _as_told(picture):
        assert thing.state == told, f"{thing.ref} is {thing.state}, but its history says {told}"


def _leads(picture: Picture) -> None:
    for state in (LeadState.ACCEPTED, LeadState.NOMINATED):
        twice = Counter(row.family_id for row in picture.of(LeadAssignment, state=state))
        assert all(count == 1 for count in twice.values()), f"several are {state}: {twice}"
    ended = {episode.id for episode in picture.rows[Episode] if episode.state not in OPEN_EPISODES}
    for row in picture.rows[LeadAssignment]:
        standing = row.state in (LeadState.ACCEPTED, LeadState.NOMINATED)
        assert not (standing and row.episode_id in ended), f"{row.ref} is {row.state} where early help has ended"
        if row.state is LeadState.ACCEPTED:
            assert any(
                member.family_id == row.family_id and member.user_id == row.user_id and member.left_on is None
                for member in picture.rows[TeamMember]
            ), f"{row.ref} leads and is not on the team"


def _holdings(picture: Picture) -> None:
    """Each child is held by one, who has a name, or by nobody; early help holds nobody before a completion."""
    for family in picture.rows[Family]:
        held = picture.held[family.id]
        children = {person.id for person in picture.of(Person, family_id=family.id) if person.kind is PersonKind.CHILD}
        assert Counter(child.person_id for child in held) == Counter(children)
        active = picture.of(Episode, family_id=family.id, state=EpisodeState.ACTIVE)
        nobody = [child for child in held if child.holding is Holding.NOBODY]
        for child in held:
            named = child.holding in (Holding.SOCIAL_WORK, Holding.EARLY_HELP, Holding.NAMED, Holding.FOLLOWED)
            assert bool(child.who) == named, child
            assert (child.since is not None) == (child.holding is Holding.NOBODY), child
            assert child.holding is not Holding.EARLY_HELP or active, child
        asked = [row for row in picture.of(HolderQuestion, family_id=family.id) if row.ended_on is None]
        assert not nobody or asked, f"nobody holds {family.ref}, and nobody is asked who does"


def _step_downs(picture: Picture) -> None:
    open_children = Counter(row.person_id for row in picture.of(StepDownChild, is_open=True))
    assert all(count == 1 for count in open_children.values()), f"in two open step-downs: {open_children}"
    opened = Counter(row.family_id for row in picture.rows[Episode] if row.state in OPEN_EPISODES)
    assert all(count == 1 for count in opened.values()), f"in early help twice: {opened}"
    for step_down in picture.rows[StepDown]:
        for child in picture.of(StepDownChild, step_down_id=step_down.id):
            assert child.is_open == (step_down.state in OPEN), f"a child of {step_down.ref}, which is {step_down.state}"
        waiting = [row for row in picture.of(StepDownQuestion, step_down_id=step_down.id) if row.answered_at is None]
        if step_down.state in OPEN:
            asks = step_down.state is StepDownState.MORE_INFORMATION
            assert bool(waiting) == asks, f"{step_down.ref} is {step_down.state}, and {len(waiting)} questions wait"
        asked = [row for row in picture.of(StaysWithSocialCare, step_down_id=step_down.id) if row.settled_on is None]
        assert not asked or step_down.state in OPEN, f"{step_down.ref} has ended, and somebody is asked to agree"


def _actions(picture: Picture) -> None:
    members = {member.id: member for member in picture.rows[TeamMember]}
    for action in picture.rows[PlanAction]:
        owner = members.get(action.owner_id)
        assert owner is not None, f"{action.ref} is nobody's"
        assert owner.family_id == action.family_id, f"{action.ref} is somebody's of another family"
        assert owner.left_on is None or action.state not in UNSETTLED_ACTIONS or owner.left_why is not None, (
            f"{action.ref} is still to be done by {owner.name}, whom nobody knows to have left"
        )


def _meetings(picture: Picture) -> None:
    standing = [row for row in picture.rows[Meeting] if row.state in STANDING]
    of_step_downs = Counter(row.step_down_id for row in standing if row.is_step_down)
    assert all(count == 1 for count in of_step_downs.values()), f"step-down meetings: {of_step_downs}"
    for meeting in picture.of(Meeting, state=MeetingState.HELD):
        asked = picture.of(MeetingInvitee, meeting_id=meeting.id)
        assert asked, f"nobody was asked to {meeting.ref}"
        assert all(row.attendance is not None for row in asked), f"who came to {meeting.ref} is not known"


def _plans(picture: Picture) -> None:
    in_force = Counter(row.episode_id for row in picture.of(ActionPlan, state=PlanState.IN_FORCE))
    assert all(count == 1 for count in in_force.values()), f"versions in force: {in_force}"


def demand_told(before: Picture, after: Picture) -> None:
    """One line of history for each change, of the family it is about: something of a family that is different has a
    new line, and no line is there twice."""
    known = {event.id for event in before.rows[Event]}
    new = [event for event in after.rows[Event] if event.id not in known]
    told = {event.family_id for event in new}
    old = before.values
    models: tuple[type[Any], ...] = (*TOLD_BY_NAME, Episode, TeamMember, ActionPlan, HolderQuestion)
    for model in models:
        for row in after.rows[model]:
            was = old.get(f"{model.__name__} {row.id}")
            is_now = after.values[f"{model.__name__} {row.id}"]
            assert was == is_now or row.family_id in told, f"{model.__name__} {row.id} changed, and no line says so"
    lines = Counter((event.family_id, event.kind, event.subject, str(event.data), event.text) for event in new)
    assert all(count == 1 for count in lines.values()), f"told twice: {lines}"
    assert after.counts["Event"] == len(after.rows[Event]), "a line of history is gone"


def demand_complete_only_with_every_gate(before: Picture, after: Picture) -> None:
    """Of each step-down that is complete now: no gate was shut the moment before, as the portal says; and of the
    gates that are never waived, as its rows say."""
    was = {row.id: row.state for row in before.rows[StepDown]}
    for step_down in after.of(StepDown, state=StepDownState.COMPLETED):
        if was.get(step_down.id) is StepDownState.COMPLETED:
            continue
        assert was.get(step_down.id) is StepDownState.ACCEPTED, step_down.ref
        assert not before.shut[step_down.id], f"{step_down.ref} is complete without {before.shut[step_down.id]}"
        if needs_lead(step_down.destination):
            assert before.of(LeadAssignment, family_id=step_down.family_id, state=LeadState.ACCEPTED), step_down.ref
        unsettled = before.of(OutstandingAction, step_down_id=step_down.id, state=OutstandingState.OUTSTANDING)
        assert not unsettled, step_down.ref
        if step_down.destination is Destination.TEAM:
            held = before.of(Meeting, state=MeetingState.HELD, is_step_down=True)
            # That of children who were left out of another is held with it.
            theirs = {step_down.id, step_down.linked_to_id if step_down.goes_on else None}
            assert any(meeting.step_down_id in theirs for meeting in held), step_down.ref
        assert after.of(Episode, family_id=step_down.family_id, state=EpisodeState.ACTIVE), step_down.ref


def _as_told(picture: Picture) -> Iterator[tuple[Any, Any]]:
    """Each thing with the state that its life arrives at when its lines of history are walked one by one."""
    lines: defaultdict[str, list[Event]] = defaultdict(list)
    for event in picture.rows[Event]:
        lines[event.subject].append(event)
    for model in TOLD_BY_NAME:
        for thing in picture.rows[model]:
            yield thing, _told_state(model, thing, lines[thing.ref])


def _told_state(model: type[Any], thing: Any, lines: list[Event]) -> Any:
    life = LIFE_OF[model]
    # What goes on for the children left out of a completion begins where the other one was.
    state = StepDownState.ACCEPTED if getattr(thing, "goes_on", False) else life.starts[0]
    before = {event.id: event.before for event in lines}
    for event in lines:
        if event.undoes_id is not None:
            state = life.states((before[event.undoes_id] or {})["state"])
            continue
        moves = [move for move in life.moves if move.event == event.kind]
        if not moves:
            continue
        move = next((move for move in moves if state in move.sources), None)
        assert move is not None, f"{thing.ref} was {state}: history tells of {event.kind}, which is not open then"
        state = move.target or state
    return state
