"""Organisations and their sharing agreements, kept by an administrator; what ends with one ends at the next click."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db
from portal.domain.administering import Act
from portal.models.administering import AdminChange
from portal.models.people import Organisation, SharingAgreement, SocialCareTeam, User
from tests.support.people import Council, an_active_family
from tests.support.web import FilledForm, Page, SignIn, date_parts

LIST = "/admin/organisations"


def at(council: Council, page: str = "", organisation: Organisation | None = None) -> str:
    return f"{LIST}/{(organisation or council.health).ref}{page}"


def agreement_of(council: Council, organisation: Organisation) -> SharingAgreement:
    with council.behind_the_scenes():
        return (
            db.session.scalars(
                select(SharingAgreement)
                .where(SharingAgreement.organisation_id == organisation.id)
                .order_by(SharingAgreement.id.desc())
            ).first()
            or SharingAgreement()
        )


def acts(council: Council) -> list[Act]:
    with council.behind_the_scenes():
        return list(db.session.scalars(select(AdminChange.kind).order_by(AdminChange.id)))


def from_to(first: date, last: date) -> dict[str, str]:
    return {**date_parts("starts_on", first), **date_parts("ends_on", last)}


class TestOrganisations:
    def test_are_listed_with_how_their_people_see_families(self, council: Council, sign_in: SignIn) -> None:
        page = sign_in(council.admin).get(LIST)

        rows = [" ".join(row.get_text(" ").split()) for row in page.soup.select("tbody tr")]
        assert rows[0] == "Ambleford Council Council Needs no agreement 9 people"
        assert rows[1] == "Ambleford Police Police No sharing agreement today: its people see no family 1 person"
        assert rows[3].startswith("Hillside Primary School School Agreement until 11 November 2027")

    def test_are_added_changed_and_written_down(self, council: Council, sign_in: SignIn) -> None:
        admin = sign_in(council.admin)

        added = admin.submit(f"{LIST}/new", {"name": "Mill Street Homes", "kind": "housing"}).follow()
        here = added.response.request.path
        changed = admin.submit(f"{here}/edit", {"contact": "Kim, 01632 960 155"}).follow()

        assert "Mill Street Homes is added" in added.text
        assert "There was never one: its people see no family" in added.main
        assert "Whom to ask: from nothing to Kim, 01632 960 155" in changed.main
        assert acts(council) == [Act.ORGANISATION_ADDED, Act.ORGANISATION_CHANGED]

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            ({"name": "hillside primary SCHOOL"}, "There is an organisation of this name already"),
            ({"name": ""}, "Enter the name of the organisation"),
            ({"kind": ""}, "Select the kind of organisation"),
            ({"phone": "ring me"}, "Enter a phone number, like 01632 960 001"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, str], error: str) -> None:
        form = {"name": "Mill Street Homes", "kind": "housing", "contact": "As typed", **answers}

        page = sign_in(council.admin).submit(f"{LIST}/new", form)

        assert (page.status, page.errors) == (422, [error])
        assert page.form(f"{LIST}/new").values["contact"] == ["As typed"]

    def test_retire_once_nobody_there_can_sign_in_and_come_back(self, council: Council, sign_in: SignIn) -> None:
        admin = sign_in(council.admin)
        too_early = admin.submit(at(council, "/retire"), {"why": "Has closed"})
        with council.behind_the_scenes():
            db.session.execute(update(User).where(User.organisation_id == council.health.id).values(active=False))

        done = admin.submit(at(council, "/retire"), {"why": "Has closed"}).follow()

        assert too_early.status == 409
        assert "can still sign in. Close their accounts first" in too_early.main
        assert "is retired. Nobody can be invited to it" in done.text
        assert council.health.name not in admin.get("/admin/invitations/new").main
        assert council.health.name not in sign_in(council.coordinator).get("/closures/new").main
        assert done.form(at(council, "/bring-back")).send().status == 303
        assert council.health.name in admin.get("/admin/invitations/new").main
        assert acts(council) == [Act.ORGANISATION_RETIRED, Act.ORGANISATION_BACK]

    def test_the_councils_has_teams_and_takes_no_agreement(self, council: Council, sign_in: SignIn) -> None:
        admin = sign_in(council.admin)

        page = admin.submit(at(council, "/teams/new", council.organisation), {"name": "Fieldwork West"})
        twice = admin.submit(at(council, "/teams/new", council.organisation), {"name": "fieldwork WEST"})
        none = admin.submit(
            at(council, "/agreements/new", council.organisation),
            from_to(clock.today(), clock.today() + timedelta(days=9)),
        )

        assert "Fieldwork West" in page.follow().main
        assert twice.errors == ["There is a team of this name already"]
        assert none.status == 409
        with council.behind_the_scenes():
            assert len(db.session.scalars(select(SocialCareTeam.id)).all()) == 3


class TestSharingAgreements:
    @pytest.fixture
    def family(self, council: Council) -> str:
        """A family that is led from school nursing."""
        return f"/families/{an_active_family(council).ref}"

    def end(self, council: Council, sign_in: SignIn, why: str = "They withdrew") -> Page:
        of = agreement_of(council, council.health)
        return sign_in(council.admin).submit(f"/admin/agreements/{of.ref}/end", {"why": why})

    def test_one_that_ends_closes_the_family_at_the_next_click(
        self, council: Council, sign_in: SignIn, family: str
    ) -> None:
        lead = sign_in(council.lead)
        assert lead.get(family).status == 200

        page = self.end(council, sign_in)

        assert lead.get(family).status == 404
        assert sign_in(council.partner).get(family).status == 200
        assert "its people see no family. The last one ended on 6 October 2026" in page.follow().main
        assert "Last day: from 11 November 2027 to 6 October 2026" in page.follow().main
        assert acts(council) == [Act.AGREEMENT_ENDED]
        assert self.end(council, sign_in).status == 409

    def test_its_people_are_told_on_every_page(self, council: Council, sign_in: SignIn, family: str) -> None:
        lead, told = sign_in(council.lead), "No sharing agreement of Ambleford School Nursing holds today"
        assert told not in lead.get("/my-actions").text

        self.end(council, sign_in)

        assert all(told in lead.get(path).text for path in ("/my-actions", "/families", "/account"))
        for path in ("/my-actions", "/families", "/home"):
            assert "not shown today" in lead.get(path).main or "No family is shown today" in lead.get(path).main, path
            said = lead.get(path).main
            assert not [
                each for each in ("Thank you", "Nothing has changed", "waits on anybody", "This week") if each in said
            ]
        assert told not in sign_in(council.partner).get("/my-actions").text

    def test_a_new_one_opens_it_again(self, council: Council, sign_in: SignIn, family: str) -> None:
        self.end(council, sign_in)
        lead = sign_in(council.lead)
        assert lead.get(family).status == 404

        page = sign_in(council.admin).submit(
            at(council, "/agreements/new"),
            {**from_to(clock.today(), clock.today() + timedelta(days=365)), "document": "IG-2026-7"},
        )

        assert lead.get(family).status == 200
        assert "IG-2026-7" in page.follow().main
        assert agreement_of(council, council.health).document == "IG-2026-7"

    def test_one_that_has_not_begun_opens_nothing(self, council: Council, sign_in: SignIn, family: str) -> None:
        form = sign_in(council.admin).get(f"/admin/agreements/{agreement_of(council, council.health).ref}/edit").form()

        form.send(from_to(clock.today() + timedelta(days=1), clock.today() + timedelta(days=30)))

        assert sign_in(council.lead).get(family).status == 404

    @pytest.mark.parametrize(
        ("answers", "error"),
        [
            (date_parts("ends_on", date(2026, 10, 6)), "The last day must be on or after the first day"),
            (
                date_parts("review_on", date(2028, 1, 1)),
                "The day by which it is reviewed must be on or before the last day",
            ),
            ({"ends_on-day": "31", "ends_on-month": "2"}, "The last day must be a real date, like 27 3 2025"),
        ],
    )
    def test_bad_answers(self, council: Council, sign_in: SignIn, answers: dict[str, str], error: str) -> None:
        dates = from_to(date(2026, 10, 7), date(2027, 10, 7))

        page = sign_in(council.admin).submit(at(council, "/agreements/new"), {**dates, **answers, "contact": "Kim"})

        assert (page.status, page.errors) == (422, [error])
        assert page.form().values["contact"] == ["Kim"]

    def test_one_of_today_is_not_ended_but_moved(self, council: Council, sign_in: SignIn) -> None:
        with council.behind_the_scenes():
            db.session.execute(update(SharingAgreement).values(starts_on=clock.today()))

        page = self.end(council, sign_in)

        assert page.status == 409
        assert "Change its first day instead" in page.main

    def test_changed_by_two_shows_both(self, council: Council, sign_in: SignIn) -> None:
        path = f"/admin/agreements/{agreement_of(council, council.health).ref}/edit"
        first, second = (sign_in(council.admin).get(path).form() for _ in range(2))

        def saying(form: FilledForm, contact: str) -> Any:
            return form.send({"contact": contact})

        assert saying(first, "Kim").status == 303
        page = saying(second, "Lou")

        assert page.status == 409
        assert "Kim" in page.text_of(".app-side-by-side")
        assert page.form(path).values["contact"] == ["Lou"]
