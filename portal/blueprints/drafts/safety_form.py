"""Part 3: what could go wrong and what to do then, and how each adult can safely be reached."""

from dataclasses import asdict

from wtforms import Field
from wtforms.validators import ValidationError

from portal.blueprints.drafts.asking import ByPerson, Needed, PartForm, PersonRow, words_of
from portal.domain import identifiers
from portal.domain.drafts import SafeWay
from portal.models.handover import StepDown
from portal.queries import drafts as read
from portal.web.forms import LONG, FormField, NormalField, TextField, TickField

PHONE = 40
SHORT = 500


class SafeRow(PersonRow):
    phone = NormalField("Phone number", read=identifiers.phone, longest=PHONE, called="Phone number")
    by_phone = TickField("It is safe to call")
    by_text = TickField("It is safe to send a text")
    never_contact = TickField("Never contact this person")
    note = TextField(
        "What else must somebody know before they make contact? (optional)",
        longest=SHORT,
        called="What else to know",
        description="For example, only before 3pm, or never leave a message",
    )

    def validate_phone(self, field: Field) -> None:
        if (self.by_phone.data or self.by_text.data) and not field.data:
            raise ValidationError("Enter the phone number that is safe")

    def validate_never_contact(self, field: Field) -> None:
        if field.data and (self.by_phone.data or self.by_text.data):
            raise ValidationError("Select a safe way of contact, or never, but not both")

    @property
    def way(self) -> SafeWay:
        return SafeWay(
            person_id=self.person.id,
            phone=words_of(self.phone),
            by_phone=bool(self.by_phone.data),
            by_text=bool(self.by_text.data),
            never_contact=bool(self.never_contact.data),
            note=words_of(self.note),
        )


class SafetyForm(PartForm):
    risks = TextField(
        "What could go wrong for the children?",
        [Needed("Enter what could go wrong")],
        longest=LONG,
        called="What could go wrong",
        description="In plain words: what has happened, what would make it happen again",
    )
    contingency = TextField(
        "What should be done if things get worse?",
        [Needed("Enter what should be done if things get worse")],
        longest=LONG,
        called="What should be done",
        description="Who does what, whom to ring first, where the children can go",
    )
    step_up_triggers = TextField(
        "When should the {family} come back to social care?",
        [Needed("Enter when the {family} should come back to social care")],
        longest=LONG,
        called="When to come back",
        description="What somebody would see or hear, like “two missed weeks at school”",
    )
    ways = ByPerson(FormField(SafeRow))

    @property
    def safe_ways(self) -> list[SafeWay]:
        return [row.form.way for row in self.ways]


def make(step_down: StepDown) -> SafetyForm:
    return SafetyForm(
        version=str(step_down.version),
        risks=step_down.risks,
        contingency=step_down.contingency,
        step_up_triggers=step_down.step_up_triggers,
        ways=[{"person": adult, **(asdict(adult.safe) if adult.safe else {})} for adult in read.adults(step_down)],
    )
