"""The one door: who asks, what they reach, what they may, one transaction, one record of it."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial, wraps
from typing import Any

from flask import Blueprint, abort, g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, NotFound

from portal.core import mail
from portal.core.db import db, reading, writing
from portal.core.errors import NotAllowed, NotInReach, Refused, TooMany
from portal.domain import browsers
from portal.domain import viewer as asking
from portal.domain.viewer import Viewer
from portal.facts import at_hand, what_changed
from portal.models.record import AuditKind
from portal.policies import rules, ties
from portal.queries import labels
from portal.services import remember
from portal.services.remember import Entry
from portal.services.summary import recount_changed
from portal.web import form_drafts, submissions, too_late
from portal.web.door import who_asks
from portal.web.errors import AlreadySaved
from portal.web.form_drafts import Kept
from portal.web.forms import PortalForm
from portal.web.named import demand_open, family_of, load, own_page, whose
from portal.web.pages import Answer, Done, settings
from portal.web.policy import Anyone, ByLink, Door, Policy, SignedIn
from portal.web.refs import Ref
from portal.web.seen import Seen
from portal.web.sessions import viewer_of_cookie

View = Callable[..., Any]
GUARDED: set[str] = set()
REFUSED = 400
# Not theirs, not there, not open any more: recorded as refused.
SAID_NO = (403, 404, 409)


class Feature(Blueprint):
    """A blueprint whose every route names its door."""

    def get(self, rule: str, *, policy: Door, endpoint: str | None = None) -> Callable[[View], View]:  # type: ignore[override]
        """A page that only reads. The view gets (thing, viewer), or (viewer) where the address names no thing."""

        def register(view: View) -> View:
            return self._add(rule, view, policy, ["GET"], endpoint or view.__name__, view)

        return register

    def post(self, rule: str, *, policy: Door, endpoint: str | None = None) -> Callable[[View], View]:  # type: ignore[override]
        """A change without a form of its own kind; most changes are a `form`."""

        def register(view: View) -> View:
            return self._add(rule, view, policy, ["POST"], endpoint or view.__name__, view)

        return register

    def form(
        self,
        rule: str,
        *,
        policy: Door,
        form: Callable[..., PortalForm],
        page: Callable[..., str],
        endpoint: str | None = None,
        shown: bool = True,
        offered: bool = False,
        keeps_draft: bool = False,
    ) -> Callable[[View], View]:
        """A form: `form(thing, viewer)` makes it, `page(thing, viewer, form)` shows it, the decorated function saves
        it and returns Done (or Answer, where the answer is a page). Validation, idempotency, version, refusal and
        conflict are answered here, the same for every form. Without `shown` there is no GET: a button on another
        page, which is then the `page`; `offered` where that page offers what came too late. With `keeps_draft` what is
        typed is kept while it is written (`portal/web/form_drafts.py`)."""

        def register(save: View) -> View:
            name = f"{self.name}.{endpoint or save.__name__}"

            def answer(*args: Any, **rest: Any) -> Any:
                g.asks = True
                if request.method == "POST":
                    outcome = submissions.answer(form, page, save, args, rest)
                    if isinstance(outcome, Done):
                        form_drafts.gone(name, args)
                    return outcome
                if isinstance(policy, Policy) and policy.moves:
                    demand_open(args[0], policy.moves, lambda: form_drafts.left(name, form, args, rest))
                return page(*args, form_drafts.offer(name, form, args, rest), **rest)

            keep, so_far = partial(form_drafts.keep, name), partial(form_drafts.keep_so_far, name)
            if keeps_draft:
                beside = f"{endpoint or save.__name__}_draft"
                self._add(f"{rule}/draft", so_far, _unfinished(policy), ["POST"], beside, so_far, keep)
            save.makes = form  # type: ignore[attr-defined]
            how, kept = ["GET", "POST"] if shown else ["POST"], keep if shown or offered else None
            return self._add(rule, save, policy, how, endpoint or save.__name__, answer, kept)

        return register

    def _add(
        self,
        rule: str,
        view: View,
        policy: Door,
        methods: list[str],
        endpoint: str,
        answer: View,
        keep: View | None = None,
    ) -> View:
        if not isinstance(policy, Door):
            raise TypeError(f"{self.name}.{endpoint} names no policy")

        def came_late(**address: Any) -> ResponseReturnValue | None:
            return too_late.answer(lambda writer: _take_late(writer, policy, keep, address))

        @wraps(view)
        def guarded(**address: Any) -> ResponseReturnValue:
            return enter(policy, answer, came_late, address)

        guarded.policy = policy  # type: ignore[attr-defined]
        guarded.came_late = came_late  # type: ignore[attr-defined]
        self.add_url_rule(rule, endpoint, guarded, methods=methods)
        GUARDED.add(f"{self.name}.{endpoint}")
        return view


def enter(policy: Door, answer: View, came_late: View, address: dict[str, Any]) -> ResponseReturnValue:
    """Bind the viewer, load, judge, answer, commit or roll back, and remember. The response's body is made before
    the record of it is committed, and sent after."""
    changes = request.method == "POST" or (isinstance(policy, Anyone) and policy.changes)
    with ExitStack() as stack:
        stack.enter_context(writing() if changes else reading())
        stack.enter_context(ties.remembered())
        stack.enter_context(at_hand.remembered())
        stack.enter_context(what_changed.gathered())
        stack.enter_context(mail.held(not settings().send_mail))
        stack.enter_context(browsers.asked_from(request.user_agent.string))
        g.seen, viewer = Seen(), None
        try:
            viewer, elsewhere = who_asks(policy, lambda: came_late(**address) if changes else None)
            g.words, g.contacts = labels.words(), labels.contacts()  # which came with the viewer
            if elsewhere is not None:
                return elsewhere
            if viewer is not None and viewer.proven:
                stack.enter_context(asking.asking(viewer))
            g.viewer = viewer
            response = _inside(policy, viewer, answer, address)
            if not g.seen.committed:
                _remember(viewer, refused=False, status=g.seen.status)
            return response
        except HTTPException as refusal:
            db.session.rollback()
            _remember(viewer, refused=True, status=refusal.code or 500)
            raise
        finally:
            db.session.rollback()


def listed(rows: int, kind: AuditKind = AuditKind.LIST) -> None:
    """The page about to be shown is a list (or a search) of this many rows."""
    g.seen.rows, g.seen.kind = rows, kind


def searched(hits: int, by: str, reason: str | None = None) -> None:
    """The page about to be shown is what a search found; kept is by what kind of terms, never which."""
    g.seen.rows, g.seen.subject, g.seen.reason, g.seen.kind = hits, by, reason, AuditKind.SEARCH


def refused() -> None:
    """The page about to be shown says no, and is none of an error."""
    g.seen.kind = AuditKind.REFUSAL


def printed() -> None:
    """The page about to be shown is made to be printed."""
    g.seen.kind = AuditKind.PRINT


def exported(rows: int, reason: str) -> None:
    """What is about to be sent is a file with this many rows, wanted for this reason."""
    g.seen.rows, g.seen.reason, g.seen.kind = rows, reason, AuditKind.EXPORT


def shows(family_id: int, subject: str, *, kind: AuditKind | None = None, reason: str | None = None) -> None:
    """The page about to be shown tells of this family, though its address names none."""
    g.seen.family_id, g.seen.subject, g.seen.kind, g.seen.reason = family_id, subject, kind, reason


def shows_also(family_id: int, subject: str) -> None:
    """Beside the family of the address the page tells of another one, or the change changes it: each has its row."""
    g.seen.also = family_id, subject


def concerns(subject: str) -> None:
    """The change is about this thing of no family, though its address names none."""
    g.seen.subject = subject


def _inside(policy: Door, viewer: Viewer | None, answer: View, address: dict[str, Any]) -> ResponseReturnValue:
    _demand_own_page(policy)
    if isinstance(policy, Policy | SignedIn) and policy.unfinished:
        return _keep_draft(policy, viewer, answer, address)
    if request.method == "POST":
        stored = submissions.answered_before(viewer, lambda: own_page(policy, viewer, address))
        if stored is not None:
            return stored
    try:
        outcome = _outcome(policy, viewer, answer, address)
    except HTTPException:
        first = _first_click(viewer)
        if first is None:
            raise
        return first
    if isinstance(outcome, Done):
        return submissions.commit(outcome, viewer, finish)
    if isinstance(outcome, Answer):
        return submissions.commit_page(outcome, viewer, finish)
    if isinstance(outcome, tuple):
        g.seen.status = outcome[1]
        if outcome[1] >= REFUSED:
            return _first_click(viewer) or outcome
    return outcome  # type: ignore[no-any-return]


def _demand_own_page(policy: Door) -> None:
    """A change is only asked for from a page of the portal. An older browser tells no more than its page's origin; of
    the page behind a family's link, which tells nobody its address, not even that."""
    if request.method != "POST":
        return
    origin, host = request.headers.get("Origin"), f"//{request.host}"
    hidden = origin == "null" and isinstance(policy, ByLink)
    own = origin is None or hidden or origin.partition(":")[2] == host
    if not own or request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)


