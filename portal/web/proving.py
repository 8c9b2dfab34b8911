"""Between the password and the portal: who is let in at once, who is asked for more, and how that ends."""

from flask import g, redirect, session, url_for
from werkzeug.wrappers import Response

from portal.domain.proving import Proof
from portal.domain.viewer import Viewer
from portal.facts import proving as found
from portal.models.record import AuditKind
from portal.services import second_factors
from portal.services import sign_in as signing
from portal.web import gate, sessions
from portal.web.forms import PortalForm
from portal.web.pages import Answer, Done, settings

# Where somebody wanted to go, kept while they prove that it is them.
BACK = "back"
WAIT = "There were too many wrong codes. Wait 5 minutes, then try again"


def after_password(user_id: int, *, back: str | None) -> Response:
    """The password was right. Signed in where that is enough; else a session that waits for a second factor."""
    if not settings().asks_second_factor:
        return _let_in(user_id, Proof.PASSWORD, back)
    token = signing.begin(user_id, None)
    has_app = found.app_of(user_id) is not None
    if not has_app:
        second_factors.prepare(user_id)
    gate.finish_half(user_id)
    _enter(token)
    session[BACK] = back
    return redirect(url_for("second_factor.code" if has_app else "second_factor.set_up"), 303)


def proven(viewer: Viewer, by: Proof) -> str:
    """Whoever waited is signed in, by a session with a new id. Returns where they go; committed with the answer."""
    if viewer.session_id is not None:
        signing.end(viewer.session_id)
    token = signing.begin(viewer.user_id, by)
    back = session.get(BACK)
    g.seen.kind, g.seen.subject = AuditKind.SIGN_IN, f"U-{viewer.user_id}"
    _enter(token)
    return str(back or url_for("account.home"))


def judged(counts: bool, viewer: Viewer, by: Proof, *, words: str = "") -> Done | None:
    """Signed in where what was given counts. Otherwise it is kept as a wrong try, and None."""
    if counts:
        return Done(proven(viewer, by), words)
    second_factors.was_wrong(viewer.user_id)
    g.seen.kind, g.seen.subject = AuditKind.SIGN_IN_FAILED, f"U-{viewer.user_id}"
    return None


def wrong(form: PortalForm, field: str, words: str, page: Answer) -> Answer:
    form.refuse(field, words)
    return page


def _let_in(user_id: int, by: Proof, back: str | None) -> Response:
    token = signing.begin(user_id, by)
    gate.finish_sign_in(user_id)
    _enter(token)
    return redirect(back or url_for("account.home"), 303)


def _enter(token: str) -> None:
    session.clear()
    sessions.enter(token)
