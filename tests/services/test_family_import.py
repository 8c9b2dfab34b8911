"""A coordinator's spreadsheet of families: tried first, then taken in; again, and nothing is doubled."""

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.episodes import EpisodeState
from portal.domain.leads import LeadState
from portal.facts import recipients
from portal.models.families import (
    ConfidentialAddress,
    CoordinatorAssignment,
    EarlierAddress,
    Family,
    Household,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    SafeContact,
)
from portal.models.handover import Episode, LeadAssignment
from portal.models.record import Event, OutboxMessage
from portal.models.teamwork import TeamMember
from portal.services import already_helped, families
from portal.services.already_helped import Known
from portal.services.families import NewHome, NewPerson
from tests.support.family_sheets import CHILD, GOOD, HEAD, MOTHER, TakeIn, count, the_family, told_of
from tests.support.keys import damage, lies_in
from tests.support.people import Council, summary_of
from tests.support.web import SignIn


class TestATrial:
    def test_says_what_is_matched_and_changes_nothing(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(HEAD + ",Shoe size", MOTHER + ",5", CHILD + ",1", write=False)

        assert result.exit_code == 0
        assert "DOB → Date of birth" in result.output
        assert "Not used: Shoe size" in result.output
        assert "Not in the file, so not known: Expected date" in result.output
        assert "1 family would be added with 2 people" in result.output
        assert count(council, Family, Person, Event) == [0, 0, 0]


class TestTakingIn:
    def test_a_family_is_in_early_help_with_its_people(
        self, council: Council, take_in: TakeIn, sign_in: SignIn
    ) -> None:
        result = take_in(HEAD, MOTHER, CHILD)

        assert result.exit_code == 0, result.output
        assert "1 family added with 2 people" in result.output
        family = the_family(council)
        summary = summary_of(council, family.id)
        assert (summary.lead_name, summary.coordinator_id) == (council.lead.name, council.coordinator.id)
        page = sign_in(council.coordinator).get(f"/families/{family.ref}")
        assert "In early help since 1 March 2024. Next review: not known." in page.main
        assert "Reference of the council: EH-1" in page.text_of(".app-family")
        assert (
            "Reference of the council: EH-1"
            in sign_in(council.coordinator).get(f"/families/{family.ref}/household").main
        )
        found = sign_in(council.front_door).submit("/look-up", {"number": "eh-1", "reason": "A call"})
        assert family.ref in found.text_of(".app-found")
        assert count(council, ParentalResponsibility, Relationship) == [1, 1]

    def test_who_leads_as_the_file_says_has_not_accepted_but_is_told(
        self, council: Council, take_in: TakeIn, sign_in: SignIn
    ) -> None:
        take_in(HEAD, MOTHER, CHILD)

        family = the_family(council)
        history = sign_in(council.coordinator).get(f"/families/{family.ref}/history").main
        assert "recorded that Lena Lead is the lead professional already, as the spreadsheet says" in history
        assert "accepted" not in history
        assert family.ref in sign_in(council.lead).get("/home").main
        with council.behind_the_scenes():
            told = db.session.scalars(select(OutboxMessage)).one()
            assert (told.kind, recipients.of_message(told, clock.today())) == ("lead.known", [council.lead.id])

    def test_is_what_bringing_it_in_by_hand_would_have_made(self, council: Council, take_in: TakeIn) -> None:
        take_in(HEAD, MOTHER, CHILD)
        with council.as_(council.coordinator) as viewer:
            people = [
                NewPerson(kind, given, "O’Neill", relation=relation, responsible=bool(relation))
                for kind, given, relation in (("adult", "Siobhán", "mother"), ("child", "Child1", None))
                for kind in [PersonKind(kind)]
            ]
            by_hand = families.add("The O’Neill family", people=people, homes=[NewHome()], by=viewer)
            already_helped.bring_in(by_hand, Known(), coordinator_id=viewer.user_id, lead_id=council.lead.id, by=viewer)

        def made(family_id: int) -> dict[str, object]:
            with council.behind_the_scenes():
                return {
                    "lines": list(
                        db.session.scalars(select(Event.kind).where(Event.family_id == family_id).order_by(Event.id))
                    ),
                    "team": sorted(
                        db.session.scalars(select(TeamMember.name).where(TeamMember.family_id == family_id))
                    ),
                    "lead": list(
                        db.session.scalars(select(LeadAssignment.state).where(LeadAssignment.family_id == family_id))
                    ),
                    "coordinator": list(
                        db.session.scalars(
                            select(CoordinatorAssignment.user_id).where(CoordinatorAssignment.family_id == family_id)
                        )
                    ),
                    "episode": list(db.session.scalars(select(Episode.state).where(Episode.family_id == family_id))),
                    "homes": len(db.session.scalars(select(Household).where(Household.family_id == family_id)).all()),
                }

        expected = made(by_hand.id)
        assert made(the_family(council).id) == expected
        assert expected["lead"] == [LeadState.ACCEPTED]
        assert expected["episode"] == [EpisodeState.ACTIVE]

    def test_a_second_time_doubles_nothing(self, council: Council, take_in: TakeIn) -> None:
        take_in(HEAD, MOTHER, CHILD)
        before = count(council, Family, Person, Event, TeamMember, Episode)

        result = take_in(HEAD, MOTHER, CHILD)

        assert "0 families added with 0 people, 0 brought up to date, 1 as before" in result.output
        assert count(council, Family, Person, Event, TeamMember, Episode) == before

    def test_a_later_file_fills_in_and_changes_what_it_says(self, council: Council, take_in: TakeIn) -> None:
        take_in(HEAD, MOTHER, CHILD)
        later = f"{clock.today().day}/{clock.today().month}/{clock.today().year + 1}"

        result = take_in(
            HEAD,
            MOTHER + later,
            CHILD.replace("Hillside", "Brook Academy"),
            "EH-1,,Child2,O’Neill,child,1/6/2019,,,,,,",
        )

        assert "1 brought up to date" in result.output, result.output
        family = the_family(council)
        with council.behind_the_scenes():
            schools = db.session.scalars(select(Person.school).where(Person.family_id == family.id)).all()
            assert "Brook Academy" in schools
            assert len(schools) == 3
            event = db.session.scalars(select(Event).where(Event.kind == "family.brought_up_to_date")).one()
            assert event.private["what"] == (
                "School of Child1 O’Neill from Hillside to Brook Academy; Child2 O’Neill added"
            )
            assert db.session.scalars(select(Episode.next_review_on)).one() is not None
        assert told_of(council, "episode.filled_in")[0].startswith("Next review from not known to ")

    def test_an_address_that_changes_is_kept_beside_the_home_and_out_of_the_history(
        self, council: Council, take_in: TakeIn
    ) -> None:
        head = HEAD + ",Address"
        take_in(head, MOTHER + ",1 Mill Lane", CHILD + ",")

        take_in(head, MOTHER + ",9 Other Street", CHILD + ",")

        assert told_of(council) == ["address of Home"]
        with council.behind_the_scenes():
            assert db.session.scalars(select(Household)).one().address == "9 Other Street"
            assert db.session.scalars(select(EarlierAddress)).one().address == "1 Mill Lane"

    def test_an_address_that_cannot_be_read_is_left_alone_and_named(self, council: Council, take_in: TakeIn) -> None:
        head = HEAD + ",Address"
        take_in(head, MOTHER + ",1 Mill Lane", CHILD + ",")
        before = damage(council.app, "household.address_sealed")

        result = take_in(head, MOTHER + ",9 Other Street", CHILD + ",")

        assert "line 2, Address: is stored in the portal and cannot be read there" in result.output
        assert {place: lies_in(council.app, place) for place in before} == before
        assert told_of(council) == []

    def test_an_address_that_is_kept_confidential_is_left_alone(self, council: Council, take_in: TakeIn) -> None:
        head = HEAD + ",Address"
        take_in(head, MOTHER + ",1 Mill Lane", CHILD + ",")
        family = the_family(council)
        with council.behind_the_scenes():
            mother = db.session.scalars(select(Person).where(Person.family_id == family.id).order_by(Person.id)).first()
            assert mother is not None
            db.session.add(ConfidentialAddress(family_id=family.id, person_id=mother.id, address="Refuge"))

        take_in(head, MOTHER + ",9 Other Street", CHILD + ",")

        with council.behind_the_scenes():
            assert db.session.scalars(select(Household)).one().address == "1 Mill Lane"

    @pytest.mark.parametrize("mark", ["\ufeff", ""])
    @pytest.mark.parametrize("separator", [",", ";", "\t"])
    def test_as_spreadsheets_save_it(self, council: Council, take_in: TakeIn, mark: str, separator: str) -> None:
        text = "\r\n".join([HEAD, MOTHER.replace("{lead}", council.lead.email), CHILD, ",,,,,,,,,,,"])

        result = take_in(raw=(mark + text.replace(",", separator)).encode())

        assert "1 family added with 2 people" in result.output

    def test_a_phone_is_safe_only_where_that_is_said(self, council: Council, take_in: TakeIn) -> None:
        head = HEAD + ",Phone,Safe to ring"
        take_in(head, MOTHER + ",01632 960 300,", CHILD + ",01632 960 301,yes")

        with council.behind_the_scenes():
            safe = {each.phone: each.by_phone for each in db.session.scalars(select(SafeContact))}
        assert safe == {"01632 960 300": False, "01632 960 301": True}


FAULTS = [
    (
        (MOTHER, ",,Child1,O’Neill,child,1/3/2017,,,,,,"),
        "line 3, Our ref: is empty. Where cells were merged in the spreadsheet, unmerge them",
    ),
    ((MOTHER, CHILD.replace("2017-03-01", "31/2/2017")), "line 3, DOB: must be a real date, day first"),
    ((MOTHER, CHILD.replace("2017-03-01", "1/3/2094")), "line 3, DOB: must be today or in the past"),
    ((MOTHER, CHILD.replace("2017-03-01", "1/3/1926")), "line 3, DOB: of a child must be less than 26 years ago"),
    ((MOTHER, CHILD, CHILD), "line 4, First name: names the same person as line 3"),
    ((MOTHER, CHILD.replace("child", "baby")), "line 3, Child/Adult: must be child or adult"),
    ((MOTHER, CHILD.replace("O’Neill", "")), "line 3, Last name: is empty"),
    ((MOTHER, CHILD.replace("Child1", "")), "line 3, First name: is empty"),
    ((MOTHER,), "line 2, Child/Adult: no child is named in this family"),
    ((MOTHER, CHILD.replace("EH-1,,", "EH-1,The Other family,")), "line 3, Family: is another one than on line 2"),
    ((MOTHER.replace("{lead}", "no@x.example"), CHILD), "line 2, Lead: nobody signs in with this address"),
    ((MOTHER.replace("{lead}", "x"), CHILD), "line 2, Lead: Enter an email address"),
    ((MOTHER.replace("1/3/2024", "1/3/2094"), CHILD), "line 2, Start date: must be today or in the past"),
    ((MOTHER.replace("1/3/2024", "1/1/1800"), CHILD), "line 2, Start date: must be after 16 November 1989"),
    ((MOTHER.replace("yes", "perhaps"), CHILD), "line 2, PR: must be yes or no"),
    ((MOTHER.replace("yes", "perhaps"), CHILD), "line 3, Our ref: the family EH-1 is left out whole until line 2 is"),
    ((MOTHER, CHILD + ",too much"), "line 3, after the last column: there is more than the first line names"),
    ((MOTHER, CHILD.replace("Child1", "x" * 101)), "line 3, First name: must be 100 characters or fewer. It is 101"),
    ((MOTHER, CHILD.replace("Child1", "Chi\u200bld")), "line 3, First name: has an invisible character. Type it again"),
]


class TestARowAtFault:
    @pytest.mark.parametrize(("rows", "words"), FAULTS, ids=[words for _, words in FAULTS])
    def test_is_told_its_family_left_out_and_the_others_taken_in(
        self, council: Council, take_in: TakeIn, rows: tuple[str, ...], words: str
    ) -> None:
        result = take_in(HEAD, *rows, *GOOD)

        assert f"Left out: {words}" in result.output
        assert "1 family added with 1 person" in result.output
        with council.behind_the_scenes():
            assert db.session.scalars(select(Family.council_reference)).all() == ["EH-2"]

    def test_every_one_is_told_in_the_order_of_the_file(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(
            HEAD,
            MOTHER.replace("{lead}", "no@x.example"),
            CHILD.replace("2017-03-01", "31/2/2017"),
            "EH-1,,Child2,O’Neill,child,1/3/2094,,,,,,",
            "EH-1,,Child3,O’Neill,child,1/3/2016,,,,,,",
            *GOOD,
        )

        told = [line.removeprefix("Left out: ") for line in result.output.splitlines() if "Left out" in line]
        assert told == [
            "line 2, Lead: nobody signs in with this address. Leave it empty where it is not known",
            "line 3, DOB: must be a real date, day first, like 27/3/2025",
            "line 4, DOB: must be today or in the past",
            "line 5, Our ref: the family EH-1 is left out whole until lines 2, 3 and 4 are put right",
        ]
        assert "3 faults" in result.output

    def test_somebody_without_a_sharing_agreement_cannot_be_the_lead(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(HEAD, MOTHER.replace("{lead}", council.partner_without_agreement.email), CHILD)

        assert "Lead: belongs to an organisation without a sharing agreement" in result.output
        assert count(council, Family) == [0]

    def test_somebody_who_is_never_asked_to_lead_is_no_lead(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(HEAD, MOTHER.replace("{lead}", council.social_worker.email), CHILD)

        assert "Lead: is the address of somebody who is not asked to lead" in result.output
        assert count(council, Family) == [0]

    def test_a_review_that_has_passed_is_noted(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(HEAD, MOTHER + "1/1/2020", CHILD)

        assert "Noted: line 2, Review date: has passed, so when the next one is, is not known" in result.output
        assert "1 family added" in result.output

    def test_a_reference_of_a_family_out_of_sight_is_not_overwritten(self, council: Council, take_in: TakeIn) -> None:
        take_in(HEAD, MOTHER, CHILD)
        with council.behind_the_scenes():
            db.session.scalars(select(Family)).one().restricted = True

        result = take_in(HEAD, MOTHER, CHILD.replace("Hillside", "Elsewhere"))

        assert "line 2, Our ref: is in use here" in result.output
        with council.behind_the_scenes():
            assert "Elsewhere" not in db.session.scalars(select(Person.school)).all()


class TestAFileThatCannotBeTakenIn:
    @pytest.mark.parametrize(
        ("lines", "words"),
        [
            ([HEAD.replace("Our ref", "Number"), MOTHER], "there is no column for Reference"),
            ([HEAD + ",Date of birth", MOTHER], "the columns “DOB” and “Date of birth” both say the Date of birth"),
            ([HEAD, MOTHER.replace("4/5/1990", "4/25/1990"), CHILD], "line 2, DOB, is written month first"),
            ([""], "its first line is empty"),
        ],
    )
    def test_says_why_and_changes_nothing(
        self, council: Council, take_in: TakeIn, lines: list[str], words: str
    ) -> None:
        result = take_in(*lines)

        assert result.exit_code == 1
        assert words in result.output
        assert "Nothing was changed" in result.output
        assert count(council, Family) == [0]

    def test_that_is_not_text(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(raw=(HEAD + "\nEH-1,Garc\xeda").encode("latin-1"))

        assert result.exit_code == 1
        assert "it is not text in UTF-8. Save the spreadsheet as “CSV UTF-8”" in result.output

    def test_that_is_longer_than_any_council_s(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(HEAD, *(["x,,,,,,,,,,,"] * 200_000), write=False)

        assert result.exit_code == 1
        assert "it has more than 100,000 rows with something in them. Split it" in result.output

    def test_two_styles_of_dates_are_named(self, council: Council, take_in: TakeIn) -> None:
        result = take_in(HEAD, MOTHER, CHILD)

        assert "Dates are written in 2 styles: 2025-03-27, 27/3/2025" in result.output

    @pytest.mark.parametrize("who", ["partner", "social_worker", "admin"])
    def test_by_somebody_who_may_not(self, council: Council, take_in: TakeIn, who: str) -> None:
        result = take_in(HEAD, MOTHER, CHILD, by=getattr(council, who).email)

        assert result.exit_code == 1
        assert "may not bring families in. Name an early help coordinator or an early help manager" in result.output
        assert "after --as. Nothing was changed." in result.output
        assert count(council, Family) == [0]

    def test_by_nobody_named(self, council: Council) -> None:
        result = council.app.test_cli_runner().invoke(args=["portal", "import", "families", "families.csv"])

        assert "families.csv --as name@example.com" in result.output
