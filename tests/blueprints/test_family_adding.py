"""Adding a family: one page, nothing lost, nobody written down twice."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.models.families import (
    ConfidentialAddress,
    Family,
    Household,
    HouseholdMembership,
    KeepApart,
    KeepApartKind,
    LookUp,
    ParentalResponsibility,
    Person,
    PersonKind,
    Relationship,
    SafeContact,
)
from portal.models.record import Audit, AuditKind, Event
from tests.support.people import Council, a_family, an_active_family
from tests.support.web import Page, SignIn, counted_statements, date_parts, from_today

BORN = date(2016, 3, 27)


def person(number: int, given: str, family: str, kind: str, born: date | None = None, **more: Any) -> dict[str, Any]:
    answers = {"given_name": given, "family_name": family, "kind": kind, **more}
    row = {f"people-{number}-{name}": answer for name, answer in answers.items()}
    return row | (date_parts(f"people-{number}-born_on", born) if born else {})


def a_whole_family(**more: Any) -> dict[str, Any]:
    return {
        "name": "The O’Neill family",
        "address": "1 Mill Lane\nAmbleford",
        "postcode": "af11aa",
        **person(
            0,
            "Siobhán",
            "O’Neill",
            "adult",
            date(1990, 5, 4),
            relation="mother",
            responsible="y",
            phone="01632 960 300",
            ways=["by_phone", "by_text"],
        ),
        **person(1, "Aoife", "O’Neill", "child", BORN, school="Hillside Primary School", sex="female"),
        **more,
    }


def add(sign_in: SignIn, council: Council, answers: dict[str, Any]) -> Page:
    return sign_in(council.social_worker).submit("/families/new", answers)


def all_of(council: Council, model: Any) -> list[Any]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(model).order_by(model.id)))


class TestAddingAFamily:
    def test_everything_is_written_down(self, council: Council, sign_in: SignIn) -> None:
        page = add(sign_in, council, a_whole_family())

        (family,) = all_of(council, Family)
        assert (page.status, page.location) == (303, f"/families/{family.ref}")
        assert (family.name, family.social_worker_id) == ("The O’Neill family", council.social_worker.id)
        assert family.social_care_team_id == council.team.id
        mother, child = all_of(council, Person)
        assert (mother.kind, child.kind) == (PersonKind.ADULT, PersonKind.CHILD)
        assert (child.date_of_birth, child.school, child.sex) == (BORN, "Hillside Primary School", "female")
        (home,) = all_of(council, Household)
        assert (home.name, home.address, home.postcode) == ("Home", "1 Mill Lane\nAmbleford", "AF1 1AA")
        assert len(all_of(council, HouseholdMembership)) == 2
        (tie,) = all_of(council, Relationship)
        assert (tie.person_id, tie.other_id, tie.kind) == (mother.id, child.id, "mother")
        (responsible,) = all_of(council, ParentalResponsibility)
        assert (responsible.adult_id, responsible.child_id) == (mother.id, child.id)
        (safe,) = all_of(council, SafeContact)
        assert (safe.phone, safe.by_phone, safe.by_text, safe.by_email) == ("01632 960 300", True, True, False)
        assert [event.kind for event in all_of(council, Event)] == ["family.added"]
        assert [(row.family_id, row.subject) for row in all_of(council, Audit) if row.kind is AuditKind.CHANGE] == [
            (family.id, family.ref)
        ]

    def test_double_click_adds_one(self, council: Council, sign_in: SignIn) -> None:
        form = sign_in(council.social_worker).get("/families/new").form()

        first, second = form.send(a_whole_family()), form.send(a_whole_family())

        assert (first.status, second.status) == (303, 303)
        assert first.location == second.location
        assert len(all_of(council, Family)) == 1

    @pytest.mark.parametrize(
        ("given", "surname"),
        [
            ("Siân", "D’Souza-O'Brien"),
            ("آمنة", "الحسيني"),
            ("伟", "王"),
            ("Оксана", "Ковальчук"),
            ("נועה", "בן־דוד"),
            # with the joiner of Persian and Urdu, which nobody sees either
            ("\u0639\u0644\u06cc\u200c\u0631\u0636\u0627", "\u0646\u06cc\u06a9\u200c\u067e\u0648\u0631"),
        ],
    )
    def test_names_in_any_script(self, council: Council, sign_in: SignIn, given: str, surname: str) -> None:
        page = add(sign_in, council, a_whole_family(**person(1, given, surname, "child", BORN)))

        assert page.status == 303
        assert f"{given} {surname}" in [one.name for one in all_of(council, Person)]

    @pytest.mark.parametrize("unseen", ["\u202e", "\u200b", "\u2066", "\u200f", "\u061c", "\ufeff", "\u2060"])
    def test_a_name_with_a_character_that_nobody_sees_is_refused_and_shown_marked(
        self, council: Council, sign_in: SignIn, unseen: str
    ) -> None:
        page = add(sign_in, council, a_whole_family(**person(1, "Siân", f"O’{unseen}Neill", "child", BORN)))

        assert page.status == 422
        assert page.errors == [
            "Family name has an invisible character where \N{REPLACEMENT CHARACTER} stands. Delete it"
        ]
        assert page.form().values["people-1-family_name"] == ["O’\N{REPLACEMENT CHARACTER}Neill"]
        assert page.form().values["people-1-given_name"] == ["Siân"]
        assert all_of(council, Person) == []

    def test_an_unborn_child_needs_no_name(self, council: Council, sign_in: SignIn) -> None:
        expected = clock.today() + timedelta(weeks=10)
        answers = a_whole_family(**person(1, "", "O’Neill", "child"))
        unborn = {name: text for name, text in answers.items() if "people-1-born_on" not in name}

        page = add(sign_in, council, unborn | date_parts("people-1-expected_on", expected))

        assert page.status == 303, page.errors
        child = all_of(council, Person)[1]
        assert (child.given_name, child.expected_on, child.date_of_birth) == ("Baby", expected, None)

    def test_two_homes(self, council: Council, sign_in: SignIn) -> None:
        answers = a_whole_family(
            second_address="2 High Street",
            second_postcode="AF2 2BB",
            **{"people-0-home": "first", "people-1-home": "both"},
            **person(2, "Tom", "Adeyemi", "adult", home="second"),
        )

        assert add(sign_in, council, answers).status == 303

        first, second = all_of(council, Household)
        mother, child, father = all_of(council, Person)
        assert (first.name, second.name) == ("First home", "Second home")
        assert {(row.household_id, row.person_id) for row in all_of(council, HouseholdMembership)} == {
            (first.id, mother.id),
            (first.id, child.id),
            (second.id, child.id),
            (second.id, father.id),
        }

    def test_with_two_homes_each_person_has_a_place(self, council: Council, sign_in: SignIn) -> None:
        page = add(sign_in, council, a_whole_family(second_postcode="AF2 2BB", **{"people-0-home": "first"}))

        assert page.errors == ["Select where they live"]
        assert page.soup.select_one(".govuk-error-summary a")["href"] == "#people-1-home"  # type: ignore[index]

    def test_another_person_is_a_further_row_and_keeps_what_was_typed(self, council: Council, sign_in: SignIn) -> None:
        page = add(sign_in, council, {"more": "people", "name": "The Wu family"})

        assert page.status == 200
        assert page.soup.select("#people-3")
        assert page.soup.select_one("#name")["value"] == "The Wu family"  # type: ignore[index]

    def test_a_coordinator_adds_one_that_social_care_does_not_hold(self, council: Council, sign_in: SignIn) -> None:
        assert sign_in(council.coordinator).submit("/families/new", a_whole_family(helped="no")).status == 303

        (family,) = all_of(council, Family)
        assert (family.social_worker_id, family.social_care_team_id) == (None, None)

    def test_only_those_who_may(self, council: Council, sign_in: SignIn) -> None:
        for stranger in (council.partner, council.auditor, council.admin):
            assert sign_in(stranger).get("/families/new").status == 403


class TestAFamilyThatIsHereAlready:
    def same(self) -> dict[str, Any]:
        return a_whole_family(**person(1, "Child0", "ONEILL", "child", date(2017, 3, 1)))

    def test_is_offered_before_a_second_record(self, council: Council, sign_in: SignIn) -> None:
        here = a_family(council, by=council.social_worker_other_team)

        page = add(sign_in, council, self.same())

        assert page.status == 422
        assert page.errors == [
            "Look at the family that is here already, or select that this is another family",
        ]
        assert here.ref in page.text_of(".app-found")
        assert page.soup.select_one("#people-1-given_name")["value"] == "Child0"  # type: ignore[index]
        assert len(all_of(council, Family)) == 1
        (row,) = all_of(council, LookUp)
        assert row.found_family_id == here.id
        assert page.soup.select_one("form[action='/step-downs/start'] input[name=look_up]")["value"] == str(row.id)  # type: ignore[index]
        assert [audit.rows for audit in all_of(council, Audit) if audit.kind is AuditKind.SEARCH] == [1]

    def test_another_family_is_added_all_the_same(self, council: Council, sign_in: SignIn) -> None:
        a_family(council, by=council.social_worker_other_team)

        page = add(sign_in, council, self.same()).form("/families/new").send({"another": "y"})

        assert page.status == 303
        assert len(all_of(council, Family)) == 2

    def test_a_restricted_family_is_not_told(self, council: Council, sign_in: SignIn) -> None:
        a_family(council, restricted=True, by=council.social_worker_other_team)

        assert add(sign_in, council, self.same()).status == 303


class TestBadInput:
    @pytest.mark.parametrize(
        ("changed", "error", "href"),
        [
            ({"name": "  "}, "Enter what the family is called", "#name"),
            ({"postcode": "nowhere"}, "Enter a full UK postcode, like AB1 2DE", "#postcode"),
            ({"people-1-kind": "adult"}, "Enter at least one child, or a child who is not born yet", "#people"),
            ({"people-1-kind": None}, "Select whether this is a child or an adult", "#people-1-kind"),
            ({"people-1-kind": "dog"}, "Select one of the answers in the list", "#people-1-kind"),
            ({"people-1-given_name": " "}, "Enter the given name", "#people-1-given_name"),
            ({"people-1-family_name": ""}, "Enter the family name", "#people-1-family_name"),
            (
                from_today("people-1-born_on", 1),
                "Date of birth must be today or in the past",
                "#people-1-born_on-day",
            ),
            (
                {"people-1-born_on-day": "31", "people-1-born_on-month": "2"},
                "Date of birth must be a real date, like 27 3 2025",
                "#people-1-born_on-day",
            ),
            (
                {"people-1-born_on-year": "1917"},
                "Date of birth of a child must be less than 26 years ago",
                "#people-1-born_on-day",
            ),
            (
                from_today("people-1-expected_on"),
                "Enter a date of birth or an expected date, not both",
                "#people-1-expected_on-day",
            ),
            (
                from_today("people-0-expected_on"),
                "Only a child who is not born yet can have an expected date",
                "#people-0-expected_on-day",
            ),
            ({"people-0-phone": "ring me"}, "Enter a phone number, like 01632 960 001", "#people-0-phone"),
            ({"people-0-phone": ""}, "Enter the phone number that is safe", "#people-0-phone"),
            ({"people-0-ways": "by_email"}, "Enter the email address that is safe", "#people-0-email"),
            ({"people-0-email": "nobody"}, "Enter an email address, like name@example.com", "#people-0-email"),
            (
                {"people-0-ways": ["by_phone", "never_contact"]},
                "Select the ways that are safe, or never contact this person",
                "#people-0-ways",
            ),
            ({"people-0-ways": "pigeon"}, "Select only answers in the list", "#people-0-ways"),
            (
                {"people-1-responsible": "y"},
                "Only an adult can have parental responsibility",
                "#people-1-responsible",
            ),
            (
                {"people-1-given_name": "A\x00"},
                "Given name must not hold control characters. Delete them and type the text again",
                "#people-1-given_name",
            ),
            (
                {"address": "x" * 10000},
                "Address must be 400 characters or fewer. It is 10,000",
                "#address",
            ),
        ],
    )
    def test_is_refused_at_its_field(
        self, council: Council, sign_in: SignIn, changed: dict[str, Any], error: str, href: str
    ) -> None:
        page = add(sign_in, council, a_whole_family(**changed))

        assert page.status == 422
        assert page.errors == [error]
        assert page.soup.select_one(".govuk-error-summary a")["href"] == href  # type: ignore[index]
        assert page.soup.select(href), "the error leads nowhere"
        assert all_of(council, Family) == []

    def test_strange_row_numbers_count_for_nothing(self, council: Council, sign_in: SignIn) -> None:
        strange = {"people-²-kind": "child", "people-99999999999999999999-kind": "child", "people--1-kind": "child"}

        assert add(sign_in, council, a_whole_family(**strange)).status == 303

    def test_a_crowd_is_refused(self, council: Council, sign_in: SignIn) -> None:
        crowd = {name: text for n in range(40) for name, text in person(n, "A", "B", "child", BORN).items()}

        page = add(sign_in, council, {"name": "The B family", **crowd})

        assert page.errors == ["Enter 30 people or fewer"]

    def test_costs_the_same_for_one_person_as_for_twenty(self, council: Council, sign_in: SignIn) -> None:
        counts = []
        for people in (1, 20):
            form = sign_in(council.social_worker).get("/families/new").form()
            rows = {
                name: text
                for n in range(people)
                for name, text in person(n, "A", f"B{people}", "child", date(2010, 1, n + 1)).items()
            }
            with counted_statements(council.app) as statements:
                assert form.send({"name": "The B family", "postcode": f"AF{people} 1AA", **rows}).status == 303
            counts.append(len([one for one in statements if "INSERT" not in one]))

        assert counts[0] == counts[1], counts


class TestHouseholdPage:
    def test_homes_people_and_what_is_not_known(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/household")

        for words in ("1 Mill Lane, Ambleford AF1 1AA", "Siobhán O’Neill", "Child1 O’Neill", "School Not known"):
            assert words in page.main
        assert "Has parental responsibility for Child0, Child1" in page.main
        assert "Who has parental responsibility Siobhán" in page.main

    def test_keep_apart_is_shown(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            db.session.add(
                KeepApart(
                    family_id=home.id,
                    person_id=home.parent.id,
                    other_id=home.children[0].id,
                    kind=KeepApartKind.MUST_NOT_MEET,
                )
            )

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/household")

        assert "Keep apart Siobhán O’Neill must not meet Child0 O’Neill" in page.main

    def test_a_confidential_address_is_for_coordinator_and_lead(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        with council.behind_the_scenes():
            db.session.add(
                ConfidentialAddress(
                    family_id=team.family.id, person_id=team.home.parent.id, address="The refuge", postcode="AF9 9ZZ"
                )
            )

        for one, sees in (
            (council.coordinator, True),
            (council.lead, True),
            (council.partner, False),
            (council.manager, False),
            (council.other_coordinator, False),
        ):
            page = sign_in(one).get(f"/families/{team.ref}/household")
            assert ("The refuge" in page.html) is sees, one.name
            assert ("onfidential" in page.main) is sees, one.name
            assert ("1 Mill Lane" in page.html) is sees, f"{one.name}: the home would tell where she lives"

    def test_who_died_is_not_listed_in_a_home(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Person, home.parent.id).died_on = date(2024, 9, 2)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/household")

        assert "Siobhán O’Neill" not in page.text_of(".govuk-list--bullet")
        assert "Died 2 September 2024" in page.main

    def test_costs_the_same_for_one_child_as_for_ten(self, council: Council, sign_in: SignIn) -> None:
        counts = []
        for children in (1, 6):
            home, browser = a_family(council, children=children), sign_in(council.social_worker)
            with counted_statements(council.app) as statements:
                browser.get(f"/families/{home.ref}/household")
            counts.append(len(statements))

        assert counts[0] == counts[1], counts

    def test_strangers_find_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        for stranger in (council.partner, council.front_door, council.social_worker_other_team, council.admin):
            assert sign_in(stranger).get(f"/families/{home.ref}/household").status == 404
