"""Confidential addresses, and how one parent is reached, on nothing that leaves the portal: papers, files, letters."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.models.families import (
    ConfidentialAddress,
    Family,
    Household,
    HouseholdMembership,
    Person,
    PersonKind,
    SafeContact,
)
from portal.models.teamwork import Meeting, TeamMember
from portal.services import history
from tests.support.canaries import letters
from tests.support.handovers import a_meeting
from tests.support.people import Council, Team, a_family, an_action, an_active_family
from tests.support.web import Browser, SignIn

STREET, POSTCODE, PHONE = "12 Hidden Row", "AF9 9ZZ", "01632 960 777"
CANARIES = (STREET, POSTCODE, "AF99ZZ", PHONE)


@pytest.fixture
def team(council: Council) -> Team:
    """Two homes. The mother's address is confidential, and typed where addresses are typed; the father reads papers."""
    team = an_active_family(council, a_family(council, children=2))
    an_action(council, team, what=f"Bring the beds to {STREET}")
    a_meeting(council, team, review=True)
    with council.behind_the_scenes():
        of = {"family_id": team.family.id}
        mother = db.session.get_one(Person, team.home.parent.id)
        father = Person(
            **of,
            kind=PersonKind.ADULT,
            given_name="Fergal",
            family_name=mother.family_name,
            date_of_birth=date(1988, 2, 3),
        )
        elsewhere = Household(**of, name="Dad’s", address="9 Canal Street", postcode="AF2 2BB")
        db.session.add_all([father, elsewhere])
        db.session.flush()
        db.session.add(HouseholdMembership(**of, household_id=elsewhere.id, person_id=father.id))
        db.session.add(SafeContact(**of, person_id=father.id, phone="01632 960 111", by_phone=True, by_post=True))
        db.session.add(ConfidentialAddress(**of, person_id=mother.id, address=STREET, postcode=POSTCODE))
        db.session.scalars(select(SafeContact).where(SafeContact.person_id == mother.id)).one().phone = PHONE
        for meeting in db.session.scalars(select(Meeting).where(Meeting.family_id == team.family.id)):
            meeting.place = f"At home, {STREET}"
        db.session.add(TeamMember(**of, person_id=father.id, name=father.name, joined_on=clock.today()))
        history.changed(team.family.id)
    return team


def father_of(council: Council, team: Team) -> Person:
    with council.behind_the_scenes():
        return db.session.scalars(
            select(Person).where(Person.family_id == team.family.id, Person.given_name == "Fergal")
        ).one()


def papers(council: Council, team: Team, browser: Browser) -> Iterator[tuple[str, str]]:
    """All that is printed for the father, or handed out, by whoever may print it."""
    father = father_of(council, team)
    with council.behind_the_scenes():
        meeting = db.session.scalars(select(Meeting).where(Meeting.family_id == team.family.id)).one()
        asked = list(db.session.scalars(select(TeamMember.id).where(TeamMember.family_id == team.family.id)))
        for size in ("", "&size=large"):
            yield "his copy of the plan", f"/families/{team.ref}/plan/copy?for={father.id}{size}"
        for member in asked:
            yield "a copy of the agenda", f"/meetings/{meeting.ref}/copy?for={member}"
        yield "the calendar", f"/meetings/{meeting.ref}/calendar"


def said(browser: Browser, path: str) -> str:
    """What stands on the paper itself, and in its title."""
    page = browser.get(path)
    if page.response.mimetype != "text/html":
        return page.html
    copy = page.text_of(".app-copy")
    return f"{page.title} {copy or page.main}"


class TestPapersAndFiles:
    @pytest.mark.parametrize("who", ["coordinator", "lead", "manager"])
    def test_hold_neither_the_address_nor_how_the_other_parent_is_reached(
        self, council: Council, sign_in: SignIn, team: Team, who: str
    ) -> None:
        """Printed by those who read the address themselves, too."""
        browser = sign_in(getattr(council, who))

        found = [
            f"{canary} on {name}: {path}"
            for name, path in list(papers(council, team, browser))
            for canary in CANARIES
            if canary.casefold() in said(browser, path).casefold()
        ]

        assert found == []

    @pytest.mark.parametrize("who", ["coordinator", "lead"])
    def test_sheets_do_not_hold_the_address_that_stands_on_the_screen(
        self, council: Council, sign_in: SignIn, team: Team, who: str
    ) -> None:
        for path in (f"/families/{team.ref}", f"/families/{team.ref}/household"):
            page = sign_in(getattr(council, who)).get(path)
            assert POSTCODE in page.text
            for unprinted in page.soup.select(".app-not-printed"):
                unprinted.decompose()
            assert POSTCODE not in page.soup.get_text(), path

    def test_the_log_as_a_file_does_not_hold_them(self, council: Council, sign_in: SignIn, team: Team) -> None:
        manager, path = sign_in(council.manager), f"/families/{team.ref}/log"
        sign_in(council.coordinator).get(f"/families/{team.ref}/household")

        file = manager.get(path).form(path).send({"purpose": "A complaint"})

        assert file.response.mimetype == "text/csv"
        assert "household" in file.html
        assert not [canary for canary in CANARIES if canary in file.html]

    def test_lists_and_titles_do_not_hold_them(self, council: Council, sign_in: SignIn, team: Team) -> None:
        """Whoever reads the address on its own page finds it on no other."""
        for who in ("coordinator", "lead", "partner", "manager", "auditor"):
            browser = sign_in(getattr(council, who))
            for path in ("/families", "/families?view=all", "/my-actions", "/meetings", "/checks"):
                page = browser.get(path)
                assert not [canary for canary in CANARIES if canary in page.title], (who, path)
                if page.status == 200:
                    assert POSTCODE not in page.text, (who, path)

    def test_letters_do_not_hold_them(self, council: Council, sign_in: SignIn, team: Team) -> None:
        coordinator = sign_in(council.coordinator)
        coordinator.submit(f"/families/{team.ref}/notes/new", {"text": "Rang her", "audience": "team"})
        with council.as_(council.lead) as viewer:
            family = db.session.get_one(Family, team.family.id)
            history.record(E.FAMILY_RESTRICTED, family, by=viewer, data={"whom": "x"}, notify=("coordinator",))

        sent = letters(council.app)

        assert sent
        assert not [canary for canary in CANARIES for letter in sent if canary in letter]
