"""What a family's summary row should say, derived from everything still open."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from portal.domain.dates import full, london_date
from portal.domain.episodes import EpisodeState, Stage
from portal.domain.following import AFTERWARDS
from portal.domain.leads import LeadState
from portal.domain.meetings import MeetingState
from portal.domain.next_steps import Next, Step, most_urgent
from portal.domain.plans import ActionState, PlanState
from portal.domain.step_downs import GATES_OF, Destination, Gate, HolderAnswer, StepDownState
from portal.domain.support import OPEN_REFERRALS, WAITING_REFERRALS, CheckStage, ReferralState
from portal.facts.open_things import SAID_NO, OpenThing


@dataclass(frozen=True)
class Summary:
    """The columns of FamilySummary, but for its keys."""

    open: bool
    stage: Stage
    coordinator_id: int | None
    lead_name: str | None
    lead_asked: bool
    lead_wanted: bool
    lead_user_id: int | None
    lead_answer_by: date | None
    lead_missing_since: date | None
    lead_declines: int
    lead_decided: bool
    nobody_holds_since: date | None
    next_kind: str | None
    next_subject: str | None
    next_text: str | None
    next_who: str | None
    next_who_id: int | None
    next_due_on: date | None
    actions_open: int
    supports: int
    supports_started: int
    supports_waiting: int
    unfollowed: int
    last_event_at: datetime | None


@dataclass
class _Family:
    """The rows by kind, and the few questions asked of them more than once."""

    things: list[OpenThing]
    by_kind: dict[str, list[OpenThing]] = field(init=False)

    def __post_init__(self) -> None:
        self.by_kind = {}
        for thing in self.things:
            self.by_kind.setdefault(thing.kind, []).append(thing)

    def all(self, kind: str) -> list[OpenThing]:
        return self.by_kind.get(kind, [])

    def one(self, kind: str) -> OpenThing | None:
        rows = self.by_kind.get(kind)
        return rows[0] if rows else None

    @cached_property
    def episode(self) -> OpenThing | None:
        return self.one("episode")

    @cached_property
    def review_due(self) -> date | None:
        """By when the team next reviews, until it has met since that was set."""
        if self.episode is None:
            return None
        since = self.episode.at
        met = any(
            row.state == MeetingState.HELD and (since is None or (row.at is not None and row.at > since))
            for row in self.all("meeting")
        )
        return self.episode.other_on if not met else None

    @cached_property
    def active(self) -> bool:
        return bool(self.episode and self.episode.state == EpisodeState.ACTIVE)

    def lead(self, state: LeadState) -> OpenThing | None:
        return next((row for row in self.all("lead") if row.state == state), None)

    @cached_property
    def lead_needed(self) -> bool:
        # The flag comes back as text: "true" from PostgreSQL, "1" from SQLite.
        return self.episode is not None and self.episode.text in ("true", "1")

    @cached_property
    def lead_wanted(self) -> bool:
        return self.lead_needed and self.lead(LeadState.ACCEPTED) is None

    @cached_property
    def has_team(self) -> bool:
        """Early help has begun with a team, which meets and puts a plan in force; with universal services it has none
        unless somebody leads."""
        return self.active and (self.lead_needed or self.lead(LeadState.ACCEPTED) is not None)

    @cached_property
    def holder_answer(self) -> str | None:
        """What the early help manager said where nobody holds the family; None while they have not."""
        asked = self.one("holder")
        return asked.state if asked else None

    @cached_property
    def lead_missing_since(self) -> date | None:
        """Since when the family that needs a lead has none: the last one's end, else the day early help began."""
        if not self.lead_wanted:
            return None
        ended = [row.other_on for row in self.all("lead") if row.state == LeadState.ENDED and row.other_on]
        opened = [row.on for row in self.all("lead_needed") if row.on]
        return max([*ended, *opened], default=None)

    @cached_property
    def lead_declines(self) -> int:
        """How many said no since somebody last led."""
        last = max(
            (row.id for row in self.all("lead") if row.state in (LeadState.ENDED, LeadState.ACCEPTED)), default=0
        )
        return sum(row.state == LeadState.DECLINED and row.id > last for row in self.all("lead"))

    @cached_property
    def lead_decided(self) -> bool:
        """Whether the manager has decided since then what happens."""
        since = self.lead_missing_since
        return since is not None and any(row.on and row.on >= since for row in self.all("lead_decision"))

    @cached_property
    def nobody_since(self) -> date | None:
        """Since when: the day social work closed, recorded on the family itself or on a step-down that is open, or was
        not accepted and waits on social work."""
        family = self.one("family")
        waiting = [*self.all("step_down"), *self.all("declined")]
        closed = [row.other_on or (family.on if family else None) for row in waiting]
        held = self.active or self.holder_answer == HolderAnswer.NAMED
        return None if held else min((day for day in closed if day), default=None)


