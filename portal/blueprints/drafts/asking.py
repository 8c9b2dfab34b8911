"""What the five parts share: gone on with or left for later, and questions put about each of several people."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from wtforms.utils import unset_value

from portal.facts.drafts import Someone
from portal.web.forms import FieldList, PortalForm, Required, Row

LEAVE = "list"


def leaving() -> bool:
    """Whether the part is left for later: it may then be unfinished, though nothing in it may be wrong."""
    return request.form.get("then") == LEAVE


class Needed(Required):
    """Needed before one goes on."""

    def __call__(self, form: Any, field: Any) -> None:
        if not leaving():
            super().__call__(form, field)


class PartForm(PortalForm):
    edits = True


class PersonRow(Row):
    """What is asked about one person; it is asked even where nothing was typed."""

    person: Someone

    @property
    def is_empty(self) -> bool:
        return False


class ByPerson(FieldList):
    """The same questions about each of several people, whose ids name the fields. An answer about anybody else is
    refused, whoever they are."""

    by_place = False
    strangers = False

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        rows: Sequence[Mapping[str, Any]] = [] if data is unset_value else data
        self.entries: list[Any] = []
        self.object_data = rows
        for row in rows:
            person: Someone = row["person"]
            asked = self._add_entry(formdata, row, index=person.id).form  # type: ignore[attr-defined]  # not in the stubs
            asked.person, asked.about = person, person.name
        known = {str(row["person"].id) for row in rows}
        ours = re.compile(re.escape(self.name) + "-([^-]*)-")
        self.strangers = any(found[1] not in known for found in map(ours.match, formdata or ()) if found)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        valid = super().validate(form, extra_validators)
        if len(self.entries) > 1:
            self._say_of_whom()
        if self.strangers:
            self.errors = [*self.errors, "Answer only for people of this {family}. Open the page again"]
        return valid and not self.strangers

    def _say_of_whom(self) -> None:
        for entry in self.entries:
            for field in entry.form:
                field.errors = [f"{entry.form.about}: {words}" for words in field.errors]


def words_of(field: Any) -> str | None:
    """What was typed, or None where nothing was."""
    return field.data or None
