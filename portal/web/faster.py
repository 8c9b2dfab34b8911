"""Somebody else saved the same thing since a form was opened: both texts, who changed which answer, and the form made
to go on with what is there now."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g
from sqlalchemy import select

from portal.core.db import db
from portal.core.sealed import answers_in
from portal.domain.dates import clock_time
from portal.domain.events import line
from portal.domain.sealed_lines import SEALED
from portal.domain.words import SHIPPED
from portal.facts import administration
from portal.models.following import Service
from portal.models.record import Event
from portal.web import answers
from portal.web.answers import NOTHING, Answer
from portal.web.as_opened import AsOpenedField, as_shown
from portal.web.forms import FieldList, PortalForm, TickField, TicksField, as_saved

# Who saved it meanwhile, where that was the same person on another page.
YOU = "You"
SOMEBODY = "Somebody else"
_IN_A_SENTENCE = {YOU: "you on another page", SOMEBODY: "somebody else"}
ONLY_YOU = "Only you changed this"
# Answered to a question, and who changed that since the form was opened.
Text = tuple[str, str, str]


@dataclass(frozen=True)
class Theirs:
    """What somebody else saved meanwhile: who, at what time of day, and both texts. `taken`: the answers that they
    alone changed, which stand in the form now."""

    who: str
    at: str
    theirs: list[Text]
    yours: list[Text]
    taken: list[Text]


def show_both(
    make: Callable[..., PortalForm], things: tuple[Any, ...], rest: Mapping[str, Any], form: PortalForm
) -> None:
    """Sending the form again means the new text."""
    with as_saved():
        saved = make(*things, **rest)
    subject = str(saved.history_of or things[0].ref)
    event = _latest(subject)
    who, at = (_called(event), clock_time(event.recorded_at)) if event else _administered(subject, things)
    if form.told_by_history:
        yours = [(*told, "") for told in answers.answered(form)]
        form.conflict = Theirs(who, at, theirs=_told(event), yours=yours, taken=[])
    else:
        form.conflict = _beside(form, saved, subject, who, at)
    if form.edits:
        form.version.data = str(things[0].version)


def _beside(form: PortalForm, saved: PortalForm, subject: str, who: str, at: str) -> Theirs:
    opened: AsOpenedField | None = form.as_opened
    taken = _take(form, saved, opened.marks) if opened else []
    theirs, yours = answers.of(saved), answers.of(form)
    theirs = {name: answer for name, answer in theirs.items() if not name.startswith(form.offered)}
    differing = _differing(theirs, yours)
    changed_by = dict.fromkeys(differing, "")
    if opened and opened.at:
        them = f"Changed by {_everybody(subject, who, opened.at)} since you opened this"
        for name in differing:
            if not name.startswith(form.offered):
                same = answers.mark(name, theirs.get(name, NOTHING).means) in opened.marks
                changed_by[name] = ONLY_YOU if same else them
        opened.data = as_shown(saved)
    return Theirs(
        who,
        at,
        theirs=[(*theirs[name].told, changed_by[name]) for name in differing if name in theirs],
        yours=[(*yours[name].told, "" if name in theirs else changed_by[name]) for name in differing if name in yours],
        taken=taken,
    )


def _take(form: PortalForm, saved: PortalForm, marks: frozenset[str]) -> list[Text]:
    """Put into the form what they changed and whoever filled it did not: what it was asked, and how it is answered."""
    taken: list[Text] = []
    for mine, other, about in _parts(form, saved):
        yours, theirs = answers.of([mine], about), answers.of([other], about)
        differing = _differing(theirs, yours)
        changed = any(answers.mark(name, theirs.get(name, NOTHING).means) not in marks for name in differing)
        if changed and not mine.name.startswith(form.offered) and _left_alone(mine, marks):
            taken += [((yours | theirs)[name].question, theirs.get(name, NOTHING).text, "") for name in differing]
            _fill(mine, other)
    return taken


def _parts(mine: Iterable[Any], saved: Iterable[Any], about: str = "") -> Iterator[tuple[Any, Any, str]]:
    """What is taken as one, in both forms: a question, or all rows that are known by their place alone."""
    others = {field.name: field for field in saved}
    for field in mine:
        other = others.get(field.name)
        if isinstance(field, FieldList) and not field.by_place and other is not None:
            rows = {row.name: row for row in other}
            for row in field:
                if row.name in rows:
                    yield from _parts(row.form, rows[row.name].form, row.form.about)
        elif other is not None:
            yield field, other, about


def _left_alone(part: Any, marks: frozenset[str]) -> bool:
    """By whoever filled the form: as it was, or not asked. A tick that is taken out is not sent either."""
    return all(
        answers.mark(field.name, answers.means(field)) in marks
        or not (field.raw_data or isinstance(field, TickField | TicksField))
        for field, _ in answers.questions([part])
    )


def _fill(mine: Any, other: Any) -> None:
    if isinstance(mine, FieldList):
        mine.entries, mine.last_index = other.entries, other.last_index
    else:
        mine.raw_data = None
        mine.process(None, other.data)


def _differing(theirs: Mapping[str, Answer], yours: Mapping[str, Answer]) -> list[str]:
    names = dict.fromkeys([*theirs, *yours])
    return [name for name in names if theirs.get(name, NOTHING).means != yours.get(name, NOTHING).means]


def _latest(subject: str) -> Any:
    return db.session.execute(
        select(
            Event.id,
            Event.kind,
            Event.subject,
            Event.actor_id,
            Event.actor_name,
            Event.recorded_at,
            Event.text,
            Event.data,
            Event.private_sealed,
        )
        .where(Event.subject == subject)
        .order_by(Event.id.desc())
        .limit(1)
    ).first()


def _called(event: Any) -> str:
    return YOU if g.viewer and event.actor_id == g.viewer.user_id else str(event.actor_name)


def _administered(subject: str, things: tuple[Any, ...]) -> tuple[str, str]:
    """Who changed what is no family's, and when."""
    change = administration.latest(subject)
    if change is None and things and isinstance(things[0], Service):
        return things[0].changed_by_name or SOMEBODY, clock_time(things[0].changed_at)
    return (change.who, clock_time(change.at)) if change else (SOMEBODY, "")


def _everybody(subject: str, latest: str, since: datetime) -> str:
    """Who changed anything of it since: which of several changed one answer is not known."""
    changes = select(Event.actor_id, Event.actor_name).where(Event.subject == subject, Event.recorded_at > since)
    names = dict.fromkeys(_called(change) for change in db.session.execute(changes.order_by(Event.id)))
    return " or ".join(_IN_A_SENTENCE.get(name, name) for name in names or [latest])


def _told(event: Any) -> list[Text]:
    """What the other person saved, as history tells it: the form of such a change is empty again once it is made."""
    if event is None:
        return []
    data = event.data | answers_in(event.private_sealed, event.id, names=SEALED.get(event.kind, ()))
    words = g.get("words", SHIPPED)
    sentence = line(event.kind, actor=event.actor_name, subject=event.subject, data=data, words=words)
    return [("What was saved", "\n".join(part for part in (sentence, event.text) if part), "")]
