"""What is known of an organisation, why it is retired, and what a sharing agreement says."""

from typing import Any, ClassVar

from portal.core import clock
from portal.domain import identifiers
from portal.domain.organisations import KINDS, OrganisationKind
from portal.domain.viewer import Viewer
from portal.models.people import Organisation, SharingAgreement
from portal.services.agreements import Terms
from portal.services.organisations import Known
from portal.web.forms import (
    DateField,
    LineField,
    NormalField,
    PickField,
    PortalForm,
    Required,
    TextField,
    choices,
)

WHY = 500


class OrganisationForm(PortalForm):
    name = LineField("Name", [Required("Enter the name of the organisation")], called="The name")
    kind = PickField(
        "Kind",
        [Required("Select the kind of organisation")],
        choices=choices(KINDS, OrganisationKind, empty=""),
        description="People of the council need no sharing agreement. Everybody else sees a {family} only under one",
    )
    phone = NormalField("Phone (optional)", read=identifiers.phone, longest=40, called="The phone number")
    contact = LineField(
        "Whom to ask there (optional)", called="Whom to ask there", description="A name and a way to reach them"
    )

    @property
    def known(self) -> Known:
        return Known(
            self.name.data or "", OrganisationKind(self.kind.data), self.phone.data or None, self.contact.data or None
        )


class ChangeForm(OrganisationForm):
    edits: ClassVar[bool] = True


def new_form(_viewer: Viewer) -> OrganisationForm:
    return OrganisationForm()


def change_form(organisation: Organisation, _viewer: Viewer) -> ChangeForm:
    return ChangeForm(
        version=str(organisation.version),
        name=organisation.name,
        kind=organisation.kind.value,
        phone=organisation.phone,
        contact=organisation.contact,
    )


class RetireForm(PortalForm):
    why = TextField(
        "Why is it retired?",
        [Required("Enter why it is retired")],
        longest=WHY,
        called="Why",
        description="Name no family",
    )


def retire_form(_organisation: Organisation, _viewer: Viewer) -> RetireForm:
    return RetireForm()


class ButtonForm(PortalForm):
    """A button."""


def button_form(_organisation: Organisation, _viewer: Viewer) -> ButtonForm:
    return ButtonForm()


class TeamForm(PortalForm):
    name = LineField("Name of the team", [Required("Enter the name of the team")], called="The name")


def team_form(_organisation: Organisation, _viewer: Viewer) -> TeamForm:
    return TeamForm()


class AgreementForm(PortalForm):
    starts_on = DateField("First day", [Required("Enter the first day of the agreement")], called="The first day")
    ends_on = DateField("Last day", [Required("Enter the last day of the agreement")], called="The last day")
    review_on = DateField("To be reviewed by (optional)", called="The day by which it is reviewed")
    contact = LineField(
        "Whom to ask about it (optional)",
        called="Whom to ask about it",
        description="It stands on the early help page about agreements that end",
    )
    document = LineField(
        "Where the signed document lies (optional)",
        called="Where the signed document lies",
        description="Its reference in the council’s own filing",
    )

    @property
    def terms(self) -> Terms:
        return Terms(
            self.starts_on.data,
            self.ends_on.data,
            self.review_on.data,
            self.contact.data or None,
            self.document.data or None,
        )


class ChangeAgreementForm(AgreementForm):
    edits: ClassVar[bool] = True


def new_agreement_form(_organisation: Organisation, _viewer: Viewer) -> AgreementForm:
    return AgreementForm(starts_on=clock.today())


def change_agreement_form(agreement: SharingAgreement, _viewer: Viewer) -> ChangeAgreementForm:
    return ChangeAgreementForm(
        version=str(agreement.version),
        starts_on=agreement.starts_on,
        ends_on=agreement.ends_on,
        review_on=agreement.review_on,
        contact=agreement.contact,
        document=agreement.document,
    )


class EndForm(PortalForm):
    why = TextField("Why does it end?", [Required("Enter why it ends")], longest=WHY, called="Why")


def end_form(_agreement: Any, _viewer: Viewer) -> EndForm:
    return EndForm()
