"""A family's plan as its page shows it: needs, who does what about each by when, and what is still missing."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar, near
from portal.domain.episodes import OPEN_EPISODES, WHY_NO_PLAN, EpisodeState, Stage
from portal.domain.plans import HEADLINES, UNSETTLED_ACTIONS, ActionState, Headline, NeedState, PlanState
from portal.domain.support import ReferralState
from portal.domain.wording import CHOICES
from portal.facts import plans
from portal.facts.in_the_way import wanted_by
from portal.facts.practice import calendar
from portal.models.families import Family, Person
from portal.models.following import SupportReferral
from portal.models.handover import Episode
from portal.models.record import FamilySummary
from portal.models.teamwork import ActionPlan, NeedReview, PlanAction, PlanNeed, TeamMember
from portal.queries import action_dates, checking, plan_timeline, scales
from portal.queries.plan_timeline import Timeline
from portal.queries.shapes import Due, Tag, tag

WHOLE_FAMILY = "The whole family"


@dataclass(frozen=True)
class ActionLine:
    """One action of the plan. Open ones have a due date, done ones the day they were done. `planned`: a revision
    brings it, so that its owner is not asked yet. `to_check`: it must be checked, and the viewer may."""

    id: int
    ref: str
    what: str
    owner: str
    state: ActionState
    tag: Tag
    due: Due | None
    done: str | None
    proposed: bool
    planned: bool
    begun: bool
    to_check: bool


@dataclass(frozen=True)
class SupportLine:
    """Support suggested for a need."""

    ref: str
    service: str
    state: ReferralState
    tag: Tag


@dataclass(frozen=True)
class NeedLine:
    """One need with everything that is done about it. `uncovered`: why nobody covers it, where nobody
    does. `suggested`: support was suggested for it, and nothing else is done. `planned`: a
    revision brings it. `review`: how it stood when it was last reviewed, and the family's words."""

    ref: str
    family_ref: str
    what: str
    headline: str
    whose: str
    outcome: str | None
    scale: str | None
    open: bool
    uncovered: str | None
    suggested: bool
    tag: Tag | None
    ended: str | None
    planned: bool
    review: str | None = None
    review_words: str | None = None
    actions: list[ActionLine] = field(default_factory=list)
    support: list[SupportLine] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class PlanPage:
    """A plan. Without an episode there is none: `why_none` says why, and the rest is empty. `ended`: early help ended
    before it began, and its plan can only be read. `draft`: the first
    version is not in force yet; `revision`: the next is being written beside it, known to those who write it alone."""

    why_none: str | None
    ended: bool = False
    draft: bool = False
    revision: bool = False
    in_force: str | None = None
    earlier: int = 0
    needs: list[NeedLine] = field(default_factory=list)
    loose: list[ActionLine] = field(default_factory=list)
    nobody_covers: str | None = None
    only_suggested: str | None = None
    lacking: list[str] = field(default_factory=list)
    timeline: Timeline | None = None

    @property
    def overdue(self) -> list[ActionLine]:
        return [action for action in self.actions if action.due and action.due.late]

    @property
    def actions(self) -> list[ActionLine]:
        return [*(action for need in self.needs for action in need.actions), *self.loose]

    @property
    def reviewable(self) -> list[NeedLine]:
        """The needs to review, once something was done about any of them."""
        begun = any(action.begun for action in self.actions)
        return [need for need in self.needs if need.open and not need.planned] if begun else []

    @property
    def proposed(self) -> list[ActionLine]:
        return [action for action in self.actions if action.proposed]


def of_family(family: Family) -> PlanPage:
    """Six statements, whatever the plan holds."""
    rows = _plan(family.id)
    found = rows[0]
    if found.episode_id is None:
        return PlanPage(_why_none(found.stage))
    ended = found.episode is EpisodeState.ENDED_BEFORE_START
    today, days = clock.today(), calendar()
    needs = {row.id: row for row in _needs(found.episode_id)}
    lines = {need_id: _need(row, today) for need_id, row in needs.items()}
    loose: list[ActionLine] = []
    actions = list(_actions(found.episode_id))
    for row in actions:
        into = lines[row.plan_need_id].actions if row.plan_need_id in lines else loose
        into.append(_action(row, today, days))
    for row in _support(family.id):
        if row.plan_need_id in lines:
            lines[row.plan_need_id].support.append(_referral(row))
    lines = {id_: _with_reason(line) if _is_uncovered(needs[id_]) else line for id_, line in lines.items()}
    for need_id, said in scales.of_plan(family.id).items():
        if need_id in lines:
            lines[need_id].said.extend(said)
    versions = {row.state: row for row in rows}
    draft, in_force = versions.get(PlanState.DRAFT), versions.get(PlanState.IN_FORCE)
    open_headlines = {row.headline for row in needs.values() if _is_uncovered(row)}
    suggested = {row.headline for row in needs.values() if _is_only_suggested(row)}
    order = list(Headline)
    if ended:
        lines = {id_: _over(line) for id_, line in lines.items()}
        loose = [_waits_for_nobody(action) for action in loose]
    return PlanPage(
        why_none=None,
        ended=ended,
        draft=in_force is None,
        revision=draft is not None and in_force is not None,
        in_force=near(in_force.in_force_on, today) if in_force else None,
        earlier=in_force.number - 1 if in_force else 0,
        needs=[lines[row.id] for row in sorted(needs.values(), key=lambda row: (order.index(row.headline), row.id))],
        loose=loose,
        nobody_covers=None
        if ended
        else plans.nobody_covers(headline for headline in order if headline in open_headlines),
        only_suggested=None if ended else plans.only_suggested(each for each in order if each in suggested),
        lacking=plans.lacking(met=found.met, has_a_need=bool(lines), loose=[action.id for action in loose])
        if draft and not ended
        else [],
        timeline=None if ended else plan_timeline.drawn(actions, plan_timeline.meetings(family.id), today, days),
    )


