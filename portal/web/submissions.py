"""A form that came in: seen before, stale, wrong, refused, or done; answered the same way everywhere."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal.core import clock
from portal.core.db import db, reading
from portal.core.errors import Conflict, FieldRefused, Refused, TooMany
from portal.core.sealed import answers_in
from portal.domain.dates import clock_time
from portal.domain.events import line
from portal.domain.sealed_lines import SEALED
from portal.domain.viewer import Viewer
from portal.domain.words import SHIPPED
from portal.facts import administration
from portal.models.record import AuditKind, Event, IdempotencyKey
from portal.services.history import CHANGED
from portal.services.summary import LOCKED
from portal.web.errors import AlreadySaved
from portal.web.forms import FieldList, PortalForm, as_saved, normal
from portal.web.htmx import go_to, wants_a_piece
from portal.web.pages import UNDO, Answer, Done, announced, phrase

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# Who saved it meanwhile, where that was the same person on another page.
YOU = "You"
# A password least of all: this hash is quick to guess with.
_UNHASHED = ("csrf_token", "idempotency_key", "password")


@dataclass(frozen=True)
class Theirs:
    """What somebody else saved meanwhile: who, at what time of day, and both texts as (question, answer)."""

    who: str
    at: str
    theirs: list[tuple[str, str]]
    yours: list[tuple[str, str]]


def answered_before(
    viewer: Viewer | None, its_page: Callable[[], str | None] = lambda: None
) -> ResponseReturnValue | None:
    """The first outcome of a form that was already sent, looked up before anything else is judged. `its_page` finds
    the page of what it was about, for whoever answers it twice and differently."""
    key = _key()
    row = db.session.execute(
        select(IdempotencyKey).where(IdempotencyKey.actor == _actor(viewer), IdempotencyKey.key == key)
    ).scalar_one_or_none()
    if row is None:
        return None
    if row.body_hash == _body_hash():
        return _outcome(row.location)
    if request.form.get("version"):
        return None  # an edit: its version, now old, decides
    raise AlreadySaved(
        "This form was already saved, with other answers. See what was saved.", its_page() or row.location or "/"
    )


def led_to(viewer: Viewer) -> str | None:
    """Where this very form led, with these very answers, if it was saved before."""
    key, sent = request.form.get("idempotency_key", ""), _body_hash()
    found = select(IdempotencyKey.location).where(
        IdempotencyKey.actor == _actor(viewer), IdempotencyKey.key == key, IdempotencyKey.body_hash == sent
    )
    return db.session.scalars(found).first()


def was_answered(viewer: Viewer | None) -> bool:
    """Whether the form with this key has been sent and saved; a form without a key has not."""
    key = request.form.get("idempotency_key", "")
    found = select(IdempotencyKey.id).where(IdempotencyKey.actor == _actor(viewer), IdempotencyKey.key == key)
    return db.session.execute(found).first() is not None


def answer(
    make: Callable[..., PortalForm],
    page: Callable[..., str],
    save: Callable[..., Done | Answer],
    args: tuple[Any, ...],
    rest: dict[str, Any],
) -> Done | Answer | tuple[str, int]:
    """Judge one form. 422 keeps every answer as typed; 409 shows both texts; a Done or an Answer is committed by
    the gate."""
    form = make(*args, **rest)
    if request.form.get("more") and form.grow():
        form.renew()
        return page(*args, form, **rest), 200
    if not form.validate_on_submit():
        return _again(page, args, rest, form, 422)
    try:
        if form.edits and request.form.get("version", "") != str(args[0].version):
            raise Conflict("Somebody else changed this after you opened it.")
        outcome = save(*args, form, **rest)
        db.session.flush()
    except FieldRefused as refusal:
        _undo()
        form.refuse(refusal.field, phrase(refusal.words))
        return _afresh(make, page, args, rest, form, 422)
    except (Conflict, StaleDataError):
        _undo()
        form.refusal = None
        return _afresh(make, page, args, rest, form, 409, conflict=True)
    except TooMany as refusal:
        _undo()
        g.seen.kind = AuditKind.REFUSAL
        form.refusal = phrase(refusal.words)
        return _afresh(make, page, args, rest, form, 429)
    except Refused as refusal:
        _undo()
        # The version was the one that is stored: nobody was faster, unless it is another thing that was changed.
        form.refusal = phrase(refusal.words)
        return _afresh(make, page, args, rest, form, 409, conflict=form.edits and form.history_of is not None)
    except IntegrityError:
        # Two people at the same instant: the database let one through.
        _undo()
        form.refusal = "Somebody else saved this at the same moment. Look at what they saved, then try again."
        return _afresh(make, page, args, rest, form, 409, conflict=form.edits)
    if isinstance(outcome, Answer):
        form.renew()
    return outcome


def commit_page(answer: Answer, viewer: Viewer | None, finish: Callable[[Viewer | None], None]) -> tuple[str, int]:
    """Make the page, then commit what is recorded of it: no record, no page."""
    body = answer.page()
    finish(viewer)
    return body, answer.status


def fingerprint() -> str:
    """The same for a second click on the same form, another for every other form, and tells nothing of what was
    typed: the form's own key is random and kept nowhere else."""
    return hashlib.sha256(f"{_key()}\n{_body_hash()}".encode()).hexdigest()


