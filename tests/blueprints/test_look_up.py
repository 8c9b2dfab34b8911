"""Looking a family up: what a card tells, what stays as if it were not there, and what is remembered of it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.domain.limits import PACES, Limit
from portal.models.families import ConflictOfInterest, Family, Household, LookUp, Person
from portal.models.people import User
from portal.models.record import Audit, AuditKind
from portal.services import look_ups
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.web import Page, SignIn, counted_statements, date_parts

BORN = date(2017, 3, 1)
NOT_FOUND = "No family found"


def by_name(surname: str = "O’Neill", born_on: date = BORN, postcode: str = "AF1 1AA", **more: Any) -> dict[str, Any]:
    return {"surname": surname, **date_parts("born_on", born_on), "postcode": postcode, "reason": "A call", **more}


def by_number(number: str) -> dict[str, Any]:
    return {"number": number, "reason": "A call about school"}


def look_up(sign_in: SignIn, person: User, answers: dict[str, Any]) -> Page:
    return sign_in(person).submit("/look-up", answers)


def rows_of(council: Council) -> list[LookUp]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(LookUp).order_by(LookUp.id)))


def audit_of(council: Council, kind: AuditKind) -> list[Audit]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Audit).where(Audit.kind == kind).order_by(Audit.id)))


def conflict(council: Council, home: Home, user: User) -> None:
    with council.behind_the_scenes():
        db.session.add(ConflictOfInterest(family_id=home.id, user_id=user.id, recorded_at=clock.now()))


class TestWhatACardTells:
    def test_known_since_lead_phone_and_open_step_down(self, council: Council, sign_in: SignIn) -> None:
        with council.behind_the_scenes():
            db.session.get_one(User, council.lead.id).phone = "01632 960 444"
        team = an_active_family(council)

        page = look_up(sign_in, council.front_door, by_number(team.ref))

        assert page.status == 200
        card = page.text_of(".app-found")
        assert "1 family found" in page.main
        assert team.ref in card
        assert "Lena Lead" in card
        assert "01632 960 444" in card
        assert "Open step-down No" in card

    def test_never_more(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        page = look_up(sign_in, council.front_door, by_number(team.ref))

        for secret in ("O’Neill", "Siobhán", "Child0", "Mill Lane", "01632 960 300", council.coordinator.name):
            assert secret not in page.main
        assert f"/families/{team.ref}" not in page.html

    @pytest.mark.parametrize("typed", ["{ref}", "f-{id}", "F {id}", " F{id} ", "F–{id}"])
    def test_the_reference_as_people_write_it(self, council: Council, sign_in: SignIn, typed: str) -> None:
        home = a_family(council)

        page = look_up(sign_in, council.front_door, by_number(typed.format(ref=home.ref, id=home.id)))

        assert home.ref in page.text_of(".app-found")

    def test_by_social_care_number(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Person, home.children[0].id).social_care_number = "SC123456"

        assert home.ref in look_up(sign_in, council.front_door, by_number("sc 123 456")).text_of(".app-found")
        assert NOT_FOUND in look_up(sign_in, council.front_door, by_number("SC12345")).main

    @pytest.mark.parametrize(
        ("stored", "typed"),
        [
            ("O’Neill", "ONEILL"),
            ("O’Neill", "O'Neill"),
            ("García-Núñez", "garcia nunez"),
            ("Nguyễn", "NGUYỄN"),
            ("Şahin", "sahin"),
            ("आद्या", "आद्या"),
            ("محمد", "محمد"),
            ("王", "王"),
            ("Ковальчук", "КОВАЛЬЧУК"),
        ],
    )
    def test_surnames_in_any_script(self, council: Council, sign_in: SignIn, stored: str, typed: str) -> None:
        home = a_family(council, name=stored)

        page = look_up(sign_in, council.front_door, by_name(typed, postcode="af11aa"))

        assert home.ref in page.text_of(".app-found")

    @pytest.mark.parametrize(
        "wrong", [{"surname": "Oneil"}, {"born_on": BORN + timedelta(days=1)}, {"postcode": "AF1 1AB"}]
    )
    def test_all_three_have_to_be_right(self, council: Council, sign_in: SignIn, wrong: dict[str, Any]) -> None:
        a_family(council)

        assert NOT_FOUND in look_up(sign_in, council.front_door, by_name(**wrong)).main

    def test_a_home_they_left_is_not_where_they_live(self, council: Council, sign_in: SignIn) -> None:
        from portal.models.families import HouseholdMembership

        home = a_family(council)
        with council.behind_the_scenes():
            for row in db.session.scalars(
                select(HouseholdMembership).where(HouseholdMembership.family_id == home.id)
            ).all():
                row.to_on = clock.today()

        assert NOT_FOUND in look_up(sign_in, council.front_door, by_name()).main

    def test_a_few_at_most(self, council: Council, sign_in: SignIn) -> None:
        for _ in range(7):
            a_family(council)

        page = look_up(sign_in, council.front_door, by_name())

        assert "5 families found" in page.main
        assert len(rows_of(council)) == 5

    def test_costs_the_same_for_one_as_for_five(self, council: Council, sign_in: SignIn) -> None:
        counts = []
        for families in (1, 4):
            for _ in range(families):
                a_family(council)
            form = sign_in(council.front_door).get("/look-up").form()
            with counted_statements(council.app) as statements:
                assert form.send(by_name()).status == 200
            counts.append(len([one for one in statements if "INSERT INTO look_up" not in one]))

        assert counts[0] == counts[1] <= 10, counts


class TestAsIfNotThere:
    def test_a_restricted_family_even_for_somebody_cleared(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, restricted=True)

        for person in (council.front_door, council.social_worker):
            for answers in (by_number(home.ref), by_name()):
                page = look_up(sign_in, person, answers)
                assert page.status == 200
                assert NOT_FOUND in page.main
                assert not page.soup.select(".app-found")

    def test_a_conflict_of_interest(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        conflict(council, home, council.front_door)

        assert NOT_FOUND in look_up(sign_in, council.front_door, by_number(home.ref)).main
        assert home.ref in look_up(sign_in, council.social_worker_other_team, by_number(home.ref)).main

    def test_answers_exactly_like_an_unknown_one(self, council: Council, sign_in: SignIn) -> None:
        hidden = a_family(council, restricted=True)

        there, not_there = (
            look_up(sign_in, council.front_door, by_number(ref)).text_of("section[aria-labelledby=found]")
            for ref in (hidden.ref, "F-99999")
        )

        assert there == not_there
        assert [row.found_family_id for row in rows_of(council)] == [None, None]
        assert [row.rows for row in audit_of(council, AuditKind.SEARCH)] == [0, 0]

    @pytest.mark.parametrize("number", ["F-0", "F-99999999999999999999", "F-1 OR 1=1", "%", "F-٣", "F-²"])
    def test_a_number_of_nobody(self, council: Council, sign_in: SignIn, number: str) -> None:
        a_family(council)

        assert NOT_FOUND in look_up(sign_in, council.front_door, by_number(number)).main


class TestWhatIsRemembered:
    def test_who_when_why_and_how_many_but_not_what_was_typed(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = look_up(sign_in, council.front_door, by_name())

        (row,) = rows_of(council)
        assert (row.user_id, row.reason, row.found_family_id) == (council.front_door.id, "A call", home.id)
        assert row.searched_by == look_ups.BY_NAME
        (search,) = audit_of(council, AuditKind.SEARCH)
        assert (search.rows, search.family_id, search.page) == (1, None, "look_up.look_up")
        assert (search.subject, search.reason) == (look_ups.BY_NAME, "A call")
        assert page.response.request.query_string == b""
        assert "Neill" not in page.title

    def test_double_click_is_one_look_up(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        form = sign_in(council.front_door).get("/look-up").form()

        first, second = form.send(by_number(home.ref)), form.send(by_number(home.ref))

        assert (first.status, second.status) == (200, 200)
        assert home.ref in second.text_of(".app-found")
        assert len(rows_of(council)) == 1

    def test_the_same_form_with_other_words_is_another_look_up(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        form = sign_in(council.front_door).get("/look-up").form()

        assert NOT_FOUND in form.send(by_number("F-99999")).main
        assert home.ref in form.send(by_number(home.ref)).text_of(".app-found")
        assert len(rows_of(council)) == 2

    def test_nothing_of_an_address_is_looked_for(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = sign_in(council.front_door).get(f"/look-up?number={home.ref}&reason=none")

        assert not page.soup.select(".app-found, input[name=number][value^=F]")
        assert rows_of(council) == []

    def test_sixty_in_a_minute_then_a_pause(self, council: Council, sign_in: SignIn) -> None:
        with council.behind_the_scenes():
            for n in range(PACES[Limit.SEARCH][0].times):
                db.session.add(
                    LookUp(
                        user_id=council.front_door.id,
                        at=clock.now() - timedelta(milliseconds=n + 1),
                        reason="A call",
                        searched_by=look_ups.BY_NUMBER,
                    )
                )
        home = a_family(council)

        page = look_up(sign_in, council.front_door, by_number(home.ref))

        assert page.status == 429
        assert "Wait a minute, then try again" in page.main
        assert page.soup.select_one("input[name=number]")["value"] == home.ref  # type: ignore[index]
        assert not page.soup.select(".app-found")
        assert len(rows_of(council)) == PACES[Limit.SEARCH][0].times
        assert len(audit_of(council, AuditKind.REFUSAL)) == 1
        assert look_up(sign_in, council.social_worker, by_number(home.ref)).status == 200


class TestBadInput:
    @pytest.mark.parametrize(
        ("answers", "errors"),
        [
            (
                {"reason": "x"},
                ["Enter a family reference or social care number, or a surname, date of birth and postcode"],
            ),
            ({"number": "F-1"}, ["Enter why you are looking this family up"]),
            ({"number": "F-1", "reason": "   "}, ["Enter why you are looking this family up"]),
            ({"surname": "Neill", "reason": "x"}, ["Enter the date of birth", "Enter the postcode"]),
            (by_name(postcode="nowhere"), ["Enter a full UK postcode, like AB1 2DE"]),
            (
                {**by_name(), "born_on-day": "31", "born_on-month": "2"},
                ["Date of birth must be a real date, like 27 3 2025"],
            ),
            (by_name("N" * 10000), ["Surname must be 100 characters or fewer. It is 10,000"]),
            (
                {"number": "F-1\x00", "reason": "x"},
                ["Reference or number must not hold control characters. Delete them and type the text again"],
            ),
        ],
    )
    def test_is_refused_in_words_and_kept(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], errors: list[str]
    ) -> None:
        page = look_up(sign_in, council.front_door, answers)

        assert page.status == 422
        assert page.errors == errors
        assert rows_of(council) == []

    def test_only_those_who_may(self, council: Council, sign_in: SignIn) -> None:
        for person in (council.partner, council.coordinator, council.auditor, council.admin):
            assert sign_in(person).get("/look-up").status == 403
        assert sign_in(None).get("/look-up").status == 303


class TestStartingAStepDown:
    def test_a_family_that_is_there_is_offered_first(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council, by=council.social_worker_other_team)

        page = sign_in(council.social_worker).submit("/step-downs/new", by_number(home.ref))

        (row,) = rows_of(council)
        assert row.reason == look_ups.STARTING
        form = page.soup.select_one("main form[action='/step-downs/start']")
        assert form is not None
        assert form.select_one("input[name=look_up]")["value"] == str(row.id)  # type: ignore[index]
        assert "/families/new" in page.links()

    def test_a_family_in_reach_is_linked(self, council: Council, sign_in: SignIn) -> None:
        mine, other = a_family(council), a_family(council, by=council.social_worker_other_team)

        page = sign_in(council.social_worker).submit("/step-downs/new", by_name())

        assert f"/families/{mine.ref}" in page.links()
        assert f"/families/{other.ref}" not in page.links()

    def test_nobody_found_leads_to_adding(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.social_worker).submit("/step-downs/new", by_number("F-99999"))

        assert NOT_FOUND in page.main
        assert "/families/new" in page.links()

    def test_is_for_social_care(self, council: Council, sign_in: SignIn) -> None:
        for person in (council.front_door, council.coordinator, council.partner):
            assert sign_in(person).get("/step-downs/new").status == 403


class TestWhatALookUpMayStart:
    def _look(self, council: Council, home: Home) -> int:
        with council.as_(council.social_worker) as viewer:
            (row,) = look_ups.record(by=viewer, reason="x", searched_by=look_ups.BY_NUMBER, found=[home.id])
            return row.id

    def test_the_family_that_was_found(self, council: Council) -> None:
        home = a_family(council, by=council.social_worker_other_team)
        look_up_id = self._look(council, home)

        with council.as_(council.social_worker) as viewer:
            assert look_ups.usable(look_up_id, viewer) == home.id

    def test_not_somebody_elses(self, council: Council) -> None:
        look_up_id = self._look(council, a_family(council))

        with council.as_(council.social_worker_other_team) as viewer, pytest.raises(Refused):
            look_ups.usable(look_up_id, viewer)

    def test_not_after_an_hour(self, council: Council) -> None:
        look_up_id = self._look(council, a_family(council))
        with council.behind_the_scenes():
            db.session.get_one(LookUp, look_up_id).at = clock.now() - timedelta(hours=1)

        with council.as_(council.social_worker) as viewer, pytest.raises(Refused):
            look_ups.usable(look_up_id, viewer)

    def test_not_a_family_restricted_or_conflicted_meanwhile(self, council: Council) -> None:
        restricted, conflicted = a_family(council), a_family(council)
        ids = [self._look(council, home) for home in (restricted, conflicted)]
        with council.behind_the_scenes():
            db.session.get_one(Family, restricted.id).restricted = True
        conflict(council, conflicted, council.social_worker)

        for look_up_id in ids:
            with council.as_(council.social_worker) as viewer, pytest.raises(Refused):
                look_ups.usable(look_up_id, viewer)

    def test_not_one_that_found_nobody(self, council: Council) -> None:
        with council.as_(council.social_worker) as viewer:
            (row,) = look_ups.record(by=viewer, reason="x", searched_by=look_ups.BY_NUMBER, found=[])
            with pytest.raises(Refused):
                look_ups.usable(row.id, viewer)


def test_a_confidential_address_is_never_matched(council: Council, sign_in: SignIn) -> None:
    from portal.models.families import ConfidentialAddress

    home = a_family(council)
    with council.behind_the_scenes():
        house = db.session.scalars(select(Household).where(Household.family_id == home.id)).one()
        house.address = house.postcode = None
        db.session.add(
            ConfidentialAddress(family_id=home.id, person_id=home.parent.id, address="A refuge", postcode="AF9 9ZZ")
        )

    page = look_up(sign_in, council.front_door, by_name(born_on=date(1990, 5, 4), postcode="AF9 9ZZ"))

    assert NOT_FOUND in page.main