def proposed(family: Family) -> list[tuple[int, str, str]]:
    """Id, words and owner of each action that nobody has agreed to yet."""
    rows = db.session.execute(
        select(PlanAction.id, PlanAction.what, TeamMember.name)
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .join(Episode, Episode.id == PlanAction.episode_id)
        .where(
            PlanAction.family_id == family.id,
            PlanAction.state == ActionState.PROPOSED,
            Episode.state.in_(OPEN_EPISODES),
        )
        .order_by(PlanAction.due_on, PlanAction.id)
    )
    return [(row.id, row.what, row.name) for row in rows]


def why_none(family: Family) -> str | None:
    """Why the family has no plan to write in; None where it has one."""
    found = _plan(family.id)[0]
    return None if found.episode in OPEN_EPISODES else _why_none(found.stage)


def one_need(need: PlanNeed) -> NeedLine:
    """A need by itself, with its actions still open."""
    row = db.session.execute(_select_needs().where(PlanNeed.id == need.id)).one()
    today, days = clock.today(), calendar()
    line = _need(row, today)
    line.actions.extend(
        _action(each, today, days) for each in _actions(need.episode_id) if each.plan_need_id == need.id
    )
    return line


def _why_none(stage: Stage) -> str:
    return WHY_NO_PLAN.get(stage, WHY_NO_PLAN[Stage.NOT_OPEN])


def _plan(family_id: int) -> Sequence[Any]:
    """A row for each version that the viewer may know of, at least one: of the open episode, else of the last one, if
    that ended before it began."""
    last = select(func.max(Episode.id)).where(
        Episode.family_id == FamilySummary.family_id,
        Episode.state.in_([*OPEN_EPISODES, EpisodeState.ENDED_BEFORE_START]),
    )
    return db.session.execute(
        select(
            FamilySummary.stage,
            Episode.id.label("episode_id"),
            Episode.state.label("episode"),
            ActionPlan.number,
            ActionPlan.state,
            ActionPlan.in_force_on,
            plans.was_met(FamilySummary.family_id).label("met"),
        )
        .select_from(FamilySummary)
        .outerjoin(Episode, Episode.id == last.correlate(FamilySummary).scalar_subquery())
        .outerjoin(ActionPlan, ActionPlan.episode_id == Episode.id)
        .where(FamilySummary.family_id == family_id)
        .order_by(ActionPlan.number)
    ).all()


def _over(need: NeedLine) -> NeedLine:
    """As it was left: nobody is asked to cover it or to do anything any more."""
    return replace(
        need, uncovered=None, suggested=False, actions=[_waits_for_nobody(action) for action in need.actions]
    )


def _waits_for_nobody(action: ActionLine) -> ActionLine:
    if action.due is None:
        return action
    return replace(action, due=replace(action.due, words=f"was due {action.due.on}", late=False, far=True))


def _needs(episode_id: int) -> Iterable[Any]:
    return db.session.execute(_select_needs().where(PlanNeed.episode_id == episode_id).order_by(PlanNeed.id))


def _select_needs() -> Any:
    """With how each stood at its last review."""
    each = aliased(NeedReview)
    last = select(func.max(each.id)).where(each.plan_need_id == PlanNeed.id).scalar_subquery()
    return (
        select(
            PlanNeed.id,
            PlanNeed.family_id,
            PlanNeed.state,
            PlanNeed.headline,
            PlanNeed.what,
            PlanNeed.desired_outcome,
            PlanNeed.scale_start,
            PlanNeed.scale_now,
            PlanNeed.not_met_reason,
            PlanNeed.met_reason,
            PlanNeed.transferred_to,
            PlanNeed.revision_id,
            Person.given_name,
            Person.known_as,
            Person.family_name,
            plans.covered(PlanNeed.id).label("covered"),
            plans.under_way(PlanNeed.id).label("under_way"),
            NeedReview.answer,
            NeedReview.on.label("reviewed_on"),
            NeedReview.words.label("review_words"),
        )
        .outerjoin(Person, Person.id == PlanNeed.person_id)
        .outerjoin(NeedReview, NeedReview.id == last)
    )


