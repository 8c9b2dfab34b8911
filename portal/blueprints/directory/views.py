"""The service directory: search it, read one, add, correct and retire by hand."""

from flask import url_for

from portal.blueprints.directory import bp
from portal.blueprints.directory.forms import (
    ButtonForm,
    EditForm,
    PlaceForm,
    RetireForm,
    ServiceForm,
    button_form,
    edit_form,
    new_form,
    place_form,
    retire_form,
)
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.following import Service
from portal.queries import directory as read
from portal.services import directory_changes as change
from portal.web.pages import Done, render
from portal.web.policy import Policy
from portal.web.service_search import searched

OF_ONE = Policy(P.SERVICE_EDIT, Service)


@bp.get("/services", policy=Policy(P.SERVICE_LIST))
def index(_viewer: Viewer) -> str:
    search = searched()
    return render("directory/index.html", found=read.search(search.asked), search=search)


@bp.get("/services/<ref:service>", policy=Policy(P.SERVICE_LIST, Service))
def one(service: Service, _viewer: Viewer) -> str:
    return render("directory/one.html", service=read.one(service))


def new_page(_viewer: Viewer, form: ServiceForm) -> str:
    return render(
        "directory/edit.html",
        form=form,
        heading="Add a service",
        action=url_for("directory.new"),
        same=read.same_as(form.name.data, form.organisation_name.data) if form.asks_which else [],
    )


@bp.form("/services/new", policy=Policy(P.SERVICE_EDIT), form=new_form, page=new_page, keeps_draft=True)
def new(viewer: Viewer, form: ServiceForm) -> Done:
    service = change.add(form.columns, by=viewer, another=bool(form.another.data))
    return Done(_address(service), f"{service.name} is in the directory")


def edit_page(service: Service, _viewer: Viewer, form: EditForm) -> str:
    return render(
        "directory/edit.html",
        form=form,
        heading="Correct a service",
        action=url_for("directory.edit", service=service),
        same=read.same_as(form.name.data, form.organisation_name.data, but=service) if form.asks_which else [],
        back=url_for("directory.one", service=service),
    )


@bp.form("/services/<ref:service>/edit", policy=OF_ONE, form=edit_form, page=edit_page, keeps_draft=True)
def edit(service: Service, viewer: Viewer, form: EditForm) -> Done:
    changed = change.correct(service, form.columns, by=viewer, another=bool(form.another.data))
    return Done(_address(service), "Saved. An import leaves what you corrected" if changed else "Nothing was changed")


def retire_page(service: Service, _viewer: Viewer, form: RetireForm) -> str:
    return render("directory/retire.html", form=form, service=read.one(service))


@bp.form("/services/<ref:service>/retire", policy=OF_ONE, form=retire_form, page=retire_page)
def retire(service: Service, viewer: Viewer, form: RetireForm) -> Done:
    change.retire(service, form.why.data or "", by=viewer)
    return Done(_address(service), f"{service.name} is no longer offered. You can offer it again")


def restore_page(service: Service, _viewer: Viewer, form: ButtonForm) -> str:
    return render(
        "directory/button.html",
        form=form,
        service=read.one(service),
        action=url_for("directory.restore", service=service),
        heading="Offer this service again",
        button="Offer it again",
    )


@bp.form("/services/<ref:service>/restore", policy=OF_ONE, form=button_form, page=restore_page)
def restore(service: Service, viewer: Viewer, _form: ButtonForm) -> Done:
    change.restore(service, by=viewer)
    return Done(_address(service), f"{service.name} is offered again")


def publishers_page(service: Service, _viewer: Viewer, form: ButtonForm) -> str:
    return render(
        "directory/button.html",
        form=form,
        service=read.one(service),
        action=url_for("directory.publishers", service=service),
        heading="Take what the publisher says",
        button="Take what the publisher says",
    )


@bp.form("/services/<ref:service>/publisher", policy=OF_ONE, form=button_form, page=publishers_page)
def publishers(service: Service, viewer: Viewer, _form: ButtonForm) -> Done:
    change.take_publishers(service, by=viewer)
    return Done(_address(service), "What the publisher says is taken over")


def place_page(service: Service, _viewer: Viewer, form: PlaceForm) -> str:
    return render("directory/place.html", form=form, service=read.one(service))


@bp.form("/services/<ref:service>/answers", policy=OF_ONE, form=place_form, page=place_page)
def place(service: Service, viewer: Viewer, form: PlaceForm) -> Done:
    change.place(service, int(form.organisation.data) if form.organisation.data else None, by=viewer)
    return Done(_address(service), "Saved who answers for it")


def _address(service: Service) -> str:
    return url_for("directory.one", service=service)
