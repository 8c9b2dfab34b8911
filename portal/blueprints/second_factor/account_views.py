"""One's own second factors: another app, new recovery codes."""

from flask import url_for

from portal.blueprints.second_factor import bp
from portal.blueprints.second_factor.forms import (
    CodeForm,
    ConfirmForm,
    DeviceForm,
    button_form,
    code_form,
    confirm_form,
    device_form,
)
from portal.domain.proving import Proof
from portal.domain.viewer import Viewer
from portal.queries import second_factors as read
from portal.services import passwords, throttles, trusted_devices
from portal.services import second_factors as change
from portal.services import sign_in as signing
from portal.web import gate, proving
from portal.web.forms import PortalForm
from portal.web.pages import Answer, Done, render, settings
from portal.web.policy import SignedIn
from portal.web.squares import square

OWN = SignedIn("one's own second factor")


def own_page(viewer: Viewer, form: PortalForm) -> str:
    chosen = settings()
    return render(
        "second_factor/own.html",
        form=form,
        own=read.own(viewer),
        asked=chosen.asks_second_factor,
        provider=bool(chosen.oidc_issuer),
    )


@bp.get("/account/second-factor", policy=OWN)
def own(viewer: Viewer) -> str:
    return own_page(viewer, button_form(viewer))


@bp.form("/account/second-factor/new-app", policy=OWN, form=button_form, page=own_page, shown=False)
def new_app(viewer: Viewer, _form: PortalForm) -> Done:
    if first := proving.confirmed_first(viewer, url_for("second_factor.own")):
        return Done(first, "")
    change.prepare(viewer.user_id)
    return Done(url_for("second_factor.app"), "")


def app_page(viewer: Viewer, form: CodeForm) -> str:
    scan = read.to_scan(viewer, settings().service_name)
    picture = square(scan.address) if scan else None
    return render("second_factor/app.html", form=form, scan=scan, picture=picture, has_app=read.has_app(viewer))


@bp.form("/account/second-factor/app", policy=OWN, form=code_form, page=app_page)
def app(viewer: Viewer, form: CodeForm) -> Done | Answer:
    if first := proving.confirmed_first(viewer, url_for("second_factor.app")):
        return Done(first, "")
    return _codes(change.confirm(viewer.user_id, form.code.data or ""))


@bp.form("/account/second-factor/recovery-codes", policy=OWN, form=button_form, page=own_page, shown=False)
def recovery_codes(viewer: Viewer, _form: PortalForm) -> Done | Answer:
    if first := proving.confirmed_first(viewer, url_for("second_factor.own")):
        return Done(first, "")
    return _codes(change.new_recovery_codes(viewer.user_id))


@bp.form("/account/second-factor/devices/forget", policy=OWN, form=device_form, page=own_page, shown=False)
def forget_device(viewer: Viewer, form: DeviceForm) -> Done:
    if first := proving.confirmed_first(viewer, url_for("second_factor.own")):
        return Done(first, "")
    trusted_devices.forget(viewer.user_id, form.number)
    return Done(url_for("second_factor.own"), "You are asked for a code there again")


def confirm_page(viewer: Viewer, form: ConfirmForm) -> str:
    return render("second_factor/confirm.html", form=form, has_app=read.has_app(viewer))


@bp.form("/account/second-factor/confirm", policy=OWN, form=confirm_form, page=confirm_page)
def confirm(viewer: Viewer, form: ConfirmForm) -> Done | Answer:
    if "current_password" in form:
        return _by_password(viewer, form)
    use = proving.demand_patience(viewer)
    confirmed = proving.judged(change.code_counts(viewer.user_id, form.code.data or ""), viewer, Proof.CODE, use)
    return confirmed or proving.wrong(form, "code", change.WRONG, Answer(lambda: confirm_page(viewer, form), 422))


def _by_password(viewer: Viewer, form: ConfirmForm) -> Done:
    known = signing.own_account(viewer)
    # Argon2 takes its time: no transaction is kept open meanwhile.
    gate.let_go()
    use = passwords.demand_patience(viewer)
    passwords.demand_own(known, form.current_password.data or "", settings().password_memory_kib)
    throttles.give_back(use)
    return Done(proving.proven(viewer, Proof.PASSWORD), "")


def _codes(codes: list[str]) -> Answer:
    onward = url_for("second_factor.own")
    return Answer(lambda: render("second_factor/recovery_codes.html", codes=codes, onward=onward))
