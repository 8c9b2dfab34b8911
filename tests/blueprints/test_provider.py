"""The council's own sign-in, against a real OpenID provider on this machine."""

import hmac
import json
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from itsdangerous import URLSafeTimedSerializer
from joserfc import jwt
from joserfc.jwk import RSAKey
from sqlalchemy import select

from portal.core.config import Settings
from portal.core.db import db
from portal.domain.proving import Told
from portal.models.people import User, UserSession
from portal.models.proving import ProviderAccount
from portal.models.record import Audit, AuditKind
from portal.services import provider_accounts
from portal.web import provider as council_sign_in
from tests.support.openid_provider import CLIENT, SECRET, Provider, running
from tests.support.people import PASSWORD, Council
from tests.support.web import Browser, Page, SignIn

BEGIN, BACK, OWN = "/sign-in/provider", "/sign-in/provider/back", "/account/provider"


@pytest.fixture
def provider(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
    with running() as found:
        set_to(council, settings, monkeypatch, found)
        yield found
        council_sign_in._client.cache_clear()


def set_to(
    council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch, provider: Provider, **more: object
) -> None:
    of_the_provider = {
        "oidc_issuer": provider.address,
        "oidc_client_id": CLIENT,
        "oidc_client_secret": SECRET,
        "oidc_name": "Ambleford account",
    }
    chosen = settings.model_copy(update={**of_the_provider, "second_factor": True, "oidc_second_factor": "provider"})
    monkeypatch.setitem(council.app.config, "PORTAL", chosen.model_copy(update=more))


def connected(council: Council, provider: Provider, user: User) -> None:
    with council.behind_the_scenes():
        provider_accounts.connect(user.id, Told(provider.address, provider.subject, ""))


def way_back(there: Page) -> str:
    """The provider is asked over HTTP, and leads the browser back to this address."""
    answer = requests.get(there.location, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    back = urlsplit(answer.headers["Location"])
    assert (back.netloc, back.path) == ("localhost", BACK)
    return f"{back.path}?{back.query}"


def come_in(council: Council, next_: str = "") -> Page:
    browser = Browser(council.app.test_client())
    assert BEGIN in browser.get(f"/sign-in{next_}").links()
    return browser.get(way_back(browser.get(BEGIN)))


def forgery(provider: Provider, token: str, how: str) -> str:
    """The provider's own token with its claims as they are, made anew by somebody else."""
    claims = json.loads(urlsafe_b64decode(token.split(".")[1] + "=="))
    theirs = RSAKey.generate_key(2048, {"kid": "one"})
    match how:
        case "not signed at all":
            return f"{part({'alg': 'none', 'kid': 'one'})}.{part(claims)}."
        case "signed with what both know":
            return by_hmac({"alg": "HS256", "kid": "one"}, claims, SECRET.encode())
        case "signed with the public key":
            return by_hmac({"alg": "HS256", "kid": "one"}, claims, provider.published.as_pem(private=False))
        case "brings its own key":
            return jwt.encode({"alg": "RS256", "kid": "one", "jwk": theirs.as_dict(private=False)}, claims, theirs)
        case "points to its own key":
            return jwt.encode({"alg": "RS256", "kid": "one", "jku": "https://evil.example/keys"}, claims, theirs)
    # An access token is not made for one browser's question.
    claims.pop("nonce")
    return jwt.encode({"alg": "RS256", "kid": "one", "typ": "at+jwt"}, claims, provider.published)


def by_hmac(header: dict[str, str], claims: dict[str, object], key: bytes) -> str:
    signed = f"{part(header)}.{part(claims)}"
    mark = urlsafe_b64encode(hmac.digest(key, signed.encode(), "sha256")).rstrip(b"=").decode()
    return f"{signed}.{mark}"


def part(of: object) -> str:
    return urlsafe_b64encode(json.dumps(of).encode()).rstrip(b"=").decode()


class TestComingIn:
    def test_signs_in_whoever_is_connected_and_goes_on_to_what_was_asked_for(
        self, council: Council, provider: Provider
    ) -> None:
        connected(council, provider, council.partner)

        page = come_in(council, "?next=/account/notices")

        assert (page.status, page.location) == (303, "/account/notices")
        assert page.follow().status == 200
        (asked,) = provider.asked
        assert asked["code_challenge_method"] == "S256"
        assert asked["response_type"] == "code"
        assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) >= 20
        with council.behind_the_scenes():
            assert db.session.scalars(select(UserSession.proof)).all() == ["provider"]
            assert db.session.scalars(select(Audit.kind)).all() == [AuditKind.SIGN_IN]

    def test_makes_no_account_and_finds_none_by_an_email_address(self, council: Council, provider: Provider) -> None:
        provider.claims = {"email": council.partner.email, "email_verified": True}

        page = come_in(council)

        assert page.status == 422
        assert "no account here is connected to it" in page.main
        with council.behind_the_scenes():
            assert db.session.scalars(select(Audit.kind)).all() == [AuditKind.SIGN_IN_FAILED]
            assert not db.session.scalars(select(UserSession.id)).all()

    def test_knows_nobody_by_the_same_subject_of_another_issuer(self, council: Council, provider: Provider) -> None:
        with council.behind_the_scenes():
            provider_accounts.connect(council.partner.id, Told("https://other.example", provider.subject, ""))

        assert come_in(council).status == 422

    def test_is_over_with_the_account(self, council: Council, provider: Provider) -> None:
        connected(council, provider, council.partner)
        with council.behind_the_scenes():
            db.session.get_one(User, council.partner.id).active = False

        assert come_in(council).status == 422

    @pytest.mark.parametrize(
        "claims",
        [
            {"iss": "https://evil.example"},
            {"aud": ["another-portal"]},
            {"nonce": "of another browser"},
            {"exp": 1},
            {"sub": None},
        ],
    )
    def test_takes_no_token_that_was_not_made_for_this_portal_browser_and_moment(
        self, council: Council, provider: Provider, claims: dict[str, object]
    ) -> None:
        connected(council, provider, council.partner)
        provider.claims = dict(claims)
        if "sub" in claims:
            provider.subject = ""

        page = come_in(council)

        assert page.status == 422
        assert "could not be used" in page.main

    def test_takes_no_token_that_somebody_else_signed(self, council: Council, provider: Provider) -> None:
        connected(council, provider, council.partner)
        provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})

        assert come_in(council).status == 422

    @pytest.mark.parametrize(
        "forged",
        [
            "not signed at all",
            "signed with what both know",
            "signed with the public key",
            "brings its own key",
            "points to its own key",
            "of another kind",
        ],
    )
    def test_takes_no_token_but_one_of_the_kind_and_algorithm_and_key_that_it_expects(
        self, council: Council, provider: Provider, forged: str
    ) -> None:
        connected(council, provider, council.partner)
        provider.forge = lambda token: forgery(provider, token, forged)

        assert come_in(council).status == 422

        provider.forge = lambda token: token
        assert come_in(council).status == 303

    def test_leaves_no_token_of_the_provider_in_the_browser(self, council: Council, provider: Provider) -> None:
        made: list[str] = []

        def noted(token: str) -> str:
            made.append(token)
            return token

        provider.forge = noted
        connected(council, provider, council.partner)
        browser = Browser(council.app.test_client())
        browser.get(BEGIN)
        back = way_back(browser.get(BEGIN))
        page = browser.get(back)
        assert page.status == 303

        told = page.response.get_data(as_text=True) + str(page.response.headers) + page.follow().html
        cookie = browser.client.get_cookie("portal")
        assert cookie is not None
        kept = URLSafeTimedSerializer("x").load_payload(cookie.value.rpartition(".")[0].rpartition(".")[0].encode())
        assert made
        assert "token" not in str({name: value for name, value in kept.items() if name != "csrf_token"}).lower()
        assert made[0].split(".")[1] not in told + str(kept)

    def test_counts_once_and_in_the_browser_that_began_it(self, council: Council, provider: Provider) -> None:
        connected(council, provider, council.partner)
        browser, other = Browser(council.app.test_client()), Browser(council.app.test_client())
        back = way_back(browser.get(BEGIN))
        query = parse_qs(urlsplit(back).query)

        assert other.get(back).status == 422
        assert browser.get(f"{BACK}?code={query['code'][0]}&state=another").status == 422
        assert browser.get(f"{BACK}?error=access_denied&state={query['state'][0]}").status == 422
        assert browser.get(back).status == 303
        browser.client.delete_cookie("portal")
        assert browser.get(back).status == 422

    def test_is_told_by_the_issuer_that_is_set_alone(self, council: Council, provider: Provider) -> None:
        provider.claims = {"issuer": "https://evil.example"}

        page = Browser(council.app.test_client()).get(BEGIN)

        assert page.status == 503
        assert "Ambleford account cannot be reached just now" in page.main

    def test_still_asks_for_a_code_where_the_provider_does_not(
        self, council: Council, provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        set_to(council, settings, monkeypatch, provider, oidc_second_factor="portal")
        connected(council, provider, council.partner)

        assert come_in(council).location == "/sign-in/set-up"


class TestConnecting:
    def test_is_asked_on_ones_own_account_and_can_be_ended(
        self, council: Council, provider: Provider, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner)

        back = browser.get(way_back(browser.get(f"{OWN}/connect"))).follow()
        assert "as Pat at the council . Is that you?" in back.main
        with council.behind_the_scenes():
            assert not db.session.scalars(select(ProviderAccount.id)).all()
        done = back.form(OWN).send().follow()

        assert "You can sign in with Ambleford account, since" in done.main
        assert come_in(council).status == 303
        done.form(f"{OWN}/disconnect").send()
        assert come_in(council).status == 422

    def test_never_comes_of_a_way_back_that_nobody_began_here(
        self, council: Council, provider: Provider, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner)

        page = browser.get(way_back(browser.get(BEGIN))).follow()
        sent = browser.get("/account/second-factor").form("/account/second-factor/new-app").instead(OWN, 0).send()

        assert "Is that you?" not in page.main
        assert sent.status == 409
        with council.behind_the_scenes():
            assert not db.session.scalars(select(ProviderAccount.id)).all()

    def test_of_somebody_elses_is_refused(self, council: Council, provider: Provider, sign_in: SignIn) -> None:
        connected(council, provider, council.lead)
        browser = sign_in(council.partner)

        page = browser.get(way_back(browser.get(f"{OWN}/connect"))).follow().form(OWN).send()

        assert page.status == 409
        assert "connected to somebody else’s account" in page.main

    def test_is_done_on_the_server_for_the_first_administrator(self, council: Council, provider: Provider) -> None:
        command = ["portal", "user", "connect", "--email", council.admin.email, "--subject", provider.subject]

        told = council.app.test_cli_runner().invoke(args=command)

        assert "can sign in with Ambleford account" in told.output
        assert come_in(council).follow().location == "/admin"

    def test_is_known_to_the_administrator_as_coming_in(
        self, council: Council, provider: Provider, sign_in: SignIn
    ) -> None:
        with council.behind_the_scenes():
            db.session.get_one(User, council.partner.id).password_hash = None
        admin, them = sign_in(council.admin), f"/admin/people/{council.partner.ref}"
        before = admin.get(them), admin.get("/admin/invitations"), admin.submit("/admin/people", {"state": "invited"})

        connected(council, provider, council.partner)
        after = admin.get(them), admin.get("/admin/invitations"), admin.submit("/admin/people", {"state": "invited"})

        assert "Invited, has not come yet" in before[0].main
        assert all(council.partner.name in page.main for page in before)
        assert "Account open" in after[0].main
        assert not any(council.partner.name in page.main for page in after[1:])


class TestLocalSignInSwitchedOff:
    def test_leaves_the_councils_own_sign_in_alone(
        self, council: Council, provider: Provider, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        before = Browser(council.app.test_client()).get("/sign-in")
        set_to(council, settings, monkeypatch, provider, local_sign_in=False)
        connected(council, provider, council.partner)

        page = Browser(council.app.test_client()).get("/sign-in")
        sent = before.form("/sign-in").send({"email": council.lead.email, "password": PASSWORD})

        assert page.links() == [BEGIN]
        assert not page.soup.select("main form")
        assert sent.status == 409
        assert before.browser.get("/account").status == 303
        assert come_in(council).status == 303


def test_without_a_provider_there_is_no_such_way(council: Council) -> None:
    browser = Browser(council.app.test_client())

    assert BEGIN not in browser.get("/sign-in").links()
    assert browser.get(BEGIN).status == 409


def test_a_provider_that_is_away_is_said_so(
    council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = settings.model_copy(update={"oidc_issuer": "http://127.0.0.1:9", "oidc_client_id": CLIENT})
    monkeypatch.setitem(council.app.config, "PORTAL", away)

    began = time.monotonic()
    page = Browser(council.app.test_client()).get(BEGIN)

    assert page.status == 503
    assert time.monotonic() - began < 10
