"""Whoever holds the database alone reads nothing of what could bring somebody into danger."""

from sqlalchemy import select

from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.reach import Reach
from portal.models.families import ConfidentialAddress, Family, KeepApartKind, NoteAudience, Person, SafeContact
from portal.models.record import Event
from portal.services import history, notes, safety
from tests.support.keys import readable
from tests.support.people import Council, an_active_family
from tests.support.web import SignIn

NUMBER, EMAIL, HOW = "07700 900 417", "blue.door@mail.example", "Only on Tuesdays after the gym"
ADDRESS, POSTCODE = "41 Heron Gate", "AF7 4QQ"
NOTE, WHY = "A packed bag stands at Heron cottage", "He waited for her outside the school"
CANARIES = (NUMBER, EMAIL, HOW, ADDRESS, POSTCODE, NOTE, WHY)


def told(council: Council) -> tuple[Family, Person]:
    """A family of which all that is on record."""
    team = an_active_family(council)
    with council.as_(council.coordinator) as viewer:
        family = db.session.get_one(Family, team.family.id)
        parent = db.session.get_one(Person, team.home.parent.id)
        child = db.session.get_one(Person, team.home.children[0].id)
        safety.reach(parent, Reach(phone=NUMBER, email=EMAIL, by_text=True, by_email=True, note=HOW), by=viewer)
        safety.reach(parent, Reach(phone=NUMBER, email=EMAIL, by_email=True, note=HOW), by=viewer)
        safety.hide_address(parent, ADDRESS, POSTCODE, by=viewer)
        safety.keep_apart(family, parent.id, child.id, KeepApartKind.MUST_NOT_MEET, reason=WHY, by=viewer)
        notes.write(family, text=NOTE, audience=NoteAudience.ORGANISATION, by=viewer)
        history.record(E.FAMILY_BROUGHT_UP_TO_DATE, family, by=viewer, data={"what": f"Phone of Ada: {NUMBER} (new)"})
    return family, parent


class TestTheDatabaseAlone:
    def test_tells_nothing_of_how_and_where_somebody_is_reached(self, council: Council) -> None:
        told(council)

        found = readable(council.app)

        assert [each for each in CANARIES if each in found] == []
        assert "Early help" in found or "Ambleford" in found, "nothing at all could be read: this proves nothing"

    def test_and_the_portal_tells_all_of_it_to_whom_it_is_for(self, council: Council, sign_in: SignIn) -> None:
        family, _ = told(council)
        browser = sign_in(council.coordinator)

        shown = "\n".join(
            browser.get(f"/families/{family.ref}{page}").main for page in ("", "/household", "/history", "/team")
        )

        assert [each for each in CANARIES if each not in shown] == []
        assert f"from “text {NUMBER}, or email {EMAIL}. {HOW}” to “email {EMAIL}. {HOW}”" in shown
        assert f"Phone of Ada: {NUMBER} (new)" in shown

    def test_a_list_of_families_opens_nothing(self, council: Council, sign_in: SignIn) -> None:
        """Of a value that cannot be opened a page would say so: the worklist does not look."""
        family, _ = told(council)
        with council.behind_the_scenes():
            for model in (SafeContact, ConfidentialAddress):
                for row in db.session.scalars(select(model)):
                    for name in ("phone_sealed", "address_sealed"):
                        if hasattr(row, name):
                            setattr(row, name, type(getattr(row, name))(f"x.{name}", "1.00000000.AAAA", None))
        browser = sign_in(council.coordinator)

        assert family.name in browser.get("/families").main
        assert browser.get(f"/families/{family.ref}").status == 500

    def test_history_that_cannot_be_read_says_so(self, council: Council, sign_in: SignIn) -> None:
        family, _ = told(council)
        with council.behind_the_scenes():
            first, second = db.session.scalars(
                select(Event).where(Event.kind == E.SAFE_CONTACT_CHANGED).order_by(Event.id)
            )
            first.private_sealed = second.private_sealed

        page = sign_in(council.coordinator).get(f"/families/{family.ref}/history")

        assert page.status == 500
        assert "Part of this record can’t be read" in page.main
