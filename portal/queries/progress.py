"""How far a step-down is, told to each side in its own words: who acts next, since when, and what is still to come."""

from dataclasses import dataclass
from datetime import date, datetime

from portal.domain.dates import london_date, near
from portal.domain.gate_words import LACKING
from portal.domain.permissions import P
from portal.domain.step_downs import OPEN, Gate, StepDownState
from portal.domain.viewer import Viewer
from portal.facts.gate_states import GateState
from portal.models.handover import StepDown
from portal.policies import rules

S = StepDownState


@dataclass(frozen=True)
class Acting:
    """What waits on one person, since the earliest of it. `you`: on whoever reads this."""

    who: str
    what: list[str]
    since: str | None
    you: bool


@dataclass(frozen=True)
class Stage:
    """One step of the way: "done", "now" or "later"; `when` it was done, or whom it waits on and since when."""

    words: str
    state: str
    when: str | None


@dataclass(frozen=True)
class Progress:
    """`sentence`: who acts next, for the reader's side; `also`: what that means for them; both may hold concepts."""

    sentence: str
    also: str | None
    acting: list[Acting]
    way: list[Stage]


def of(
    step_down: StepDown,
    states: list[GateState],
    viewer: Viewer,
    *,
    social_worker: str,
    holder: str,
    otherwise: str,
    staying_since: str | None,
    today: date,
) -> Progress:
    """`otherwise` is said in states that this page has no words of its own for; `staying_since`: the day somebody
    asked that the family stays with social care, while the manager has not answered."""
    acting = _acting(states, viewer, today)
    if staying_since:
        sentence, also = _staying(step_down, staying_since, viewer), _stays_until(step_down, viewer, social_worker)
    else:
        sentence, also = _words(step_down, acting, viewer, social_worker, holder, otherwise, today)
    return Progress(sentence, also, acting, _way(step_down, states, today))


def _acting(states: list[GateState], viewer: Viewer, today: date) -> list[Acting]:
    """The open gates by whom they wait on; what waits on the reader comes first."""
    waiting: dict[str, list[GateState]] = {}
    for each in states:
        if not each.holds:
            waiting.setdefault(each.waits_on or "", []).append(each)
    found = []
    for who, open_gates in waiting.items():
        since = min((each.since for each in open_gates if each.since), default=None)
        what = [LACKING[each.gate] for each in open_gates]
        found.append(Acting(who, what, near(since, today) if since else None, you=who == viewer.name))
    return sorted(found, key=lambda each: not each.you)


def _words(
    step_down: StepDown,
    acting: list[Acting],
    viewer: Viewer,
    social_worker: str,
    holder: str,
    otherwise: str,
    today: date,
) -> tuple[str, str | None]:
    sends = viewer.is_social_worker
    closed = step_down.social_work_closed_on is not None
    match step_down.state:
        case S.PROPOSED:
            since = _since(step_down.proposed_at, today)
            if rules.allowed(viewer, P.STEP_DOWN_ANSWER, step_down):
                return f"You act next: accept this {{step_down}}, or say why not{since}", None
            words = f"{{Early_help}} acts next: they accept this {{step_down}}, or say why not{since}"
            return words, _stays_until(step_down, viewer, social_worker)
        case S.ACCEPTED if acting:
            return _next(acting, sends), _stays_until(step_down, viewer, social_worker)
        case S.ACCEPTED:
            if rules.allowed(viewer, P.STEP_DOWN_COMPLETE, step_down):
                return "Everything is in place. You act next: confirm that this {step_down} is complete", None
            who = "the {early_help_manager}" if closed else social_worker
            return f"Everything is in place. Waiting on {who} to confirm that this {{step_down}} is complete", None
        case S.COMPLETED:
            day = near(london_date(step_down.completed_at), today) if step_down.completed_at else ""
            return f"{step_down.completed_by_name} confirmed on {day} that this {{step_down}} is complete", (
                f"{{Early_help}} is responsible for these children now: {holder}."
            )
        case _:
            return otherwise, None


def _next(acting: list[Acting], sends: bool) -> str:
    first = acting[0]
    others = sum(len(each.what) for each in acting) - 1
    more = f"; and {others} more" if others else ""
    since = f", since {first.since}" if first.since else ""
    if first.you:
        return f"You act next. Still missing: {first.what[0]}{since}{more}"
    whose = "{Early_help} acts next. " if sends else ""
    return f"{whose}Waiting on {first.who}{since}. Still missing: {first.what[0]}{more}"


def _staying(step_down: StepDown, since: str, viewer: Viewer) -> str:
    what = f"agree, or not, that this family stays with social care, since {since}"
    if rules.allowed(viewer, P.STEP_DOWN_AGREE, step_down):
        return f"You act next: {what}"
    return f"Waiting on {{social_care_manager:a}} to {what}"


def _stays_until(step_down: StepDown, viewer: Viewer, social_worker: str) -> str | None:
    if step_down.social_work_closed_on is not None:
        return None
    if viewer.name == social_worker:
        return "You stay responsible until you confirm that it is complete."
    return f"{social_worker} stays responsible until it is complete."


def _since(at: datetime | None, today: date) -> str:
    return f", since {near(london_date(at), today)}" if at else ""


def _way(step_down: StepDown, states: list[GateState], today: date) -> list[Stage]:
    """The steps of the destination, each done, going on, or later."""
    if step_down.state not in OPEN and step_down.state is not S.COMPLETED:
        return []
    holds = {each.gate: each.holds for each in states}
    # Gates stand beside each other: each that is open waits on its own people, not on the one before.
    waits = {_GATES[each.gate]: _waiting(each, today) for each in states if not each.holds and each.gate in _GATES}
    done = step_down.state is S.COMPLETED
    accepted = done or step_down.state is S.ACCEPTED
    steps: list[tuple[str, bool, datetime | None]] = [
        ("Agreed by the {social_care_manager}", step_down.agreed_at is not None, step_down.agreed_at),
        ("Sent to {early_help}", step_down.proposed_at is not None, step_down.proposed_at),
        ("Accepted by {early_help}", accepted, step_down.answered_at if accepted else None),
    ]
    for gate, words in _GATES.items():
        if gate in holds or (done and gate is Gate.OUTSTANDING):
            steps.append((words, done or holds[gate], None))
    steps += [
        ("Everything is in place", done or (bool(states) and all(holds.values())), None),
        ("Complete: {early_help} is responsible", done, step_down.completed_at),
    ]
    going = next((place for place, (_, past, _at) in enumerate(steps) if not past), None)
    return [
        Stage(words, "done", near(london_date(at), today) if at else None)
        if past
        else Stage(words, "now", waits[words])
        if accepted and words in waits
        else Stage(words, "now" if place == going else "later", None)
        for place, (words, past, at) in enumerate(steps)
    ]


def _waiting(each: GateState, today: date) -> str:
    return f"Waiting on {each.waits_on}" + (f" since {near(each.since, today)}" if each.since else "")


_GATES = {
    Gate.LEAD: "{Lead_professional:a} has accepted",
    Gate.MEETING: "{Step_down_meeting} held",
    Gate.OUTSTANDING: "Outstanding actions settled",
    Gate.FAMILY_MET: "Family met, each child seen",
}
