"""What never gets through the door: a form's second sending, forged forms, addresses of nothing; and every header."""

import gzip
import re

import pytest
from flask import Flask

from portal import create_app
from portal.core.config import Settings
from portal.core.db import db
from portal.models.teamwork import PlanAction, TeamMember
from tests.support.marking_done import stored, update_form
from tests.support.people import Council, Team, an_action, an_active_family
from tests.support.web import Browser, FilledForm, SignIn


class TestKeys:
    """A form sent twice is one change."""

    def test_second_click_gets_the_first_outcome(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)

        first, second = form.send({"note": "Done"}), form.send({"note": "Done"})

        assert (first.status, second.status, second.location) == (303, 303, first.location)

    def test_also_after_reach_has_ended(
        self, council: Council, team: Team, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        first = form.send({"note": "Done"})
        with council.behind_the_scenes():
            db.session.get_one(TeamMember, team.partner.id).left_on = action.due_on

        second = form.send({"note": "Done"})

        assert (second.status, second.location) == (303, first.location)
        assert second.follow().status == 404

    def test_same_key_with_other_words_is_judged_by_the_version(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        form.send({"note": "First words"})

        page = form.send({"note": "Other words"})

        assert page.status == 409
        assert "Other words" in page.html

    def test_a_form_that_was_refused_keeps_no_key(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        assert form.send({"note": "x" * 3000}).status == 422

        assert form.send({"note": "Shorter"}).status == 303

    def test_another_persons_key_says_nothing(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        mine = update_form(sign_in, council.partner, action)
        other = an_action(council, an_active_family(council))
        theirs = update_form(sign_in, council.lead, other)
        assert mine.send({"note": "Mine"}).status == 303

        page = theirs.send({"note": "Mine", "told_how": "call", "idempotency_key": mine.values["idempotency_key"]})

        assert page.status == 303
        assert page.location.endswith(other.ref)

    @pytest.mark.parametrize("key", [None, "", "short", "x" * 65, "with spaces in it, and more", "é" * 20])
    def test_without_a_good_key_nothing_is_done(
        self, council: Council, action: PlanAction, sign_in: SignIn, key: str | None
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)

        page = form.send({"note": "Done", "idempotency_key": key})

        assert page.status == 400
        assert "Open the page again" in page.text
        assert stored(council, action) == before

    def test_a_key_is_only_looked_at_after_the_token(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        assert form.send({"note": "Done"}).status == 303

        assert form.send({"note": "Done", "csrf_token": "wrong"}).status == 400


class TestForgedForms:
    @pytest.mark.parametrize("token", [None, "", "wrong"])
    def test_without_its_token_a_form_is_refused(
        self, council: Council, action: PlanAction, sign_in: SignIn, token: str | None
    ) -> None:
        form = update_form(sign_in, council.partner, action)

        self.assert_refused(council, action, form, token)

    def test_with_somebody_elses_token(self, council: Council, action: PlanAction, sign_in: SignIn) -> None:
        form = update_form(sign_in, council.partner, action)
        token = update_form(sign_in, council.lead, action).values["csrf_token"][0]

        self.assert_refused(council, action, form, token)

    def test_with_ones_own_token_of_an_earlier_session(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        token = update_form(sign_in, council.partner, action).values["csrf_token"][0]
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)

        page = form.send({"note": "Forged", "csrf_token": token})

        assert (page.status, page.location) == (303, f"/actions/{action.ref}/update")
        assert stored(council, action) == before

    def assert_refused(self, council: Council, action: PlanAction, form: FilledForm, token: str | None) -> None:
        before = stored(council, action)

        page = form.send({"note": "Forged", "csrf_token": token})

        assert page.status == 400
        assert "Forged" not in page.html
        assert stored(council, action) == before

    @pytest.mark.parametrize(
        ("header", "says"),
        [
            *(("Sec-Fetch-Site", site) for site in ("cross-site", "same-site", "nonsense")),
            *(("Origin", origin) for origin in ("https://evil.example", "null", "http://localhost.evil.example", "")),
        ],
    )
    def test_sent_from_another_site(
        self, council: Council, action: PlanAction, sign_in: SignIn, header: str, says: str
    ) -> None:
        form = update_form(sign_in, council.partner, action)
        before = stored(council, action)

        answer = form.browser.client.post(form.action, data={**form.values, "note": "Forged"}, headers={header: says})

        assert answer.status_code == 403
        assert stored(council, action) == before

    @pytest.mark.parametrize(
        ("header", "says"),
        [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Site", "none"), ("Origin", "http://localhost")],
    )
    def test_sent_from_the_portal_itself(
        self, council: Council, action: PlanAction, sign_in: SignIn, header: str, says: str
    ) -> None:
        form = update_form(sign_in, council.partner, action)

        answer = form.browser.client.post(form.action, data=form.values, headers={header: says})

        assert answer.status_code == 303

    def test_an_address_that_only_takes_forms_is_opened(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        for path, page in ((f"/actions/{action.ref}/agree", f"/actions/{action.ref}"), ("/home/seen/undo", "/home")):
            answer = sign_in(council.partner).get(path)

            assert (answer.status, answer.response.headers["Allow"]) == (405, "OPTIONS, POST")
            assert "This address only takes what a form sends" in answer.main
            assert page in answer.links()

    @pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
    def test_other_methods_do_nothing(self, council: Council, action: PlanAction, sign_in: SignIn, method: str) -> None:
        answer = sign_in(council.partner).client.open(f"/actions/{action.ref}/update", method=method)

        assert answer.status_code in (400, 405)


class TestAddresses:
    @pytest.mark.parametrize(
        "ref",
        ["A-0", "A-01", "A-99999999999", "A-2147483648", "A-2147483647", "a-1", "A1", "A--1", "1", "A-\uff11", "A-1.0"],
    )
    def test_what_is_no_reference_is_not_found(self, council: Council, sign_in: SignIn, ref: str) -> None:
        assert sign_in(council.coordinator).get(f"/actions/{ref}").status == 404

    @pytest.mark.parametrize("prefix", ["F", "S", "P", "M", "R", "C", "L", "X"])
    def test_a_reference_of_another_kind_is_not_found(
        self, council: Council, action: PlanAction, sign_in: SignIn, prefix: str
    ) -> None:
        assert sign_in(council.coordinator).get(f"/actions/{prefix}-{action.id}").status == 404

    def test_not_there_and_not_in_reach_look_the_same(
        self, council: Council, action: PlanAction, sign_in: SignIn
    ) -> None:
        browser = sign_in(council.partner_other_organisation)

        absent, hidden = browser.get("/actions/A-4711"), browser.get(f"/actions/{action.ref}")

        assert absent.status == hidden.status == 404
        assert without_reference(absent.main) == without_reference(hidden.main)


def without_reference(said: str) -> str:
    return re.sub(r"Reference: \w{8}", "", said)


class TestHeaders:
    PATHS = ("/sign-in", "/account", "/my-actions", "/nowhere")

    @pytest.mark.parametrize("path", PATHS)
    def test_every_page_has_them(self, council: Council, sign_in: SignIn, path: str) -> None:
        headers = sign_in(council.partner).get(path).response.headers

        policy = headers["Content-Security-Policy"]
        for source in ("default-src 'none'", "style-src 'self'", "frame-ancestors 'none'", "form-action 'self'"):
            assert source in policy
        assert "unsafe" not in policy
        assert policy.endswith("report-uri /csp-report")
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "HX-Request" in headers["Vary"]
        assert "Strict-Transport-Security" not in headers

    def test_behind_tls_the_cookie_and_the_address_stay_there(self, settings: Settings, app: Flask) -> None:
        client = create_app(settings.model_copy(update={"behind_tls": True})).test_client()

        answer = client.get("/sign-in", base_url="https://localhost")

        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
        cookie = answer.headers["Set-Cookie"]
        assert cookie.startswith("__Host-portal=")
        for part in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie
        assert "Expires" not in cookie

    def test_static_files_are_kept_by_browsers(self, app: Flask) -> None:
        page = Browser(app.test_client()).get("/sign-in")
        stylesheet = str(page.soup.select_one("link[rel=stylesheet]")["href"])  # type: ignore[index]

        answer = app.test_client().get(stylesheet)
        smaller = app.test_client().get(stylesheet, headers={"Accept-Encoding": "gzip"})

        assert (answer.status_code, answer.mimetype) == (200, "text/css")
        assert "immutable" in answer.headers["Cache-Control"]
        assert (smaller.headers["Content-Encoding"], smaller.mimetype) == ("gzip", "text/css")
        assert gzip.decompress(smaller.data) == answer.data
        assert "Accept-Encoding" in smaller.headers["Vary"]

    @pytest.mark.parametrize("name", ["portal-0000000000.css", "manifest.json", "built-from.txt", "%2e%2e/cli.py"])
    def test_what_was_not_built_is_not_there_and_nobody_remembers_it(self, app: Flask, name: str) -> None:
        answer = app.test_client().get(f"/static/{name}")

        assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")

    @pytest.mark.parametrize(
        ("site", "encoding"),
        [("same-origin", "br"), ("none", "br"), ("cross-site", None), ("same-site", None), ("", None)],
    )
    def test_a_page_is_compressed_for_whoever_asked_here_and_never_for_another_site(
        self, council: Council, sign_in: SignIn, site: str, encoding: str | None
    ) -> None:
        client = sign_in(council.coordinator).client

        answer = client.get("/home", headers={"Accept-Encoding": "gzip, br", "Sec-Fetch-Site": site})

        assert answer.status_code == 200
        assert answer.headers.get("Content-Encoding") == encoding

    def test_a_host_that_is_not_ours_is_refused(self, settings: Settings, app: Flask) -> None:
        client = create_app(settings.model_copy(update={"trusted_hosts": "portal.example"})).test_client()

        assert client.get("/sign-in", base_url="http://portal.example").status_code == 200
        assert client.get("/sign-in", base_url="http://evil.example").status_code == 400

    @pytest.mark.parametrize("host", ["localhost:60999", "127.0.0.1:65535", "[::1]:5000", "portal.example"])
    def test_any_host_with_any_port_is_taken_where_none_is_named(self, app: Flask, host: str) -> None:
        assert app.test_client().get("/sign-in", base_url=f"http://{host}").status_code == 200

    @pytest.mark.parametrize("host", ["a_b", "a b", "[", "é", "evil.example:99999", "evil.example:abc", "a@b"])
    def test_what_is_no_host_is_refused_where_none_is_named(self, app: Flask, host: str) -> None:
        answer = app.test_client().get("/sign-in", environ_overrides={"HTTP_HOST": host.encode().decode("latin-1")})

        assert answer.status_code == 400
