"""After the password: the code that is asked for, or the app that is set up the first time."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.second_factor import bp
from portal.blueprints.second_factor.forms import (
    CodeForm,
    RecoveryForm,
    SignInCodeForm,
    code_form,
    recovery_form,
    sign_in_code_form,
)
from portal.core.errors import Refused
from portal.domain.dates import counted
from portal.domain.proving import Proof
from portal.domain.viewer import Viewer
from portal.queries import second_factors as read
from portal.services import second_factors as change
from portal.web import gate, passkeys, proving
from portal.web.pages import Answer, Done, render, settings
from portal.web.policy import Proving
from portal.web.squares import square

AFTER_PASSWORD = Proving("asks for the second factor")
SET_UP = Proving("sets up the second factor, where there is none yet")


def code_page(viewer: Viewer, form: SignInCodeForm) -> str:
    return render("second_factor/code.html", form=form, passkey=passkeys.offer_proof(viewer))


@bp.get("/sign-in/code", policy=AFTER_PASSWORD)
def code(viewer: Viewer) -> ResponseReturnValue:
    if not read.has_app(viewer):
        return redirect(url_for("second_factor.set_up"), 303)
    return code_page(viewer, sign_in_code_form(viewer))


@bp.form(
    "/sign-in/code",
    policy=AFTER_PASSWORD,
    form=sign_in_code_form,
    page=code_page,
    shown=False,
    endpoint="giving_code",
)
def giving_code(viewer: Viewer, form: SignInCodeForm) -> Done | Answer:
    use = proving.demand_patience(viewer)
    counts = change.code_counts(viewer.user_id, form.code.data or "")
    if counts and "trust" in form and form.trust.data:
        proving.trust_this_browser(viewer)
    signed_in = proving.judged(counts, viewer, Proof.CODE, use)
    return signed_in or proving.wrong(form, "code", change.WRONG, Answer(lambda: code_page(viewer, form), 422))


def recovery_page(_viewer: Viewer, form: RecoveryForm) -> str:
    return render("second_factor/recovery_code.html", form=form)


@bp.form("/sign-in/recovery-code", policy=AFTER_PASSWORD, form=recovery_form, page=recovery_page)
def recovery_code(viewer: Viewer, form: RecoveryForm) -> Done | Answer:
    use, codes = proving.demand_patience(viewer), change.unused_recovery_codes(viewer.user_id)
    # Argon2 takes its time: no transaction is kept open meanwhile.
    gate.let_go()
    found = change.which_of(codes, form.recovery_code.data or "")
    counts = found is not None and change.spend(found)
    left = counted(read.own(viewer).codes_left, "recovery code", "recovery codes")
    signed_in = proving.judged(counts, viewer, Proof.RECOVERY_CODE, use, words=f"Signed in. You have {left} left")
    return signed_in or proving.wrong(
        form,
        "recovery_code",
        "Enter one of your recovery codes that you have not used yet",
        Answer(lambda: recovery_page(viewer, form), 422),
    )


def set_up_page(viewer: Viewer, form: CodeForm) -> str:
    scan = None if read.has_app(viewer) else read.to_scan(viewer, settings().service_name)
    picture = square(scan.address) if scan else None
    return render("second_factor/set_up.html", form=form, scan=scan, picture=picture)


@bp.get("/sign-in/set-up", policy=SET_UP)
def set_up(viewer: Viewer) -> ResponseReturnValue:
    if read.has_app(viewer):
        return redirect(url_for("second_factor.code"), 303)
    return set_up_page(viewer, code_form(viewer))


@bp.form("/sign-in/set-up", policy=SET_UP, form=code_form, page=set_up_page, shown=False, endpoint="setting_up")
def setting_up(viewer: Viewer, form: CodeForm) -> Answer:
    if read.has_app(viewer):
        raise Refused("An app is set up already. Enter its code.")
    codes = change.confirm(viewer.user_id, form.code.data or "")
    onward = proving.proven(viewer, Proof.CODE)
    return Answer(lambda: render("second_factor/recovery_codes.html", codes=codes, onward=onward))
