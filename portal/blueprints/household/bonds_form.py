"""How one person belongs to each of the others, asked for the people of this family."""

from typing import Any, ClassVar

from portal.blueprints.household.why import AskWhy
from portal.domain.viewer import Viewer
from portal.models.families import Person
from portal.queries import household_forms as read
from portal.queries.household_forms import Other
from portal.services.kinship import Bond
from portal.web.forms import LineField, PortalForm, TickField


class BondsForm(AskWhy, PortalForm):
    edits = True
    offered = ("because", "reason")
    begin_with: ClassVar[dict[str, str]] = {"relation-": "What is one to the other?"}
    others: ClassVar[list[Other]] = []

    @property
    def bonds(self) -> dict[int, Bond]:
        return {
            other.id: Bond(
                relation=self[f"relation-{other.id}"].data or None,
                responsible=bool(self[f"responsible-{other.id}"].data) if other.opposite else False,
            )
            for other in self.others
        }


def bonds_form(person: Person, _viewer: Viewer) -> BondsForm:
    others = read.others(person)
    fields: dict[str, Any] = {}
    known: dict[str, Any] = {}
    for other in others:
        fields[f"relation-{other.id}"] = LineField(
            f"What is {person.name} to {other.name}?", longest=60, called="The relationship"
        )
        known[f"relation-{other.id}"] = other.relation
        if other.opposite:
            fields[f"responsible-{other.id}"] = TickField(read.responsibility_words(person, other))
            known[f"responsible-{other.id}"] = other.responsible
    of_person = type("BondsFormOfPerson", (BondsForm,), {"others": others, **fields})
    form: BondsForm = of_person(version=str(person.version), **known)
    return form
