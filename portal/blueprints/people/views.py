"""Those who can sign in: the list, one person, and every change of an account."""

from flask import url_for

from portal.blueprints.people import bp
from portal.blueprints.people.forms import (
    AccountForm,
    CloseForm,
    FindForm,
    OpenForm,
    SignOutForm,
    account_form,
    close_form,
    find_form,
    open_form,
    sign_out_form,
)
from portal.domain.permissions import P
from portal.domain.roles import Role
from portal.domain.viewer import Viewer
from portal.models.people import User
from portal.queries import portal_people as read
from portal.services import account_changes as change
from portal.web.gate import listed
from portal.web.pages import Answer, Done, render
from portal.web.policy import Policy
from portal.web.refs import number_in

ADMINISTER = Policy(P.ADMINISTER)
OF_ONE = Policy(P.ADMINISTER, User)


def list_page(_viewer: Viewer, form: FindForm) -> str:
    found = read.found(form.wanted)
    listed(len(found.people))
    return render("people/list.html", form=form, found=found)


@bp.form("/admin/people", policy=ADMINISTER, form=find_form, page=list_page, endpoint="listed")
def find(viewer: Viewer, form: FindForm) -> Answer:
    return Answer(lambda: list_page(viewer, form))


def person_page(person: User, viewer: Viewer, form: SignOutForm) -> str:
    return render("people/one.html", form=form, person=read.one(person), own=person.id == viewer.user_id)


@bp.get("/admin/people/<ref:person>", policy=OF_ONE)
def one(person: User, viewer: Viewer) -> str:
    listed(1)
    return person_page(person, viewer, sign_out_form(person, viewer))


def edit_page(person: User, _viewer: Viewer, form: AccountForm) -> str:
    return render("people/edit.html", form=form, person=read.one(person))


@bp.form("/admin/people/<ref:person>/edit", policy=OF_ONE, form=account_form, page=edit_page)
def edit(person: User, viewer: Viewer, form: AccountForm) -> Done:
    changed = change.change(
        person,
        name=form.name.data or "",
        email=form.email.data or "",
        phone=form.phone.data or None,
        job=form.job.data or None,
        organisation_id=number_in(form.organisation.data),
        roles=frozenset(map(Role, form.roles.data or ())),
        team_id=number_in(form.team.data) or None,
        by=viewer,
    )
    return Done(_address(person), "Saved. It counts from their next click on" if changed else "Nothing was changed")


def close_page(person: User, _viewer: Viewer, form: CloseForm) -> str:
    return render("people/close.html", form=form, person=read.one(person))


@bp.form("/admin/people/<ref:person>/close", policy=OF_ONE, form=close_form, page=close_page)
def close(person: User, viewer: Viewer, form: CloseForm) -> Done:
    change.close(person, why=form.why.data or "", by=viewer)
    return Done(_address(person), f"The account of {person.name} is closed, and they are signed out")


def open_page(person: User, _viewer: Viewer, form: OpenForm) -> str:
    return render("people/open.html", form=form, person=read.one(person))


@bp.form("/admin/people/<ref:person>/open", policy=OF_ONE, form=open_form, page=open_page)
def open_again(person: User, viewer: Viewer, form: OpenForm) -> Done:
    change.open_again(person, why=form.why.data or "", by=viewer)
    return Done(_address(person), f"The account of {person.name} is open again")


@bp.form("/admin/people/<ref:person>/sign-out", policy=OF_ONE, form=sign_out_form, page=person_page, shown=False)
def sign_out(person: User, viewer: Viewer, _form: SignOutForm) -> Done:
    change.sign_out(person, by=viewer)
    return Done(_address(person), f"{person.name} is signed out everywhere")


def _address(person: User) -> str:
    return url_for("people.one", person=person)
