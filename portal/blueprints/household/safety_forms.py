"""How people are kept safe: safe contact, keeping apart, a confidential address."""

from wtforms.validators import StopValidation

from portal.domain import identifiers
from portal.domain.reach import Reach
from portal.domain.viewer import Viewer
from portal.facts.meetings import APART
from portal.models.families import Family, KeepApart, KeepApartKind, Person
from portal.queries import household_forms as read
from portal.queries import households
from portal.web.forms import (
    LineField,
    NormalField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    SelectChoice,
    TextField,
    TickField,
    TicksField,
    choices,
)

NEVER = "never_contact"
WAYS = {
    "by_phone": "Call",
    "by_text": "Text",
    "by_email": "Email",
    "by_post": "Write by post",
    NEVER: "Never contact this person",
}


class ReachForm(PortalForm):
    edits = True
    ways = TicksField("What is safe?", choices=[SelectChoice(value, words) for value, words in WAYS.items()])
    phone = NormalField("Phone number", read=identifiers.phone, longest=40, called="Phone number")
    email = NormalField("Email address", read=identifiers.email, longest=254, called="Email address")
    note = LineField(
        "Anything else about contacting them safely (optional)",
        longest=500,
        called="This",
        description="For example, only on weekday mornings, or never leave a message",
    )

    def validate_ways(self, field: TicksField) -> None:
        if NEVER in (field.data or []) and len(field.data or []) > 1:
            raise StopValidation("Select the ways that are safe, or never contact this person")

    def validate_phone(self, field: NormalField) -> None:
        if not field.data and {"by_phone", "by_text"} & set(self.ways.data or []):
            raise StopValidation("Enter the phone number that is safe")

    def validate_email(self, field: NormalField) -> None:
        if not field.data and "by_email" in (self.ways.data or []):
            raise StopValidation("Enter the email address that is safe")

    @property
    def reach(self) -> Reach:
        return Reach(
            phone=self.phone.data or None,
            email=self.email.data or None,
            note=self.note.data or None,
            **dict.fromkeys(self.ways.data or [], True),
        )


class KeepApartForm(PortalForm):
    person = PickField("Who?", [Required("Choose who this is about")])
    kind = RadiosField(
        "What must not happen?",
        [Required("Select what must not happen")],
        choices=choices({kind: f"They {words}" for kind, words in APART.items()}, KeepApartKind),
    )
    other = PickField("Whom?", [Required("Choose the other person")])
    reason = TextField("Why?", [Required("Enter why they are kept apart")], longest=500, called="The reason")


class EndApartForm(PortalForm):
    edits = True
    told_by_history = True
    reason = TextField(
        "Why need they not be kept apart any more?",
        [Required("Enter why they need not be kept apart any more")],
        longest=500,
        called="The reason",
        description="For example, what a court decided, and when",
    )


class ConfidentialForm(PortalForm):
    edits = True
    address = TextField("Address", longest=400, called="Address")
    postcode = NormalField("Postcode", read=identifiers.postcode, called="Postcode")
    remove = TickField("Remove this confidential address")
    reason = LineField(
        "Why is it removed?",
        longest=500,
        called="The reason",
        description="This stands in the history: do not write an address here",
    )

    def validate_address(self, field: TextField) -> None:
        if not field.data and not self.remove.data:
            raise StopValidation("Enter the address")

    def validate_reason(self, field: LineField) -> None:
        if self.remove.data and not field.data:
            raise StopValidation("Enter why it is removed")


def reach_form(person: Person, _viewer: Viewer) -> ReachForm:
    known = read.reach_of(person)
    return ReachForm(
        version=str(person.version),
        phone=known.phone,
        email=known.email,
        note=known.note,
        ways=[way for way in WAYS if getattr(known, way)],
    )


def keep_apart_form(family: Family, _viewer: Viewer) -> KeepApartForm:
    form = KeepApartForm()
    people = [SelectChoice(str(person.id), person.name) for person in households.living(family.id)]
    for field in (form.person, form.other):
        field.choices = [SelectChoice("", "Choose"), *people]
        field.wrong = "Choose somebody of the {family}"
    return form


def end_apart_form(row: KeepApart, _viewer: Viewer) -> EndApartForm:
    return EndApartForm(version=str(row.version))


def confidential_form(person: Person, _viewer: Viewer) -> ConfidentialForm:
    known = read.secret_of(person)
    return ConfidentialForm(
        version=str(person.version),
        address=known.address if known else None,
        postcode=known.postcode if known else None,
    )
