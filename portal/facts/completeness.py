"""What a draft step-down still lacks before it can be agreed and sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from portal.domain.drafts import ChildDecision
from portal.domain.engagement import EngagementAnswer
from portal.domain.step_downs import Origin
from portal.facts import drafts
from portal.facts.drafts import Content
from portal.models.handover import StepDown
from portal.policies.scope import unscoped

PARTS = {
    "children": "Children and decision",
    "needs": "Needs and what is outstanding",
    "safety": "Safety and safe contact",
    "views": "Views, agreement and preferred {lead_professional}",
    "visit": "Meeting and last visit",
}
ANSWERED = (EngagementAnswer.AGREED, EngagementAnswer.PARTLY_AGREED, EngagementAnswer.OVERRIDDEN)
STRAIGHT_FROM_PROTECTION = (
    "A child on a child protection plan does not go straight to {early_help}. You can go on writing, "
    "but the {step_down} cannot be agreed or sent with this child in it unless your {social_care_manager} records why."
)


@dataclass(frozen=True)
class Missing:
    """One thing that is lacking: the part it belongs to, and what to do, as words."""

    part: str
    words: str


def missing(step_down: StepDown) -> list[Missing]:
    """In the order of the parts; empty when the draft is whole. A child protection origin counts as lacking:
    straight to early help is refused without an override."""
    with unscoped("what a draft lacks"):
        return missing_in(step_down, drafts.content(step_down))


def missing_in(step_down: StepDown, content: Content) -> list[Missing]:
    """The same of content that was read already."""
    return [
        *(Missing("children", words) for words in _children(step_down, content)),
        *([] if content.needs else [Missing("needs", "what became of each need")]),
        *(Missing("safety", words) for words in _safety(step_down, content)),
        *(Missing("views", words) for words in _views(content)),
        *([] if step_down.last_visit_on else [Missing("visit", "the date of the planned last visit")]),
    ]


def _children(step_down: StepDown, content: Content) -> Iterator[str]:
    if not content.decisions:
        yield "at least one child"
    for decision in content.decisions.values():
        lacking = _of_decision(decision)
        if lacking:
            yield f"for {content.people[decision.person_id].name}, {_listed(lacking)}"
        if decision.origin is Origin.CHILD_PROTECTION and not step_down.protection_override:
            yield (
                f"for {content.people[decision.person_id].name}, a talk with your {{social_care_manager}}: "
                "a child on a child protection plan does not go straight to {early_help} unless they record why"
            )
    if step_down.destination is None:
        yield "where the family goes"


def _of_decision(decision: ChildDecision) -> list[str]:
    asked = {
        "where social work with them began": decision.origin,
        "when the decision was made": decision.decision_on,
        "why their needs no longer meet the threshold": decision.why,
        "their level of need before": decision.level_before,
        "their level of need now": decision.level_now,
    }
    return [words for words, given in asked.items() if not given]


def _safety(step_down: StepDown, content: Content) -> Iterator[str]:
    asked = {
        "the risks": step_down.risks,
        "what to do if things get worse": step_down.contingency,
        "when to come back to social care": step_down.step_up_triggers,
    }
    yield from (words for words, given in asked.items() if not given)
    adults = [person for person in content.people.values() if not person.is_child]
    if adults and not any(person.reachable for person in adults):
        yield "how at least one adult can safely be reached"


def _views(content: Content) -> Iterator[str]:
    for voice in content.voices.values():
        person = content.people.get(voice.person_id)
        if person and not (voice.view and voice.known):
            yield (
                f"the parents’ plans and worries for {person.name}"
                if person.is_unborn
                else (f"what {person.name} thinks, and how that is known")
            )
    for parent in content.responsible:
        if parent.id not in content.parents:
            yield f"what {parent.name} thinks, or why it was not safe to ask"
    if not any(said.answer is not EngagementAnswer.NOT_YET_ASKED for said in content.asked.values()):
        yield "what the family said when asked whether they want {early_help}"


def _listed(items: list[str]) -> str:
    return " and ".join([", ".join(items[:-1]), items[-1]] if len(items) > 1 else items)
