"""Whoever's way of signing in is changed is told by email, and the log says so."""

import pytest
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import delete, select, text

from portal.core.config import Settings
from portal.core.db import db
from portal.domain.proving import Told
from portal.models.people import User
from portal.models.proving import RecoveryCode
from portal.models.record import Audit
from portal.services import factor_resets, provider_accounts, second_factors
from portal.web.migrations import folder
from tests.support.authenticator import Phone
from tests.support.people import PASSWORD, Council
from tests.support.post import Postbox, links_in
from tests.support.proving import code_of, with_an_app
from tests.support.web import Browser, SignIn

NEW = "four plain otters walked"
OWN, PASSKEYS = "/account/second-factor", "/account/passkeys"


@pytest.fixture
def postbox(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Postbox:
    """Outside the demonstration, with what the worker sends."""
    monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))
    return Postbox(council.app)


def before_step(name: str) -> str:
    """The number of the migration before this one."""
    (path,) = folder().glob(f"versions/*_{name}.py")
    return f"{int(path.name[:4]) - 1:04}"


def told(postbox: Postbox, user: User) -> list[str]:
    """What the worker sends them now."""
    before = len(postbox.letters)
    postbox.work()
    assert all(letter.to == user.email for letter in postbox.letters[before:])
    return [letter.text for letter in postbox.letters[before:]]


class TestWhoeverSignsIn:
    def test_is_told_of_another_password(self, council: Council, sign_in: SignIn, postbox: Postbox) -> None:
        answers = {"current_password": PASSWORD, "new_password": NEW}
        assert sign_in(council.partner).submit("/account/password", answers).status == 303

        (said,) = told(postbox, council.partner)

        assert "was changed on 7 October 2026 at 10" in said
        assert "If this was not you, call us at once: " in said
        assert council.partner.name not in said
        assert postbox.letters[-1].subject == "How you sign in to the Early Help Portal was changed"

    def test_is_told_of_a_password_set_by_a_link_but_not_of_the_first(self, council: Council, postbox: Postbox) -> None:
        for first in (False, True):
            if first:
                with council.behind_the_scenes():
                    db.session.get_one(User, council.partner.id).password_hash = None
            browser = Browser(council.app.test_client())
            browser.submit("/forgotten-password", {"email": council.partner.email})
            (link,) = links_in(told(postbox, council.partner)[0])
            path = link.removeprefix("http://localhost")
            assert browser.submit(path, {"new_password": NEW}).status == 303

            assert len(told(postbox, council.partner)) == int(not first)

        with council.behind_the_scenes():
            rows = db.session.execute(select(Audit.page, Audit.subject).order_by(Audit.id)).all()
        assert [tuple(row) for row in rows[:2]] == [
            ("account.forgotten", council.partner.ref),
            ("account.setting_password", council.partner.ref),
        ]

    def test_is_told_of_an_app_of_codes_and_of_passkeys(
        self, council: Council, sign_in: SignIn, postbox: Postbox
    ) -> None:
        with_an_app(council, council.partner)
        assert "app that makes your codes" in " ".join(told(postbox, council.partner))
        browser = sign_in(council.partner)

        browser.submit(f"{OWN}/recovery-codes", on=OWN)
        assert ["New recovery codes" in said for said in told(postbox, council.partner)] == [True]
        page = browser.get(PASSKEYS)
        made = page.form(PASSKEYS).send({"name": "My phone", "answer": Phone(verifies=True).make(page)})
        assert ["A passkey was made" in said for said in told(postbox, council.partner)] == [True]
        made.follow().form(f"{PASSKEYS}/remove").send()
        assert ["passkey of yours was removed" in said for said in told(postbox, council.partner)] == [True]
        browser.get(PASSKEYS)
        waiting = browser.submit(f"{OWN}/new-app", on=OWN).follow()
        assert told(postbox, council.partner) == []
        waiting.form(f"{OWN}/app").send({"code": code_of(council, council.partner, waiting=True)})
        assert ["app that makes your codes" in said for said in told(postbox, council.partner)] == [True]

    def test_is_told_of_what_others_change(self, council: Council, postbox: Postbox) -> None:
        who = Told("https://sign-in.ambleford.example", "7", "Pat")
        with council.behind_the_scenes():
            provider_accounts.connect(council.partner.id, who)
        assert ["council account was connected" in said for said in told(postbox, council.partner)] == [True]
        with council.behind_the_scenes():
            for _ in range(2):
                provider_accounts.disconnect(council.partner.id, who.issuer)
        assert ["was disconnected" in said for said in told(postbox, council.partner)] == [True]
        with council.behind_the_scenes():
            factor_resets.begin_anew(council.partner.id)
        assert ["set up your codes" in said for said in told(postbox, council.partner)] == [True]

    def test_is_told_nothing_once_the_account_is_closed(self, council: Council, postbox: Postbox) -> None:
        with council.behind_the_scenes():
            factor_resets.begin_anew(council.partner.id)
            db.session.get_one(User, council.partner.id).active = False

        assert told(postbox, council.partner) == []


class TestRecoveryCodes:
    def test_are_kept_by_a_slow_hash_with_salt(self, council: Council) -> None:
        with_an_app(council, council.partner)

        with council.behind_the_scenes():
            kept = list(db.session.scalars(select(RecoveryCode.code_hash)))

        assert len({each.split("$")[4] for each in kept}) == 10
        assert all(each.startswith("$argon2id$") for each in kept)

    def test_from_before_still_count(self, app: Flask, council: Council) -> None:
        """Somebody has them on paper; the step that hashes them slowly takes them along."""
        code, *_ = with_an_app(council, council.partner)
        with app.app_context():
            downgrade(revision=before_step("recovery_codes_are_hashed_slowly"))
            with db.engine.begin() as connection:
                assert connection.execute(text("SELECT count(*) FROM recovery_code")).scalar_one() == 0
                row = {"user_id": council.partner.id, "made_at": "2026-10-07 09:00:00"}
                quick = second_factors._digest(code.replace("-", ""))
                connection.execute(
                    text("INSERT INTO recovery_code (user_id, code_hash, made_at) VALUES (:user_id, :quick, :made_at)"),
                    row | {"quick": quick},
                )
            upgrade()
        with council.behind_the_scenes():
            codes = second_factors.unused_recovery_codes(council.partner.id)
            found = second_factors.which_of(codes, code)
            assert found is not None
            assert [second_factors.spend(found), second_factors.spend(found)] == [True, False]
            assert second_factors.which_of(codes, "0000-0000-0000-0000") is None
            db.session.execute(delete(RecoveryCode))
