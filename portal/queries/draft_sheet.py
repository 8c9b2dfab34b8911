"""A step-down on one page, as it will be sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from portal.domain.dates import full
from portal.domain.drafts import Asked, ChildDecision, NeedLeft
from portal.domain.engagement import EngagementAnswer
from portal.domain.plans import HEADLINES
from portal.domain.step_downs import ViewKnown
from portal.domain.wording import CHOICES
from portal.domain.words import Word, say
from portal.facts import drafts as facts
from portal.facts.completeness import PARTS
from portal.facts.drafts import Content, Someone
from portal.models.handover import StepDown
from portal.queries import families
from portal.queries.drafts import Outline, born_words, outline_of

NOTHING = "Not answered yet"


@dataclass(frozen=True)
class Line:
    """A question, and its answer as it is shown: the council's words are in it already, so that braces that a
    person typed stay as they are. `anchor` is the field it is answered in, where that is one of the step-down’s."""

    key: str
    value: str
    anchor: str | None


@dataclass(frozen=True)
class Card:
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Section:
    """One part of the step-down."""

    part: str
    title: str
    cards: list[Card]


@dataclass(frozen=True)
class Sheet:
    outline: Outline
    sections: list[Section]


def sheet(step_down: StepDown, words: Mapping[str, Word]) -> Sheet:
    """Everything as it will be sent; nine statements."""
    content = facts.content(step_down)
    cards = {
        "children": _children(step_down, content, words),
        "needs": _needs(content, words),
        "safety": _safety(step_down),
        "views": _views(step_down, content, words),
        "visit": _visit(step_down),
    }
    return Sheet(
        outline_of(step_down, content),
        [Section(part, title, list(cards[part])) for part, title in PARTS.items()],
    )


def _children(step_down: StepDown, content: Content, words: Mapping[str, Word]) -> Iterator[Card]:
    for decision in content.decisions.values():
        child = content.people[decision.person_id]
        yield Card(child.name, [Line("Child", born_words(child), None), *_decision(decision, words)])
    destination = say(CHOICES[step_down.destination], words) if step_down.destination else NOTHING
    yield Card("All the children", [Line("Where the {family} goes", destination, "destination")])


def _decision(decision: ChildDecision, words: Mapping[str, Word]) -> list[Line]:
    start = f"children-{decision.person_id}-"
    dates = [f"{way} {full(day)}" for way, day in (("from", decision.origin_from), ("to", decision.origin_to)) if day]
    origin = say(CHOICES[decision.origin], words) if decision.origin else NOTHING
    return [
        Line("Stepping down from", ", ".join([origin, " ".join(dates)] if dates else [origin]), start + "origin"),
        Line(
            "Decided on",
            full(decision.decision_on) if decision.decision_on else NOTHING,
            start + "decision_on-day",
        ),
        Line("Why needs no longer meet the threshold", decision.why or NOTHING, start + "why"),
        Line("Level of need before", str(decision.level_before or NOTHING), start + "level_before"),
        Line("Level of need now", str(decision.level_now or NOTHING), start + "level_now"),
    ]


def _needs(content: Content, words: Mapping[str, Word]) -> Iterator[Card]:
    yield Card(
        "{Need:many}",
        [
            Line(
                HEADLINES[need.headline],
                f"{need.what}\n{say(CHOICES[need.outcome], words)}, for {_whose(need, content, words)}",
                f"needs-{number}-headline",
            )
            for number, need in enumerate(content.needs)
        ]
        or [Line("{Need:many}", NOTHING, "needs")],
    )
    # Where needs are stored, the part was saved with something outstanding, or with the word that nothing is.
    nothing = "Nothing is outstanding" if content.needs else NOTHING
    yield Card(
        "Outstanding actions",
        [
            Line(
                f"Outstanding action {number + 1}",
                f"{action.what}\nIt concerns somebody’s safety" if action.concerns_safety else action.what,
                f"outstanding-{number}-what",
            )
            for number, action in enumerate(content.outstanding)
        ]
        or [Line("Outstanding actions", nothing, "nothing_outstanding")],
    )


def _whose(need: NeedLeft, content: Content, words: Mapping[str, Word]) -> str:
    person = content.people.get(need.person_id or 0)
    return person.name if person else say("the whole {family}", words)


def _safety(step_down: StepDown) -> Iterator[Card]:
    yield Card(
        "Safety",
        [
            Line("What could go wrong", step_down.risks or NOTHING, "risks"),
            Line("If things get worse", step_down.contingency or NOTHING, "contingency"),
            Line("When to come back to social care", step_down.step_up_triggers or NOTHING, "step_up_triggers"),
        ],
    )
    ways, apart = families.safety(step_down.family_id)
    yield Card(
        "Safe contact",
        [
            *(
                Line(way.name, "\n".join(filter(None, [way.ways[:1].upper() + way.ways[1:], way.note])), "ways")
                for way in ways
            ),
            *(Line("Keep apart", line, "ways") for line in apart),
        ]
        or [Line("Safe contact", NOTHING, "ways")],
    )


def _views(step_down: StepDown, content: Content, words: Mapping[str, Word]) -> Iterator[Card]:
    voices = []
    for person_id, voice in content.voices.items():
        child = content.people.get(person_id)
        if child is None:
            continue
        known = [CHOICES[voice.known]] if voice.known and voice.known is not ViewKnown.UNBORN else []
        key = f"Plans and worries for {child.name}" if child.is_unborn else child.name
        voices.append(Line(key, "\n".join([voice.view or NOTHING, *known]), f"voices-{person_id}-view"))
    yield Card("What each child thinks", voices or [Line("Children", NOTHING, "voices")])
    parents = []
    for person_id in _heard(content, set(content.parents)):
        said = content.parents.get(person_id)
        shown = (said.view or f"Not safe to ask: {said.not_asked}") if said else NOTHING
        parents.append(Line(content.people[person_id].name, shown, f"parents-{person_id}-view"))
    yield Card("What each parent thinks", parents or [Line("Parents", NOTHING, "parents")])
    answers = [
        Line(
            content.people[person_id].name,
            _answer(content.asked.get(person_id), words),
            _field(content.people[person_id]),
        )
        for person_id in _heard(content, set(content.asked))
    ]
    yield Card("Whether they want {early_help}", answers or [Line("The {family}", NOTHING, "asked")])
    yield Card(
        "{Lead_professional}",
        [
            Line(
                "Whom the {family} would like",
                step_down.preferred_lead or "Nobody was named",
                "preferred_lead",
            )
        ],
    )


def _heard(content: Content, answered: set[int]) -> list[int]:
    """Everybody whose answer is wanted or there, in the order of the family."""
    wanted = {person.id for person in content.responsible} | answered
    return [person_id for person_id in content.people if person_id in wanted]


def _field(person: Someone) -> str:
    return f"{'deciding' if person.is_child else 'asked'}-{person.id}-answer"


def _answer(said: Asked | None, words: Mapping[str, Word]) -> str:
    if said is None:
        return NOTHING
    day = f", on {full(said.asked_on)}" if said.asked_on else ""
    explained = "Why" if said.answer is EngagementAnswer.OVERRIDDEN else "How it was explained"
    lines = [
        say(CHOICES[said.answer], words) + day,
        "Can decide for themselves" if said.child_can_decide else None,
        f"Not agreed: {said.exclusions}" if said.exclusions else None,
        f"{explained}: {said.how_explained}" if said.how_explained else None,
        f"Worries: {said.worries}" if said.worries else None,
    ]
    return "\n".join(line for line in lines if line)


def _visit(step_down: StepDown) -> Iterator[Card]:
    planned = full(step_down.last_visit_on) if step_down.last_visit_on else NOTHING
    yield Card(
        "Visit and meeting",
        [
            Line("Last visit planned for", planned, "last_visit_on-day"),
            Line(
                "What matters for the {step_down_meeting}",
                step_down.meeting_wishes or "Nothing was said",
                "meeting_wishes",
            ),
        ],
    )
