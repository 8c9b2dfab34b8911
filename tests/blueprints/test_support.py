"""What was suggested to a family: recording it, and the pages that show what became of it."""

from datetime import date, timedelta

import pytest
import time_machine
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.support import ReferralState
from portal.models.following import SupportReferral
from portal.models.record import Event
from tests.support.following import a_referral, a_service, coordinated, due_check
from tests.support.people import Council, Home, a_family, an_active_family
from tests.support.web import SignIn, counted_statements, date_parts

TYPED = {
    "where": "typed",
    "service_name": "Stay and play",
    "need": "typed",
    "need_text": "Somewhere to go with the little one",
    "how_given": "leaflet",
}


def referrals_of(council: Council, home: Home) -> list[SupportReferral]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(SupportReferral).where(SupportReferral.family_id == home.id)))


def new(home: Home) -> str:
    return f"/families/{home.ref}/support/new"


class TestRecordingWhatWasSuggested:
    def test_a_service_of_the_directory_for_a_need_of_the_plan(self, council: Council, sign_in: SignIn) -> None:
        team, service = an_active_family(council), a_service(council)

        page = sign_in(council.lead).submit(
            new(team.home),
            {"where": "directory", "service": str(service.id), "need": str(team.need.id), "how_given": "rang_together"},
        )

        shown = page.follow()
        assert "the first check is due" in shown.text
        assert "Stay and play" in shown.main
        assert "Getting to school on time" in shown.main
        (referral,) = referrals_of(council, team.home)
        assert referral.service_id == service.id
        assert referral.service_phone == "01632 960 111"
        assert referral.plan_need_id == team.need.id
        assert referral.episode_id == team.episode.id
        assert due_check(council, team.home).owner_id == council.lead.id

    def test_a_service_retired_while_the_form_was_open_is_said_and_the_rest_is_kept(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team, service = an_active_family(council), a_service(council)
        a_service(council, name="Money advice")
        with council.behind_the_scenes():
            db.session.merge(service).active = False

        typed = {**TYPED, "label": "Mornings", "person": str(team.home.parent.id)}
        page = sign_in(council.lead).submit(new(team.home), {**typed, "where": "directory", "service": str(service.id)})

        assert page.errors == ["This service is no longer offered. Choose another, or type it"]
        assert TYPED["need_text"] in page.main
        assert page.soup.select_one("[name=label]")["value"] == "Mornings"  # type: ignore[index]

    def test_of_a_label_for_the_whole_family_it_is_asked_who_wanted_it(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        browser = sign_in(council.social_worker)

        page = browser.submit(new(home), {**TYPED, "label": "Mornings"})
        saved = page.form(new(home)).send({"label_by": str(home.parent.id)})
        of_one = browser.submit(new(home), {**TYPED, "label": "Sport", "person": str(home.children[0].id)})

        assert page.errors == ["Select who asked for this label"]
        assert (saved.status, of_one.status) == (303, 303)
        assert [each.label_by_id for each in referrals_of(council, home)] == [home.parent.id, home.children[0].id]
        shown = browser.get(f"/referrals/{referrals_of(council, home)[0].ref}").main
        assert f"“Mornings”, as {home.parent.given_name} {home.parent.family_name} asked" in shown

    def test_a_service_that_is_not_in_the_directory_for_a_family_without_a_plan(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)

        page = sign_in(council.social_worker).submit(new(home), {**TYPED, "person": str(home.children[0].id)})

        assert page.status == 303
        (referral,) = referrals_of(council, home)
        assert (referral.service_name, referral.service_id) == ("Stay and play", None)
        assert referral.need_text == "Somewhere to go with the little one"
        assert referral.person_id == home.children[0].id
        assert referral.social_care_team_id == council.team.id
        assert due_check(council, home).owner_id == council.social_worker.id

    def test_the_service_stays_as_it_was_on_that_day(self, council: Council, sign_in: SignIn) -> None:
        home, service = a_family(council), a_service(council)
        browser = sign_in(council.social_worker)
        browser.submit(new(home), {**TYPED, "where": "directory", "service": str(service.id)})

        with council.behind_the_scenes():
            db.session.merge(service).name = "Renamed since"

        assert "Stay and play" in browser.get(f"/families/{home.ref}/support").main

    def test_history_says_what_was_suggested_and_who_will_check(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        sign_in(council.social_worker).submit(new(home), TYPED)

        with council.behind_the_scenes():
            kinds = db.session.scalars(select(Event.kind).where(Event.family_id == home.id).order_by(Event.id)).all()
        assert [str(kind) for kind in kinds[-2:]] == ["referral.information_given", "check.made"]

    def test_nothing_answered_is_asked_for_at_each_question(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_service(council)

        page = sign_in(council.social_worker).submit(
            new(home), {"given_on-day": "", "given_on-month": "", "given_on-year": ""}
        )

        assert page.status == 422
        assert page.errors == [
            "Select whether the service is in the directory",
            "Enter what it is needed for",
            "Enter the date you suggested it",
            "Select how you suggested it",
        ]
        assert referrals_of(council, home) == []

    def test_only_the_branch_that_was_chosen_is_judged(self, council: Council, sign_in: SignIn) -> None:
        home, service = a_family(council), a_service(council)

        page = sign_in(council.social_worker).submit(
            new(home), {**TYPED, "where": "directory", "service": str(service.id), "service_name": "x" * 10_000}
        )

        assert page.status == 303

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"service_name": "   "}, "Enter the name of the service"),
            ({"service_name": "x" * 301}, "The name of the service must be 300 characters or fewer. It is 301"),
            ({"need_text": " \n "}, "Enter what it is needed for"),
            (
                {"need_text": "a\x00b"},
                "What it is needed for must not hold control characters. Delete them and type the text again",
            ),
            ({"person": "999999"}, "Select one of the answers in the list"),
            ({"need": "999999"}, "Select one of the answers in the list"),
            (
                {"where": "directory", "service": "999999"},
                "This service is no longer offered. Choose another, or type it",
            ),
            (
                {"given_on-day": "31", "given_on-month": "2", "given_on-year": "2026"},
                "The date you suggested it must be a real date, like 27 3 2025",
            ),
        ],
    )
    def test_bad_answers_are_refused_in_words(
        self, council: Council, sign_in: SignIn, answers: dict[str, str], error: str
    ) -> None:
        home = a_family(council)
        a_service(council)

        page = sign_in(council.social_worker).submit(new(home), {**TYPED, **answers})

        assert page.status == 422
        assert page.errors == [error]
        assert referrals_of(council, home) == []

    def test_a_date_in_the_future_is_refused(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = sign_in(council.social_worker).submit(
            new(home), {**TYPED, **date_parts("given_on", clock.today() + timedelta(days=1))}
        )

        assert page.errors == ["The date you suggested it must be today or in the past"]

    def test_a_person_or_need_of_another_family_is_refused(self, council: Council, sign_in: SignIn) -> None:
        home, other = a_family(council), an_active_family(council, a_family(council, name="Novak"))

        for answers in ({"person": str(other.home.parent.id)}, {"need": str(other.need.id)}):
            page = sign_in(council.social_worker).submit(new(home), {**TYPED, **answers})
            assert page.status == 422
        assert referrals_of(council, home) == []

    def test_a_double_click_makes_one(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        form = sign_in(council.social_worker).get(new(home)).form(new(home))

        first, second = form.send(TYPED), form.send(TYPED)

        assert (first.status, second.status) == (303, 303)
        assert len(referrals_of(council, home)) == 1

    def test_who_may(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)

        for member in (council.lead, council.partner, council.coordinator, council.manager):
            assert sign_in(member).get(new(team.home)).status == 200
        assert sign_in(council.auditor).get(new(team.home)).status == 403
        for stranger in (council.partner_other_organisation, council.social_worker_other_team, council.front_door):
            assert sign_in(stranger).get(new(team.home)).status == 404


class TestTheFirstCheckIsDue:
    @pytest.mark.parametrize(
        ("given_on", "due_on"),
        [
            (date(2026, 3, 30), date(2026, 4, 8)),  # Good Friday and Easter Monday between
            (date(2026, 12, 22), date(2026, 12, 31)),  # Christmas Day, and Boxing Day's substitute on the 28th
            (date(2026, 3, 27), date(2026, 4, 7)),  # the clocks go forward on the 29th, then Easter
            (date(2026, 10, 23), date(2026, 10, 30)),  # the clocks go back on the 25th
            (date(2028, 2, 28), date(2028, 3, 6)),  # 29 February is a working day
            (date(2026, 6, 6), date(2026, 6, 12)),  # given on a Saturday: Monday is day 1
        ],
    )
    def test_five_working_days_after_it_was_suggested(self, council: Council, given_on: date, due_on: date) -> None:
        with time_machine.travel(f"{given_on.isoformat()}T12:00:00+00:00", tick=False):
            _, check = a_referral(council, a_family(council))

        assert check.due_on == due_on

    def test_just_after_midnight_in_summer_it_is_londons_day_that_counts(self, council: Council) -> None:
        with time_machine.travel("2026-06-30T23:30:00+00:00", tick=False):
            referral, check = a_referral(council, a_family(council))

        assert referral.given_on == date(2026, 7, 1)
        assert check.due_on == date(2026, 7, 8)


class TestTheSupportOfAFamily:
    def test_nothing_yet_is_said(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/support")

        assert "Nothing to check: no service has been suggested yet." in page.main
        assert f"/families/{home.ref}/support/new" in page.links()

    def test_shows_the_check_and_its_owner(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        referral, check = a_referral(council, home)

        page = sign_in(council.social_worker).get(f"/families/{home.ref}/support")

        assert "Suggested" in page.main
        assert council.social_worker.name in page.main
        assert {f"/referrals/{referral.ref}", f"/checks/{check.ref}"} <= set(page.links())

    def test_costs_the_same_for_three_as_for_thirty(self, council: Council, sign_in: SignIn) -> None:
        few, many = a_family(council), a_family(council, name="Novak")
        for home, number in ((few, 3), (many, 30)):
            for each in range(number):
                a_referral(council, home, service=f"Service {each}")
        browser = sign_in(council.social_worker)
        counts = []
        for home in (few, many):
            with counted_statements(council.app) as statements:
                assert browser.get(f"/families/{home.ref}/support").status == 200
            counts.append(len(statements))

        assert counts[0] == counts[1] <= 8, "\n".join(statements)

    def test_a_stranger_finds_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        referral, _ = a_referral(council, home)

        for stranger in (council.partner, council.social_worker_other_team, council.front_door, council.admin):
            assert sign_in(stranger).get(f"/families/{home.ref}/support").status == 404
            assert sign_in(stranger).get(f"/referrals/{referral.ref}").status == 404

    def test_an_auditor_reads_and_is_offered_nothing(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        a_referral(council, home)

        page = sign_in(council.auditor).get(f"/families/{home.ref}/support")

        assert page.status == 200
        assert f"/families/{home.ref}/support/new" not in page.links()


class TestOneReferral:
    def test_shows_the_service_as_it_was_and_the_history(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        referral, _ = a_referral(council, home)

        page = sign_in(council.social_worker).get(f"/referrals/{referral.ref}")

        assert referral.ref in page.title
        assert "O’Neill" not in page.title
        assert "01632 960 111" in page.main
        assert f"suggested Stay and play to the family, {referral.ref}" in page.main

    def test_the_social_worker_still_finds_it_after_support_has_started(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home = a_family(council)
        referral, check = a_referral(council, home)
        with council.behind_the_scenes():
            db.session.merge(home.family).added_at = clock.now() - timedelta(days=90)
        browser = sign_in(council.social_worker)

        page = browser.submit(
            f"/checks/{check.ref}",
            {
                "outcome": "happened",
                **date_parts("started_on", clock.today()),
                "started_source": "family",
                "started_what": "The Tuesday group",
            },
        )

        assert "Started (reported)" in page.follow().main
        with council.behind_the_scenes():
            assert db.session.get_one(SupportReferral, referral.id).state is ReferralState.STARTED

    def test_its_page_counts_no_more_than_eight(self, council: Council, sign_in: SignIn) -> None:
        referral, _ = a_referral(council, coordinated(council, a_family(council)), by=council.coordinator)
        browser = sign_in(council.coordinator)

        with counted_statements(council.app) as statements:
            assert browser.get(f"/referrals/{referral.ref}").status == 200

        assert len(statements) <= 8, "\n".join(statements)


class TestFindingTheService:
    def test_the_list_is_narrowed_by_what_is_looked_for(self, council: Council, sign_in: SignIn) -> None:
        home, near = a_family(council), a_service(council)
        a_service(council, name="Money advice")
        with council.behind_the_scenes():
            there = db.session.merge(near)
            there.postcode, there.maximum_age, there.assured_on = "AF1 1AB", 5, date(2026, 3, 2)
        browser = sign_in(council.social_worker)

        page = browser.get(f"{new(home)}?place=af1&age=3&instead_of=R-9")
        none = browser.get(f"{new(home)}?words=chess")
        piece = browser.get(f"{new(home)}?age=what", htmx=True)

        assert "1 service matches." in page.main
        (offered,) = page.soup.select(".govuk-radios .govuk-radios .govuk-radios__item")
        assert " ".join(offered.get_text(" ").split()) == (
            "Stay and play, Ambleford Family Hubs (up to 5) Last assured 2 March 2026"
        )
        assert page.form(new(home)).values["where"] == ["directory"]
        assert page.form(new(home)).values["instead_of"] == ["R-9"]
        assert page.form(new(home)).send({**TYPED, "where": "directory", "service": str(near.id)}).status == 303
        assert "No service matches" in none.main
        assert none.form(new(home)).send(TYPED).status == 303
        assert "Age must be a whole number from 0 to 120. 2 services match at any age." in piece.text
        assert not piece.soup.select("h1")

    def test_more_than_a_screen_of_them_stand_in_a_list_that_is_opened(self, council: Council, sign_in: SignIn) -> None:
        home = a_family(council)
        for number in range(26):
            a_service(council, name=f"Group {number:02}")

        page = sign_in(council.social_worker).get(f"{new(home)}?words=group")

        assert "26 services match. Ask for more, so that 25 or fewer are listed here" in page.main
        assert len(page.soup.select("select#service option")) == 27

    def test_from_the_page_of_a_service_a_family_is_chosen_and_the_service_is_filled_in(
        self, council: Council, sign_in: SignIn
    ) -> None:
        home, service = an_active_family(council).home, a_service(council)
        browser = sign_in(council.lead)
        at = f"/services/{service.ref}/suggest"

        assert at in browser.get(f"/services/{service.ref}").links()
        address = f"{new(home)}?service={service.ref}"
        assert address in browser.get(at).links()
        form = browser.get(address).form(new(home))

        assert (form.values["where"], form.values["service"]) == (["directory"], [str(service.id)])

    def test_one_that_is_no_longer_offered_is_not_suggested(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)
        service = a_service(council)
        with council.behind_the_scenes():
            db.session.merge(service).active = False
        browser = sign_in(council.lead)

        assert "suggest" not in " ".join(browser.get(f"/services/{service.ref}").links())
        assert "no longer offered" in browser.get(f"/services/{service.ref}/suggest").main

    def test_front_door_looks_a_family_up_first(self, council: Council, sign_in: SignIn) -> None:
        service = a_service(council)

        assert "/suggested" in sign_in(council.front_door).get(f"/services/{service.ref}").links()
