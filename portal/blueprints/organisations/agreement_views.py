"""What was agreed with an organisation about sharing: added, changed, ended at once."""

from flask import url_for

from portal.blueprints.organisations import bp
from portal.blueprints.organisations.forms import (
    AgreementForm,
    ChangeAgreementForm,
    EndForm,
    change_agreement_form,
    end_form,
    new_agreement_form,
)
from portal.domain.dates import full
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.people import Organisation, SharingAgreement
from portal.queries import organisations as read
from portal.services import agreements as change_of
from portal.web.pages import Done, render
from portal.web.policy import Policy

OF_AN_AGREEMENT = Policy(P.ADMINISTER, SharingAgreement)


def new_page(organisation: Organisation, _viewer: Viewer, form: AgreementForm) -> str:
    return render("organisations/agreement_new.html", form=form, thing=organisation)


@bp.form(
    "/admin/organisations/<ref:organisation>/agreements/new",
    policy=Policy(P.ADMINISTER, Organisation),
    form=new_agreement_form,
    page=new_page,
)
def new_agreement(organisation: Organisation, viewer: Viewer, form: AgreementForm) -> Done:
    made = change_of.add(organisation, form.terms, by=viewer)
    return Done(_address(made), f"The agreement is added: {full(made.starts_on)} to {full(made.ends_on)}")


def change_page(agreement: SharingAgreement, _viewer: Viewer, form: ChangeAgreementForm) -> str:
    name = read.name_of(agreement.organisation_id)
    return render(
        "organisations/agreement_change.html", form=form, thing=agreement, name=name, back=_address(agreement)
    )


@bp.form("/admin/agreements/<ref:agreement>/edit", policy=OF_AN_AGREEMENT, form=change_agreement_form, page=change_page)
def change_agreement(agreement: SharingAgreement, viewer: Viewer, form: ChangeAgreementForm) -> Done:
    changed = change_of.change(agreement, form.terms, by=viewer)
    return Done(_address(agreement), "Saved. It counts from their next click on" if changed else "Nothing was changed")


def end_page(agreement: SharingAgreement, _viewer: Viewer, form: EndForm) -> str:
    name = read.name_of(agreement.organisation_id)
    return render("organisations/agreement_end.html", form=form, thing=agreement, name=name, back=_address(agreement))


@bp.form("/admin/agreements/<ref:agreement>/end", policy=OF_AN_AGREEMENT, form=end_form, page=end_page)
def end_agreement(agreement: SharingAgreement, viewer: Viewer, form: EndForm) -> Done:
    change_of.end(agreement, why=form.why.data or "", by=viewer)
    return Done(_address(agreement), "The agreement has ended")


def _address(agreement: SharingAgreement) -> str:
    return url_for("organisations.one", organisation=f"{Organisation.ref_prefix}-{agreement.organisation_id}")
