"""One's own account: who one is here, where one is signed in, and one's password."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.account import bp
from portal.blueprints.account.forms import SessionForm, session_form
from portal.blueprints.account.password_forms import OwnPasswordForm, own_password_form
from portal.domain.viewer import Viewer
from portal.queries import own_sessions as read
from portal.services import passwords as change
from portal.services import sign_in as signing
from portal.services import throttles
from portal.web import gate, proving, sessions
from portal.web.pages import Done, render, settings
from portal.web.policy import SignedIn

OWN_SESSIONS = SignedIn("where one is signed in oneself")
OWN_PASSWORD = SignedIn("one's own password")


def own_page(viewer: Viewer, form: SessionForm) -> str:
    return render("account/own.html", person=viewer, form=form, sessions=read.of(viewer, **sessions.how_long()))


@bp.get("/account", policy=SignedIn("one's own name and roles"))
def own(viewer: Viewer) -> str:
    return own_page(viewer, session_form(viewer))


@bp.form("/account/sessions/end", policy=OWN_SESSIONS, form=session_form, page=own_page, shown=False)
def end_session(viewer: Viewer, form: SessionForm) -> Done:
    if first := proving.confirmed_first(viewer, url_for("account.own")):
        return Done(first, "")
    signing.end_own(viewer, form.number)
    return Done(url_for("account.own"), "You are signed out there")


@bp.form("/account/sessions/end-others", policy=OWN_SESSIONS, form=session_form, page=own_page, shown=False)
def end_other_sessions(viewer: Viewer, _form: SessionForm) -> Done:
    if first := proving.confirmed_first(viewer, url_for("account.own")):
        return Done(first, "")
    signing.end_others(viewer)
    return Done(url_for("account.own"), "You are signed out everywhere but here")


def password_page(viewer: Viewer, form: OwnPasswordForm) -> str:
    return render("account/password.html", form=form, person=viewer)


@bp.form("/account/password", policy=OWN_PASSWORD, form=own_password_form, page=password_page)
def password(viewer: Viewer, form: OwnPasswordForm) -> Done:
    chosen, known, new = settings(), signing.own_account(viewer), form.new_password.data or ""
    change.demand_good(new, [*change.known_of(viewer.user_id), chosen.service_name, chosen.council_name])
    # Argon2 takes its time: no transaction is kept open meanwhile.
    gate.let_go()
    use = change.demand_patience(viewer)
    current = form.current_password.data or ""
    account = change.demand_own(known, current, chosen.password_memory_kib)
    change.demand_another(new, current)
    hashed = signing.hash_password(new, chosen.password_memory_kib)
    throttles.give_back(use)
    sessions.enter(change.change_own(viewer, account, hashed))
    return Done(url_for("account.own"), "Your password is changed, and you are signed out everywhere else")


@bp.get("/.well-known/change-password", policy=OWN_PASSWORD)
def where_to_change_it(_viewer: Viewer) -> ResponseReturnValue:
    """Where password managers look for it."""
    return redirect(url_for("account.password"), 303)
