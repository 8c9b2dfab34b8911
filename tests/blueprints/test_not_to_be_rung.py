"""A family that answered by its link, where whoever answered cannot safely be rung: every list says whom to ask."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.models.families import SafeContact
from portal.models.people import User
from tests.support.asking import Link, a_link, answer
from tests.support.following import a_referral
from tests.support.handovers import never_contacted
from tests.support.people import Council, Team, an_active_family
from tests.support.web import SignIn

RING, NOT_RUNG = "Ring them", "They answered, and are not to be rung"
NEVER = "Never contact Siobhán O’Neill. Ask "


@pytest.fixture
def team(council: Council) -> Team:
    return an_active_family(council)


@pytest.fixture
def link(council: Council, sign_in: SignIn, team: Team) -> Link:
    """Answered on paper: the parent asks for a call, which the lead makes."""
    referral, _ = a_referral(council, team.home, by=council.lead)
    link = a_link(council, team.home, referral, by=council.lead)
    answer(sign_in, link, answer="not_sure", call_me="y")
    return link


def safe_by(council: Council, team: Team, **ways: bool) -> None:
    with council.behind_the_scenes():
        safe = db.session.scalars(select(SafeContact).where(SafeContact.person_id == team.home.parent.id)).one()
        for name in ("by_phone", "by_text", "by_email", "by_post"):
            setattr(safe, name, ways.get(name, False))


def lists(team: Team, link: Link) -> tuple[str, ...]:
    """Every page on which somebody may read that a family is to be rung, those of the family last."""
    own = f"/families/{team.ref}"
    return (
        "/home",
        "/checks?view=all",
        "/families",
        own,
        f"{own}/checks",
        f"{own}/support",
        f"/referrals/{link.referral.ref}",
    )


def said(sign_in: SignIn, who: User, address: str) -> str:
    return sign_in(who).get(address).main


class TestWhoeverAnswered:
    def test_is_to_be_rung_where_a_call_is_safe(
        self, council: Council, sign_in: SignIn, team: Team, link: Link
    ) -> None:
        for address in lists(team, link):
            page = said(sign_in, council.lead, address)
            assert "Never contact" not in page
            assert "not to be rung" not in page

        assert RING in said(sign_in, council.lead, "/home")
        assert "Ring the family" in said(sign_in, council.lead, f"/families/{team.ref}")

    def test_may_never_be_contacted_so_whoever_sees_them_is_asked_instead(
        self, council: Council, sign_in: SignIn, team: Team, link: Link
    ) -> None:
        never_contacted(council, team.home.parent)

        for address in lists(team, link):
            page = said(sign_in, council.lead, address)
            assert NEVER + "somebody who sees the family instead" in page, address
            assert RING not in page, address
            assert "Ring the family" not in page, address

    def test_may_never_be_contacted_so_others_ask_who_leads(
        self, council: Council, sign_in: SignIn, team: Team, link: Link
    ) -> None:
        never_contacted(council, team.home.parent)

        for address in lists(team, link)[1:]:
            assert f"{NEVER}{council.lead.name}, who leads, instead" in said(sign_in, council.coordinator, address)

    def test_has_no_safe_way(self, council: Council, sign_in: SignIn, team: Team, link: Link) -> None:
        safe_by(council, team)

        page = said(sign_in, council.coordinator, "/checks?view=all")

        assert NOT_RUNG in page
        assert f"No safe way to reach Siobhán O’Neill is known. Ask {council.lead.name}, who leads, instead" in page

    def test_is_written_to_where_only_that_is_safe_and_no_list_shows_the_number(
        self, council: Council, sign_in: SignIn, team: Team, link: Link
    ) -> None:
        safe_by(council, team, by_text=True, by_post=True)

        page = said(sign_in, council.lead, "/home")

        assert "Do not ring Siobhán O’Neill: text, or write by post" in page
        assert "01632 960 300" not in page


class TestALinkThatIsShut:
    def test_is_stopped_for_good_while_it_could_open_again(
        self, council: Council, sign_in: SignIn, team: Team, link: Link
    ) -> None:
        browser, address = sign_in(council.lead), f"/referrals/{link.referral.ref}"
        assert "Stop the link of Siobhán O’Neill for good" not in browser.get(address).main
        never_contacted(council, team.home.parent)

        offered = browser.get(address).main
        page = browser.get(f"/questions/{link.question.ref}/stop")

        assert "Stop the link of Siobhán O’Neill for good" in offered
        assert "this person must never be contacted" in page.main
        assert "Once it is stopped it stays so" in page.main
        assert page.form().send().status == 303
        assert "Stop the link" not in browser.get(address).main
