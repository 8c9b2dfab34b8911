"""Organisations that close: kept by early help, and cover asked for in time."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import Calendar
from portal.models.handover import LeadAssignment
from portal.models.people import OrganisationClosure
from tests.support.people import Council, an_action, an_active_family
from tests.support.web import Browser, Page, SignIn, date_parts


def working_days_on(n: int) -> date:
    return Calendar().working_days_after(clock.today(), n)


def closes(council: Council, by: Browser, first: date, last: date, name: str = "Half-term") -> Page:
    return by.submit(
        "/closures/new",
        {
            "name": name,
            "organisations": [str(council.health.id)],
            **date_parts("from_on", first),
            **date_parts("to_on", last),
        },
    )


def week(begin: int, long: int = 5) -> tuple[date, date]:
    """Of so many working days, the first so many working days from now."""
    first = working_days_on(begin)
    return first, Calendar().working_days_after(first, long - 1) if long > 1 else first


class TestKeepingThem:
    def test_are_added_for_several_organisations_and_listed(self, council: Council, sign_in: SignIn) -> None:
        first, last = week(8)
        coordinator = sign_in(council.coordinator)

        page = coordinator.submit(
            "/closures/new",
            {
                "name": "Christmas holidays",
                "organisations": [str(council.health.id), str(council.school.id)],
                **date_parts("from_on", first),
                **date_parts("to_on", last),
            },
        )

        shown = page.follow()
        assert "2 closures added" in shown.text
        assert f"{council.school.name} Christmas holidays" in shown.main
        assert "5 working days" in shown.main

    def test_are_taken_out_again(self, council: Council, sign_in: SignIn) -> None:
        coordinator = sign_in(council.coordinator)
        form = closes(council, coordinator, *week(8)).follow().form("/closures/take-out")

        page = form.send()

        assert page.status == 303
        assert "No organisation closes" in page.follow().main
        with council.behind_the_scenes():
            assert db.session.scalars(select(OrganisationClosure.withdrawn_at)).one() is not None

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"name": " "}, "Enter what it is called"),
            ({"organisations": []}, "Select which organisations close"),
            (date_parts("to_on", date(2020, 1, 1)), "The last day must be on or after the first day"),
            ({"from_on-day": "31", "from_on-month": "2"}, "The first day must be a real date, like 27 3 2025"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, change: dict[str, object], words: str) -> None:
        first, last = week(8)
        answers = {
            "name": "Half-term",
            "organisations": [str(council.health.id)],
            **date_parts("from_on", first),
            **date_parts("to_on", last),
            **change,
        }

        page = sign_in(council.coordinator).submit("/closures/new", answers)

        assert page.errors == [words]


class TestAskingForCover:
    @pytest.mark.parametrize(("begin", "long", "asked"), [(10, 5, True), (11, 5, False), (10, 4, False), (1, 5, True)])
    def test_the_lead_is_asked_ten_working_days_before(
        self, council: Council, sign_in: SignIn, begin: int, long: int, asked: bool
    ) -> None:
        team = an_active_family(council)
        closes(council, sign_in(council.coordinator), *week(begin, long))

        me = sign_in(council.lead)
        mine, home = me.get("/my-actions").main, me.get("/home")
        across = sign_in(council.coordinator).get("/leading").main

        assert (f"You lead {team.ref}, and nobody covers for you." in mine) is asked
        assert (f"You lead {team.ref}, and nobody covers for you." in home.main) is asked
        assert any(link.endswith("/cover") for link in home.links()) is asked
        assert ("Closing soon, and nobody covers" in across) is asked

    def test_so_is_who_has_an_action_due_in_those_days(self, council: Council, sign_in: SignIn) -> None:
        first, last = week(5)
        team = an_active_family(council)
        action = an_action(council, team, owner=team.lead, what="Ring the dentist", due_on=first)
        later = an_action(council, team, owner=team.lead, what="Ring the optician", due_on=last + timedelta(days=9))
        closes(council, sign_in(council.coordinator), first, last)

        page = sign_in(council.lead).get("/my-actions")

        assert "Ring the dentist falls due in these days" in page.main
        assert f"/actions/{action.ref}" in page.links()
        assert f"See {later.ref}" not in page.main

    def test_the_page_to_name_cover_offers_those_days(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)
        first, last = week(5)
        closes(council, sign_in(council.coordinator), first, last)
        with council.behind_the_scenes():
            lead = db.session.scalars(select(LeadAssignment)).one()
        me = sign_in(council.lead)

        page = me.get(f"/leads/{lead.ref}/cover")
        form = page.form()
        saved = form.send({"who": str(council.partner.id)})

        assert "Nobody covers for all of it yet" in page.main
        assert form.values["from_on-day"] == [str(first.day)]
        assert saved.status == 303
        assert "nobody covers for you" not in me.get("/my-actions").main

    def test_others_are_not_asked(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)
        closes(council, sign_in(council.coordinator), *week(5))

        assert "closes from" not in sign_in(council.partner).get("/my-actions").main