def _actions(episode_id: int) -> Iterable[Any]:
    """Open ones by due date, so that what is overdue comes first; then what is done, the latest first."""
    rows = db.session.execute(
        select(
            PlanAction.id,
            PlanAction.plan_need_id,
            PlanAction.what,
            PlanAction.state,
            PlanAction.due_on,
            PlanAction.review_on,
            wanted_by().label("wanted_by"),
            PlanAction.done_on,
            PlanAction.agreed_on,
            PlanAction.proposed_at,
            PlanAction.revision_id,
            *checking.COLUMNS,
            TeamMember.name.label("owner"),
        )
        .join(TeamMember, TeamMember.id == PlanAction.owner_id)
        .where(PlanAction.episode_id == episode_id)
        .order_by(wanted_by(), PlanAction.id)
    ).all()
    still = [row for row in rows if row.state in UNSETTLED_ACTIONS]
    done = [row for row in rows if row.state not in UNSETTLED_ACTIONS]
    return [*still, *sorted(done, key=lambda row: (row.done_on or date.min, row.id), reverse=True)]


def _support(family_id: int) -> Iterable[Any]:
    return db.session.execute(
        select(SupportReferral.id, SupportReferral.plan_need_id, SupportReferral.service_name, SupportReferral.state)
        .where(SupportReferral.family_id == family_id, SupportReferral.plan_need_id.is_not(None))
        .order_by(SupportReferral.id)
    )


def _need(row: Any, today: date) -> NeedLine:
    is_open = row.state is NeedState.OPEN
    return NeedLine(
        ref=f"{PlanNeed.ref_prefix}-{row.id}",
        family_ref=f"{Family.ref_prefix}-{row.family_id}",
        what=row.what,
        headline=HEADLINES[row.headline],
        whose=f"{row.known_as or row.given_name} {row.family_name}" if row.given_name else WHOLE_FAMILY,
        outcome=row.desired_outcome,
        scale=_scale(row.scale_start, row.scale_now),
        open=is_open,
        uncovered=None,
        suggested=_is_only_suggested(row),
        tag=None if is_open else tag(row.state),
        ended=_ended(row),
        planned=row.revision_id is not None,
        review=f"{CHOICES[row.answer]}, {near(row.reviewed_on, today)}" if row.answer else None,
        review_words=row.review_words,
    )


def _is_uncovered(row: Any) -> bool:
    """What a revision brings is nobody's to cover yet."""
    return row.state is NeedState.OPEN and not row.covered and row.revision_id is None


def _is_only_suggested(row: Any) -> bool:
    return row.state is NeedState.OPEN and row.covered and not row.under_way and row.revision_id is None


def _with_reason(line: NeedLine) -> NeedLine:
    return replace(
        line,
        uncovered=plans.why_uncovered(
            (action.state for action in line.actions if not action.planned),
            (one.service for one in line.support if one.state is ReferralState.NOT_STARTED),
        ),
    )


def _ended(row: Any) -> str | None:
    match row.state:
        case NeedState.MET:
            return str(row.met_reason)
        case NeedState.TRANSFERRED:
            return f"To {row.transferred_to}"
        case NeedState.NOT_MET:
            return str(row.not_met_reason)
        case _:
            return None


def _scale(start: int | None, now: int | None) -> str | None:
    if start is None:
        return None
    return f"{start} at the start" if now is None or now == start else f"{start} at the start, {now} now"


def _action(row: Any, today: date, days: Calendar) -> ActionLine:
    return ActionLine(
        id=row.id,
        ref=f"{PlanAction.ref_prefix}-{row.id}",
        what=row.what,
        owner=row.owner,
        state=row.state,
        tag=checking.tag_of(row.state, must_be_checked=row.must),
        due=action_dates.wanted(row.state, row.due_on, row.review_on, today, days),
        done=near(row.done_on, today) if row.done_on else None,
        proposed=row.state is ActionState.PROPOSED,
        planned=row.revision_id is not None,
        begun=row.state not in (ActionState.PROPOSED, ActionState.AGREED),
        to_check=checking.row_waits_for_viewer(row),
    )


def _referral(row: Any) -> SupportLine:
    return SupportLine(f"{SupportReferral.ref_prefix}-{row.id}", row.service_name, row.state, tag(row.state))
