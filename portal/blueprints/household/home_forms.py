"""Homes: one more, one put right, and who moves in and out."""

from typing import Any

from wtforms.validators import StopValidation

from portal.domain import identifiers
from portal.domain.viewer import Viewer
from portal.models.families import Family, Household, Person
from portal.queries import household_forms as read
from portal.services.homes import Address, Move
from portal.services.people import Why
from portal.web.forms import (
    DateField,
    LineField,
    NormalField,
    PickField,
    PortalForm,
    Required,
    SelectChoice,
    TextField,
    TicksField,
    not_later_than_today,
)

NEW = "new"


class HomeFields:
    name = LineField(
        "What is this home called?",
        [Required("Enter what this home is called")],
        longest=100,
        called="The name",
        description="For example, Grandmother’s home. Everybody who works with the {family} sees it, so no address",
    )
    address = TextField("Address", longest=400, called="Address")
    postcode = NormalField("Postcode", read=identifiers.postcode, called="Postcode")

    @property
    def home(self) -> Address:
        return Address(self.name.data or "", self.address.data or None, self.postcode.data or None)


class AddHomeForm(HomeFields, PortalForm):
    pass


class EditHomeForm(HomeFields, PortalForm):
    edits = True
    offered = ("reason",)
    reason = TextField(
        "Why is the address corrected?",
        longest=500,
        called="The reason",
        description="Needed where the address was known. This stands in the history: do not write an address here",
    )

    @property
    def why(self) -> Why:
        return Why(True, self.reason.data or None)


class MoveForm(PortalForm):
    edits = True
    leaves = PickField("Which home do they leave?")
    left_on = DateField(
        "When did they leave?", [not_later_than_today], called="Date they left", description="For example, 27 3 2025"
    )
    joins = PickField("Where do they live now?")
    joined_on = DateField(
        "Since when? (leave empty if not known)",
        [not_later_than_today],
        called="Date they came",
        description="For example, 27 3 2025",
    )
    name = LineField("What is the new home called?", longest=100, called="The name")
    address = TextField("Address of the new home", longest=400, called="Address")
    postcode = NormalField("Postcode of the new home", read=identifiers.postcode, called="Postcode")
    others = TicksField("Who moves with them?")

    def validate_left_on(self, field: DateField) -> None:
        if self.leaves.data and not field.data and not field.errors:
            raise StopValidation("Enter when they left")
        if field.data and not self.leaves.data:
            raise StopValidation("Choose which home they left, or leave this date empty")

    def validate_joins(self, field: PickField) -> None:
        if not field.data and not self.leaves.data:
            raise StopValidation("Choose which home they leave, where they live now, or both")

    def validate_name(self, field: LineField) -> None:
        if self.joins.data == NEW and not field.data:
            raise StopValidation("Enter what the new home is called")

    @property
    def move(self) -> Move:
        return Move(
            leaves=int(self.leaves.data) if self.leaves.data else None,
            left_on=self.left_on.data,
            joins=self._joins(),
            joined_on=self.joined_on.data,
            others=[int(id_) for id_ in self.others.data or []],
        )

    def _joins(self) -> int | Address | None:
        if self.joins.data == NEW:
            return Address(self.name.data or "", self.address.data or None, self.postcode.data or None)
        return int(self.joins.data) if self.joins.data else None


def add_home_form(_family: Family, _viewer: Viewer) -> AddHomeForm:
    return AddHomeForm()


def edit_home_form(home: Household, _viewer: Viewer) -> EditHomeForm:
    """Nothing of the home stands in it for whoever may not read its address."""
    known: dict[str, Any] = {"name": home.name, "address": home.address, "postcode": home.postcode}
    return EditHomeForm(version=str(home.version), **(known if read.may_change(home) else {}))


def move_form(person: Person, _viewer: Viewer) -> MoveForm:
    stays = read.stays(person)
    form = MoveForm(version=str(person.version))
    form.leaves.choices = [SelectChoice("", "They leave no home"), *_choices(stays.now)]
    form.leaves.wrong = "Choose a home that they live in"
    # Also where they live: choosing it again is answered in words.
    form.joins.choices = [
        SelectChoice("", "Not known, or no change"),
        *_choices(stays.elsewhere),
        *_choices(stays.now),
        SelectChoice(NEW, "A home that is not listed"),
    ]
    form.others.choices = _choices(stays.others)
    return form


def _choices(of: Any) -> list[SelectChoice]:
    return [SelectChoice(str(id_), words) for id_, words in of]
