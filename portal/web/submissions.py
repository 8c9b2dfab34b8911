"""A form that came in: seen before, stale, wrong, refused, or done; answered the same way everywhere."""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from flask import abort, flash, g, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from portal.core import clock
from portal.core.db import db, reading
from portal.core.errors import Conflict, FieldRefused, Refused, TooMany
from portal.domain.viewer import Viewer
from portal.models.record import AuditKind, IdempotencyKey
from portal.services.history import CHANGED
from portal.services.summary import LOCKED
from portal.web import faster
from portal.web.errors import AlreadySaved
from portal.web.forms import PortalForm
from portal.web.htmx import go_to, wants_a_piece
from portal.web.pages import UNDO, Answer, Done, announced, phrase

_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")
# A password least of all: this hash is quick to guess with.
_UNHASHED = ("csrf_token", "idempotency_key", "password")


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
            faster.show_both(make, things, rest, form)
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
