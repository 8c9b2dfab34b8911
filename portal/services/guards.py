"""What a move checks beyond its state and its needs; each guard raises in words, or lets it pass."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain import viewer as asking
from portal.domain.dates import full, london_date
from portal.domain.deciding import Together
from portal.domain.episodes import EpisodeState
from portal.domain.gate_words import LACKING
from portal.domain.plans import DID_IT, NEVER_BEGAN, RECORDED_IT
from portal.domain.roles import Role
from portal.domain.step_downs import StepDownState
from portal.domain.support import Source
from portal.facts import completeness, gates, handing_over, leading, meetings, plans, seeking, sharing, starts, waivers
from portal.models.families import Person
from portal.models.following import SupportReferral
from portal.models.handover import Episode, LeadAssignment, OutstandingAction, StepDown
from portal.models.teamwork import ActionPlan, Meeting, PlanAction, PlanNeed, TeamMember

DATED = {
    "agreed_on": "The date they agreed must be today or in the past",
    "done_on": "The date it was done must be today or in the past",
    "held_on": "The date the meeting was held must be today or in the past",
    "ended_on": "The date they stopped leading must be today or in the past",
    "sent_on": "The date it was sent must be today or in the past",
    "state_on": "The date you learned it must be today or in the past",
    "declined_on": "The date they said no must be today or in the past",
    "confirmed_on": "The date you learned it must be today or in the past",
    "last_on": "The last day must be today or in the past",
    "stopped_on": "The date it stopped must be today or in the past",
    "started_on": "The date support was first received must be today or in the past",
}
AHEAD = {
    "review_on": "The date to look at it again must be today or later",
    "due_on": "Date it is due must be today or later",
}


def not_in_future(_thing: Any, values: Mapping[str, Any]) -> None:
    """What has happened cannot lie in the future; London's date counts."""
    for name, words in DATED.items():
        given = values.get(name)
        if isinstance(given, date) and given > clock.today():
            raise FieldRefused(name, words)


def not_in_past(_thing: Any, values: Mapping[str, Any]) -> None:
    """When something is due, or looked at again, lies ahead."""
    for name, words in AHEAD.items():
        given = values.get(name)
        if isinstance(given, date) and given < clock.today():
            raise FieldRefused(name, words)


def early_help_began(action: PlanAction, _values: Mapping[str, Any]) -> None:
    state = db.session.execute(select(Episode.state).where(Episode.id == action.episode_id)).scalar_one()
    if state is EpisodeState.ENDED_BEFORE_START:
        raise Refused(NEVER_BEGAN)


def not_before_asked(action: PlanAction, values: Mapping[str, Any]) -> None:
    """Nobody did it before they were asked, or, at a meeting that was written down later, agreed to it."""
    asked = london_date(action.proposed_at)
    first = min(asked, action.agreed_on or asked)
    given = values.get("done_on")
    if isinstance(given, date) and given < first:
        raise FieldRefused("done_on", f"The date it was done must be {full(first)} or later, when it was asked for")


def not_before_done(action: PlanAction, values: Mapping[str, Any]) -> None:
    """What changed is looked at once it is done."""
    given = values.get("verified_on")
    if isinstance(given, date) and action.done_on is not None and given < action.done_on:
        raise Refused(
            f"This {{action}} was done on {full(action.done_on)}, so it cannot have been checked on {full(given)}."
        )


def whole(step_down: StepDown, _values: Mapping[str, Any]) -> None:
    missing = completeness.missing(step_down)
    if missing:
        raise Refused("This {step_down} is not complete yet: " + "; ".join(each.words for each in missing) + ".")


def agreed_by_manager(step_down: StepDown, _values: Mapping[str, Any]) -> None:
    if step_down.agreed_at is None:
        raise Refused("{Social_care_manager:a} has to agree to this {step_down} before it can be sent.")


def decline_not_settled(step_down: StepDown, _values: Mapping[str, Any]) -> None:
    if step_down.declined_then is not None:
        raise Refused("What happens now was already recorded for this {step_down}.")


def both_decided_to_stay(step_down: StepDown, _values: Mapping[str, Any]) -> None:
    if waivers.decided(step_down, Together.STAYS) is None:
        raise Refused("The managers have not decided together that this family stays with social care.")


