"""The family page: the next step, who holds and leads, homes and team, plan, support, what happened last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from portal.core import clock
from portal.domain.dates import Calendar, full, near
from portal.domain.episodes import EpisodeState, Stage
from portal.domain.leads import LeadState
from portal.domain.next_steps import OF_ACTIONS, OF_CHECKS, Next
from portal.domain.plans import HEADLINES, ActionState, Headline, NeedState
from portal.domain.step_downs import OPEN, StepDownState
from portal.domain.support import OPEN_REFERRALS, ReferralState
from portal.domain.viewer import Viewer
from portal.domain.words import Word
from portal.facts import holders, open_things
from portal.facts.holders import HELD, Holding
from portal.facts.meetings import apart_words
from portal.facts.open_things import OpenThing
from portal.facts.plans import nobody_covers, only_suggested, why_uncovered
from portal.facts.practice import calendar
from portal.facts.summary import Summary, derive
from portal.models.families import Family, KeepApartKind
from portal.models.following import FollowUpCheck
from portal.models.handover import LeadAssignment, StepDown
from portal.models.teamwork import PlanAction
from portal.queries import action_dates, checking, family_rows, family_support, history, next_steps, ringing, waits
from portal.queries.families import Header, lead_words, with_social_care
from portal.queries.family_rows import People, Row, is_only_suggested
from portal.queries.family_support import Support
from portal.queries.history import HistoryLine
from portal.queries.next_steps import NextStep
from portal.queries.shapes import Due, Tag, due, tag
from portal.queries.team import lacks
from portal.queries.team_map import TeamMap, of_rows
from portal.queries.waits import Waits

LATEST = 5
Rows = Mapping[str, list[Row]]


@dataclass(frozen=True)
class Held:
    """Who is responsible for one child. `words` may hold concepts in braces; `nobody` is shown in red."""

    name: str
    words: str
    nobody: bool


@dataclass(frozen=True)
class Lead:
    """Who leads, in words; `ask` where somebody should be asked."""

    words: str
    ask: bool


@dataclass(frozen=True)
class Before:
    """Early help that was going on before the portal came: since when, and what is not known yet."""

    since: str | None
    review: str | None


@dataclass(frozen=True)
class Action:
    ref: str
    what: str
    owner: str
    tag: Tag
    due: Due | None
    done: str | None
    to_check: bool


@dataclass(frozen=True)
class Need:
    """A need of the plan with its actions. `uncovered`: why nobody does anything about it, where nobody does;
    `suggested`: support was suggested, and nothing else is done."""

    headline: str
    what: str
    whose: str | None
    state: Tag | None
    actions: list[Action]
    supports: list[str]
    uncovered: str | None
    suggested: bool


@dataclass(frozen=True)
class Member:
    name: str
    words: str


@dataclass(frozen=True)
class Handover:
    """A step-down of the family."""

    ref: str
    href: str
    tag: Tag
    social_worker: str
    closed: str | None


@dataclass(frozen=True)
class Overview:
    """Everything the family page shows."""

    header: Header
    next: NextStep
    nobody_since: str | None
    children: list[Held]
    lead: Lead
    before: Before | None
    homes: list[family_rows.Home]
    team: list[Member]
    lead_ref: str | None
    team_map: TeamMap
    team_lacks: list[str] | None
    needs: list[Need]
    loose_actions: list[Action]
    uncovered: str | None
    only_suggested: str | None
    supports: list[Support]
    step_downs: list[Handover]
    events: list[HistoryLine]
    waits: list[Waits]


def overview(family: Family, viewer: Viewer, words: dict[str, Word]) -> Overview:
    """Seven statements, one more where the family is to be rung, whatever it holds."""
    today, days = clock.today(), calendar()
    things = open_things.of_family(family.id)
    summary = derive(things)
    rows = family_rows.of_family(family.id)
    people = family_rows.people(family.id, today, {thing.who_id for thing in things if thing.kind == "confidential"})
    uncovered = {Headline(row.label) for row in rows["need"] if _is_uncovered(row)}
    suggested = {Headline(row.label) for row in rows["need"] if is_only_suggested(row)}
    needs = [_need(row, family.id, rows, people.names, today, days) for row in rows["need"]]
    held = holders.of_family(family.id, things)
    return Overview(
        header=_header(family, summary, things, rows, people, held),
        next=_next(family, summary, rows, viewer, words, today, days),
        nobody_since=full(summary.nobody_holds_since) if summary.nobody_holds_since else None,
        children=[_held(child) for child in held],
        lead=_lead(summary, things, today, days),
        before=_before(things),
        homes=people.homes,
        lead_ref=next((f"{LeadAssignment.ref_prefix}-{row.id}" for row in rows["lead"]), None),
        team=[_member(row) for row in rows["member"] if row.other_on is None],
        team_map=of_rows(family.ref, rows),
        team_lacks=lacks(family.id, days),
        needs=needs,
        loose_actions=[_action(row, family.id, today, days) for row in rows["action"] if row.parent_id is None],
        uncovered=nobody_covers(headline for headline in Headline if headline in uncovered),
        only_suggested=only_suggested(headline for headline in Headline if headline in suggested),
        supports=family_support.of_rows(rows, today, days),
        step_downs=[_handover(row) for row in reversed(rows["step_down"])],
        events=history.of_family(family.id, words, limit=LATEST),
        waits=ringing.on_lines(waits.of_family(family.id, viewer, words, today, days)),
    )


def _header(
    family: Family,
    summary: Summary,
    things: list[OpenThing],
    rows: Rows,
    people: People,
    held: list[holders.HeldChild],
) -> Header:
    return Header(
        ref=family.ref,
        name=family.name,
        restricted=family.restricted,
        lead=lead_words(summary.stage, summary.lead_name, summary.lead_asked, wanted=summary.lead_wanted),
        lead_missing=summary.lead_wanted and summary.lead_name is None,
        lead_notes=family_rows.lead_notes(rows, clock.today()),
        coordinator=next((thing.who for thing in things if thing.kind == "coordinator"), None),
        stage=tag(summary.stage),
        safe_contact=people.safe_contact,
        apart=[
            apart_words(KeepApartKind(row.state), people.names[row.who_id or 0], people.names[row.parent_id or 0])
            for row in rows["apart"]
        ],
        council_reference=family.council_reference,
        with_social_care=with_social_care(child for child in held if child.holding is Holding.SOCIAL_WORK)
        if summary.stage is Stage.ACTIVE
        else [],
    )


def _next(
    family: Family, summary: Summary, rows: Rows, viewer: Viewer, words: dict[str, Word], today: date, days: Calendar
) -> NextStep:
    rings = summary.next_kind == Next.CALL_BACK
    note = ringing.notes([summary.next_subject] if rings else []).get(summary.next_subject or "")
    sentence = next_steps.sentence(summary.next_kind, summary.next_text, words, rung=note is None)
    if not summary.open and (first := next_steps.begins(family, viewer, words)):
        return first
    if summary.next_kind is None:
        return NextStep(sentence, None, None, f"/families/{family.ref}/plan", "See the {plan}")
    kind, subject = Next(summary.next_kind), summary.next_subject or ""
    step_down = _step_down_of(subject, rows["step_down"])
    href, link, may = next_steps.way(
        kind,
        _asked_about(kind, subject, family, step_down, summary, rows),
        viewer,
        family=family.ref,
        subject=subject,
        step_down=f"S-{step_down.id}" if step_down else None,
    )
    who = next_steps.who(summary.next_who, summary.next_who_id, viewer, words)
    return NextStep(sentence, who, next_steps.by_when(kind, summary.next_due_on, today, days), href, link, may, note)


def _step_down_of(subject: str, step_downs: list[Row]) -> Row | None:
    """The step-down the next step is about, else the open one: that which nobody holds before others."""
    named = [row for row in step_downs if f"S-{row.id}" == subject]
    still = [row for row in step_downs if row.state in OPEN]
    left = [row for row in still if row.other_on]
    return next(iter(named + left + still), None)


_OF_STEP_DOWNS = frozenset(
    {
        Next.SEND_STEP_DOWN,
        Next.CONFIRM,
        Next.ANSWER_QUESTION,
        Next.SETTLE_DECLINE,
        Next.CONFIRM_STAY,
        Next.SETTLE_OUTSTANDING,
    }
)


def _asked_about(
    kind: Next, subject: str, family: Family, step_down: Row | None, summary: Summary, rows: Rows
) -> Family | PlanAction | FollowUpCheck | LeadAssignment | StepDown:
    """The thing of which the rule is asked whether the viewer may take the step. Made for the question from what
    is already read, never stored."""
    if kind in OF_ACTIONS:
        owner = next(row.who_id for row in rows["action"] if f"A-{row.id}" == subject)
        return PlanAction(family_id=family.id, owner_id=owner)
    if kind in OF_CHECKS or kind is Next.PUT_OFF:
        return FollowUpCheck(family_id=family.id, owner_id=summary.next_who_id)
    if kind is Next.ANSWER_LEAD:
        return LeadAssignment(family_id=family.id, user_id=summary.next_who_id, state=LeadState.NOMINATED)
    if kind in _OF_STEP_DOWNS and step_down:
        return StepDown(
            family_id=family.id,
            social_worker_id=step_down.who_id,
            social_care_team_id=step_down.team_id,
            social_work_closed_on=step_down.other_on,
        )
    return family


def _held(child: holders.HeldChild) -> Held:
    if child.holding is Holding.NOBODY:
        words = f"Nobody: social work closed on {full(child.since)}" if child.since else HELD[child.holding]
        return Held(child.name, words, nobody=True)
    return Held(child.name, f"{HELD[child.holding]}{f': {child.who}' if child.who else ''}", nobody=False)


def _lead(summary: Summary, things: list[OpenThing], today: date, days: Calendar) -> Lead:
    if summary.lead_name is None:
        return Lead("No {lead_professional} yet.", ask=True) if summary.lead_wanted else Lead("", ask=False)
    if not summary.lead_asked:
        return Lead(f"{summary.lead_name} is the {{lead_professional}}.", ask=False)
    asked = next(thing for thing in things if thing.kind == "lead" and thing.state == LeadState.NOMINATED)
    answer = due(asked.on, today, days)
    return Lead(
        f"{asked.who} was asked to be the {{lead_professional}} and has not answered yet"
        + (f": {answer.words}, {answer.on}." if answer else "."),
        ask=False,
    )


def _before(things: list[OpenThing]) -> Before | None:
    episode = next((each for each in things if each.kind == "episode" and each.state == EpisodeState.ACTIVE), None)
    if episode is None or not episode.who_id:
        return None
    return Before(
        since=full(episode.on) if episode.on else None,
        review=full(episode.other_on) if episode.other_on else None,
    )


def _member(row: Row) -> Member:
    return Member(row.who, ", ".join(part for part in (row.label, row.more) if part))


def _is_uncovered(need: Row) -> bool:
    return need.state == NeedState.OPEN and not need.parent_id


def _need(row: Row, family_id: int, rows: Rows, names: dict[int, str], today: date, days: Calendar) -> Need:
    actions = [action for action in rows["action"] if action.parent_id == row.id]
    supports = [support for support in rows["referral"] if support.parent_id == row.id]
    state = NeedState(row.state)
    return Need(
        headline=HEADLINES[Headline(row.label)],
        what=row.text,
        whose=names.get(row.who_id or 0),
        state=None if state is NeedState.OPEN else tag(state),
        actions=[_action(action, family_id, today, days) for action in actions],
        supports=[support.text for support in supports if support.state in OPEN_REFERRALS],
        uncovered=_why_uncovered(actions, supports) if _is_uncovered(row) else None,
        suggested=is_only_suggested(row),
    )


def _why_uncovered(actions: list[Row], supports: list[Row]) -> str:
    return why_uncovered(
        (ActionState(action.state) for action in actions if not action.team_id),
        (support.text for support in supports if support.state == ReferralState.NOT_STARTED),
    )


def _action(row: Row, family_id: int, today: date, days: Calendar) -> Action:
    state, must = ActionState(row.state), row.label == family_rows.MUST_BE_CHECKED
    return Action(
        ref=f"A-{row.id}",
        what=row.text,
        owner=row.who,
        tag=checking.tag_of(state, must_be_checked=must),
        due=action_dates.wanted(state, row.on, row.other_on, today, days) if row.on else None,
        done=near(row.other_on, today) if row.other_on and state is not ActionState.BLOCKED else None,
        to_check=checking.waits_for_viewer(
            family_id, state, must_be_checked=must, owner_id=row.who_id, done_by_id=int(row.more) if row.more else None
        ),
    )


def _handover(row: Row) -> Handover:
    return Handover(
        ref=f"S-{row.id}",
        href=f"/step-downs/S-{row.id}",
        tag=tag(StepDownState(row.state)),
        social_worker=row.who,
        closed=full(row.other_on) if row.other_on and row.state in OPEN else None,
    )
