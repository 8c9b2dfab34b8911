"""How somebody stops leading, who covers for them, and what the manager decides where nobody is found."""

from flask import g

from portal.blueprints.leads import bp
from portal.blueprints.leads.ending_forms import (
    CoverForm,
    DecideForm,
    EndCoverForm,
    EndForm,
    Then,
    cover_form,
    decide_form,
    end_cover_form,
    end_form,
)
from portal.blueprints.leads.forms import whom
from portal.domain.leads import EndCode, NotFound
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.families import Family
from portal.models.handover import LeadAssignment, LeadCover
from portal.queries import families, leading_page
from portal.services import covers as covering
from portal.services import leads as change
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


def _team(thing: LeadAssignment | LeadCover) -> str:
    return f"/families/{Family.ref_prefix}-{thing.family_id}/team"


def end_page(lead: LeadAssignment, _viewer: Viewer, form: EndForm) -> str:
    return render("leads/end.html", header=families.header_of(lead.family_id), of=lead, form=form)


@bp.form(
    "/leads/<ref:lead>/end",
    policy=Policy(P.LEAD_END, LeadAssignment, moves=("end",)),
    form=end_form,
    page=end_page,
    keeps_draft=True,
)
def end(lead: LeadAssignment, viewer: Viewer, form: EndForm) -> Done:
    code, reason = EndCode(form.end_code.data), form.end_reason.data or None
    if form.then.data == Then.NOBODY:
        change.end(lead, code, form.said("ended_on"), reason, by=viewer)
        return Done(_team(lead), MOVES["lead", "end"].confirmation)
    successor = form.said("lead")
    change.leave(lead, code, reason, by=viewer, successor=whom(successor) if successor else None)
    return Done(_team(lead), MOVES["lead", "leave"].confirmation)


def cover_page(lead: LeadAssignment, _viewer: Viewer, form: CoverForm) -> str:
    return render("leads/cover.html", header=families.header_of(lead.family_id), of=lead, shown=form.meant, form=form)


@bp.form("/leads/<ref:lead>/cover", policy=Policy(P.LEAD_COVER, LeadAssignment), form=cover_form, page=cover_page)
def cover(lead: LeadAssignment, viewer: Viewer, form: CoverForm) -> Done:
    covering.cover_lead(lead, int(form.who.data), from_on=form.from_on.data, to_on=form.to_on.data, by=viewer)
    return Done(_team(lead), "Cover recorded. They see the family between its dates")


def end_cover_page(cover: LeadCover, _viewer: Viewer, form: EndCoverForm) -> str:
    return render("leads/end_cover.html", header=families.header_of(cover.family_id), of=cover, form=form)


@bp.form(
    "/lead-covers/<ref:cover>/end",
    policy=Policy(P.LEAD_COVER, LeadCover),
    form=end_cover_form,
    page=end_cover_page,
)
def end_cover(cover: LeadCover, viewer: Viewer, _form: EndCoverForm) -> Done:
    covering.end_lead_cover(cover, by=viewer)
    return Done(_team(cover), "The cover has ended")


def decide_page(family: Family, _viewer: Viewer, form: DecideForm) -> str:
    return render("leads/decide.html", header=families.header(family), shown=form.meant, form=form)


@bp.form(
    "/families/<ref:family>/team/lead/not-found",
    policy=Policy(P.LEAD_DECIDE, Family),
    form=decide_form,
    page=decide_page,
    keeps_draft=True,
)
def decide(family: Family, viewer: Viewer, form: DecideForm) -> Done:
    worker = form.said("worker")
    change.decide(
        family,
        NotFound(form.decision.data),
        form.why.data or "",
        by=viewer,
        worker_id=int(worker) if worker else None,
        until_on=form.said("until_on"),
    )
    return Done(f"/families/{family.ref}/team/lead", "Your decision is recorded")


@bp.get("/leading", policy=Policy(P.LEAD_CAPACITY))
def leading(viewer: Viewer) -> str:
    found = leading_page.of_viewer(viewer, g.words)
    listed(found.count)
    return render("leads/leading.html", found=found)
