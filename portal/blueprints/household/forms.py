"""One person of the family: what is known of them, that they were born, that they died."""

from typing import Any

from wtforms.validators import StopValidation

from portal.blueprints.household.why import AskWhy
from portal.core import clock
from portal.domain import births, identifiers
from portal.domain.ethnicity import ETHNICITIES
from portal.domain.viewer import Viewer
from portal.facts.people import KINDS, QUESTIONS, SEXES, YES_NO
from portal.models.families import Family, Person, PersonKind, Sex, YesNo
from portal.queries import household_forms as read
from portal.services.people import About
from portal.web.forms import (
    DateField,
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
    not_later_than_today,
    was_typed,
)


class PersonFields:
    """Every question about somebody, named as its column. What is left empty is not known."""

    kind = RadiosField(
        "Is this a child or an adult?",
        [Required("Select whether this is a child or an adult")],
        choices=choices(KINDS, PersonKind),
    )
    given_name = LineField("Given name", longest=100, called="Given name")
    family_name = LineField("Family name", [Required("Enter the family name")], longest=100, called="Family name")
    known_as = LineField("What do they like to be called, if different?", longest=100, called="This name")
    date_of_birth = DateField("Date of birth", called="Date of birth", description="For example, 27 3 2016")
    expected_on = DateField(
        "Or, if not born yet, when is the baby expected?", called="Expected date", description="For example, 27 3 2026"
    )
    sex = PickField("Sex", choices=choices(SEXES, (Sex.FEMALE, Sex.MALE), empty="Not known"))
    gender = LineField("Gender, in their own words", longest=60, called="Gender")
    ethnicity = PickField(
        "Ethnicity",
        choices=[SelectChoice("", "Not known"), *(SelectChoice(code, words) for code, words in ETHNICITIES.items())],
    )
    language = LineField("Language", longest=60, called="Language")
    interpreter_needed = PickField(
        "Do they need an interpreter?", choices=choices(YES_NO, (YesNo.YES, YesNo.NO), empty="Not known")
    )
    disability_or_send = LineField(
        "Disability, or special educational needs",
        longest=300,
        called="This",
        description="In the words the {family} uses",
    )
    school = LineField("School, nursery or college", called="School")
    health_contact = LineField("GP or health visitor", called="GP or health visitor")
    social_care_number = NormalField(
        "Social care number", read=identifiers.social_care_number, longest=40, called="Social care number"
    )
    nhs_number = NormalField("NHS number", read=identifiers.nhs_number, called="NHS number")
    upn = NormalField("Unique pupil number", read=identifiers.upn, called="Unique pupil number")

    @property
    def is_child(self) -> bool:
        return bool(self.kind.data == PersonKind.CHILD)

    def validate_given_name(self, field: LineField) -> None:
        if not field.data and not (self.is_child and self.expected_on.data):
            raise StopValidation("Enter the given name")

    def validate_date_of_birth(self, field: DateField) -> None:
        wrong = births.wrong_birth(field.data, clock.today(), is_child=self.is_child) if field.data else None
        if wrong:
            raise StopValidation(wrong)

    def validate_upn(self, field: NormalField) -> None:
        if field.data and self.kind.data == PersonKind.ADULT:
            raise StopValidation("Only a child has a unique pupil number")

    def validate_expected_on(self, field: DateField) -> None:
        if field.data is None:
            return
        if not self.is_child:
            raise StopValidation("Only a child who is not born yet can have an expected date")
        if self.date_of_birth.data:
            raise StopValidation("Enter a date of birth or an expected date, not both")
        wrong = None if field.data == field.object_data else births.wrong_expectation(field.data, clock.today())
        if wrong:
            raise StopValidation(wrong)

    @property
    def about(self) -> About:
        given: dict[str, Any] = {column: getattr(self, column).data or None for column in QUESTIONS}
        given["kind"] = PersonKind(self.kind.data)
        given["given_name"] = given["given_name"] or ""
        given["sex"] = Sex(given["sex"] or Sex.NOT_KNOWN)
        given["interpreter_needed"] = YesNo(given["interpreter_needed"] or YesNo.NOT_KNOWN)
        return About(**given)


class AddPersonForm(PersonFields, PortalForm):
    homes = TicksField("Where do they live?")

    @property
    def home_ids(self) -> list[int]:
        return [int(id_) for id_ in self.homes.data or []]


class EditPersonForm(AskWhy, PersonFields, PortalForm):
    edits = True
    offered = ("because", "reason")


class BornForm(PortalForm):
    edits = True
    on = DateField(
        "When was the baby born?",
        [Required("Enter the date of birth"), not_later_than_today],
        called="Date of birth",
        description="For example, 27 3 2026",
    )
    given_name = LineField("Given name", [Required("Enter the given name")], longest=100, called="Given name")
    family_name = LineField("Family name", [Required("Enter the family name")], longest=100, called="Family name")
    sex = PickField("Sex", choices=choices(SEXES, (Sex.FEMALE, Sex.MALE), empty="Not known"))


class LossForm(PortalForm):
    """That somebody died, or that a pregnancy ended."""

    edits = True
    on = DateField("When?", [Required("Enter the date"), not_later_than_today], called="The date")
    note = TextField(
        "Is there anything the people who help this {family} should know? (optional)",
        longest=1000,
        called="This",
        description="For example, who has told brothers and sisters, or whom the {family} would like to talk to",
    )


class CorrectLossForm(PortalForm):
    edits = True
    on = DateField("When?", [not_later_than_today], called="The date")
    mistake = TickField("This was recorded by mistake: it did not happen")
    reason = TextField("What was wrong?", [Required("Enter what was wrong")], longest=500, called="What was wrong")

    def validate_on(self, field: DateField) -> None:
        if not field.data and not field.errors and not self.mistake.data:
            raise StopValidation("Enter the date, or select that this was recorded by mistake")


def add_person_form(family: Family, _viewer: Viewer) -> AddPersonForm:
    form = AddPersonForm()
    form.homes.choices = [SelectChoice(str(id_), name) for id_, name in read.homes(family.id)]
    return form


def edit_person_form(person: Person, _viewer: Viewer) -> EditPersonForm:
    known = {column: getattr(person, column) for column in QUESTIONS}
    return EditPersonForm(version=str(person.version), **known)


def born_form(person: Person, _viewer: Viewer) -> BornForm:
    return BornForm(version=str(person.version), family_name=person.family_name, sex=person.sex)


def died_form(person: Person, _viewer: Viewer) -> Any:
    return _loss_form(person, person.died_on)


def ended_form(person: Person, _viewer: Viewer) -> Any:
    return _loss_form(person, person.pregnancy_ended_on)


def _loss_form(person: Person, recorded: Any) -> Any:
    """Once it is recorded it can be corrected. What was written meanwhile, by who did not know, is judged as that."""
    kind = CorrectLossForm if recorded and not was_typed("note") else LossForm
    return kind(version=str(person.version), on=recorded)
