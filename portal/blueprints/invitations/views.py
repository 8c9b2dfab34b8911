"""Invite somebody by email; send it again to whoever has not come yet, or withdraw it."""

from flask import url_for

from portal.blueprints.invitations import bp
from portal.blueprints.invitations.forms import (
    AgainForm,
    InviteForm,
    WithdrawForm,
    again_form,
    invite_form,
    withdraw_form,
)
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.people import User
from portal.queries import invitations as read
from portal.services import invitations as change
from portal.web.gate import concerns, listed
from portal.web.pages import Done, render
from portal.web.policy import Policy
from portal.web.refs import number_in


def list_page(_viewer: Viewer, form: AgainForm) -> str:
    found = read.not_come_yet()
    listed(len(found))
    return render("invitations/list.html", found=found, form=form)


@bp.get("/admin/invitations", policy=Policy(P.ADMINISTER))
def waiting(viewer: Viewer) -> str:
    return list_page(viewer, again_form(viewer))


@bp.form("/admin/invitations/again", policy=Policy(P.ADMINISTER), form=again_form, page=list_page, shown=False)
def send_again(viewer: Viewer, form: AgainForm) -> Done:
    invited = change.send_again(form.number, by=viewer)
    concerns(invited.ref)
    return Done(url_for("invitations.waiting"), f"{invited.name} is invited again. Links from before open nothing")


def new_page(_viewer: Viewer, form: InviteForm) -> str:
    return render("invitations/new.html", form=form)


@bp.form("/admin/invitations/new", policy=Policy(P.ADMINISTER), form=invite_form, page=new_page)
def new(viewer: Viewer, form: InviteForm) -> Done:
    invited = change.invite(
        name=form.name.data or "",
        email=form.email.data or "",
        job=form.job.data or None,
        organisation_id=number_in(form.organisation.data),
        roles=frozenset(map(Role, form.roles.data or ())),
        team_id=number_in(form.team.data) or None,
        by=viewer,
    )
    concerns(invited.ref)
    return Done(url_for("invitations.waiting"), f"{invited.name} is invited: an email with a link is on its way")


def withdraw_page(person: User, _viewer: Viewer, form: WithdrawForm) -> str:
    return render("invitations/withdraw.html", form=form, person=person)


@bp.form(
    "/admin/invitations/<ref:person>/withdraw",
    policy=Policy(P.ADMINISTER, User),
    form=withdraw_form,
    page=withdraw_page,
)
def withdraw(person: User, viewer: Viewer, form: WithdrawForm) -> Done:
    change.withdraw(person, why=form.why.data or "", by=viewer)
    return Done(url_for("invitations.waiting"), f"The invitation of {person.name} is withdrawn. Its link opens nothing")
