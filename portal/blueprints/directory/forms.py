"""A service as somebody of early help writes it down or corrects it."""

from typing import Any

from portal.domain import identifiers
from portal.domain.viewer import Viewer
from portal.models.following import Service
from portal.queries import directory as read
from portal.web.forms import (
    DateField,
    LineField,
    NormalField,
    NumberField,
    PickField,
    PortalForm,
    Required,
    SelectChoice,
    TextField,
    TickField,
    not_later_than_today,
)
from portal.web.service_search import OLDEST


class ServiceForm(PortalForm):
    name = LineField("Name", [Required("Enter the name of the service")], called="The name", longest=300)
    organisation_name = LineField("Who runs it?", [Required("Enter who runs it")], called="Who runs it", longest=300)
    another = TickField("It is another service: keep both")
    description = TextField("What does it offer? (optional)", called="What it offers", longest=10_000)
    phone = NormalField("Phone (optional)", read=identifiers.helpline, called="The phone number", longest=60)
    email = NormalField("Email (optional)", read=identifiers.email, called="The email address", longest=254)
    url = NormalField(
        "Web page (optional)", read=identifiers.web_page, called="The web page", longest=490
    )  # and https://
    address = LineField("Where is it? (optional)", called="Where it is", longest=500)
    postcode = NormalField("Postcode (optional)", read=identifiers.postcode, called="Postcode", longest=20)
    opening = TextField("When is it open? (optional)", called="When it is open", longest=1000)
    fees = LineField("What does it cost? (optional)", called="What it costs", longest=500)
    minimum_age = NumberField("From which age? (optional)", called="The lowest age", most=OLDEST)
    maximum_age = NumberField("Up to which age? (optional)", called="The highest age", most=OLDEST)
    topics = TextField(
        "What does it help with? (optional)",
        called="What it helps with",
        description="One on each line, like: debt",
        longest=2000,
    )
    assured_on = DateField(
        "When did you last make sure that this is right? (optional)",
        [not_later_than_today],
        called="The day it was last assured",
    )
    alert = TextField(
        "What should people know before they suggest it? (optional)",
        called="What people should know",
        longest=1000,
    )

    @property
    def asks_which(self) -> bool:
        """Whether one of that name is there already, so that it is asked which is meant."""
        return bool(self.another.errors or self.another.data)

    @property
    def columns(self) -> dict[str, Any]:
        """What was typed, as the columns hold it; what is empty is not known."""
        typed = {name: self[name].data or None for name in _TEXTS}
        return {
            **typed,
            "minimum_age": self.minimum_age.number,
            "maximum_age": self.maximum_age.number,
            "topics": list(
                dict.fromkeys(line.strip() for line in (self.topics.data or "").split("\n") if line.strip())
            ),
            "assured_on": self.assured_on.data,
        }


_TEXTS = (
    "name", "organisation_name", "description", "phone", "email", "url", "address", "postcode", "opening", "fees",
    "alert",
)  # fmt: skip


def new_form(_viewer: Viewer) -> ServiceForm:
    return ServiceForm()


class EditForm(ServiceForm):
    edits = True


def edit_form(service: Service, _viewer: Viewer) -> EditForm:
    return EditForm(**read.as_typed(service), version=str(service.version))


class RetireForm(PortalForm):
    edits = True
    why = TextField(
        "Why is it no longer offered?", [Required("Enter why it is no longer offered")], called="Why", longest=500
    )


def retire_form(service: Service, _viewer: Viewer) -> RetireForm:
    return RetireForm(version=str(service.version), why=service.changed_why)


class ButtonForm(PortalForm):
    """One button that says all."""

    edits = True


def button_form(service: Service, _viewer: Viewer) -> ButtonForm:
    return ButtonForm(version=str(service.version))


class PlaceForm(PortalForm):
    edits = True
    organisation = PickField("Whose people answer what is sent to it?")


def place_form(service: Service, _viewer: Viewer) -> PlaceForm:
    form = PlaceForm(version=str(service.version), organisation=str(service.organisation_id or ""))
    nobody = SelectChoice("", "Nobody signs in for it: what it says is recorded as told")
    form.organisation.choices = [nobody, *(SelectChoice(*pair) for pair in read.organisations())]
    return form
