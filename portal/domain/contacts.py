"""Whom pages and letters tell people to ring: what the council can set for itself."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Contact:
    """`name` as the form asks for it, and `sentences` in which it stands, where the gap is."""

    name: str
    sentences: tuple[str, ...]


# By the name of the server's setting that holds it where the council has set none.
CONTACTS: Mapping[str, Contact] = {
    "help_phone": Contact(
        "Help with the portal",
        (
            "Help with using this service: call {}.",
            "Sorry, there is a problem with the service. Try again, or call {}.",
        ),
    ),
    "front_door_phone": Contact("Worried about a child, in office hours", ("Worried about a child: call {}",)),
    "out_of_hours_phone": Contact(
        "Worried about a child, at night and at weekends", ("In the evening, at night and at weekends: call {}",)
    ),
    "family_phone": Contact(
        "For families who answer a question", ("Or call us on {}, and we will write your answer down.",)
    ),
    "privacy_contact": Contact("Questions about what is kept", ("Ask about what is kept, or complain: {}",)),
}
