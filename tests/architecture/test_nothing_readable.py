"""Whoever holds the database alone reads nothing of what could bring somebody into danger."""

from datetime import date

from sqlalchemy import select
from structlog.testing import capture_logs

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.domain.reach import Reach
from portal.domain.step_downs import NoKind, StepDownState
from portal.domain.support import Escalation
from portal.models.families import (
    ConfidentialAddress,
    Family,
    Household,
    KeepApartKind,
    NoteAudience,
    Person,
    SafeContact,
)
from portal.models.following import SharedReferral, SupportReferral
from portal.models.handover import StepDown
from portal.models.record import Event
from portal.models.step_down_ends import FamilySaidNo
from portal.models.teamwork import TeamMember
from portal.services import history, homes, notes, safety, team_members
from portal.services.homes import Address
from portal.services.people import Why
from tests.support.handovers import Handover, a_handover
from tests.support.keys import lies_in, readable
from tests.support.people import Council, an_active_family
from tests.support.receiving import sent
from tests.support.web import SignIn, date_parts

NUMBER, EMAIL, HOW = "07700 900 417", "blue.door@mail.example", "Only on Tuesdays after the gym"
ADDRESS, POSTCODE = "41 Heron Gate", "AF7 4QQ"
NOTE, WHY = "A packed bag stands at Heron cottage", "He waited for her outside the school"
CANARIES = (NUMBER, EMAIL, HOW, ADDRESS, POSTCODE, NOTE, WHY)
HELPER, WATCHER, SERVICE = "07700 900 561", "At the bakery on Finch Lane", "Ring the aunt after ten"
OTHERS = (HELPER, WATCHER, SERVICE)
# Of everybody who signs in.
PROFESSIONAL = "01632 960 200"
# Before and since it was corrected.
HOMES = ("1 Mill Lane", "AF1 1AA", "7 Finch Street", "AF8 8ZQ")


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


def lived(council: Council) -> Family:
    """A family whose address was corrected."""
    team = an_active_family(council)
    with council.as_(council.coordinator) as viewer:
        house = db.session.scalars(select(Household)).one()
        new = Address(house.name, "7 Finch Street, Ambleford", HOMES[3])
        homes.correct(house, new, Why(reason="They were asked again"), by=viewer)
        return db.session.get_one(Family, team.family.id)


def told_of_others(council: Council) -> Handover:
    """A family with a helper who was renamed and has a new number, somebody who keeps an eye out, and support that was
    sent to a service with people here."""
    handover = a_handover(council)
    sent(council, handover.team.home)
    with council.as_(council.coordinator) as viewer:
        member = db.session.get_one(TeamMember, handover.outside.id)
        team_members.correct(member, by=viewer, name="Nan Okoro", contact=HELPER)
        said_no = FamilySaidNo(
            family_id=handover.family.id,
            step_down_id=handover.step_down.id,
            kind=NoKind.NOT_REACHED,
            words="Nobody opened the door",
            way_back="Ring the school nurse",
            review_by=Escalation.EARLY_HELP_MANAGER,
            watcher_name="Lou Finch",
            watcher_contact=WATCHER,
            watcher_told="By phone",
            recorded_by_name=viewer.name,
            recorded_at=clock.now(),
        )
        db.session.add(said_no)
        db.session.scalars(select(SupportReferral)).one().safe_contact = SERVICE
        db.session.scalars(select(SharedReferral)).one().safe_contact = SERVICE
    return handover


class TestTheDatabaseAlone:
    def test_tells_nothing_of_how_others_are_reached_and_the_portal_tells_all(
        self, council: Council, sign_in: SignIn
    ) -> None:
        handover = told_of_others(council)
        found = readable(council.app)
        assert [each for each in OTHERS if each in found] == []
        assert "Lou Finch" in found

        with council.behind_the_scenes():
            db.session.get_one(StepDown, handover.step_down.id).state = StepDownState.FAMILY_SAID_NO
            history.changed(handover.family.id)
            referral = db.session.scalars(select(SupportReferral)).one().ref
            shared = db.session.scalars(select(SharedReferral)).one().ref
        own = (f"/families/{handover.ref}/team", f"/families/{handover.ref}/history")
        browser = sign_in(council.coordinator)
        shown = [browser.get(path).main for path in (*own, f"/step-downs/{handover.step_down.ref}")]

        assert [HELPER in page for page in shown] == [True, True, False]
        assert WATCHER in shown[2]
        assert SERVICE in browser.get(f"/referrals/{referral}").main
        assert SERVICE in sign_in(council.partner).get(f"/received/{shared}").main

    def test_tells_nothing_of_where_a_family_lives_and_lived_and_the_portal_finds_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        family = lived(council)
        found = readable(council.app)

        assert [each for each in HOMES if each in found] == []
        browser = sign_in(council.coordinator)
        household = browser.get(f"/families/{family.ref}/household").main
        assert [each for each in HOMES if each not in household] == []
        assert "7 Finch Street, Ambleford, AF8 8ZQ" in browser.get(f"/families/{family.ref}").main
        child = {"surname": "O’Neill", **date_parts("born_on", date(2017, 3, 1)), "reason": "A call"}
        looking = sign_in(council.front_door)
        assert family.ref in looking.submit("/look-up", {**child, "postcode": HOMES[3]}).text_of(".app-found")
        assert "No family found" in looking.submit("/look-up", {**child, "postcode": HOMES[1]}).main

    def test_tells_nothing_of_how_somebody_who_works_there_is_rung_and_the_portal_tells_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        _, shared = sent(council, team.home)

        assert PROFESSIONAL not in readable(council.app)
        assert PROFESSIONAL in sign_in(council.partner).get(f"/received/{shared.ref}").main
        assert PROFESSIONAL in sign_in(council.coordinator).get(f"/families/{team.ref}/team").main
        assert PROFESSIONAL in sign_in(council.admin).get(f"/admin/people/{council.lead.ref}").main
        card = sign_in(council.front_door).submit("/look-up", {"number": team.ref, "reason": "A call"})
        assert PROFESSIONAL in card.text_of(".app-found")

    def test_says_of_two_postcodes_only_whether_they_are_the_same(self, council: Council) -> None:
        lived(council)
        with council.behind_the_scenes():
            family = db.session.scalars(select(Family)).first()
            assert family is not None
            more = (("One", HOMES[3]), ("Other", HOMES[1]), ("Not known", None))
            db.session.add_all(Household(family_id=family.id, name=name, postcode=said) for name, said in more)

        first, same, other, unknown = lies_in(council.app, "household.postcode_mark")

        assert (first == same, first == other, unknown) == (True, False, None)
        assert len(set(lies_in(council.app, "household.postcode_sealed"))) == 4

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
        with capture_logs() as logged:
            browser.get("/families")
            assert [line for line in logged if "place" in line] == []
            browser.get(f"/families/{family.ref}")
            assert [line for line in logged if "place" in line] != []

    def test_history_that_cannot_be_read_says_so(self, council: Council, sign_in: SignIn) -> None:
        family, _ = told(council)
        with council.behind_the_scenes():
            first, second = db.session.scalars(
                select(Event).where(Event.kind == E.SAFE_CONTACT_CHANGED).order_by(Event.id)
            )
            first.private_sealed = second.private_sealed

        page = sign_in(council.coordinator).get(f"/families/{family.ref}/history")

        assert page.status == 200
        assert "from “This cannot be read.” to “This cannot be read.”" in page.main
