"""What was said and shared; recording an answer, deciding about sharing, and answering who asked us to stop."""

from flask import g

from portal.blueprints.agreement import bp
from portal.blueprints.agreement.forms import (
    AnswerForm,
    Share,
    SharingForm,
    StopForm,
    answer_form,
    sharing_form,
    stop_form,
)
from portal.domain.engagement import SharingBasis
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import agreement as read
from portal.queries import families
from portal.services import agreement as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def _here(family: Family) -> str:
    return f"/families/{family.ref}/agreement"


@bp.get("/families/<ref:family>/agreement", policy=Policy(P.AGREEMENT_VIEW, Family))
def of_family(family: Family, _viewer: Viewer) -> str:
    return render(
        "agreement/of_family.html",
        header=families.header(family),
        family=family,
        shown=read.of_family(family, g.words),
    )


def record_page(family: Family, _viewer: Viewer, form: AnswerForm) -> str:
    return render("agreement/record.html", header=families.header(family), form=form)


@bp.form(
    "/families/<ref:family>/agreement/new",
    policy=Policy(P.AGREEMENT_RECORD, Family),
    form=answer_form,
    page=record_page,
    keeps_draft=True,
)
def record(family: Family, viewer: Viewer, form: AnswerForm) -> Done:
    change.record(family, form.told, by=viewer)
    return Done(_here(family), "What was said is recorded")


def share_page(family: Family, _viewer: Viewer, form: SharingForm) -> str:
    return render(
        "agreement/share.html",
        header=families.header(family),
        limits=read.limits(family.id, g.words),
        form=form,
    )


@bp.form(
    "/families/<ref:family>/agreement/sharing",
    policy=Policy(P.SHARING_DECIDE, Family),
    form=sharing_form,
    page=share_page,
    keeps_draft=True,
)
def share(family: Family, viewer: Viewer, form: SharingForm) -> Done:
    change.decide_sharing(
        family,
        organisation_id=int(form.organisation.data),
        person_id=int(form.person.data) if form.person.data else None,
        share=form.share.data == Share.YES,
        basis=SharingBasis(form.basis.data),
        privacy_notice_on=form.privacy_notice_on.data,
        why=form.why.data or "",
        by=viewer,
    )
    return Done(_here(family), "Decision about sharing recorded")


def stop_page(family: Family, _viewer: Viewer, form: StopForm) -> str:
    return render(
        "agreement/stop.html",
        header=families.header(family),
        waiting=read.waiting(family.id),
        form=form,
    )


@bp.form(
    "/families/<ref:family>/agreement/stop",
    policy=Policy(P.STOP_SETTLE, Family),
    form=stop_form,
    page=stop_page,
    keeps_draft=True,
)
def stop(family: Family, viewer: Viewer, form: StopForm) -> Done:
    change.settle_stop(family, form.what_now.data or "", by=viewer)
    return Done(_here(family), "What happens now is recorded")
