"""Somebody covers for the lead between two days."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.facts import leading
from portal.models.handover import LeadCover
from portal.models.people import User
from portal.models.record import OutboxMessage
from tests.support.leads import accepted, ended, lead_of
from tests.support.people import Council, Team, an_active_family
from tests.support.web import Browser, Page, SignIn, date_parts


class TestCover:
    def named(
        self, council: Council, sign_in: SignIn, *, start: int = 0, end: int = 5, who: User | None = None
    ) -> tuple[Team, Page]:
        team_of = an_active_family(council)
        return team_of, self.name(council, sign_in(council.lead), team_of, start=start, end=end, who=who)

    def name(
        self, council: Council, by: Browser, team_of: Team, *, start: int = 0, end: int = 5, who: User | None = None
    ) -> Page:
        today = clock.today()
        return by.submit(
            f"/leads/{lead_of(council, team_of.family.id).ref}/cover",
            {
                "who": str((who or council.partner_other_organisation).id),
                **date_parts("from_on", today + timedelta(days=start)),
                **date_parts("to_on", today + timedelta(days=end)),
            },
        )

    @pytest.mark.parametrize(("start", "end", "status"), [(0, 0, 200), (-3, 0, 200), (0, 5, 200), (1, 5, 404)])
    def test_reaches_the_family_between_its_dates(
        self, council: Council, sign_in: SignIn, start: int, end: int, status: int
    ) -> None:
        team_of, page = self.named(council, sign_in, start=start, end=end)

        assert page.status == 303
        assert sign_in(council.partner_other_organisation).get(f"/families/{team_of.ref}").status == status

    def test_is_named_from_the_family_s_and_the_team_s_page(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)
        cover = f"/leads/{lead_of(council, team_of.family.id).ref}/cover"

        for page in (f"/families/{team_of.ref}", f"/families/{team_of.ref}/team"):
            assert cover in sign_in(council.lead).get(page).links()
            assert cover not in sign_in(council.partner).get(page).links()

    def test_does_what_a_lead_does_and_is_no_second_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)
        cover = sign_in(council.partner_other_organisation)

        lead = lead_of(council, team_of.family.id)
        assert cover.get(f"/families/{team_of.ref}/meetings/new").status == 200
        assert cover.get(f"/leads/{lead.ref}/end").status == 200
        assert accepted(council, team_of.family.id) == [council.lead.name]
        assert "covers for the lead professional until" in cover.get(f"/families/{team_of.ref}").text_of(".app-family")

    def test_receives_what_the_lead_receives(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)

        with council.behind_the_scenes():
            today = clock.today()
            told = leading.told(team_of.family.id, today)
            later = leading.told(team_of.family.id, today + timedelta(days=6))
            rules = db.session.scalars(select(OutboxMessage.rule).where(OutboxMessage.kind == "lead.covered")).all()

        assert told == [council.lead.id, council.partner_other_organisation.id]
        assert later == [council.lead.id]
        assert sorted(rules) == ["coordinator", "lead_cover"]

    def test_ends_with_the_lead(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)

        ended(sign_in(council.coordinator), lead_of(council, team_of.family.id), then="nobody")

        assert sign_in(council.partner_other_organisation).get(f"/families/{team_of.ref}").status == 404

    def test_can_be_ended_early(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)
        with council.behind_the_scenes():
            cover = db.session.scalars(select(LeadCover)).one()
        lead = sign_in(council.lead)
        form = lead.get(f"/lead-covers/{cover.ref}/end").form()

        page = form.send()

        assert page.status == 303
        assert sign_in(council.partner_other_organisation).get(f"/families/{team_of.ref}").status == 404
        assert "no longer covers for" in lead.get(f"/families/{team_of.ref}/history").main
        assert lead.submit(f"/lead-covers/{cover.ref}/end").status == 409

    def test_without_a_live_agreement_is_refused(self, council: Council, sign_in: SignIn) -> None:
        team_of = an_active_family(council)

        page = self.name(council, sign_in(council.coordinator), team_of, who=council.partner_without_agreement)

        assert page.status == 422

    @pytest.mark.parametrize(
        ("start", "end", "words"),
        [
            (5, 4, "The last day must be on or after the first day"),
            (-5, -1, "The last day must be today or in the future"),
        ],
    )
    def test_dates_have_to_make_sense(
        self, council: Council, sign_in: SignIn, start: int, end: int, words: str
    ) -> None:
        _team, page = self.named(council, sign_in, start=start, end=end)

        assert page.errors == [words]

    def test_two_do_not_cover_on_one_day(self, council: Council, sign_in: SignIn) -> None:
        team_of, _page = self.named(council, sign_in)

        page = self.name(council, sign_in(council.lead), team_of, start=5, end=9, who=council.partner)

        assert f"{council.partner_other_organisation.name} covers from" in page.errors[0]
        with council.behind_the_scenes():
            assert db.session.scalar(select(func.count(LeadCover.id))) == 1
