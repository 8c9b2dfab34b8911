"""Where people live and how they belong together: two homes, moves with dates, corrected addresses, relationships."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.event_kinds import E
from portal.models.families import Household, HouseholdMembership, ParentalResponsibility, Relationship
from tests.support.household import events, first_home, somebody
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.situations import confidential
from tests.support.web import Page, SignIn, date_parts


def send(sign_in: SignIn, council: Council, path: str, answers: dict[str, Any]) -> Page:
    return sign_in(council.social_worker).submit(path, answers)


def household(sign_in: SignIn, council: Council, home: Home) -> str:
    return sign_in(council.social_worker).get(f"/families/{home.ref}/household").main


def stays(council: Council, person_id: int) -> list[tuple[int, date | None, date | None]]:
    with council.behind_the_scenes():
        rows = db.session.execute(
            select(HouseholdMembership.household_id, HouseholdMembership.from_on, HouseholdMembership.to_on)
            .where(HouseholdMembership.person_id == person_id)
            .order_by(HouseholdMembership.id)
        )
        return [(row.household_id, row.from_on, row.to_on) for row in rows]


class TestMoving:
    def test_a_child_lives_in_two_homes(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        child = home.children[0]
        send(sign_in, council, f"/families/{home.ref}/household/homes/new", {"name": "Nan’s home"})
        with council.behind_the_scenes():
            second = db.session.scalars(select(Household.id).where(Household.name == "Nan’s home")).one()

        send(sign_in, council, f"/people/{child.ref}/homes", {"joins": str(second)})

        main = household(sign_in, council, home)
        assert "Child0 O’Neill lives in Home and in Nan’s home" in main
        assert [event.kind for event in events(council, home, "home.")] == [E.HOME_ADDED, E.HOME_JOINED]

    def test_somebody_moves_out_and_into_a_new_home_with_others(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        old, today = first_home(council, home), clock.today()
        left = today - timedelta(days=3)
        answers = {
            "leaves": str(old.id),
            **date_parts("left_on", left),
            "joins": "new",
            **date_parts("joined_on", left),
            "name": "The flat",
            "address": "7 Quay, Ambleford",
            "postcode": "af2 2ab",
            "others": [str(home.children[0].id)],
        }

        send(sign_in, council, f"/people/{home.parent.ref}/homes", answers)

        for person in (home.parent, home.children[0]):
            first, second = stays(council, person.id)
            assert first == (old.id, None, left)
            assert second[1:] == (left, None)
        assert stays(council, home.children[1].id) == [(old.id, None, None)]
        main = household(sign_in, council, home)
        assert "AF2 2AB" in main
        assert "Lived here before: Siobhán O’Neill, until" in main
        assert {event.happened_on for event in events(council, home, "home.left")} == {left}

    def test_a_home_twice_is_refused(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/people/{home.parent.ref}/homes", {"joins": str(first_home(council, home).id)})

        assert page.errors == ["Siobhán O’Neill lives in Home already"]
        assert len(stays(council, home.parent.id)) == 1

    def test_leaving_before_coming_is_refused(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        came, old = clock.today() - timedelta(days=10), first_home(council, home)
        with council.behind_the_scenes():
            for stay in db.session.scalars(select(HouseholdMembership)):
                stay.from_on = came

        answers = {"leaves": str(old.id), **date_parts("left_on", came - timedelta(days=1))}
        page = send(sign_in, council, f"/people/{home.parent.ref}/homes", answers)

        assert page.errors[0].startswith("Date they left must be on or after")
        assert page.form().values["leaves"] == [str(old.id)]

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({}, "Choose which home they leave, where they live now, or both"),
            ({"leaves": "1"}, "Enter when they left"),
            ({"leaves": "1", **date_parts("left_on", date(2199, 1, 1))}, "Date they left must be today or in the past"),
            ({"joins": "new"}, "Enter what the new home is called"),
            (
                {"joins": "new", "name": "Flat", **date_parts("joined_on", date(1980, 1, 1))},
                "Date must be on or after 4 May 1990, when Siobhán O’Neill was born",
            ),
            ({"joins": "new", "name": "Home"}, "The family has a home called Home already. Call this one another name"),
            ({"joins": "new", "name": "Flat", "postcode": "12"}, "Enter a full UK postcode, like AB1 2DE"),
        ],
    )
    def test_what_cannot_be_is_said_at_the_question(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], words: str
    ) -> None:
        home = a_family(council)

        page = send(sign_in, council, f"/people/{home.parent.ref}/homes", answers)

        assert page.status == 422
        assert page.errors == [words]
        assert stays(council, home.parent.id) == [(first_home(council, home).id, None, None)]


class TestHomes:
    def test_a_corrected_address_keeps_what_it_was_but_not_in_the_history(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        house = first_home(council, home)

        answers = {"address": "11 Mill Lane, Ambleford", "reason": "The number was wrong"}
        send(sign_in, council, f"/homes/{house.ref}/edit", answers)

        main = household(sign_in, council, home)
        assert "11 Mill Lane, Ambleford AF1 1AA" in main
        assert "Recorded before as 1 Mill Lane, Ambleford, AF1 1AA, corrected on" in main
        (event,) = events(council, home, "home.")
        assert (event.data, event.text) == ({"home": "Home"}, "The number was wrong")

    def test_a_known_address_is_corrected_with_a_reason(self, council: Council, sign_in: SignIn) -> None:
        house = first_home(council, a_family(council))

        page = send(sign_in, council, f"/homes/{house.ref}/edit", {"address": "11 Mill Lane"})

        assert page.errors == ["Enter why the address is corrected"]
        assert page.form().values["address"] == ["11 Mill Lane"]

    def test_the_same_address_is_one_home(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        answers = {"name": "Flat", "address": "1 mill lane,  Ambleford", "postcode": "AF11AA"}
        page = send(sign_in, council, f"/families/{home.ref}/household/homes/new", answers)

        assert page.errors == ["The family has this home already: Home"]

    def test_who_may_not_read_the_address_cannot_change_it(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        confidential(council, team.home)
        house = first_home(council, team.home)

        page = sign_in(council.manager).get(f"/homes/{house.ref}/edit")
        assert "You cannot change this home" in page.main
        assert "Mill Lane" not in page.html
        assert f"/homes/{house.ref}/edit" not in (
            sign_in(council.manager).get(f"/families/{team.ref}/household").links()
        )
        hidden = page.soup.select_one("input[name=csrf_token]")
        assert hidden is not None
        sent = {"csrf_token": hidden["value"], "idempotency_key": "0123456789abcdefghij", "version": "1", "name": "X"}
        assert sign_in(council.coordinator).get(f"/homes/{house.ref}/edit").form().values["address"]
        assert page.browser.post(f"/homes/{house.ref}/edit", sent).status == 403


class TestRelationships:
    def test_half_siblings_differ(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        kevin = somebody(council, home, "Kevin")
        one, other = home.children

        answers = {
            f"relation-{one.id}": "father",
            f"responsible-{one.id}": "y",
            f"relation-{other.id}": "stepfather",
        }
        send(sign_in, council, f"/people/{kevin.ref}/relationships", answers)

        facts = sign_in(council.social_worker).get(f"/families/{home.ref}/household").text_of(".app-whos-who")
        assert "Kevin O’Neill is father of Child0 O’Neill" in facts
        assert "Kevin O’Neill is stepfather of Child1 O’Neill" in facts
        assert "Kevin O’Neill has parental responsibility for Child0 O’Neill" in facts
        assert "Kevin O’Neill has parental responsibility for Child1" not in facts
        kinds = [event.kind for event in events(council, home, "re")]
        assert kinds == [E.RELATION_CHANGED, E.RELATION_CHANGED, E.RESPONSIBILITY_RECORDED]

    def test_a_relationship_is_corrected_with_the_old_and_why(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            about = {"family_id": home.id, "person_id": home.parent.id, "other_id": home.children[0].id}
            db.session.add(Relationship(**about, kind="aunt"))
        path = f"/people/{home.parent.ref}/relationships"
        relation = {f"relation-{home.children[0].id}": "mother"}

        refused = send(sign_in, council, path, relation)
        send(sign_in, council, path, {**relation, "because": "wrong", "reason": "She is the mother"})

        assert refused.errors == ["Select whether this has changed or was recorded wrongly"]
        (event,) = events(council, home, "relation.")
        assert (event.data["old"], event.data["new"], event.text) == ("aunt", "mother", "She is the mother")

    def test_parental_responsibility_is_taken_away_with_a_reason(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        child = home.children[0]
        path = f"/people/{child.ref}/relationships"
        without = {f"responsible-{home.parent.id}": None}

        refused = send(sign_in, council, path, without)
        send(sign_in, council, path, {**without, "because": "changed", "reason": "An adoption order"})

        assert refused.errors == ["Enter why Siobhán O’Neill does not have parental responsibility for Child0 O’Neill"]
        with council.behind_the_scenes():
            assert db.session.scalars(select(ParentalResponsibility)).all() == []
        (event,) = events(council, home, "responsibility.")
        assert event.text == "An adoption order"


class TestWhoIsWho:
    def test_is_drawn_and_listed(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, children=2)
        with council.behind_the_scenes():
            about = {"family_id": home.id, "person_id": home.parent.id, "other_id": home.children[0].id}
            db.session.add(Relationship(**about, kind="mother"))

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/household")

        drawing = page.soup.select_one("svg[role=img]")
        assert drawing is not None
        assert len(drawing.select("rect")) == 4
        # Three people live in one home, one is responsible for two.
        assert len(drawing.select("path")) == 5
        assert len(drawing.select("path[stroke-width='3']")) == 2
        assert "1 adult, 2 children, 1 home." in page.main
        assert "Siobhán O’Neill is mother of Child0 O’Neill" in page.text_of(".app-whos-who")

    def test_who_died_has_no_parental_responsibility_any_more(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        send(sign_in, council, f"/people/{home.parent.ref}/died", date_parts("on", clock.today()))

        main = household(sign_in, council, home)

        assert "died" in main
        assert "Who has parental responsibility Not known" in main