def derive(things: list[OpenThing]) -> Summary:
    """The summary of one family. Depends on its rows alone, never on today's date."""
    family = _Family(things)
    stage = _stage(family)
    step = most_urgent(_steps(family)) if stage is not Stage.NOT_OPEN else None
    coordinator, lead = family.one("coordinator"), family.lead(LeadState.ACCEPTED)
    asked = family.lead(LeadState.NOMINATED)
    states = [row.state for row in family.all("referral")]
    event = family.one("event")
    return Summary(
        open=stage is not Stage.NOT_OPEN,
        stage=stage,
        coordinator_id=coordinator.who_id if coordinator else None,
        lead_name=lead.who if lead else asked.who if asked else None,
        lead_asked=lead is None and asked is not None,
        lead_wanted=family.lead_wanted,
        lead_user_id=lead.who_id if lead else None,
        lead_answer_by=asked.on if asked else None,
        lead_missing_since=family.lead_missing_since,
        lead_declines=family.lead_declines,
        lead_decided=family.lead_decided,
        nobody_holds_since=family.nobody_since,
        next_kind=step.kind.value if step else None,
        next_subject=step.subject if step else None,
        next_text=step.text if step else None,
        next_who=step.who if step else None,
        next_who_id=step.who_id if step else None,
        next_due_on=step.due_on if step else None,
        actions_open=len(family.all("action")),
        supports=len(states),
        supports_started=states.count(ReferralState.STARTED) + states.count(ReferralState.ENDED),
        supports_waiting=sum(state in WAITING_REFERRALS for state in states),
        unfollowed=sum(row.state in OPEN_REFERRALS and row.who_id is None for row in family.all("referral")),
        last_event_at=event.at if event else None,
    )


def _stage(family: _Family) -> Stage:
    states = {row.state for row in family.all("step_down")}
    if family.active:
        return Stage.ACTIVE
    for state, stage in (
        (StepDownState.ACCEPTED, Stage.PREPARING),
        (StepDownState.PROPOSED, Stage.WAITING),
        (StepDownState.MORE_INFORMATION, Stage.WAITING),
        (StepDownState.DRAFT, Stage.DRAFT),
    ):
        if state in states:
            return stage
    if family.all("declined"):
        return Stage.NOT_ACCEPTED
    asked_again = any(row.state in AFTERWARDS for row in family.all("check"))
    if asked_again or family.all("instead") or any(row.state in OPEN_REFERRALS for row in family.all("referral")):
        return Stage.FOLLOWING_UP
    return Stage.NOT_OPEN


def _steps(family: _Family) -> list[Step]:
    coordinator, lead = family.one("coordinator"), family.lead(LeadState.ACCEPTED)
    coordinating = (coordinator.who, coordinator.who_id) if coordinator else ("{coordinator:many}", None)
    leading = (lead.who, lead.who_id) if lead else coordinating
    steps = [_action_step(row, leading) for row in family.all("action")]
    steps += [_check_step(row) for row in family.all("check")]
    steps += [Step(Next.INSTEAD, f"R-{row.id}", *_following(family), row.on, row.text) for row in family.all("instead")]
    steps += [Step(Next.STOP_ASKED, "", *leading, row.on, row.text) for row in family.all("stop")]
    steps += _lead_steps(family, coordinating)
    steps += _meeting_steps(family, leading)
    # Whether it stays with social care is answered before anything else becomes of it.
    staying = {row.id for row in family.all("stay")}
    for row in family.all("step_down"):
        steps += [] if row.id in staying else _step_down_steps(row, family, leading)
    steps += [Step(Next.SETTLE_DECLINE, f"S-{row.id}", row.who, row.who_id, row.on) for row in family.all("declined")]
    steps += [
        Step(Next.CONFIRM_STAY, f"S-{row.id}", "{social_care_manager:many}", None, row.on) for row in family.all("stay")
    ]
    plan = family.one("plan")
    if family.has_team and plan and plan.state == PlanState.DRAFT:
        steps.append(Step(Next.PUT_IN_FORCE, "", *leading, None))
    if family.nobody_since:
        asked = family.one("holder")
        due_on = asked.on if asked else family.nobody_since
        if family.holder_answer == HolderAnswer.REOPEN:
            steps.append(Step(Next.REOPEN_SOCIAL_WORK, "", "{social_care_manager:many}", None, due_on))
        else:
            steps.append(Step(Next.NAME_HOLDER, "", "{early_help_manager:many}", None, due_on))
    return steps


def _following(family: _Family) -> tuple[str | None, int | None]:
    """Whose checks would be (facts/owners.py): of social work until responsibility moves, then whoever leads, else the
    coordinator, else the manager."""
    own = family.one("family")
    social_work = sorted(
        (row for row in family.all("step_down") if row.other_on is None), key=lambda row: row.who_id or 0
    )
    if own and own.who_id and own.on is None:
        social_work.append(own)
    still = [] if family.active else social_work
    first = next(iter(still), None) or family.lead(LeadState.ACCEPTED) or family.one("coordinator")
    return (first.who, first.who_id) if first else ("{early_help_manager:many}", None)


