"""A password set by a link: asked for by whoever forgot theirs, and used by them or by whoever was invited."""

from flask import request, url_for

from portal.blueprints.account import bp
from portal.blueprints.account.forms import EmailForm
from portal.blueprints.account.password_forms import NewPasswordForm, forgotten_form, new_password_form
from portal.core.errors import Refused
from portal.domain import passwords
from portal.domain.limits import Limit
from portal.domain.password_links import GONE
from portal.domain.viewer import Viewer
from portal.facts import password_links
from portal.services import password_links as change
from portal.services import passwords as judging
from portal.services import sign_in as signing
from portal.services import throttles
from portal.web import gate
from portal.web.pages import Done, render, settings
from portal.web.policy import Anyone, ByLink

FORGOTTEN = Anyone("whoever forgot their password cannot sign in")
BY_LINK = ByLink("the link proves who it is")
SENT = "If there is an account with that address, an email with a link is on its way to it. The link works for 1 hour"


def forgotten_page(_viewer: Viewer | None, form: EmailForm) -> str:
    return render("account/forgotten.html", form=form)


@bp.form("/forgotten-password", policy=FORGOTTEN, form=forgotten_form, page=forgotten_page)
def forgotten(_viewer: Viewer | None, form: EmailForm) -> Done:
    email = form.email.data or ""
    # Counted on a connection of its own: no transaction may be open meanwhile.
    gate.let_go()
    use = throttles.take(Limit.RESET, email.lower(), request.remote_addr)
    asked = change.ask(email, waits=use is None)
    if asked is not None:
        gate.concerns(f"U-{asked}")
    return Done(url_for("account.sign_in"), SENT)


def set_page(_viewer: Viewer | None, form: NewPasswordForm, token: str) -> str:
    return render("account/set_password.html", form=form, token=token, found=password_links.behind(token), gone=GONE)


@bp.get("/set-password/<token:token>", policy=BY_LINK)
def set_password(viewer: Viewer | None, token: str) -> tuple[str, int]:
    """A look changes nothing: programs that check mail open every link."""
    status = 200 if password_links.behind(token) else 404
    return set_page(viewer, new_password_form(viewer), token), status


@bp.form(
    "/set-password/<token:token>",
    policy=BY_LINK,
    form=new_password_form,
    page=set_page,
    shown=False,
    endpoint="setting_password",
)
def setting_password(_viewer: Viewer | None, form: NewPasswordForm, token: str) -> Done:
    chosen, found, new = settings(), password_links.behind(token), form.new_password.data or ""
    if found is None:
        raise Refused(GONE)
    judging.demand_good(new, [*passwords.of_person(found.name, found.email), chosen.service_name, chosen.council_name])
    # Argon2 takes its time: no transaction is kept open meanwhile.
    gate.let_go()
    change.use(found, signing.hash_password(new, chosen.password_memory_kib))
    gate.concerns(f"U-{found.user_id}")
    return Done(url_for("account.sign_in"), "Your password is set. Sign in with it")
