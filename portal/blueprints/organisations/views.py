"""Organisations: the list, one of them, and every change of what is known of it."""

from flask import url_for

from portal.blueprints.organisations import bp
from portal.blueprints.organisations.forms import (
    ButtonForm,
    ChangeForm,
    OrganisationForm,
    RetireForm,
    TeamForm,
    button_form,
    change_form,
    new_form,
    retire_form,
    team_form,
)
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.people import Organisation
from portal.queries import organisations as read
from portal.services import organisations as change_of
from portal.web.gate import concerns, listed
from portal.web.pages import Done, render
from portal.web.policy import Policy

ADMINISTER = Policy(P.ADMINISTER)
OF_ONE = Policy(P.ADMINISTER, Organisation)


@bp.get("/admin/organisations", policy=ADMINISTER, endpoint="listed")
def every(_viewer: Viewer) -> str:
    found = read.every()
    listed(len(found))
    return render("organisations/list.html", organisations=found)


def new_page(_viewer: Viewer, form: OrganisationForm) -> str:
    return render("organisations/new.html", form=form)


@bp.form("/admin/organisations/new", policy=ADMINISTER, form=new_form, page=new_page)
def new(viewer: Viewer, form: OrganisationForm) -> Done:
    made = change_of.add(form.known, by=viewer)
    concerns(made.ref)
    return Done(_address(made), f"{made.name} is added")


def one_page(organisation: Organisation, _viewer: Viewer, form: ButtonForm) -> str:
    return render("organisations/one.html", form=form, body=read.one(organisation))


@bp.get("/admin/organisations/<ref:organisation>", policy=OF_ONE)
def one(organisation: Organisation, viewer: Viewer) -> str:
    listed(1)
    return one_page(organisation, viewer, button_form(organisation, viewer))


def change_page(organisation: Organisation, _viewer: Viewer, form: ChangeForm) -> str:
    return render("organisations/change.html", form=form, thing=organisation)


@bp.form("/admin/organisations/<ref:organisation>/edit", policy=OF_ONE, form=change_form, page=change_page)
def change(organisation: Organisation, viewer: Viewer, form: ChangeForm) -> Done:
    changed = change_of.change(organisation, form.known, by=viewer)
    return Done(_address(organisation), "Saved" if changed else "Nothing was changed")


def retire_page(organisation: Organisation, _viewer: Viewer, form: RetireForm) -> str:
    return render("organisations/retire.html", form=form, thing=organisation)


@bp.form("/admin/organisations/<ref:organisation>/retire", policy=OF_ONE, form=retire_form, page=retire_page)
def retire(organisation: Organisation, viewer: Viewer, form: RetireForm) -> Done:
    change_of.retire(organisation, why=form.why.data or "", by=viewer)
    return Done(_address(organisation), f"{organisation.name} is retired. Nobody can be invited to it")


@bp.form(
    "/admin/organisations/<ref:organisation>/bring-back", policy=OF_ONE, form=button_form, page=one_page, shown=False
)
def bring_back(organisation: Organisation, viewer: Viewer, _form: ButtonForm) -> Done:
    change_of.bring_back(organisation, by=viewer)
    return Done(_address(organisation), f"{organisation.name} is back. People can be invited to it")


def team_page(organisation: Organisation, _viewer: Viewer, form: TeamForm) -> str:
    return render("organisations/team.html", form=form, thing=organisation)


@bp.form("/admin/organisations/<ref:organisation>/teams/new", policy=OF_ONE, form=team_form, page=team_page)
def new_team(organisation: Organisation, viewer: Viewer, form: TeamForm) -> Done:
    change_of.add_team(organisation, form.name.data or "", by=viewer)
    return Done(_address(organisation), f"{form.name.data} is added")


def _address(organisation: Organisation) -> str:
    return url_for("organisations.one", organisation=organisation)
