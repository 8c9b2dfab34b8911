"""A forgotten password: set anew by a link that is sent, works once and for an hour, and tells nobody who has an
account."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.models.messages import DeliveryStatus
from portal.models.people import PasswordLink, User
from portal.models.record import Audit, IdempotencyKey, OutboxMessage
from tests.support.people import PASSWORD, Council
from tests.support.post import Postbox, deliveries, links_in
from tests.support.web import Browser, Page, SignIn, counted_statements

ADDRESS = "/forgotten-password"
NEW = "four plain otters walked"
SENT = "If there is an account with that address, an email with a link is on its way to it"
GONE = "This link does not work any more"


@pytest.fixture
def postbox(council: Council) -> Postbox:
    return Postbox(council.app)


def asked(council: Council, email: str, **headers: str) -> Page:
    browser = Browser(council.app.test_client())
    browser.client.environ_base.update(headers)
    return browser.submit(ADDRESS, {"email": email})


def link_to(council: Council, postbox: Postbox, user: User) -> str:
    """The path of the link that this person was sent."""
    asked(council, user.email)
    postbox.work()
    (link,) = links_in(postbox.letters[-1].text)
    return link.removeprefix("http://localhost")


def set_by(council: Council, link: str, new: str = NEW) -> Page:
    return Browser(council.app.test_client()).submit(link, {"new_password": new})


def signs_in(council: Council, user: User, password: str) -> bool:
    page = Browser(council.app.test_client()).submit("/sign-in", {"email": user.email, "password": password})
    return page.status == 303


class TestAskingForALink:
    def test_sends_it_to_whoever_has_the_account_and_names_nobody(self, council: Council, postbox: Postbox) -> None:
        found = Browser(council.app.test_client()).get("/sign-in")
        assert ADDRESS in found.links()

        page = asked(council, f"  {council.partner.email.upper()} ")
        postbox.work()

        assert page.location == "/sign-in"
        assert SENT in page.follow().text
        (letter,) = postbox.letters
        assert (letter.to, letter.subject) == (council.partner.email, "Set a new password for the Early Help Portal")
        assert council.partner.name.split()[0] not in f"{letter.text}{letter.html}{letter.subject}"
        (link,) = links_in(letter.text)
        assert link in (letter.html or "")
        with council.behind_the_scenes():
            (kept,) = db.session.scalars(select(PasswordLink.token_hash)).all()
            assert kept not in link
            assert link.rpartition("/")[2] not in str(db.session.execute(select(OutboxMessage.subject)).all())

    def test_says_and_does_the_same_for_an_address_that_nobody_has(self, council: Council, postbox: Postbox) -> None:
        pages, statements = {}, {}
        with council.behind_the_scenes():
            db.session.get_one(User, council.lead.id).active = False
        for email in (council.partner.email, council.lead.email, "nobody@ambleford.example", "not an address"):
            browser = Browser(council.app.test_client())
            form = browser.get(ADDRESS).form(ADDRESS)
            with counted_statements(council.app) as seen:
                sent = form.send({"email": email})
            pages[email], statements[email] = (sent.status, sent.location, sent.follow().main), list(seen)

        assert len(set(pages.values())) == 1
        assert len({tuple(each) for each in statements.values()}) == 1, "the work tells who has an account"
        postbox.work()
        assert [letter.to for letter in postbox.letters] == [council.partner.email]
        assert [each.status for each in deliveries(council.app)].count(DeliveryStatus.WITHHELD) == 3

    def test_is_answered_the_same_but_sends_no_more_than_five_a_day(self, council: Council, postbox: Postbox) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            texts = [asked(council, council.partner.email).follow().main for _ in range(6)]
            elsewhere = asked(council, council.partner.email, REMOTE_ADDR="192.0.2.7")
            postbox.work()
            now.shift(timedelta(days=1))
            asked(council, council.partner.email)
            postbox.work()

        assert len(set(texts)) == 1
        assert elsewhere.status == 303
        assert len(postbox.to(council.partner)) == 7

    def test_leads_to_the_portal_whatever_host_was_named(self, council: Council, postbox: Postbox) -> None:
        browser = Browser(council.app.test_client())
        browser.client.environ_base.update(
            HTTP_HOST="evil.example", HTTP_X_FORWARDED_HOST="evil.example", HTTP_FORWARDED="host=evil.example"
        )

        browser.submit(ADDRESS, {"email": council.partner.email})
        postbox.work()

        (letter,) = postbox.letters
        assert "evil.example" not in f"{letter.text}{letter.html}"
        assert links_in(letter.text)[0].startswith("http://localhost/set-password/")


class TestSettingAPasswordByALink:
    def test_counts_at_once_ends_every_session_and_works_once(
        self, council: Council, postbox: Postbox, sign_in: SignIn
    ) -> None:
        there, link = sign_in(council.partner), link_to(council, postbox, council.partner)
        page = Browser(council.app.test_client()).get(link)
        assert council.partner.email in page.main
        assert council.partner.email not in page.title
        assert page.response.headers["Referrer-Policy"] == "no-referrer"

        done = set_by(council, link)

        assert done.location == "/sign-in"
        assert "Your password is set. Sign in with it" in done.follow().text
        assert there.get("/account").status == 303
        assert signs_in(council, council.partner, NEW)
        assert not signs_in(council, council.partner, PASSWORD)
        again = Browser(council.app.test_client()).get(link)
        assert (again.status, GONE in again.main) == (404, True)
        with council.behind_the_scenes():
            told = [*db.session.scalars(select(Audit.subject)), *db.session.scalars(select(IdempotencyKey.location))]
        assert link.rpartition("/")[2] not in str(told)

    def test_a_look_changes_nothing_and_a_weak_password_does_not_use_it_up(
        self, council: Council, postbox: Postbox
    ) -> None:
        link = link_to(council, postbox, council.partner)
        for _ in range(3):
            assert Browser(council.app.test_client()).get(link).status == 200

        refused = set_by(council, link, "qazwsxedcrfvtgb")

        assert refused.status == 422
        assert "qazwsxedcrfvtgb" not in refused.html
        assert signs_in(council, council.partner, PASSWORD)
        assert refused.form().send({"new_password": NEW}).status == 303

    def test_opens_nothing_after_an_hour_nor_after_a_later_link_nor_of_a_closed_account(
        self, council: Council, postbox: Postbox
    ) -> None:
        with time_machine.travel(clock.now(), tick=False) as now:
            first = link_to(council, postbox, council.partner)
            opened = Browser(council.app.test_client()).get(first).form()
            second = link_to(council, postbox, council.partner)
            late = opened.send({"new_password": NEW})
            assert (late.status, GONE in late.main) == (409, True)
            assert Browser(council.app.test_client()).get(second).status == 200

            with council.behind_the_scenes():
                db.session.get_one(User, council.partner.id).active = False
            assert Browser(council.app.test_client()).get(second).status == 404

            with council.behind_the_scenes():
                db.session.get_one(User, council.partner.id).active = True
            now.shift(timedelta(hours=1))
            assert Browser(council.app.test_client()).get(second).status == 404
        assert signs_in(council, council.partner, PASSWORD)

    @pytest.mark.parametrize("token", ["a", "A" * 43, "%00", "..", "x" * 201, "%F0%9F%A6%8A"])
    def test_made_up_links_open_nothing(self, council: Council, token: str) -> None:
        assert Browser(council.app.test_client()).get(f"/set-password/{token}").status == 404

    def test_that_could_not_be_sent_is_seen_by_the_administrator(
        self, council: Council, postbox: Postbox, sign_in: SignIn
    ) -> None:
        asked(council, council.partner.email)
        waiting = sign_in(council.admin).get("/admin/messages").main
        with postbox.refuses(for_good=True):
            postbox.work()

        assert "1 message is on its way" in waiting
        assert "A link to set a password" in sign_in(council.admin).get("/admin/messages").text_of("#message-1")

    def test_nothing_is_sent_in_the_demonstration(self, council: Council, postbox: Postbox) -> None:
        from portal.core import mail
        from portal.services import password_links

        with council.behind_the_scenes(), mail.held():
            password_links.ask(council.partner.email, waits=False)

        with council.behind_the_scenes():
            assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0
