"""Sharing agreements: their end is said before it comes, and the manager can extend one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.domain.dates import full
from portal.models.people import AgreementExtension, Organisation, SharingAgreement
from tests.support.people import Council, an_active_family
from tests.support.web import SignIn, counted_statements

PAGE = "/agreements"


def ends(council: Council, organisation: Organisation, days: int) -> SharingAgreement:
    """The organisation's agreement ends so many days from today."""
    with council.behind_the_scenes():
        agreement = db.session.scalars(
            select(SharingAgreement).where(SharingAgreement.organisation_id == organisation.id)
        ).one()
        agreement.ends_on = clock.today() + timedelta(days=days)
    return agreement


class TestTheList:
    def test_is_empty_while_nothing_ends_soon(self, council: Council, sign_in: SignIn) -> None:
        ends(council, council.health, 61)

        assert "No sharing agreement ends soon." in sign_in(council.coordinator).get(PAGE).main

    @pytest.mark.parametrize(("days", "words"), [(60, "ends on"), (0, "today"), (-1, "ended on")])
    def test_names_who_ends_and_the_families_led_from_there(
        self, council: Council, sign_in: SignIn, days: int, words: str
    ) -> None:
        team = an_active_family(council)
        ends(council, council.health, days)

        page = sign_in(council.manager).get(PAGE)

        card = page.text_of(".app-card")
        assert "Ambleford School Nursing" in card
        assert words in card
        assert "On the team of 1 family, and leads:" in card
        assert f"/families/{team.ref}" in page.links()
        assert ("lead can’t see this family" in card) == (days < 0)

    def test_who_leads_from_there_is_told_on_their_own_page(self, council: Council, sign_in: SignIn) -> None:
        an_active_family(council)
        ends(council, council.health, 61)
        before = sign_in(council.lead).get("/my-actions").main
        ends(council, council.health, 60)

        led = sign_in(council.lead).get("/my-actions").main
        leads_nobody = sign_in(council.partner_other_organisation).get("/my-actions").main

        assert "The sharing agreement" not in before
        assert "in 60 days. After that you cannot see the families you lead" in led
        assert "The sharing agreement" not in leads_nobody

    def test_costs_the_same_for_many(self, council: Council, sign_in: SignIn) -> None:
        ends(council, council.health, 10)
        manager = sign_in(council.manager)
        costs = []
        for organisation in (council.health, council.school):
            ends(council, organisation, 10)
            with counted_statements(council.app) as statements:
                manager.get(PAGE)
            costs.append(len(statements))

        assert costs[0] == costs[1] <= 7, "\n".join(statements)


class TestExtending:
    def test_gives_access_back_and_keeps_who_and_why(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        agreement = ends(council, council.health, -5)
        lead = sign_in(council.lead)
        assert lead.get(f"/families/{team.ref}").status == 404

        chosen = sign_in(council.manager).get(f"{PAGE}/extend?agreement={agreement.id}").form()
        page = chosen.send({"why": "The new one is being signed"})

        until = full(clock.today() + timedelta(days=30))
        assert f"The agreement lasts until {until}" in page.follow().text
        assert lead.get(f"/families/{team.ref}").status == 200
        card = sign_in(council.coordinator).get(PAGE).text_of(".app-card")
        assert f"Moira Manager extended it from {full(clock.today() - timedelta(days=5))} to {until}" in card
        assert "The new one is being signed" in card

    def test_counts_from_the_last_day_where_that_has_not_passed(self, council: Council, sign_in: SignIn) -> None:
        agreement = ends(council, council.school, 20)

        sign_in(council.manager).submit(f"{PAGE}/extend", {"agreement": str(agreement.id), "why": "On holiday"})

        with council.behind_the_scenes():
            made = db.session.scalars(select(AgreementExtension)).one()
        assert (made.after - clock.today()).days == 50

    def test_needs_an_agreement_that_ends_and_why(self, council: Council, sign_in: SignIn) -> None:
        ends(council, council.health, 20)
        manager = sign_in(council.manager)

        assert manager.submit(f"{PAGE}/extend", {}).errors == [
            "Choose the agreement to extend",
            "Enter why it is extended",
        ]
        far = manager.submit(f"{PAGE}/extend", {"agreement": "999", "why": "Because"})
        assert far.errors == ["Choose an agreement in the list: one that ends soon, or has ended"]

    def test_somebody_who_was_faster_is_said(self, council: Council, sign_in: SignIn) -> None:
        agreement = ends(council, council.health, 20)
        form = sign_in(council.manager).get(f"{PAGE}/extend").form()
        sign_in(council.manager).submit(f"{PAGE}/extend", {"agreement": str(agreement.id), "why": "First"})

        page = form.send({"agreement": str(agreement.id), "why": "Second"})

        assert page.status == 409
        assert "It was extended to" in page.main
        with council.behind_the_scenes():
            assert len(db.session.scalars(select(AgreementExtension)).all()) == 1


class TestOnTheTeamPage:
    @pytest.mark.parametrize(("days", "said", "strong"), [(61, False, False), (60, True, False), (30, True, True)])
    def test_a_member_whose_agreement_ends_soon_is_marked(
        self, council: Council, sign_in: SignIn, days: int, said: bool, strong: bool
    ) -> None:
        team = an_active_family(council)
        ends(council, council.school, days)

        page = sign_in(council.coordinator).get(f"/families/{team.ref}/team")

        words = "The sharing agreement with Hillside Primary School ends on"
        assert (words in page.text_of(".app-cards")) == said
        assert any(words in each.get_text() for each in page.soup.select(".app-card strong")) == strong
