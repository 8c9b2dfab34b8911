"""Ask somebody of a family by a link: choose whom and how, print it, stop it."""

from flask import url_for

from portal.blueprints.asking import bp
from portal.blueprints.asking.forms import AskForm, ButtonForm, ask_form, button_form
from portal.core import clock
from portal.domain.asking import LinkWay
from portal.domain.dates import full, london_date
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.asking import FamilyQuestion
from portal.models.following import SupportReferral
from portal.queries import asking as read
from portal.services import family_links as change
from portal.web.pages import Answer, Done, render, settings
from portal.web.policy import Policy
from portal.web.squares import square


def ask_page(referral: SupportReferral, _viewer: Viewer, form: AskForm) -> str:
    return render("asking/ask.html", thing=referral, form=form)


@bp.form("/referrals/<ref:referral>/ask", policy=Policy(P.REFERRAL_MOVE, SupportReferral), form=ask_form, page=ask_page)
def ask(referral: SupportReferral, viewer: Viewer, form: AskForm) -> Done:
    question = change.ask(
        referral,
        int(form.person.data or 0),
        LinkWay(form.way.data),
        by=viewer,
        safe_because=form.safe_because.data if "safe_because" in form else None,
        labelled=bool(form.labelled.data) if "labelled" in form else False,
        in_hand=bool(form.in_hand.data),
    )
    if question.way is LinkWay.PRINT:
        return Done(url_for("asking.print_link", question=question), "Recorded. Now make the link")
    return Done(url_for("support.one", referral=referral), f"{referral.ref}: the link will be sent, not at night")


def print_page(question: FamilyQuestion, _viewer: Viewer, form: ButtonForm, address: str | None = None) -> str:
    return render(
        "asking/print.html",
        thing=question,
        asked=read.standing(question),
        form=form,
        address=address,
        picture=square(address) if address else None,
        until=full(london_date(question.expires_at or clock.now())),
    )


@bp.form(
    "/questions/<ref:question>/print",
    policy=Policy(P.REFERRAL_MOVE, FamilyQuestion),
    form=button_form,
    page=print_page,
    endpoint="print_link",
)
def print_link(question: FamilyQuestion, viewer: Viewer, form: ButtonForm) -> Answer:
    address = settings().begins + url_for("family_link.question", token=change.printed(question))
    return Answer(lambda: print_page(question, viewer, form, address))


def stop_page(question: FamilyQuestion, _viewer: Viewer, form: ButtonForm) -> str:
    return render("asking/stop.html", thing=question, asked=read.standing(question), form=form)


@bp.form(
    "/questions/<ref:question>/stop",
    policy=Policy(P.REFERRAL_MOVE, FamilyQuestion),
    form=button_form,
    page=stop_page,
)
def stop(question: FamilyQuestion, viewer: Viewer, _form: ButtonForm) -> Done:
    change.stop(question, by=viewer)
    return Done(url_for("support.one", referral=f"R-{question.referral_id}"), "The link opens nothing any more")
