"""What was suggested to a family: record it, and see what became of it."""

from flask import g, url_for

from portal.blueprints.support import bp
from portal.blueprints.support.forms import EVERYBODY, SEND, TYPED, SuggestForm, replaced, suggest_form
from portal.blueprints.support.move_views import offered
from portal.blueprints.support.shown import services_shown, which_service
from portal.core import clock
from portal.domain.dates import near
from portal.domain.permissions import P
from portal.domain.support import OPEN_REFERRALS, HowGiven
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.following import SupportReferral
from portal.queries import agreement, asking, families, history
from portal.queries import support as read
from portal.services import referrals as change
from portal.web.htmx import wants_a_piece
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/families/<ref:family>/support", policy=Policy(P.REFERRAL_VIEW, Family))
def of_family(family: Family, _viewer: Viewer) -> str:
    return render(
        "support/of_family.html", family=families.header(family), thing=family, referrals=read.of_family(family)
    )


@bp.get("/referrals/<ref:referral>", policy=Policy(P.REFERRAL_VIEW, SupportReferral))
def one(referral: SupportReferral, viewer: Viewer) -> str:
    return render(
        "support/one.html",
        referral=read.one(referral),
        thing=referral,
        moves=offered(referral, viewer),
        asked=asking.of_referral(referral),
        still_asked=referral.state in OPEN_REFERRALS,
        history=history.of_subject(referral.family_id, referral.ref, g.words),
    )


def new_page(family: Family, _viewer: Viewer, form: SuggestForm) -> str:
    if wants_a_piece():
        return which_service(form)
    return render(
        "support/new.html",
        **services_shown(form),
        family=family,
        form=form,
        typed=TYPED,
        instead_of=replaced(family, form),
        limits=agreement.limits(family.id, g.words),
    )


@bp.form(
    "/families/<ref:family>/support/new",
    policy=Policy(P.REFERRAL_RECORD, Family),
    form=suggest_form,
    page=new_page,
    keeps_draft=True,
)
def new(family: Family, viewer: Viewer, form: SuggestForm) -> Done:
    referral, check = change.signpost(
        family,
        by=viewer,
        service_id=_number(form.said("service")),
        service_name=form.said("service_name"),
        service_organisation=form.said("service_organisation"),
        service_phone=form.said("service_phone"),
        plan_need_id=_number(form.need.data),
        need_text=form.said("need_text"),
        person_id=_number(form.person.data),
        given_on=form.given_on.data,
        how_given=HowGiven(form.how_given.data),
        label=form.label.data,
        label_by_id=_number(form.label_by.data),
        instead_of_id=form.instead_of_number,
    )
    if form.then.data == SEND:
        return Done(url_for("support.send", referral=referral), "Recorded. Now say what the service is sent")
    return Done(
        url_for("support.of_family", family=family),
        f"Recorded. It is still to be followed up: the first check is due {near(check.due_on, clock.today())}",
    )


def _number(value: str | None) -> int | None:
    return int(value) if value and value not in (TYPED, EVERYBODY) else None
