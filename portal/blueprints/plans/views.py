"""A family's plan: its needs, its actions, and when it comes into force."""

from flask import g, request, url_for

from portal.blueprints.plans import action_forms, bp
from portal.blueprints.plans import forms as ask
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.teamwork import PlanAction, PlanNeed
from portal.queries import actions, agreement, families
from portal.queries import plans as read
from portal.services import plans as change
from portal.web.forms import PortalForm, as_saved
from portal.web.pages import Done, render
from portal.web.policy import Policy


def _plan(family: Family, page: read.PlanPage, form: ask.AgreedForm) -> str:
    with as_saved():
        revise = PortalForm()
    return render("plans/plan.html", family=families.header(family), thing=family, plan=page, form=form, revise=revise)


@bp.get("/families/<ref:family>/plan", policy=Policy(P.PLAN_VIEW, Family))
def plan(family: Family, _viewer: Viewer) -> str:
    page = read.of_family(family)
    return _plan(family, page, ask.agreed_form_of((row.id, row.what, row.owner) for row in page.proposed))


def plan_again(family: Family, _viewer: Viewer, form: ask.AgreedForm) -> str:
    return _plan(family, read.of_family(family), form)


@bp.form(
    "/families/<ref:family>/plan/agree",
    policy=Policy(P.PLAN_EDIT, Family),
    form=ask.agreed_form,
    page=plan_again,
    shown=False,
)
def agree(family: Family, viewer: Viewer, form: ask.AgreedForm) -> Done:
    number = change.agreed_at_meeting(family, [int(each) for each in form.agreed.data or ()], by=viewer)
    return Done(_address(family), f"{counted(number, '{action}', '{action:many}')} recorded as agreed at the meeting")


def need_page(family: Family, _viewer: Viewer, form: ask.NeedForm) -> str:
    return render("plans/need_new.html", family=families.header(family), why_none=read.why_none(family), form=form)


@bp.form(
    "/families/<ref:family>/plan/needs/new",
    policy=Policy(P.PLAN_EDIT, Family),
    form=ask.need_form,
    page=need_page,
    keeps_draft=True,
)
def add_need(family: Family, viewer: Viewer, form: ask.NeedForm) -> Done:
    need = change.add_need_to_plan(
        family,
        headline=form.chosen_headline,
        what=form.what.data or "",
        person_id=form.person_id,
        desired_outcome=form.desired_outcome.data or "",
        scale_start=form.scale.number,
        by=viewer,
    )
    on = url_for("plans.add_actions", family=family, need=need.ref) if _then("action") else _address(family)
    return Done(on, f"{need.ref} added to the {{plan}}")


def actions_page(family: Family, _viewer: Viewer, form: action_forms.ActionsForm) -> str:
    return render(
        "plans/action_new.html",
        family=families.header(family),
        why_none=read.why_none(family),
        limits=agreement.limits(family.id, g.words),
        form=form,
    )


@bp.form(
    "/families/<ref:family>/plan/actions/new",
    policy=Policy(P.PLAN_EDIT, Family),
    form=action_forms.actions_form,
    page=actions_page,
)
def add_actions(family: Family, viewer: Viewer, form: action_forms.ActionsForm) -> Done:
    added = change.add_actions(family, form.asked(), by=viewer)
    another = url_for("plans.add_actions", family=family, need=f"N-{added[-1].plan_need_id}")
    words = "; ".join(
        f"{action.ref} added, due {meant.words}" for action, meant in zip(added, form.meant.values(), strict=True)
    )
    return Done(another if _then("another") else _address(family), words)


def need_of_action_page(action: PlanAction, _viewer: Viewer, form: ask.NeedOfActionForm) -> str:
    return render("plans/action_need.html", action=actions.one(action), form=form)


@bp.form(
    "/actions/<ref:action>/need",
    policy=Policy(P.PLAN_EDIT, PlanAction),
    form=ask.need_of_action_form,
    page=need_of_action_page,
)
def name_need(action: PlanAction, viewer: Viewer, form: ask.NeedOfActionForm) -> Done:
    change.name_need(action, int(form.need.data), by=viewer)
    return Done(f"/families/F-{action.family_id}/plan", f"{action.ref}: {{need}} saved")


def action_words_page(action: PlanAction, _viewer: Viewer, form: ask.ActionWordsForm) -> str:
    return render("plans/action_words.html", action=actions.one(action), form=form)


@bp.form(
    "/actions/<ref:action>/family-words",
    policy=Policy(P.PLAN_EDIT, PlanAction),
    form=ask.action_words_form,
    page=action_words_page,
)
def action_words(action: PlanAction, viewer: Viewer, form: ask.ActionWordsForm) -> Done:
    change.say_to_family(action, form.said.data or None, by=viewer)
    return Done(url_for("actions.one", action=action.ref), f"{action.ref}: the words for the family saved")


def need_words_page(need: PlanNeed, _viewer: Viewer, form: ask.NeedWordsForm) -> str:
    return render("plans/need_words.html", need=read.one_need(need), form=form)


@bp.form(
    "/needs/<ref:need>/words",
    policy=Policy(P.PLAN_EDIT, PlanNeed),
    form=ask.need_words_form,
    page=need_words_page,
    keeps_draft=True,
)
def need_words(need: PlanNeed, viewer: Viewer, form: ask.NeedWordsForm) -> Done:
    change.describe(need, desired_outcome=form.desired_outcome.data or "", scale=form.scale.number, by=viewer)
    return Done(f"/families/F-{need.family_id}/plan", f"{need.ref}: the family’s words saved")


def _address(family: Family) -> str:
    return url_for("plans.plan", family=family)


def _then(wanted: str) -> bool:
    return request.form.get("then") == wanted
