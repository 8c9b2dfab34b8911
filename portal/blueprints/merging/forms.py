"""Which record is kept, who of the other one is who, and why; why it is not confirmed."""

from collections.abc import Iterator
from typing import Any

from flask import request

from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import merging as read
from portal.web.forms import HiddenField, PickField, PortalForm, RadiosField, Required, SelectChoice, TextField

LONGEST = 1000
# Begins the name of the question who somebody of the other record is.
SAME = "same_"
NOBODY = "nobody"


class ProposeForm(PortalForm):
    """With one question more for each person of the other record: see `propose_form`."""

    other = HiddenField()
    keep = RadiosField("Which record is kept?", [Required("Select which record is kept")])
    why = TextField(
        "How do you know that they are one {family}?",
        [Required("Enter how you know that they are one family")],
        longest=LONGEST,
        called="How you know",
        description="Whoever confirms it reads this, and it stands in the history of both",
    )

    def __iter__(self) -> Iterator[Any]:
        """As they stand on the page, and so do their errors."""
        return iter(sorted(super().__iter__(), key=lambda field: not field.name.startswith(SAME)))

    @property
    def about_people(self) -> list[Any]:
        return [field for field in self if field.name.startswith(SAME)]

    def pairs(self) -> dict[int, int]:
        """By person of the other record: who of this one they are."""
        return {
            int(field.name.removeprefix(SAME)): int(field.data)
            for field in self.about_people
            if field.data and field.data != NOBODY
        }

    def validate(self, extra_validators: Any = None) -> bool:
        whole = bool(super().validate(extra_validators))
        taken: set[str] = set()
        for field in self.about_people:
            if field.data in taken:
                self.refuse(field.name, "Two people of one record cannot both be the same person")
                whole = False
            taken |= {field.data} - {NOBODY, None}
        return whole


def other_of(family: Family) -> Family | None:
    """The other record that the page or the form names, of those that the viewer reaches."""
    return read.other_of(family, request.form.get("other") or request.args.get("other") or "")


def propose_form(family: Family, _viewer: Viewer) -> ProposeForm:
    other = other_of(family)
    if other is None:
        return ProposeForm()
    asked = dict(_about_people(family, other))
    form: ProposeForm = type("ProposeForm", (ProposeForm,), asked)(other=other.ref)
    form.keep.choices = [SelectChoice(each.ref, f"{each.ref}, {each.name}") for each in (family, other)]
    return form


def _about_people(family: Family, other: Family) -> Iterator[tuple[str, PickField]]:
    ours, theirs, guessed = read.people_of(family.id), read.people_of(other.id), read.guessed(family, other)
    for each in theirs:
        alike = [one for one in ours if one.is_child == each.is_child]
        yield (
            f"{SAME}{each.id}",
            PickField(
                f"{each.name}, {read.born_of(each)}",
                [Required(f"Select who {each.name} is in {family.ref}, or that they are somebody else")],
                default=str(guessed[each.id]) if each.id in guessed else None,
                choices=[
                    SelectChoice("", "Choose who this is"),
                    SelectChoice(NOBODY, f"Somebody else, who is not in {family.ref}"),
                    *(
                        SelectChoice(str(one.id), f"The same person as {one.name}, {read.born_of(one)}")
                        for one in alike
                    ),
                ],
            ),
        )


class ConfirmForm(PortalForm):
    pass


class DeclineForm(PortalForm):
    why = TextField(
        "Why are they not merged?",
        [Required("Enter why they are not merged")],
        longest=LONGEST,
        called="Why they are not merged",
    )


class PartForm(PortalForm):
    why = TextField(
        "Why are they two {family:many} after all?",
        [Required("Enter why they are taken apart")],
        longest=LONGEST,
        called="Why they are taken apart",
        description="It stands in the history of both",
    )


def form_of(kind: type[PortalForm]) -> Any:
    def make(_family: Family, _viewer: Viewer) -> PortalForm:
        return kind()

    return make
