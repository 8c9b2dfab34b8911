"""The council's contact details; each is left empty for what the server's settings say."""

from portal.domain import identifiers
from portal.domain.contacts import CONTACTS
from portal.domain.viewer import Viewer
from portal.facts import administration
from portal.queries import council_contacts as read
from portal.web.forms import LineField, NormalField, PortalForm, TickField
from portal.web.pages import settings

LONGEST = 80


def _phone(key: str) -> NormalField:
    name = CONTACTS[key].name
    return NormalField(name, read=identifiers.helpline, longest=LONGEST, called=name)


class ContactsForm(PortalForm):
    """Judged by the newest change that was on the page: its `version`."""

    help_phone = _phone("help_phone")
    front_door_phone = _phone("front_door_phone")
    out_of_hours_phone = _phone("out_of_hours_phone")
    family_phone = _phone("family_phone")
    privacy_contact = LineField(CONTACTS["privacy_contact"].name, longest=LONGEST, called="The contact")
    preview = TickField("Show me first how pages would read. Nothing is saved then")

    @property
    def values(self) -> dict[str, str | None]:
        return {key: self[key].data or None for key in CONTACTS}

    @property
    def told(self) -> dict[str, str]:
        """What pages would say: the server's where none is set."""
        return {key: value or getattr(settings(), key) for key, value in self.values.items()}


def contacts_form(_viewer: Viewer) -> ContactsForm:
    form = ContactsForm(version=str(administration.newest()), **read.own())
    for key in CONTACTS:
        form[key].description = f"Left empty: {getattr(settings(), key)}, as the server is set"
    return form
