"""A request to lead and its answer; asking somebody, again or in place of who said no."""

from portal.blueprints.leads import bp
from portal.blueprints.leads.forms import (
    Answer,
    AnswerForm,
    AskForm,
    ToldForm,
    WithdrawForm,
    answer_form,
    ask_form,
    told_form,
    whom,
    withdraw_form,
)
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.domain.wording import MOVES
from portal.models.families import Family
from portal.models.handover import LeadAssignment
from portal.queries import doors, families
from portal.services import leads as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def answer_page(nomination: LeadAssignment, viewer: Viewer, form: AnswerForm) -> str:
    return render(
        "leads/answer.html", shown=doors.nomination(nomination, viewer), nomination_ref=nomination.ref, form=form
    )


@bp.form(
    "/nominations/<ref:nomination>",
    policy=Policy(P.LEAD_ANSWER, LeadAssignment),
    form=answer_form,
    page=answer_page,
    keeps_draft=True,
)
def answer(nomination: LeadAssignment, viewer: Viewer, form: AnswerForm) -> Done:
    if form.answer.data == Answer.YES:
        change.accept(nomination, by=viewer)
        return Done(f"/families/{Family.ref_prefix}-{nomination.family_id}", MOVES["lead", "accept"].confirmation)
    change.decline(nomination, form.said("answer_reason"), by=viewer)
    return Done("/my-actions", MOVES["lead", "decline"].confirmation)


def told_page(nomination: LeadAssignment, _viewer: Viewer, form: ToldForm) -> str:
    return render("leads/told.html", header=families.header_of(nomination.family_id), of=nomination, form=form)


@bp.form(
    "/nominations/<ref:nomination>/as-told",
    policy=Policy(P.LEAD_NOMINATE, LeadAssignment, moves=("accept_told",)),
    form=told_form,
    page=told_page,
    keeps_draft=True,
)
def told(nomination: LeadAssignment, viewer: Viewer, form: ToldForm) -> Done:
    address = f"/families/{Family.ref_prefix}-{nomination.family_id}/team/lead"
    if form.answer.data == Answer.YES:
        change.accept_as_told(nomination, form.told(), by=viewer)
        return Done(address, MOVES["lead", "accept_told"].confirmation)
    change.decline_as_told(nomination, form.said("answer_reason"), form.told(), by=viewer)
    return Done(address, MOVES["lead", "decline_told"].confirmation)


def withdraw_page(nomination: LeadAssignment, _viewer: Viewer, form: WithdrawForm) -> str:
    return render("leads/withdraw.html", header=families.header_of(nomination.family_id), of=nomination, form=form)


@bp.form(
    "/nominations/<ref:nomination>/withdraw",
    policy=Policy(P.LEAD_NOMINATE, LeadAssignment, moves=("withdraw",)),
    form=withdraw_form,
    page=withdraw_page,
)
def withdraw(nomination: LeadAssignment, viewer: Viewer, _form: WithdrawForm) -> Done:
    change.withdraw(nomination, by=viewer)
    return Done(
        f"/families/{Family.ref_prefix}-{nomination.family_id}/team/lead", MOVES["lead", "withdraw"].confirmation
    )


def ask_page(family: Family, _viewer: Viewer, form: AskForm) -> str:
    return render("leads/ask.html", header=families.header(family), family=family, shown=form.meant, form=form)


@bp.form(
    "/families/<ref:family>/team/lead",
    policy=Policy(P.LEAD_NOMINATE, Family),
    form=ask_form,
    page=ask_page,
)
def ask(family: Family, viewer: Viewer, form: AskForm) -> Done:
    change.ask(family, whom(form.lead.data), by=viewer)
    return Done(f"/families/{family.ref}/team", "They have been asked to be the {lead_professional}")