def _keep_draft(policy: Door, viewer: Viewer | None, answer: View, address: dict[str, Any]) -> ResponseReturnValue:
    """Without a key, a version, a lock or a look: nothing of the family is shown or changed."""
    kept: Kept = _outcome(policy, viewer, answer, address)
    if viewer is not None:
        remember.still_here(viewer)
    db.session.commit()
    g.seen.committed = True
    return kept.answer()


def _unfinished(policy: Door) -> Door:
    """The same door, for what is not sent yet."""
    return replace(policy, unfinished=True) if isinstance(policy, Policy | SignedIn) else policy


def _take_late(writer: Viewer, policy: Door, keep: View | None, address: dict[str, Any]) -> too_late.Late:
    """Keep a form that came too late, where its writer reaches what it is about still."""
    if not isinstance(policy, Policy | SignedIn):
        return too_late.Late()
    policy, g.seen = _unfinished(policy), Seen()
    with writing(), ties.remembered(), at_hand.remembered(), asking.asking(writer):
        g.words, g.contacts = labels.words(), labels.contacts()
        try:
            _demand_own_page(policy)
            led_to = submissions.led_to(writer)
            if led_to or keep is None:
                return too_late.Late(led_to=led_to)
            kept: Kept = _outcome(policy, writer, keep, address)
            db.session.commit()
        except HTTPException:
            return too_late.Late()
        finally:
            db.session.rollback()
        return too_late.Late(kept.something)