def commit(done: Done, viewer: Viewer | None, finish: Callable[[Viewer | None], None]) -> ResponseReturnValue:
    """Keep the outcome under the form's key and commit; a second click at the same instant gets the first outcome."""
    location = done.location
    try:
        db.session.add(
            IdempotencyKey(actor=_actor(viewer), key=_key(), body_hash=_body_hash(), location=location, at=clock.now())
        )
        finish(viewer)
    except IntegrityError:
        db.session.rollback()
        first = answered_before(viewer)
        if first is None:
            raise AlreadySaved(
                "Somebody else saved this at the same moment. Open the page again.", request.path
            ) from None
        g.seen.committed = True
        return first
    if wants_a_piece():
        return announced(done.block(), done.words) if done.block else go_to(location)
    if done.words:
        flash(phrase(done.words), f"{UNDO}{done.undone_at}" if done.undone_at else "success")
    return redirect(location, 303)


def _again(
    page: Callable[..., str], args: tuple[Any, ...], rest: dict[str, Any], form: PortalForm, status: int
) -> tuple[str, int]:
    form.renew()
    return page(*args, form, **rest), status


def show_both(
    make: Callable[..., PortalForm], args: tuple[Any, ...], rest: Mapping[str, Any], form: PortalForm
) -> None:
    """The thing was saved by somebody else since this form was filled: both texts, and sending it means the new one."""
    form.conflict = _theirs(make, args, rest, form)
    form.version.data = str(args[0].version)


def _afresh(
    make: Callable[..., PortalForm],
    page: Callable[..., str],
    args: tuple[Any, ...],
    rest: dict[str, Any],
    form: PortalForm,
    status: int,
    *,
    conflict: bool = False,
) -> tuple[str, int]:
    """After a rollback: read the thing again, in one reading transaction, and show the form with what was typed."""
    with reading():
        things = tuple(_reread(arg) for arg in args)
        if conflict:
            form.conflict = _theirs(make, things, rest, form)
        if form.edits:
            form.version.data = str(things[0].version)
        return _again(page, things, rest, form, status)


def _undo() -> None:
    db.session.rollback()
    db.session.expunge_all()
    for key in (CHANGED, LOCKED):
        db.session.info.pop(key, None)


def _reread(thing: Any) -> Any:
    model = type(thing)
    if not hasattr(model, "ref_prefix"):
        return thing
    # The identity is known even of a row whose columns the rollback emptied.
    (row_id,) = inspect(thing).identity
    again = db.session.execute(select(model).where(model.id == row_id)).scalar_one_or_none()
    if again is None:
        abort(404)
    return again


def _theirs(
    make: Callable[..., PortalForm], things: tuple[Any, ...], rest: Mapping[str, Any], form: PortalForm
) -> Theirs:
    with as_saved():
        saved = make(*things, **rest)
    event = db.session.execute(
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
        .where(Event.subject == (saved.history_of or things[0].ref))
        .order_by(Event.id.desc())
        .limit(1)
    ).first()
    who, at = (event.actor_name, clock_time(event.recorded_at)) if event else _administered(things[0])
    if event and g.viewer and event.actor_id == g.viewer.user_id:
        who = YOU
    if form.told_by_history:
        return Theirs(who, at, _told(event), answered(form))
    theirs, yours = _answers(saved), _answers(form)
    theirs = {name: answer for name, answer in theirs.items() if not name.startswith(form.offered)}
    names = dict.fromkeys([*theirs, *yours])
    differing = [name for name in names if theirs.get(name, _NOTHING).means != yours.get(name, _NOTHING).means]
    return Theirs(
        who,
        at,
        theirs=[theirs[name].told for name in differing if name in theirs],
        yours=[yours[name].told for name in differing if name in yours],
    )


