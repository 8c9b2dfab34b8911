"""Recording a visit or a call: who was seen, and what the history says of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.dates import full
from portal.domain.support import Method
from portal.models.families import Family, Person
from portal.models.record import Event
from portal.models.teamwork import Contact, ContactPerson
from portal.services import contacts
from tests.support.people import Council, Home, Team, a_family, an_active_family
from tests.support.situations import confidential
from tests.support.web import Page, SignIn, counted_statements, date_parts, from_today


def two_children(council: Council) -> Team:
    return an_active_family(council, a_family(council, children=2))


def a_visit(home: Home, **more: Any) -> dict[str, Any]:
    first, second = home.children
    return {
        "method": "visit",
        "answered": "yes",
        "adults": str(home.parent.id),
        f"child_{first.id}-seen": "alone",
        f"child_{second.id}-seen": "seen",
        "note": "Tea in the kitchen",
        **more,
    }


def record(sign_in: SignIn, council: Council, team: Team, answers: dict[str, Any]) -> Page:
    return sign_in(council.lead).submit(f"/families/{team.ref}/contacts/new", answers)


def seen_at(council: Council) -> dict[int, ContactPerson]:
    with council.behind_the_scenes():
        return {row.person_id: row for row in db.session.scalars(select(ContactPerson))}


def what(council: Council) -> str:
    with council.behind_the_scenes():
        event = db.session.scalars(select(Event).where(Event.kind == "contact.recorded")).one()
        return str(event.data["what"])


class TestRecordingAContact:
    def test_a_visit_names_who_was_seen(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)

        page = record(sign_in, council, team, a_visit(team.home))

        assert (page.status, page.location) == (303, f"/families/{team.ref}")
        assert what(council) == f"a visit on {full(clock.today())}: saw Siobhán, Child0 (alone) and Child1"
        rows = seen_at(council)
        first, second = team.home.children
        assert [rows[one.id].seen for one in (team.home.parent, first, second)] == [True] * 3
        assert [rows[one.id].alone for one in (first, second)] == [True, False]

    def test_a_child_who_was_not_seen_is_named_with_reason(self, council: Council, sign_in: SignIn) -> None:
        team, later = two_children(council), clock.today() + timedelta(days=3)
        second = f"child_{team.home.children[1].id}"

        answers = a_visit(team.home, **{f"{second}-seen": "not_seen", f"{second}-why": "At school"})
        assert record(sign_in, council, team, answers | date_parts(f"{second}-when", later)).status == 303

        assert what(council).endswith(
            f"saw Siobhán and Child0 (alone); did not see Child1 (At school; will be seen on {full(later)})"
        )
        row = seen_at(council)[team.home.children[1].id]
        assert (row.not_seen_reason, row.will_see_on) == ("At school", later)

    def test_nobody_at_home(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)

        assert record(sign_in, council, team, {"method": "visit", "answered": "no"}).status == 303

        assert what(council) == f"a visit on {full(clock.today())}: no answer; did not see Child0 and Child1"

    def test_a_call_asks_about_no_child(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)
        yesterday = clock.today() - timedelta(days=1)

        answers = {"method": "call", "answered": "yes", "adults": str(team.home.parent.id)}
        page = record(sign_in, council, team, answers | date_parts("on", yesterday))

        assert page.status == 303
        assert what(council) == f"a call on {full(yesterday)}: spoke to Siobhán"
        assert set(seen_at(council)) == {team.home.parent.id}

    def test_a_text(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)

        assert record(sign_in, council, team, {"method": "text", "answered": "yes"}).status == 303

        assert what(council) == f"a text on {full(clock.today())}"

    def test_double_click_records_one(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)
        form = sign_in(council.lead).get(f"/families/{team.ref}/contacts/new").form()

        first, second = form.send(a_visit(team.home)), form.send(a_visit(team.home))

        assert (first.status, second.status) == (303, 303)
        with council.behind_the_scenes():
            assert len(db.session.scalars(select(Contact)).all()) == 1

    def test_who_died_and_a_pregnancy_that_ended_are_not_asked_about(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)
        with council.behind_the_scenes():
            db.session.get_one(Person, team.home.children[0].id).died_on = date(2024, 9, 2)
            unborn = db.session.get_one(Person, team.home.children[1].id)
            unborn.date_of_birth, unborn.pregnancy_ended_on = None, date(2024, 9, 2)

        page = sign_in(council.lead).get(f"/families/{team.ref}/contacts/new")

        assert "Child" not in page.main

    def test_costs_the_same_for_one_child_as_for_six(self, council: Council, sign_in: SignIn) -> None:
        counts = []
        for children in (1, 6):
            home, browser = a_family(council, children=children), sign_in(council.social_worker)
            with counted_statements(council.app) as statements:
                browser.get(f"/families/{home.ref}/contacts/new")
            counts.append(len(statements))

        assert counts[0] == counts[1], counts


class TestBadInput:
    @pytest.mark.parametrize(
        ("changed", "error"),
        [
            (from_today("on", 1), "The date must be today or in the past"),
            (
                {"on-day": "31", "on-month": "2", "on-year": "2025"},
                "The date must be a real date, like 27 3 2025",
            ),
            ({"on-day": "", "on-month": "", "on-year": ""}, "Enter when it was"),
            ({"method": None}, "Select how you were in touch"),
            ({"method": "pigeon"}, "Select one of the answers in the list"),
            ({"answered": None}, "Select whether somebody answered"),
            (
                {"answered": "no"},
                "Somebody was seen or spoken to, so somebody answered: select yes, or take back who was seen",
            ),
            (
                {"method": "letter"},
                "By text, email or letter nobody is seen or spoken to. Select another way, or take back who was seen",
            ),
            ({"adults": "999999"}, "Select only answers in the list"),
            ({"child-seen": None}, "Select whether you saw Child1"),
            ({"child-seen": "not_seen", "child-why": "At school"}, "Enter when they will be seen"),
            (
                {"child-seen": "not_seen", **from_today("child-when", 1)},
                "Enter why they were not seen",
            ),
            (
                {
                    "child-seen": "not_seen",
                    "child-why": "At school",
                    **from_today("child-when", -1),
                },
                "The date they will be seen must be today or later",
            ),
            ({"note": "x" * 10001}, "The note must be 10,000 characters or fewer. It is 10,001"),
            (
                {"note": "a\x00"},
                "The note must not hold control characters. Delete them and type the text again",
            ),
        ],
    )
    def test_is_refused_in_words(self, council: Council, sign_in: SignIn, changed: dict[str, Any], error: str) -> None:
        team = two_children(council)
        child = f"child_{team.home.children[1].id}-"
        answers = {name.replace("child-", child): answer for name, answer in changed.items()}

        page = record(sign_in, council, team, {**a_visit(team.home), **answers})

        assert page.status == 422
        assert page.errors == [error]
        assert seen_at(council) == {}

    @pytest.mark.parametrize("name", ["note", "child-why"])
    def test_a_confidential_address_stays_out_of_it(self, council: Council, sign_in: SignIn, name: str) -> None:
        team = two_children(council)
        confidential(council, team.home)
        child = f"child_{team.home.children[1].id}"
        missed = {f"{child}-seen": "not_seen", f"{child}-why": "Asleep", **date_parts(f"{child}-when", clock.today())}
        field = name.replace("child", child)

        page = record(sign_in, council, team, {**a_visit(team.home), **missed, field: "She is at 12 Hidden Row"})

        assert page.status == 422
        assert page.errors[0].startswith("This tells an address that is kept confidential")
        assert page.form("/families/F-1/contacts/new").values[field] == ["She is at 12 Hidden Row"]
        assert seen_at(council) == {}

    def test_how_long_before_is_the_councils_standard(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)
        answers = a_visit(team.home, **date_parts("on", clock.today() - timedelta(days=40)))
        sign_in(council.manager).submit(
            "/standards/change", {"key": "contact.before_known", "amount": "30", "why": "Slips of the year"}
        )

        asked = record(sign_in, council, team, answers)

        assert "is long before this family was added here" in asked.errors[0]

    def test_a_day_long_before_the_family_was_known_is_asked_about_once(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = two_children(council)
        day = clock.today() - timedelta(days=365)
        answers = a_visit(team.home, **date_parts("on", day))

        asked = record(sign_in, council, team, answers)

        assert asked.status == 422
        assert asked.errors[0].startswith(f"{full(day)} is long before this family was added here, ")
        assert "Check the year, or tick that the date is right" in asked.errors[0]
        assert "Tea in the kitchen" in asked.html
        assert seen_at(council) == {}
        assert asked.form("/families/F-1/contacts/new").send({"long_ago": "y"}).status == 303
        assert full(day) in what(council)

    @pytest.mark.parametrize(
        ("year", "words"), [(1926, "Nobody of the family was born by 7 October 1926. Check the year"), (2012, "Child")]
    )
    def test_nobody_is_met_before_they_were_born(
        self, council: Council, sign_in: SignIn, year: int, words: str
    ) -> None:
        team = two_children(council)
        answers = a_visit(team.home, long_ago="y", **date_parts("on", date(year, 10, 7)))

        page = record(sign_in, council, team, answers)

        assert page.status == 422
        assert page.errors[0].startswith(words)
        assert seen_at(council) == {}

    def test_a_child_of_another_family_has_no_field(self, council: Council, sign_in: SignIn) -> None:
        team, other = two_children(council), a_family(council)

        page = record(sign_in, council, team, a_visit(team.home, **{f"child_{other.children[0].id}-seen": "alone"}))

        assert page.status == 303
        assert other.children[0].id not in seen_at(council)

    def test_nor_is_one_taken_by_the_service(self, council: Council) -> None:
        team, other = two_children(council), a_family(council)

        with council.as_(council.lead) as viewer, pytest.raises(Refused):
            contacts.record(
                db.session.get_one(Family, team.family.id),
                on=clock.today(),
                method=Method.VISIT,
                answered=True,
                seen=[contacts.Seen(other.children[0].id, seen=True)],
                note=None,
                by=viewer,
            )

    def test_who_may(self, council: Council, sign_in: SignIn) -> None:
        team = two_children(council)
        path = f"/families/{team.ref}/contacts/new"

        assert sign_in(council.partner).get(path).status == 200
        assert sign_in(council.auditor).get(path).status == 403
        for stranger in (council.partner_other_organisation, council.front_door, council.admin):
            assert sign_in(stranger).get(path).status == 404