def every_gate_holds(step_down: StepDown, _values: Mapping[str, Any]) -> None:
    closed = [gate for gate in gates.of(step_down) if not gate.holds]
    if closed:
        waiting = "; ".join(f"{LACKING[gate.gate]} (waiting on {gate.waits_on})" for gate in closed)
        raise Refused(f"This {{step_down}} cannot be confirmed yet. Still missing: {waiting}.")


def step_down_accepted(outstanding: OutstandingAction, _values: Mapping[str, Any]) -> None:
    state = db.session.execute(select(StepDown.state).where(StepDown.id == outstanding.step_down_id)).scalar_one()
    if state is not StepDownState.ACCEPTED:
        raise Refused("The {step_down} has to be accepted before its outstanding actions are settled.")


def safety_not_dropped_alone(outstanding: OutstandingAction, _values: Mapping[str, Any]) -> None:
    """One that concerns safety is dropped by the social care manager alone."""
    viewer = asking.current()
    if not outstanding.concerns_safety or (viewer is not None and Role.SOCIAL_CARE_MANAGER in viewer.roles):
        return
    who = handing_over.who_decides(outstanding.step_down_id)
    raise FieldRefused("drop_reason", handing_over.safety_words(outstanding.ref, who))


def may_lead(assignment: LeadAssignment, _values: Mapping[str, Any]) -> None:
    """Nobody leads who cannot see the family, or whose organisation has no live agreement."""
    if assignment.user_id is None:
        if not sharing.is_live_by_name(leading.organisation_of(assignment)):
            raise Refused(
                f"The organisation of {assignment.name} has no sharing agreement with the council at present, so they "
                "cannot lead yet."
            )
    elif not sharing.is_live_for_user(assignment.user_id):
        raise Refused(
            "Your organisation has no sharing agreement with the council at present, so you cannot lead yet. "
            "Ring the {coordinator}."
        )


def without_sign_in(assignment: LeadAssignment, _values: Mapping[str, Any]) -> None:
    if assignment.user_id is not None:
        raise Refused(f"{assignment.name} has a sign-in, and answers for themselves.")


def family_heard(meeting: Meeting, values: Mapping[str, Any]) -> None:
    """The family came to the meeting, or its views are known."""
    if not (values.get("family_views") or "").strip() and not meetings.family_came(meeting.id):
        raise FieldRefused("family_views", "Enter what the family said, or their views")


def family_was_met(plan: ActionPlan, _values: Mapping[str, Any]) -> None:
    """A plan comes into force after a face-to-face contact, or a written-up meeting that the family attended."""
    if not db.session.execute(select(plans.was_met(plan.family_id))).scalar_one():
        raise Refused(plans.NOT_MET)


def has_a_need(plan: ActionPlan, _values: Mapping[str, Any]) -> None:
    found = db.session.execute(select(PlanNeed.id).where(PlanNeed.episode_id == plan.episode_id).limit(1)).first()
    if found is None:
        raise Refused(plans.NO_NEED)


def every_action_has_a_need(plan: ActionPlan, _values: Mapping[str, Any]) -> None:
    loose = db.session.scalars(
        select(PlanAction.id)
        .where(PlanAction.episode_id == plan.episode_id, PlanAction.plan_need_id.is_(None))
        .order_by(PlanAction.id)
    ).all()
    if loose:
        raise Refused(plans.loose_words(f"A-{action_id}" for action_id in loose))


def not_ones_own(action: PlanAction, values: Mapping[str, Any]) -> None:
    """Somebody else looks: not the owner, not who recorded that it is done. A meeting looks together, so there it
    counts nothing who writes it down; and the family's word counts where nobody of the family was to do it."""
    owner = db.session.get_one(TeamMember, action.owner_id)
    if values.get("source_of_check") is Source.FAMILY and owner.person_id is not None:
        raise FieldRefused("source", "Somebody of the family did this, so somebody else has to say what changed")
    viewer = asking.current()
    if values.get("at_meeting") or viewer is None:
        return
    if owner.user_id == viewer.user_id:
        raise Refused(DID_IT)
    if action.done_by_id == viewer.user_id:
        raise Refused(RECORDED_IT)


