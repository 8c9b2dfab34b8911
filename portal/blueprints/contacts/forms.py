"""A contact: when, how, and for each person of the family whether they were seen."""

from typing import Any, ClassVar

from wtforms.validators import StopValidation

from portal.core import clock
from portal.domain.support import Method
from portal.domain.viewer import Viewer
from portal.domain.wording import CHOICES
from portal.models.families import Family
from portal.queries import contacts as read
from portal.queries.households import Living, living
from portal.services.contacts import IN_PERSON, Seen
from portal.web.forms import (
    LONG,
    DateField,
    FormField,
    LineField,
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
    not_later_than_today,
)

METHODS = (Method.VISIT, Method.CALL, Method.MEETING, Method.TEXT, Method.EMAIL, Method.LETTER)
ALONE, SEEN, NOT_SEEN = "alone", "seen", "not_seen"


class ChildRow(Row):
    seen = RadiosField(
        "",
        choices=[
            SelectChoice(ALONE, "Seen alone"),
            SelectChoice(SEEN, "Seen, with others there"),
            SelectChoice(NOT_SEEN, "Not seen"),
        ],
    )
    why = LineField("Why not?", longest=500, called="The reason")
    when = DateField(
        "When will they be seen?",
        called="The date",
        description="If they were not seen, answer both of these, or leave both empty. For example, 27 3 2026",
    )

    def validate_why(self, field: LineField) -> None:
        if self.when.data and self.seen.data == NOT_SEEN and not field.data:
            raise StopValidation("Enter why they were not seen")

    def validate_when(self, field: DateField) -> None:
        if self.seen.data != NOT_SEEN:
            return
        if self.why.data and not field.data:
            raise StopValidation("Enter when they will be seen")
        if field.data and field.data < clock.today():
            raise StopValidation("The date they will be seen must be today or later")


class ContactForm(PortalForm):
    begin_with: ClassVar[dict[str, str]] = {"child_": "Whether you saw a child, or why not and when"}
    people: ClassVar[list[Living]] = []
    on = DateField(
        "When was it?", [Required("Enter when it was"), not_later_than_today], default=clock.today, called="The date"
    )
    long_ago = TickField("The date is right")
    method = RadiosField(
        "How were you in touch?",
        [Required("Select how you were in touch")],
        choices=choices(CHOICES, METHODS),
    )
    tried_by = PickField("Who made or tried it?", description="What somebody told you is kept as told by them")
    answered = RadiosField(
        "Did somebody answer?",
        [Required("Select whether somebody answered")],
        choices=[SelectChoice("yes", "Yes"), SelectChoice("no", "No")],
    )
    adults = TicksField("Which adults did you see or speak to?")
    note = TextField(
        "What happened? (optional)",
        longest=LONG,
        called="The note",
        description="Write it as if the family will read it. They can ask to.",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        valid = bool(super().validate(extra_validators))
        return self._each_child() and valid

    def _each_child(self) -> bool:
        """After a visit that was answered each child is accounted for."""
        if self.method.data not in IN_PERSON or self.answered.data != "yes":
            return True
        silent = [(child, row) for child, row in self.children if not row.seen.data]
        for child, row in silent:
            row.seen.errors = [*row.seen.errors, f"Select whether you saw {child.called}"]
        return not silent

    @property
    def children(self) -> list[tuple[Living, ChildRow]]:
        rows: dict[str, Any] = self._fields
        return [(child, rows[_name(child)].form) for child in self.people if child.is_child]

    @property
    def seen(self) -> list[Seen]:
        """Adults who were met, and each child that something is known of."""
        ticked = set(self.adults.data or [])
        met = [Seen(one.id, seen=True) for one in self.people if str(one.id) in ticked]
        for child, row in self.children:
            answer = row.seen.data or (NOT_SEEN if self.method.data in IN_PERSON else None)
            if answer is not None:
                missed = answer == NOT_SEEN
                met.append(
                    Seen(
                        child.id,
                        seen=not missed,
                        alone=answer == ALONE,
                        why_not=row.why.data or None if missed else None,
                        will_see_on=row.when.data if missed else None,
                    )
                )
        return met


def _name(child: Living) -> str:
    return f"child_{child.id}"


def contact_form(family: Family, viewer: Viewer) -> ContactForm:
    """With one question for each child of this family: a child of another has no field, and so no answer."""
    found = living(family.id)
    rows = {_name(child): FormField(ChildRow) for child in found if child.is_child}
    form: ContactForm = type("ContactFormOfFamily", (ContactForm,), {"people": found, **rows})()
    form.tried_by.choices = [
        SelectChoice("", "Me"),
        *(SelectChoice(str(member_id), words) for member_id, words in read.who_may_have_tried(family.id, viewer)),
    ]
    form.adults.choices = [SelectChoice(str(one.id), one.name) for one in found if not one.is_child]
    return form
