"""Passkeys: sign in by one, prove by one, make and remove one's own."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from portal.blueprints.passkeys import bp
from portal.blueprints.passkeys.forms import (
    AnswerForm,
    NewForm,
    RemoveForm,
    answer_form,
    new_form,
    remove_form,
)
from portal.core.errors import TooMany
from portal.domain.limits import Limit
from portal.domain.proving import Proof
from portal.domain.viewer import Viewer
from portal.queries import passkeys as read
from portal.services import passkeys as change
from portal.services import passwords, throttles
from portal.web import gate, passkeys, proving
from portal.web.pages import Answer, Done, render
from portal.web.policy import Anyone, Proving, SignedIn

OWN = SignedIn("one's own passkeys")
NOT_KNOWN = "This passkey is not known here, or it waited too long. Try again, or sign in another way."


def again_page(_viewer: None, form: AnswerForm) -> str:
    options = passkeys.offer_sign_in()
    action, other = url_for("passkeys.sign_in"), url_for("account.sign_in")
    return render("passkeys/again.html", form=form, options=options, action=action, other=other)


@bp.form("/sign-in/passkey", policy=Anyone("nobody is signed in yet"), form=answer_form, page=again_page, shown=False)
def sign_in(_viewer: None, form: AnswerForm) -> Done | Answer:
    proving.demand_local()
    # Whose passkey it is, is not known yet: tries are counted of where they come from.
    gate.let_go()
    use = throttles.take(Limit.SIGN_IN, "passkey", request.remote_addr)
    if use is None:
        proving.refused(None)
        raise TooMany(passwords.WAIT)
    who = change.proves(form.answer.data or "", challenge=passkeys.asked(), at=passkeys.place(), alone=True)
    if who is None:
        proving.refused(None)
        form.refusal = NOT_KNOWN
        return Answer(lambda: again_page(None, form), 422)
    throttles.give_back(use)
    return Done(proving.signed_in(who, Proof.PASSKEY), "")


def prove_page(viewer: Viewer, form: AnswerForm) -> str:
    action, other = url_for("passkeys.prove"), url_for("second_factor.code")
    return render("passkeys/again.html", form=form, options=passkeys.offer_proof(viewer), action=action, other=other)


@bp.form(
    "/sign-in/code/passkey",
    policy=Proving("a passkey instead of a code"),
    form=answer_form,
    page=prove_page,
    shown=False,
)
def prove(viewer: Viewer, form: AnswerForm) -> Done | Answer:
    use = proving.demand_patience(viewer)
    who = change.proves(
        form.answer.data or "", challenge=passkeys.asked(), at=passkeys.place(), alone=False, user_id=viewer.user_id
    )
    signed_in = proving.judged(who is not None, viewer, Proof.PASSKEY, use)
    if signed_in is None:
        form.refusal = NOT_KNOWN
    return signed_in or Answer(lambda: prove_page(viewer, form), 422)


def own_page(viewer: Viewer, form: NewForm | RemoveForm) -> str:
    new = form if isinstance(form, NewForm) else new_form(viewer)
    return render(
        "passkeys/own.html", form=form, new=new, passkeys=read.own(viewer), options=passkeys.offer_making(viewer)
    )


@bp.get("/account/passkeys", policy=OWN)
def own(viewer: Viewer) -> ResponseReturnValue:
    if first := proving.confirmed_first(viewer, url_for("passkeys.own")):
        return redirect(first, 303)
    return own_page(viewer, new_form(viewer))


@bp.form("/account/passkeys", policy=OWN, form=new_form, page=own_page, shown=False)
def make(viewer: Viewer, form: NewForm) -> Done:
    if first := proving.confirmed_first(viewer, url_for("passkeys.own")):
        return Done(first, "")
    change.add(
        viewer.user_id,
        form.answer.data or "",
        name=form.name.data or "",
        challenge=passkeys.asked(),
        at=passkeys.place(),
    )
    return Done(url_for("passkeys.own"), "You can sign in with this passkey")


@bp.form("/account/passkeys/remove", policy=OWN, form=remove_form, page=own_page, shown=False)
def remove(viewer: Viewer, form: RemoveForm) -> Done:
    if first := proving.confirmed_first(viewer, url_for("passkeys.own")):
        return Done(first, "")
    change.remove(viewer.user_id, form.number)
    return Done(url_for("passkeys.own"), "This passkey opens nothing here any more")
