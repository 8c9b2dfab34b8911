"""One page about a family: who they are, where they live, how they can safely be reached."""

from collections.abc import Sequence
from typing import Any

from wtforms.validators import StopValidation

from portal.core import clock
from portal.domain import births, identifiers
from portal.domain.permissions import P
from portal.domain.reach import Reach
from portal.domain.viewer import Viewer
from portal.models.families import PersonKind, Sex, YesNo
from portal.policies import rules
from portal.queries import already_helped
from portal.queries.doors import Terms
from portal.queries.households import KINDS, SEXES, YES_NO
from portal.services.families import NewHome, NewPerson
from portal.web import already
from portal.web.forms import (
    DateField,
    FieldList,
    FormField,
    LineField,
    NormalField,
    PickField,
    PortalForm,
    RadiosField,
    Required,
    Row,
    SelectChoice,
    TextField,
    TickField,
    TicksField,
    choices,
)

MOST_PEOPLE = 30
FIRST, SECOND, BOTH, ELSEWHERE = "first", "second", "both", "elsewhere"
PLACES = {FIRST: (0,), SECOND: (1,), BOTH: (0, 1), ELSEWHERE: ()}
WAYS = {"by_phone": "Call", "by_text": "Text", "by_email": "Email", "never_contact": "Never contact this person"}


class PersonRow(Row):
    of_two_homes = False
    given_name = LineField("Given name", longest=100, called="Given name")
    family_name = LineField("Family name", [Required("Enter the family name")], longest=100, called="Family name")
    kind = RadiosField(
        "Is this a child or an adult?",
        [Required("Select whether this is a child or an adult")],
        choices=choices(KINDS, PersonKind),
    )
    born_on = DateField("Date of birth", called="Date of birth", description="For example, 27 3 2016")
    expected_on = DateField(
        "Or, if not born yet, when is the baby expected?", called="Expected date", description="For example, 27 3 2026"
    )
    sex = PickField("Sex", choices=choices(SEXES, (Sex.FEMALE, Sex.MALE), empty="Not known"))
    relation = LineField(
        "Relationship to the children",
        longest=60,
        called="Relationship",
        description="For example, mother, stepfather, grandmother, sister",
    )
    home = RadiosField(
        "Where do they live?",
        description="Only needed where the {family} has two homes",
        choices=[
            SelectChoice(FIRST, "In the first home"),
            SelectChoice(SECOND, "In the second home"),
            SelectChoice(BOTH, "In both homes"),
            SelectChoice(ELSEWHERE, "Somewhere else, or not known"),
        ],
    )
    school = LineField("School, nursery or college", called="School")
    responsible = TickField("Has parental responsibility for the children")
    phone = NormalField("Phone number", read=identifiers.phone, longest=40, called="Phone number")
    email = NormalField("Email address", read=identifiers.email, longest=254, called="Email address")
    ways = TicksField("What is safe?", choices=[SelectChoice(value, words) for value, words in WAYS.items()])
    safe_note = LineField(
        "Anything else about contacting them safely",
        longest=500,
        called="This",
        description="For example, only on weekday mornings",
    )
    language = LineField("Language", longest=60, called="Language")
    interpreter = PickField(
        "Do they need an interpreter?", choices=choices(YES_NO, (YesNo.YES, YesNo.NO), empty="Not known")
    )
    social_care_number = NormalField(
        "Social care number", read=identifiers.social_care_number, longest=40, called="Social care number"
    )

    @property
    def is_child(self) -> bool:
        return bool(self.kind.data == PersonKind.CHILD)

    def validate_given_name(self, field: LineField) -> None:
        if not self.is_empty and not field.data and not (self.is_child and self.expected_on.data):
            raise StopValidation("Enter the given name")

    def validate_born_on(self, field: DateField) -> None:
        wrong = births.wrong_birth(field.data, clock.today(), is_child=self.is_child) if field.data else None
        if wrong:
            raise StopValidation(wrong)

    def validate_expected_on(self, field: DateField) -> None:
        if field.data is None:
            return
        if not self.is_child:
            raise StopValidation("Only a child who is not born yet can have an expected date")
        if self.born_on.data:
            raise StopValidation("Enter a date of birth or an expected date, not both")
        wrong = births.wrong_expectation(field.data, clock.today())
        if wrong:
            raise StopValidation(wrong)

    def validate_home(self, field: RadiosField) -> None:
        """With two homes nobody’s place is taken for granted."""
        if self.of_two_homes and not field.data:
            raise StopValidation("Select where they live")

    def validate_responsible(self, field: TickField) -> None:
        if field.data and self.is_child:
            raise StopValidation("Only an adult can have parental responsibility")

    def validate_phone(self, field: NormalField) -> None:
        if not field.data and {"by_phone", "by_text"} & set(self.ways.data or []):
            raise StopValidation("Enter the phone number that is safe")

    def validate_email(self, field: NormalField) -> None:
        if not field.data and "by_email" in (self.ways.data or []):
            raise StopValidation("Enter the email address that is safe")

    def validate_ways(self, field: TicksField) -> None:
        ways = field.data or []
        if "never_contact" in ways and len(ways) > 1:
            raise StopValidation("Select the ways that are safe, or never contact this person")

    def person(self, *, homes: int) -> NewPerson:
        ways = dict.fromkeys(self.ways.data or [], True)
        return NewPerson(
            kind=PersonKind(self.kind.data),
            given_name=self.given_name.data or "",
            family_name=self.family_name.data or "",
            born_on=self.born_on.data,
            expected_on=self.expected_on.data,
            sex=Sex(self.sex.data or Sex.NOT_KNOWN),
            relation=self.relation.data or None,
            responsible=bool(self.responsible.data),
            school=self.school.data or None,
            social_care_number=self.social_care_number.data or None,
            language=self.language.data or None,
            interpreter=YesNo(self.interpreter.data or YesNo.NOT_KNOWN),
            reach=Reach(
                phone=self.phone.data or None, email=self.email.data or None, note=self.safe_note.data or None, **ways
            ),
            homes=[place for place in PLACES[self.home.data or FIRST] if place < homes],
        )