def another_source(referral: SupportReferral, values: Mapping[str, Any]) -> None:
    """Two who know it independently: another kind of source, or another worker. What somebody of the family told a
    worker is the family's word, and who recorded that it started has seen nothing new."""
    if referral.confirmed_on is not None:
        raise Refused("Two sources already say that this has started.")
    if starts.known_by_link_alone(referral):
        raise Refused(starts.NO_SOURCE)
    first = _who_knows(referral, referral.started_source, referral.started_told_by)
    if values["confirmed_source"] is Source.SEEN and _recorded_the_start(referral):
        raise FieldRefused("confirmed_source", "You recorded that it started. Select somebody else who says so")
    if _who_knows(referral, values["confirmed_source"], values.get("confirmed_told_by")) == first:
        raise FieldRefused("confirmed_source", "Select another source than the one that is known already")


def known_by_link_alone(referral: SupportReferral, _values: Mapping[str, Any]) -> None:
    if not starts.known_by_link_alone(referral):
        raise Refused("Somebody has said meanwhile that this has started.")


def _recorded_the_start(referral: SupportReferral) -> bool:
    by, viewer = starts.recorded_by(referral), asking.current()
    return by is not None and viewer is not None and by == viewer.user_id


def _who_knows(referral: SupportReferral, source: Source | None, told_by: str | None) -> tuple[Source | None, str]:
    if source is not Source.TOLD:
        return source, ""
    told = " ".join((told_by or "").casefold().split())
    people = db.session.scalars(select(Person).where(Person.family_id == referral.family_id))
    called = [name for each in people for name in (each.name, f"{each.given_name} {each.family_name}")]
    names = {" ".join(name.casefold().split()) for name in called}
    return (Source.FAMILY, "") if told in names else (source, told)


def service_sought(referral: SupportReferral, _values: Mapping[str, Any]) -> None:
    if not seeking.is_sought_for(referral):
        raise Refused("It is known already what happens to this {need}, or another service was suggested.")


def not_before_start(referral: SupportReferral, values: Mapping[str, Any]) -> None:
    """Support ends on a day on or after the first one."""
    given = values.get("last_on")
    if isinstance(given, date) and referral.started_on is not None and given < referral.started_on:
        raise FieldRefused("last_on", f"It started on {full(referral.started_on)}, so it cannot have ended before")


def carried_safety_not_dropped_alone(action: PlanAction, _values: Mapping[str, Any]) -> None:
    """What social work left to do for somebody's safety is dropped by its manager alone, until the step-down ends."""
    viewer = asking.current()
    if not action.concerns_safety or action.step_down_id is None:
        return
    step_down = db.session.get_one(StepDown, action.step_down_id)
    if step_down.state is StepDownState.COMPLETED or (viewer and Role.SOCIAL_CARE_MANAGER in viewer.roles):
        return
    who = handing_over.who_decides(step_down.id)
    raise FieldRefused(
        "dropped_reason",
        f"{action.ref} concerns safety and was carried from social work: until the {{step_down}} is complete only the "
        f"{{social_care_manager}} can drop it. Ask {who}",
    )


GUARDS: Mapping[str, Callable[[Any, Mapping[str, Any]], None]] = {
    "not_in_future": not_in_future,
    "not_in_past": not_in_past,
    "early_help_began": early_help_began,
    "not_before_asked": not_before_asked,
    "not_before_done": not_before_done,
    "not_ones_own": not_ones_own,
    "another_source": another_source,
    "known_by_link_alone": known_by_link_alone,
    "not_before_start": not_before_start,
    "service_sought": service_sought,
    "carried_safety_not_dropped_alone": carried_safety_not_dropped_alone,
    "whole": whole,
    "agreed_by_manager": agreed_by_manager,
    "decline_not_settled": decline_not_settled,
    "both_decided_to_stay": both_decided_to_stay,
    "every_gate_holds": every_gate_holds,
    "step_down_accepted": step_down_accepted,
    "safety_not_dropped_alone": safety_not_dropped_alone,
    "may_lead": may_lead,
    "without_sign_in": without_sign_in,
    "family_heard": family_heard,
    "family_was_met": family_was_met,
    "has_a_need": has_a_need,
    "every_action_has_a_need": every_action_has_a_need,
}
