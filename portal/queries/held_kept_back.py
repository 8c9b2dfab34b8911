"""What is held about somebody and is in no copy that this viewer can make: how much, and who has it."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from portal.core.db import db
from portal.domain import viewer as asking
from portal.domain.events import OF_REQUESTS
from portal.domain.step_downs import StepDownState
from portal.models.families import ConfidentialAddress, KeepApart, KeepApartReason, Note, NoteAudience, Person
from portal.models.handover import StepDown
from portal.models.record import Event, FormDraft
from portal.policies.scope import unscoped

KEEPERS = "the {coordinator} and the {lead_professional} read it"


@dataclass(frozen=True)
class KeptBack:
    """How many of what, in the singular and the plural; who can add it to the copy by hand."""

    number: int
    what: tuple[str, str]
    who: str


def from_copy(person: Person) -> list[KeptBack]:
    """In one statement, past the seat-belt: only how many there are."""
    viewer = asking.current()
    theirs = viewer.organisation_id if viewer else None
    family_id = person.family_id
    found: list[tuple[type[Any], list[ColumnElement[bool]], tuple[str, str], str]] = [
        (
            ConfidentialAddress,
            [ConfidentialAddress.person_id == person.id],
            ("confidential address", "confidential addresses"),
            KEEPERS,
        ),
        (
            KeepApartReason,
            [
                KeepApartReason.keep_apart_id.in_(
                    select(KeepApart.id).where(or_(KeepApart.person_id == person.id, KeepApart.other_id == person.id))
                )
            ],
            ("reason why two people are kept apart", "reasons why two people are kept apart"),
            KEEPERS,
        ),
        (
            Note,
            [
                Note.family_id == family_id,
                Note.audience == NoteAudience.ORGANISATION,
                Note.organisation_id != theirs,
            ],
            ("note for people of another organisation alone", "notes for people of another organisation alone"),
            "the organisation of whoever wrote it has it",
        ),
        (
            Event,
            [
                Event.family_id == family_id,
                Event.keepers_only.is_(True),
                Event.kind.not_in(OF_REQUESTS),
                Event.subject.in_([person.ref, f"F-{family_id}"]),
            ],
            ("line of history about a confidential address", "lines of history about a confidential address"),
            KEEPERS,
        ),
        (
            StepDown,
            [StepDown.family_id == family_id, StepDown.state == StepDownState.DRAFT],
            ("{step_down} that is still being written", "{step_down:many} that are still being written"),
            "the {social_worker} has it",
        ),
        (
            FormDraft,
            [FormDraft.family_id == family_id],
            ("form that somebody is writing", "forms that somebody is writing"),
            "what is typed is in the record once it is sent",
        ),
    ]
    counts = [select(func.count()).select_from(model).where(*wanted).scalar_subquery() for model, wanted, *_ in found]
    with unscoped("how much is held and not in a copy"):
        numbers = db.session.execute(select(*counts)).one()
    return [
        KeptBack(number, what, who)
        for number, (_model, _wanted, what, who) in zip(numbers, found, strict=True)
        if number
    ]
