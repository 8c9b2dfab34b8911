"""One step-down as both sides read it: its people, needs, safety, views, and what is still missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import String, cast, literal, select, union_all

from portal.core import clock
from portal.core.db import db
from portal.core.sealed import opened
from portal.domain.dates import Calendar, full, london_date, moment, near
from portal.domain.event_kinds import E
from portal.domain.gate_words import LACKING
from portal.domain.step_downs import OPEN, Destination, StepDownState, is_unsettled
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.domain.words import Word
from portal.facts import gates, waivers
from portal.facts.gate_states import GateState
from portal.facts.practice import calendar
from portal.models.deciding import JointDecision
from portal.models.families import Family
from portal.models.handover import (
    LeadAssignment,
    OutstandingAction,
    StepDown,
)
from portal.models.people import SocialCareTeam, User
from portal.models.record import Event, FamilySummary
from portal.models.teamwork import Meeting
from portal.queries import drafts, families, history, progress, step_down_ends
from portal.queries import handover_parts as parts
from portal.queries.deciding import Decision
from portal.queries.families import Header
from portal.queries.handover_beside import Linked, Question
from portal.queries.history import HistoryLine
from portal.queries.progress import Progress
from portal.queries.shapes import Due, Tag, due, tag
from portal.queries.step_down_ends import End

NOBODY_SINCE = FamilySummary.nobody_holds_since


@dataclass(frozen=True)
class GateLine:
    """A gate in words. `since` and `detail` only where it is open; `waived`: until when both managers go on without
    it, and why; `note`: what to know of one that holds."""

    words: str
    holds: bool
    waits_on: str | None
    since: str | None
    detail: str | None
    waived: str | None
    why_waived: str | None
    note: str | None


@dataclass(frozen=True)
class Handover:
    """Everything the page of a step-down shows. Sentences and labels may hold concepts in braces. `nobody_since`:
    the day social work closed, where nobody holds the family since; `stuck`: past its standard, so that both managers
    decide how it goes on."""

    ref: str
    header: Header
    state: StepDownState
    tag: Tag
    next: str
    progress: Progress
    stuck: bool
    due: Due | None
    nobody_since: str | None
    social_worker: str
    social_worker_phone: str | None
    team: str
    agreed_by: str | None
    rationale: str | None
    destination: str
    lead: str
    preferred_lead: str | None
    risks: str | None
    contingency: str | None
    step_up_triggers: str | None
    last_visit: str | None
    meeting_wishes: str | None
    declined: str | None
    decline_reason: str | None
    declined_then: str | None
    declined_then_words: str | None
    questions: list[Question]
    ends: list[End]
    gates: list[GateLine]
    ready: bool
    children: list[parts.Child]
    needs: list[parts.Need]
    outstanding: list[parts.Outstanding]
    parents: list[parts.Parent]
    agreements: list[parts.Agreement]
    linked: list[Linked]
    decisions: list[Decision]
    timeline: list[HistoryLine]


def of(step_down: StepDown, viewer: Viewer, words: dict[str, Word]) -> Handover:
    """The whole of one step-down, in a number of statements that does not grow with it."""
    today, days = clock.today(), calendar()
    row = db.session.execute(
        select(Family, User.name.label("worker"), User.phone_sealed, SocialCareTeam.name.label("team"), NOBODY_SINCE)
        .select_from(StepDown)
        .join(Family, Family.id == StepDown.family_id)
        .outerjoin(FamilySummary, FamilySummary.family_id == StepDown.family_id)
        .join(User, User.id == StepDown.social_worker_id)
        .join(SocialCareTeam, SocialCareTeam.id == StepDown.social_care_team_id)
        .where(StepDown.id == step_down.id)
    ).one()
    states = gates.of(step_down) if step_down.state is StepDownState.ACCEPTED else []
    ready = bool(states) and all(each.holds for each in states)
    header = families.header(row.Family)
    made_of = parts.of(step_down, today, days)
    asked = made_of.questions
    sentence = next_sentence(step_down, states, today, waits_on=_waits_on(asked, row.worker))
    ends = step_down_ends.of(step_down)
    return Handover(
        ref=step_down.ref,
        header=header,
        state=step_down.state,
        tag=tag(step_down.state),
        next=sentence,
        progress=progress.of(
            step_down,
            states,
            viewer,
            social_worker=row.worker,
            holder=_holder(header),
            otherwise=sentence,
            staying_since=next((each.since for each in ends if each.since), None),
            today=today,
        ),
        stuck=waivers.is_stuck(step_down, days),
        due=_due(step_down, asked, today, days),
        nobody_since=nobody_since(step_down, row),
        social_worker=row.worker,
        social_worker_phone=opened(row.phone_sealed, step_down.social_worker_id),
        team=row.team,
        agreed_by=drafts.agreed(step_down) if step_down.agreed_on else step_down.agreed_by_name,
        rationale=step_down.rationale,
        destination=CHOICES[step_down.destination] if step_down.destination else "Not decided yet",
        lead=_lead(step_down, header),
        preferred_lead=step_down.preferred_lead,
        risks=step_down.risks,
        contingency=step_down.contingency,
        step_up_triggers=step_down.step_up_triggers,
        last_visit=near(step_down.last_visit_on, today) if step_down.last_visit_on else None,
        meeting_wishes=step_down.meeting_wishes,
        declined=CHOICES[step_down.decline_code] if step_down.decline_code else None,
        decline_reason=step_down.decline_reason,
        declined_then=CHOICES[step_down.declined_then] if step_down.declined_then else None,
        declined_then_words=step_down.declined_then_words,
        questions=asked,
        ends=ends,
        gates=[*gate_lines(states, today), *family_told(step_down, row.worker)] if states else [],
        ready=ready,
        children=made_of.children,
        needs=made_of.needs,
        outstanding=made_of.outstanding,
        parents=made_of.parents,
        agreements=made_of.agreements,
        linked=made_of.linked,
        decisions=made_of.decisions,
        timeline=_timeline(step_down, words),
    )


def _lead(step_down: StepDown, header: Header) -> str:
    """With universal services nobody is asked, before it is accepted too."""
    waits_unled = step_down.destination is Destination.UNIVERSAL and header.lead == families.NOBODY_LEADS[0]
    return families.NOBODY_LEADS[3] if waits_unled and step_down.state in OPEN else header.lead


def _holder(header: Header) -> str:
    """Who is responsible once it is complete."""
    leads = header.lead not in families.NOBODY_LEADS
    return header.lead if leads else header.coordinator or "{Early_help}"


_STAYS = "{who} recorded on {when} that the family stays with social care, so you cannot accept this {{step_down}} now."
MEANWHILE: Mapping[E, str] = {
    E.STEP_DOWN_DECLINED: "{who} said on {when} that this {{step_down}} is not accepted, so you cannot accept it now.",
    E.STEP_DOWN_ASKED: "{who} sent this {{step_down}} back with a question on {when}, so you cannot accept it now.",
    E.STEP_DOWN_FAMILY_SAID_NO: "{who} recorded on {when} that the family said no or could not be reached, so you "
    "cannot accept this {{step_down}} now.",
    E.STEP_DOWN_STAYS: _STAYS,
    E.STEP_DOWN_STAYS_AS_DECIDED: _STAYS,
}


def answered(step_down: StepDown) -> str | None:
    """Why it can no longer be accepted: what somebody else said of it meanwhile, and when."""
    if step_down.state is StepDownState.PROPOSED:
        return None
    event = db.session.execute(
        select(Event.kind, Event.actor_name, Event.recorded_at)
        .where(Event.family_id == step_down.family_id, Event.subject == step_down.ref, Event.kind.in_(MEANWHILE))
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    if event is None:
        return None
    return MEANWHILE[E(event.kind)].format(who=event.actor_name, when=moment(event.recorded_at))


def nobody_since(step_down: StepDown, row: Any) -> str | None:
    """Of a step-down that waits on somebody, as the family page says it."""
    unsettled = is_unsettled(step_down.state, step_down.declined_then)
    since = row.nobody_holds_since if unsettled else None
    return full(since) if since else None


def gate_lines(states: list[GateState], today: date) -> list[GateLine]:
    return [
        GateLine(
            each.words,
            each.holds,
            each.waits_on,
            near(each.since, today) if each.since else None,
            each.detail,
            each.waived.words if each.waived else None,
            each.waived.reason if each.waived else None,
            each.note,
        )
        for each in states
    ]


FAMILY_TOLD = "The family has been told what changes for them"


def family_told(step_down: StepDown, worker: str) -> list[GateLine]:
    """Where the same worker goes on: whoever confirms says that the family knows, and nobody earlier."""
    if step_down.destination is not Destination.SAME_WORKER:
        return []
    who = "{early_help_manager:many}" if step_down.social_work_closed_on else worker
    return [
        GateLine(FAMILY_TOLD, False, who, None, "Whoever confirms that it is complete says so then", None, None, None)
    ]


def _waits_on(asked: list[Question], worker: str) -> str:
    """Who was asked the open question, else the social worker."""
    return next((each.of for each in asked if each.answer is None), worker)


def next_sentence(step_down: StepDown, states: list[GateState], today: date, *, waits_on: str) -> str:
    """Who acts next."""
    closed = [each for each in states if not each.holds]
    match step_down.state:
        case StepDownState.PROPOSED:
            return "{Early_help} accepts this {step_down}, asks a question, or says why not"
        case StepDownState.MORE_INFORMATION:
            return f"Waiting on {waits_on} to answer a question. The time to accept runs on meanwhile"
        case StepDownState.ACCEPTED if closed:
            first = closed[0]
            more = f"; and {len(closed) - 1} more" if len(closed) > 1 else ""
            return f"Waiting on {first.waits_on}. Still missing: {LACKING[first.gate]}{more}"
        case StepDownState.ACCEPTED:
            who = "{early_help_manager}" if step_down.social_work_closed_on else "{social_worker}"
            return f"Everything is in place: the {who} can confirm that this {{step_down}} is complete"
        case StepDownState.COMPLETED:
            day = near(london_date(step_down.completed_at), today) if step_down.completed_at else ""
            return f"{step_down.completed_by_name} confirmed on {day} that this {{step_down}} is complete"
        case StepDownState.DECLINED:
            if step_down.declined_then is None:
                return f"Not accepted. Waiting on {waits_on} to say what happens now"
            return f"Not accepted. What happens now: {CHOICES[step_down.declined_then].lower()}"
        case StepDownState.FAMILY_SAID_NO:
            return "{Early_help} does not begin for now. Who keeps an eye out, and the way back, stand below"
        case StepDownState.STAYS:
            return "The family stays with social care"
        case _:
            return "The {social_worker} is still writing this {step_down}"


def _due(step_down: StepDown, asked: list[Question], today: date, days: Calendar) -> Due | None:
    if step_down.state is StepDownState.PROPOSED:
        return due(step_down.decide_by, today, days)
    if step_down.state is StepDownState.MORE_INFORMATION:
        return next((each.due for each in asked if each.due), None)
    if step_down.state is StepDownState.DECLINED and step_down.declined_then is None:
        return due(step_down.answer_decline_by, today, days)
    return due(step_down.complete_by, today, days) if step_down.state is StepDownState.ACCEPTED else None


def _timeline(step_down: StepDown, words: dict[str, Word]) -> list[HistoryLine]:
    """What happened to it, its outstanding actions, its leads, its meetings, and what was decided about it."""
    others = union_all(
        *(
            select(literal(f"{model.ref_prefix}-", String) + cast(model.id, String)).where(
                model.step_down_id == step_down.id
            )
            for model in (OutstandingAction, LeadAssignment, Meeting, JointDecision)
        )
    )
    return history.of_subjects(step_down.family_id, step_down.ref, others, words)