def _action_step(row: OpenThing, leading: tuple[str | None, int | None]) -> Step:
    """Whoever is to do it, and to look again at what is in its way; what was handed back waits for the lead."""
    if row.state == ActionState.HANDED_BACK:
        return Step(Next.ACTION_BACK, f"A-{row.id}", *leading, row.on, row.text)
    kind = Next.ACTION_BLOCKED if row.state == ActionState.BLOCKED else Next.ACTION
    return Step(kind, f"A-{row.id}", row.who, row.who_id, row.on, row.text)


def _check_step(row: OpenThing) -> Step:
    """What is asked once support has begun is whether it goes on. One that is put off is still its owner's."""
    if row.other_on:
        put_off = f"{full(row.other_on)}: {row.text or 'how things are'}"
        return Step(Next.PUT_OFF, f"C-{row.id}", row.who, row.who_id, row.other_on, put_off)
    return Step(_CHECKS.get(row.state, Next.CHECK), f"C-{row.id}", row.who, row.who_id, row.on, row.text)


_CHECKS: Mapping[str, Next] = {
    SAID_NO: Next.CHECK_SAID_NO,
    CheckStage.AFTER_NO: Next.CHECK_AFTER_NO,
    CheckStage.AFTER_UNIVERSAL: Next.CHECK_AFTER_UNIVERSAL,
    CheckStage.CALL_BACK: Next.CALL_BACK,
    CheckStage.STARTED: Next.CHECK_GOES_ON,
}


def _lead_steps(family: _Family, coordinating: tuple[str | None, int | None]) -> list[Step]:
    asked = family.lead(LeadState.NOMINATED)
    if asked and asked.at is not None:
        return [Step(Next.ASK_LEAD, "", *coordinating, asked.on)]  # not answered in time: the coordinator has it back
    if asked and asked.who_id is None:
        return [Step(Next.RECORD_LEAD, f"L-{asked.id}", *coordinating, asked.on, asked.who)]
    if asked:
        return [Step(Next.ANSWER_LEAD, f"L-{asked.id}", asked.who, asked.who_id, asked.on)]
    lead = family.lead(LeadState.ACCEPTED)
    if lead is not None and lead.text is not None:
        return [Step(Next.ASK_LEAD, "", *coordinating, None)]
    if not family.lead_wanted:
        return []
    by = min((row.on for row in family.all("step_down_lead") if row.on), default=None)
    return [Step(Next.ASK_LEAD, "", *coordinating, by)]


def _meeting_steps(family: _Family, leading: tuple[str | None, int | None]) -> list[Step]:
    steps = []
    for row in family.all("meeting"):
        if row.state != MeetingState.ARRANGED or row.at is None:
            continue
        kinds = row.text or "001"
        kind = (
            Next.WRITE_UP_STEP_DOWN
            if kinds[0] == "1"
            else Next.WRITE_UP_FIRST_TEAM
            if kinds[1] == "1"
            else Next.WRITE_UP_REVIEW
        )
        steps.append(Step(kind, f"M-{row.id}", *leading, london_date(row.at)))
    if family.has_team and not steps:
        steps.append(Step(Next.ARRANGE_NEXT, "", *leading, family.review_due))
    return steps


def _step_down_steps(row: OpenThing, family: _Family, leading: tuple[str | None, int | None]) -> list[Step]:
    ref = f"S-{row.id}"
    if row.state == StepDownState.DRAFT:
        return [Step(Next.SEND_STEP_DOWN, ref, row.who, row.who_id, row.on)]
    if row.state == StepDownState.MORE_INFORMATION:
        asked = next(each for each in family.all("question") if each.id == row.id)
        return [Step(Next.ANSWER_QUESTION, ref, asked.who, asked.who_id, asked.on)]
    limits = next(limit for limit in family.all("step_down_decide") if limit.id == row.id)
    if row.state == StepDownState.PROPOSED:
        return [Step(Next.ANSWER_STEP_DOWN, ref, "{coordinator:many}", None, limits.on)]
    met = any((meeting.text or "")[:1] == "1" for meeting in family.all("meeting"))
    if row.text == Destination.TEAM and not met:
        if family.lead_wanted:
            return []  # who leads says when they can meet: first somebody has to
        return [Step(Next.ARRANGE_MEETING, ref, *leading, limits.other_on)]
    gates = GATES_OF[Destination(row.text)] if row.text else ()
    for kind, gate, step in (
        ("outstanding", Gate.OUTSTANDING, Next.SETTLE_OUTSTANDING),
        ("need_left", Gate.NEEDS, Next.COVER_NEEDS),
    ):
        if gate in gates and any(each.id == row.id for each in family.all(kind)):
            return [Step(step, ref, *leading, row.on)]
    return [Step(Next.CONFIRM, ref, row.who, row.who_id, row.on)]