class FamilyForm(PortalForm):
    name = LineField(
        "What is the family called?",
        [Required("Enter what the family is called")],
        called="The name",
        description="For example, The O’Brien family",
    )
    address = TextField("Address", longest=400, called="Address")
    postcode = NormalField("Postcode", read=identifiers.postcode, called="Postcode")
    second_address = TextField("Address of the second home", longest=400, called="Address")
    second_postcode = NormalField("Postcode of the second home", read=identifiers.postcode, called="Postcode")
    people = FieldList(FormField(PersonRow), min_entries=3)
    another = TickField("This is another {family}")

    def validate(self, extra_validators: Any = None) -> bool:
        for row in self.rows:
            row.of_two_homes = self.has_second_home
        return bool(super().validate(extra_validators))

    def validate_people(self, field: FieldList) -> None:
        if len(self.rows) > MOST_PEOPLE:
            raise StopValidation(f"Enter {MOST_PEOPLE} people or fewer")
        if all(row.kind.data == PersonKind.ADULT for row in self.rows):
            raise StopValidation("Enter at least one child, or a child who is not born yet")

    @property
    def rows(self) -> Sequence[PersonRow]:
        """The people that something was entered about."""
        return [entry.form for entry in self.people if not entry.form.is_empty]

    @property
    def has_second_home(self) -> bool:
        typed = bool(self.second_address.data or self.second_postcode.data)
        return typed or any(row.home.data in (SECOND, BOTH) for row in self.rows)

    @property
    def homes(self) -> list[NewHome]:
        first = NewHome(self.address.data or None, self.postcode.data or None)
        second = NewHome(self.second_address.data or None, self.second_postcode.data or None)
        return [first, second] if self.has_second_home else [first]

    @property
    def new_people(self) -> list[NewPerson]:
        return [row.person(homes=len(self.homes)) for row in self.rows]

    @property
    def terms(self) -> list[Terms]:
        """What would find this family, if it were here already."""
        people, postcodes = self.new_people, {home.postcode for home in self.homes if home.postcode}
        return [
            Terms(surname=person.family_name, born_on=person.born_on, postcode=postcode)
            for person in people
            for postcode in sorted(postcodes)
            if person.born_on
        ] + [Terms(number=person.social_care_number) for person in people if person.social_care_number]


class HelpedForm(FamilyForm):
    """Early help can say in one go that it works with the family already."""

    helped = RadiosField(
        "Is {early_help} working with this {family} already?",
        [Required("Select whether {early_help} works with this {family} already")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No, not yet")],
    )
    started_on = already.started_on()
    lead = already.lead()
    next_review_on = already.next_review_on()
    coordinator = PickField("Who is the {coordinator}?")

    def validate(self, extra_validators: Any = None) -> bool:
        """Where early help does not work with the family yet, what stands under the other answer is not read."""
        good = super().validate(extra_validators)
        if self.is_helped or good:
            return good
        for field in (self.started_on, self.lead, self.next_review_on, self.coordinator):
            field.errors = []
        return not self.errors

    def validate_coordinator(self, field: PickField) -> None:
        if self.is_helped and not field.data:
            raise StopValidation(already.NEEDED)

    @property
    def is_helped(self) -> bool:
        return bool(self.helped.data == "yes")


def family_form(viewer: Viewer) -> FamilyForm:
    """A family that a social worker adds is theirs: it comes to early help with a step-down."""
    if viewer.is_social_worker or not rules.allowed(viewer, P.ALREADY_HELPED):
        return FamilyForm()
    meant = already_helped.for_first_time()
    form = HelpedForm(coordinator=already.myself(meant, viewer))
    already.offer(form, meant)
    return form
