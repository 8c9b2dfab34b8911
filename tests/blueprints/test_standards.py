"""Practice standards: read by those who work by them, changed by the early help manager, with a reason."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.standards import DEFAULTS, NAMES, Standard
from portal.domain.support import Method
from portal.facts import practice
from portal.models.families import Family
from portal.models.following import FollowUpCheck
from portal.models.handover import StepDown
from portal.models.people import User
from portal.models.record import Event, StandardChange
from portal.services import answers
from tests.support.following import a_referral
from tests.support.handover import a_proposed, an_accepted
from tests.support.people import Council, a_family
from tests.support.web import Page, SignIn, counted_statements

PAGE = "/standards/change"


def change(sign_in: SignIn, person: User, standard: Standard, amount: str, why: str = "Our panel meets daily") -> Page:
    return sign_in(person).submit(PAGE, {"key": standard.value, "amount": amount, "why": why})


def events(council: Council, kind: str) -> list[Event]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id)))


def due_of(council: Council, check: FollowUpCheck) -> date:
    with council.behind_the_scenes():
        return db.session.get_one(FollowUpCheck, check.id).due_on


class TestTheList:
    def test_says_value_default_source_and_that_nobody_changed_it(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.coordinator).get("/standards")

        row = page.text_of("#step_down-decide")
        assert "5 working days" in row
        assert "Weekly panels are common" in row
        assert "Never changed" in row
        assert PAGE not in page.links()

    def test_has_every_standard_under_a_name_of_its_own(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.manager).get("/standards")

        assert len(page.soup.select("tbody tr")) == len(DEFAULTS)
        assert set(NAMES) == set(DEFAULTS) == set(Standard)

    def test_says_who_changed_it_when_and_why(self, council: Council, sign_in: SignIn) -> None:
        assert change(sign_in, council.manager, Standard.DECIDE, "3").status == 303

        row = sign_in(council.auditor).get("/standards").text_of("#step_down-decide")

        assert "Moira Manager changed it from 5 working days to 3 working days" in row
        assert "Our panel meets daily" in row

    def test_many_changes_cost_no_more(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.manager)
        with counted_statements(council.app) as before:
            browser.get("/standards")
        for amount in ("3", "4", "6"):
            change(sign_in, council.manager, Standard.DECIDE, amount)
        with counted_statements(council.app) as after:
            browser.get("/standards")

        assert len(after) == len(before)


class TestChanging:
    def test_moves_the_dates_that_have_not_passed(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        with council.behind_the_scenes():
            decided = db.session.get_one(StepDown, handing.step_down_id).decision_on
            assert decided is not None

        page = change(sign_in, council.manager, Standard.COMPLETE, "40").follow()

        with council.behind_the_scenes():
            step_down = db.session.get_one(StepDown, handing.step_down_id)
            assert step_down.complete_by == practice.calendar().working_days_after(decided, 40)
        assert "1 date that had not passed moved with it" in page.text
        (event,) = events(council, "standard.moved")
        assert event.data["what"].startswith(f"{handing.ref} is due ")
        history = sign_in(council.coordinator).get(f"/families/{handing.family_ref}/history").main
        assert "changed a practice standard from 20 working days to 40 working days" in history

    def test_a_date_that_has_passed_stays(self, council: Council, sign_in: SignIn) -> None:
        handing = a_proposed(council)
        with council.behind_the_scenes():
            step_down = db.session.get_one(StepDown, handing.step_down_id)
            late = step_down.complete_by = clock.today() - timedelta(days=3)

        change(sign_in, council.manager, Standard.COMPLETE, "40")

        with council.behind_the_scenes():
            assert db.session.get_one(StepDown, handing.step_down_id).complete_by == late
        assert events(council, "standard.moved") == []

    def test_a_date_that_somebody_chose_stays(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        chosen = practice_day(council, 9)
        with council.as_(council.social_worker) as viewer:
            mine = db.session.get_one(FollowUpCheck, check.id)
            following = answers.not_yet(mine, by=viewer, waiting_on="The service", next_on=chosen)

        change(sign_in, council.manager, Standard.SIGNPOSTED, "2")

        assert due_of(council, following) == chosen

    def test_nothing_becomes_late_by_a_change(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        given = clock.today() - timedelta(days=4)
        _, check = a_referral(council, home, given_on=given)

        change(sign_in, council.manager, Standard.SIGNPOSTED, "1")

        assert due_of(council, check) == practice_day(council, 0)

    def test_another_try_moves_with_its_standard(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        with council.as_(council.social_worker) as viewer:
            mine = db.session.get_one(FollowUpCheck, check.id)
            following = answers.no_answer(mine, by=viewer, method=Method.CALL)

        change(sign_in, council.manager, Standard.RETRY, "2")

        assert due_of(council, following) == practice_day(council, 2)

    def test_an_open_request_to_lead_moves_too(self, council: Council, sign_in: SignIn) -> None:
        handing = an_accepted(council, answered=False)

        change(sign_in, council.manager, Standard.LEAD_ANSWER, "8")

        assert handing.nomination.answer_by == practice_day(council, 8)

    def test_a_restricted_family_s_dates_move_though_the_manager_cannot_see_it(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        _, check = a_referral(council, home)
        with council.behind_the_scenes():
            db.session.get_one(Family, home.id).restricted = True

        page = change(sign_in, council.manager, Standard.SIGNPOSTED, "8").follow()

        assert due_of(council, check) == practice_day(council, 8)
        assert home.ref not in page.text

    def test_new_dates_are_counted_by_it(self, council: Council, sign_in: SignIn) -> None:
        change(sign_in, council.manager, Standard.SIGNPOSTED, "7")

        _, check = a_referral(council, a_family(council))

        assert due_of(council, check) == practice_day(council, 7)

    def test_how_long_social_care_looks_back_is_read_on_the_next_request(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        with council.behind_the_scenes():
            db.session.get_one(Family, home.id).added_at = clock.now() - timedelta(days=20)
        browser = sign_in(council.social_worker)
        assert browser.get(f"/families/{home.ref}").status == 200

        change(sign_in, council.manager, Standard.SOCIAL_CARE_REACH, "10")

        assert browser.get(f"/families/{home.ref}").status == 404


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            ({"amount": "3", "why": ""}, "Enter why it is changed"),
            ({"amount": "0", "why": "No"}, "The council’s value must be a whole number from 1 to 400"),
            ({"amount": "٣", "why": "No"}, "The council’s value must be a whole number from 1 to 400"),
            ({"amount": "5", "why": "No"}, "This standard is 5 working days already"),
            ({"amount": "3", "why": "x" * 501}, "Why it is changed must be 500 characters or fewer. It is 501"),
        ],
    )
    def test_at_the_field_with_what_was_typed(
        self, council: Council, sign_in: SignIn, answers: dict[str, Any], words: str
    ) -> None:
        page = sign_in(council.manager).submit(PAGE, {"key": Standard.DECIDE.value, **answers})

        assert page.status == 422
        assert page.errors == [words]
        assert page.form(PAGE).values["amount"] == [answers["amount"]]
        with council.behind_the_scenes():
            assert db.session.scalars(select(StandardChange)).all() == []

    def test_somebody_was_faster(self, council: Council, sign_in: SignIn) -> None:
        form = sign_in(council.manager).get(f"{PAGE}?standard=step_down.decide").form(PAGE)
        change(sign_in, council.manager, Standard.DECIDE, "3")

        page = form.send({"amount": "9", "why": "Mine"})

        assert page.status == 409
        assert "Moira Manager changed this to 3 working days" in page.main
        again = page.form(PAGE)
        assert (again.values["amount"], again.values["why"]) == (["9"], ["Mine"])
        assert again.send().status == 303


def practice_day(council: Council, working_days: int) -> date:
    with council.behind_the_scenes():
        return practice.calendar().working_days_after(clock.today(), working_days)