def _outcome(policy: Door, viewer: Viewer | None, answer: View, address: dict[str, Any]) -> Any:
    try:
        args, rest = _judge(policy, viewer, address)
        return answer(*args, viewer, **rest)
    except NotInReach:
        abort(404)
    except NotAllowed as refusal:
        abort(403, refusal.words)
    except TooMany as refusal:
        abort(429, refusal.words)
    except Refused as refusal:
        raise AlreadySaved(refusal.words, "/") from refusal


def _first_click(viewer: Viewer | None) -> ResponseReturnValue | None:
    """What the same form was answered with while this click waited for the family's lock: two clicks at one
    instant are one change, and the second is not told that somebody else was faster."""
    if request.method != "POST":
        return None
    first = submissions.answered_before(viewer)
    g.seen.committed = first is not None
    return first


def _judge(policy: Door, viewer: Viewer | None, address: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """Load what the address names, then ask whether this person may. Returns the thing, if any, and the rest of
    the address. Raises NotAllowed."""
    if not isinstance(policy, Policy) or viewer is None:
        return [], address
    if policy.model is None:
        rules.demand(viewer, policy.permission)
        return [], address
    name, ref = next((name, value) for name, value in address.items() if isinstance(value, Ref))
    try:
        thing = load(policy.model, ref, viewer, locks=request.method == "POST" and not policy.unfinished)
    except NotFound:
        g.seen.family_id = whose(policy.model, ref)
        g.seen.subject = str(ref) if g.seen.family_id is not None else None
        raise
    g.seen.family_id = family_of(thing)
    g.seen.subject = thing.ref
    if g.seen.family_id is not None:
        g.seen.tied = ties.ties(viewer, g.seen.family_id).standing
    rules.demand(viewer, policy.permission, thing)
    return [thing], {key: value for key, value in address.items() if key != name}


def finish(viewer: Viewer | None) -> None:
    """The last of a change: recount, one audit row, one commit."""
    recount_changed()
    entry = replace(_entry(viewer, g.seen.kind or AuditKind.CHANGE), changes=what_changed.told())
    for each in g.seen.each(entry):
        remember.within_change(each)
    db.session.commit()
    remember.committed()
    g.seen.committed = True


def let_go() -> None:
    """End the transaction before work that takes its time; the next statement begins another."""
    db.session.rollback()


def finish_sign_in(user_id: int) -> None:
    """Commit a sign-in with its record."""
    g.seen.kind, g.seen.subject = AuditKind.SIGN_IN, f"U-{user_id}"
    finish(None)


def sign_in_failed(user_id: int | None) -> None:
    """The page about to be shown says that nobody was signed in; whose account was tried, where there is one."""
    g.seen.kind, g.seen.subject = AuditKind.SIGN_IN_FAILED, f"U-{user_id}" if user_id else None


def finish_sign_out(viewer: Viewer) -> None:
    g.seen.kind = AuditKind.SIGN_OUT
    finish(viewer)


def _remember(viewer: Viewer | None, *, refused: bool, status: int) -> None:
    if g.seen.committed:
        return
    if refused:
        if viewer is not None and status in SAID_NO:
            _commit(_entry(viewer, AuditKind.REFUSAL))
        return
    kind = g.seen.kind
    if kind is None and g.seen.family_id:
        # Nobody is signed in: a family's own link.
        kind = AuditKind.LOOK if viewer else AuditKind.LINK
    if kind is not None:
        _commit(_entry(viewer, kind))
    elif viewer is not None:
        remember.was_here(viewer)


def _commit(entry: Entry) -> None:
    try:
        remember.before_sending(*g.seen.each(entry))
    except SQLAlchemyError as error:
        # No record, no page.
        abort(503, description=str(type(error).__name__))


def _entry(viewer: Viewer | None, kind: AuditKind) -> Entry:
    seen = g.seen
    return Entry(kind, request.endpoint or "", viewer, seen.family_id, seen.subject, seen.rows, seen.tied, seen.reason)


def remember_forged() -> None:
    """A form came without the token of this session: recorded where somebody is signed in. It never reached a door."""
    with reading():
        viewer = viewer_of_cookie()
        if viewer is not None:
            g.seen = Seen()
            _commit(_entry(viewer, AuditKind.REFUSAL))
        db.session.rollback()
