"""Signing in and out, and what one is told."""

import re

from flask import flash, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.account import bp
from portal.blueprints.account.forms import NoticesForm, SignInForm, notices_form
from portal.domain.limits import Limit
from portal.domain.proving import Proof
from portal.domain.viewer import Viewer
from portal.queries import notice_choices as read
from portal.queries.home import leads_somebody
from portal.services import notice_choices as change
from portal.services import passwords, throttles
from portal.services import sign_in as signing
from portal.web import gate, passkeys, proving, sessions
from portal.web.navigation import landing
from portal.web.pages import Done, render, settings
from portal.web.policy import Anyone, SignedIn

WRONG = "Enter the email address and password that belong together"
# Browsers leave out tabs and new lines, and read a backslash as a slash: two in a row name another host.
WAY_INSIDE = re.compile(r"/(?![/\\])[^\x00-\x20\x7f]*")


@bp.get("/", policy=SignedIn("sends each person to where they begin"))
def home(viewer: Viewer) -> ResponseReturnValue:
    return redirect(landing(viewer, leads=leads_somebody(viewer)), 303)


@bp.get("/sign-in", policy=Anyone("nobody is signed in yet"))
def sign_in(viewer: Viewer | None) -> ResponseReturnValue:
    if viewer is not None:
        return redirect(url_for("account.home"), 303)
    form = SignInForm(next=request.args.get("next", ""))
    return _page(form)


@bp.post("/sign-in", policy=Anyone("nobody is signed in yet"), endpoint="signing_in")
def signing_in(_viewer: Viewer | None) -> ResponseReturnValue:
    proving.demand_local()
    form = SignInForm()
    if not form.validate_on_submit():
        return _page(form), 422
    email, password = form.email.data or "", form.password.data or ""
    # Counted on a connection of its own, before anything is looked up: no transaction may be open meanwhile.
    gate.let_go()
    use = throttles.take(Limit.SIGN_IN, email.lower(), request.remote_addr)
    if use is None:
        gate.refused()
        form.refuse("email", passwords.WAIT)
        return _page(form), 429
    known = signing.account(email)
    # Argon2 takes its time: no transaction is kept open meanwhile.
    gate.let_go()
    if not signing.password_is(known, password, settings().password_memory_kib) or known is None:
        gate.sign_in_failed(known.user_id if known else None)
        form.refuse("email", WRONG)
        return _page(form), 422
    throttles.give_back(use)
    proving.keep_way_back(_local(form.next.data))
    return proving.after_first_proof(known.user_id, Proof.PASSWORD)


@bp.post("/sign-out", policy=SignedIn("ends one's own session"))
def sign_out(viewer: Viewer) -> ResponseReturnValue:
    if viewer.session_id is not None:
        signing.end(viewer.session_id)
    gate.finish_sign_out(viewer)
    sessions.leave()
    session.clear()
    flash("You are signed out.", "notice")
    response = redirect(url_for("account.sign_in"), 303)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def notices_page(viewer: Viewer, form: NoticesForm) -> str:
    return render("account/notices.html", form=form, own=read.own(viewer, g.words))


@bp.form("/account/notices", policy=SignedIn("what one is told oneself"), form=notices_form, page=notices_page)
def notices(viewer: Viewer, form: NoticesForm) -> Done:
    change.choose(form.wanted, by=viewer)
    return Done("/account/notices", "Saved what you are told")


def _page(form: SignInForm) -> str:
    form.renew()
    chosen = settings()
    proving.keep_way_back(_local(form.next.data))
    return render(
        "account/sign_in.html",
        form=form,
        local=chosen.local_sign_in,
        passkey=passkeys.offer_sign_in(),
        provider=chosen.oidc_name if chosen.oidc_issuer else None,
    )


def _local(target: str | None) -> str | None:
    """A way back inside the portal, else None: an address of anywhere else is not followed."""
    return target if target and WAY_INSIDE.fullmatch(target) else None