def _administered(thing: Any) -> tuple[str, str]:
    """Who changed what is no family's, and when."""
    change = administration.latest(thing.ref)
    return (change.who, clock_time(change.at)) if change else ("Somebody else", "")


def answered(form: PortalForm) -> list[tuple[str, str]]:
    """Each question that was answered, and how."""
    return [each.told for each in _answers(form).values() if each.text]


def _told(event: Any) -> list[tuple[str, str]]:
    """What the other person saved, as history tells it: the form of such a change is empty again once it is made."""
    if event is None:
        return []
    data = event.data | answers_in(event.private_sealed, event.id, names=SEALED.get(event.kind, ()))
    words = g.get("words", SHIPPED)
    sentence = line(event.kind, actor=event.actor_name, subject=event.subject, data=data, words=words)
    return [("What was saved", "\n".join(part for part in (sentence, event.text) if part))]


@dataclass(frozen=True)
class _Answer:
    """To one question: its words, what was answered, and what that means however it is written."""

    question: str
    text: str
    means: Any

    @property
    def told(self) -> tuple[str, str]:
        return self.question, self.text


_NOTHING = _Answer("", "", "")


def _answers(fields: Any, about: str = "") -> dict[str, _Answer]:
    """Each question of a form, those of its rows too, by the field's name."""
    found: dict[str, _Answer] = {}
    for field in fields:
        if isinstance(field, FieldList):
            for number, entry in enumerate(field, start=1):
                row = getattr(entry, "form", [entry])
                found |= _answers(row, getattr(row, "about", "") or str(number))
        elif not _hidden(field):
            words = str(field.label.text)
            found[field.name] = _Answer(f"{about}: {words}" if about else words, _shown(field), _means(field))
    return found


def _hidden(field: Any) -> bool:
    return getattr(field.widget, "input_type", "") == "hidden"


def _shown(field: Any) -> str:
    if hasattr(field, "iter_choices"):
        data = field.data if isinstance(field.data, list) else [field.data or ""]
        chosen = {str(each) for each in data}
        return ", ".join(phrase(each.label) for each in field.iter_choices() if str(each.value) in chosen)
    if hasattr(field, "parts"):
        return " ".join(part for part in field.parts.values() if part)
    if isinstance(field.data, bool):
        return "Yes" if field.data else "No"
    return "" if field.data is None else str(field.data)


def _means(field: Any) -> Any:
    """The same for 03 and 3, for a number with and without its spaces, for nothing said and a box left empty: only
    what differs here was changed by somebody."""
    if hasattr(field, "iter_choices"):
        given = {str(each) for each in (field.data if isinstance(field.data, list) else [field.data])}
        # What is stored and not offered, as that something is not known, is no answer.
        return sorted(given & {str(each.value) for each in field.iter_choices()} - {""}) or ""
    if hasattr(field, "parts"):
        return field.data or _shown(field)
    if isinstance(field.data, bool):
        return field.data or ""
    lines = unicodedata.normalize("NFC", _shown(field)).strip().splitlines()
    return normal("\n".join(" ".join(line.split()) for line in lines), field)


def _outcome(location: str | None) -> ResponseReturnValue:
    target = location or "/"
    return go_to(target) if wants_a_piece() else redirect(target, 303)


def _actor(viewer: Viewer | None) -> str:
    return f"user {viewer.user_id}" if viewer else "nobody"


def _key() -> str:
    key = request.form.get("idempotency_key", "")
    if not _KEY.fullmatch(key):
        abort(400, "The form came without what makes it safe to send twice. Open the page again.")
    return key


def _body_hash() -> str:
    digest = hashlib.sha256(request.path.encode())
    for name, values in sorted(request.form.lists()):
        if not name.endswith(_UNHASHED):
            digest.update(f"{name}={values!r}\n".encode("utf-8", "surrogatepass"))
    return digest.hexdigest()
