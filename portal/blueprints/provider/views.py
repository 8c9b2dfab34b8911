"""Signing in by the council's own sign-in: there, back again, and connected to an account here."""

from flask import redirect, session, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.provider import bp
from portal.core.errors import Refused
from portal.domain.proving import Proof
from portal.domain.viewer import Viewer
from portal.queries import second_factors as read
from portal.services import provider_accounts as change
from portal.web import provider as council
from portal.web import proving
from portal.web.forms import PortalForm
from portal.web.pages import Answer, Done, render, settings
from portal.web.policy import Anyone, SignedIn

OWN = SignedIn("one's own account at the council's sign-in")
CONNECTING = "connecting"


@bp.get("/sign-in/provider", policy=Anyone("leads to the council's own sign-in"))
def begin(_viewer: Viewer | None) -> ResponseReturnValue:
    council.demand()
    return council.begin() or (_trouble("away"), 503)


@bp.get("/sign-in/provider/back", policy=Anyone("comes back from the council's own sign-in", changes=True))
def back(viewer: Viewer | None) -> ResponseReturnValue | Answer:
    council.demand()
    who = council.told()
    if who is None:
        return _refused("failed")
    if viewer is not None:
        if session.pop(CONNECTING, None):
            council.keep(who)
        return redirect(url_for("provider.own"), 303)
    user_id = change.use(who)
    if user_id is None:
        return _refused("unknown")
    proves = settings().oidc_second_factor == "provider"
    return proving.after_first_proof(user_id, Proof.PROVIDER, enough=proves)


def own_page(viewer: Viewer, form: PortalForm) -> str:
    chosen = settings()
    return render(
        "provider/own.html",
        form=form,
        who=council.kept(),
        since=read.connected_since(viewer, chosen.oidc_issuer),
        name=chosen.oidc_name,
        local=chosen.local_sign_in,
    )


@bp.form("/account/provider", policy=OWN, form=lambda _viewer: PortalForm(), page=own_page)
def own(viewer: Viewer, _form: PortalForm) -> Done:
    who = council.kept()
    if who is None:
        raise Refused("Begin again: it was too long ago that you came back from there.")
    change.connect(viewer.user_id, who)
    council.forget()
    return Done(url_for("provider.own"), "Connected. You can sign in that way")


@bp.get("/account/provider/connect", policy=OWN)
def connect(viewer: Viewer) -> ResponseReturnValue:
    council.demand()
    if first := proving.confirmed_first(viewer, url_for("provider.own")):
        return redirect(first, 303)
    session[CONNECTING] = True
    return council.begin() or (_trouble("away"), 503)


@bp.form("/account/provider/disconnect", policy=OWN, form=lambda _viewer: PortalForm(), page=own_page, shown=False)
def disconnect(viewer: Viewer, _form: PortalForm) -> Done:
    if not settings().local_sign_in:
        raise Refused("You could not sign in any more: there is no other way here.")
    if first := proving.confirmed_first(viewer, url_for("provider.own")):
        return Done(first, "")
    change.disconnect(viewer.user_id, settings().oidc_issuer)
    return Done(url_for("provider.own"), "Disconnected. You sign in with your password")


def _refused(why: str) -> Answer:
    proving.refused(None)
    return Answer(lambda: _trouble(why), 422)


def _trouble(why: str) -> str:
    return render("provider/trouble.html", why=why, name=settings().oidc_name, local=settings().local_sign_in)
