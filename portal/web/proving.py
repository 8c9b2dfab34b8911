"""Between the password and the portal: who is let in at once, who is asked for more, and how that ends."""

from datetime import timedelta

from flask import after_this_request, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.errors import TooMany
from portal.domain.limits import Limit
from portal.domain.proving import RECENT, TYPED, Proof
from portal.domain.viewer import Viewer
from portal.facts import proving as found
from portal.models.record import AuditKind
from portal.services import second_factors, throttles, trusted_devices
from portal.services import sign_in as signing
from portal.services.throttles import Use
from portal.web import gate, sessions
from portal.web.errors import NotOpen
from portal.web.forms import PortalForm
from portal.web.pages import Answer, Done, settings

# Where somebody wanted to go, kept while they prove that it is them.
BACK = "back"
WAIT = "There were too many wrong codes. Wait 5 minutes, then try again"


def keep_way_back(to: str | None) -> None:
    """Where whoever signs in now wanted to go."""
    session[BACK] = to


def confirmed_first(viewer: Viewer, then: str) -> str | None:
    """Where somebody goes who proved long ago that it is them, before they change how or where they are signed in; then
    on to `then`. None for whoever did just now: a browser left alone must not let another person in for good."""
    long_ago = clock.now() - (TYPED if request.method == "POST" else RECENT)
    if viewer.signed_in_at is None or viewer.signed_in_at > long_ago:
        return None
    keep_way_back(then)
    return url_for("second_factor.confirm")


def password_is_enough(viewer: Viewer) -> bool:
    """To confirm that it is them: where they came in by nothing more, and can."""
    return settings().local_sign_in and not _asks(viewer.user_id) and signing.own_account(viewer) is not None


def demand_local() -> None:
    """Raises NotOpen where everybody comes in by the council's own sign-in."""
    if not settings().local_sign_in:
        raise NotOpen(f"Everybody signs in here with {settings().oidc_name}.", url_for("account.sign_in"))


def after_first_proof(user_id: int, by: Proof, *, enough: bool = False) -> Response:
    """The password was right, or the council's sign-in knew them. Signed in where that is enough; else a session that
    waits for a second factor."""
    if enough or not _asks(user_id):
        return _let_in(user_id, by)
    device = request.cookies.get(device_cookie(), "") if settings().trusted_device_days else ""
    if trusted_devices.knows(user_id, device):
        return _let_in(user_id, Proof.TRUSTED_DEVICE)
    token = signing.begin(user_id, None)
    has_app = found.app_of(user_id) is not None
    if not has_app:
        second_factors.prepare(user_id)
    gate.concerns(f"U-{user_id}")
    gate.finish(None)  # the password was right; the rest is waited for
    back = session.get(BACK)
    _enter(token)
    keep_way_back(back)
    return redirect(url_for("second_factor.code" if has_app else "second_factor.set_up"), 303)


def _asks(user_id: int) -> bool:
    """Whoever set up an app is asked for its codes, even where nobody has to have one."""
    return settings().asks_second_factor or found.app_of(user_id) is not None


def proven(viewer: Viewer, by: Proof) -> str:
    """Whoever waited is signed in, by a session with a new id. Returns where they go; committed with the answer."""
    if viewer.session_id is not None:
        signing.end(viewer.session_id)
    return signed_in(viewer.user_id, by)


def signed_in(user_id: int, by: Proof) -> str:
    """The same where nobody waited: what they gave is proof enough."""
    token = signing.begin(user_id, by)
    back = session.get(BACK)
    g.seen.kind = AuditKind.SIGN_IN
    gate.concerns(f"U-{user_id}")
    _enter(token)
    return str(back or url_for("account.home"))


def demand_patience(viewer: Viewer) -> Use:
    """Counted before anything is looked at, on a connection of its own: tries at one instant, from any browser, are all
    counted. Raises TooMany where they were wrong so often that the next try has to wait."""
    gate.let_go()
    use = throttles.take(Limit.SECOND_FACTOR, viewer.user_id)
    if use is None:
        refused(viewer.user_id)
        raise TooMany(WAIT)
    return use


def judged(counts: bool, viewer: Viewer, by: Proof, use: Use, *, words: str = "") -> Done | None:
    """Signed in where what was given counts. Otherwise the try stays counted, and None."""
    if counts:
        throttles.give_back(use)
        return Done(proven(viewer, by), words)
    refused(viewer.user_id)
    return None


def refused(user_id: int | None) -> None:
    """What is answered now is recorded as a sign-in that failed."""
    g.seen.kind = AuditKind.SIGN_IN_FAILED
    if user_id is not None:
        gate.concerns(f"U-{user_id}")


def wrong(form: PortalForm, field: str, words: str, page: Answer) -> Answer:
    form.refuse(field, words)
    return page


def trust_this_browser(viewer: Viewer) -> None:
    """Here this person is asked for no code for the days of the setting."""
    days = settings().trusted_device_days
    token = trusted_devices.trust(viewer.user_id, days)

    @after_this_request
    def keep(response: Response) -> Response:
        response.set_cookie(
            device_cookie(),
            token,
            max_age=timedelta(days=days),
            secure=settings().behind_tls,
            httponly=True,
            samesite="Strict",
        )
        return response


def device_cookie() -> str:
    """The name of the cookie by which a browser is known as trusted."""
    return "__Host-portal-device" if settings().behind_tls else "portal-device"


def _let_in(user_id: int, by: Proof) -> Response:
    token, back = signing.begin(user_id, by), session.get(BACK)
    gate.finish_sign_in(user_id)
    _enter(token)
    return redirect(back or url_for("account.home"), 303)


def _enter(token: str) -> None:
    session.clear()
    sessions.enter(token)
