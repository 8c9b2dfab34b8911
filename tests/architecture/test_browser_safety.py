"""What a browser is told and what is kept of what it sends: types, origins, methods, text as it was typed."""

import json
import re
import subprocess
import sys

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from portal.core.config import Settings
from portal.core.db import db
from portal.models.families import Note, Person
from portal.models.teamwork import PlanAction
from tests.support.marking_done import update_form
from tests.support.people import Council, an_action, an_active_family
from tests.support.proving import after_password, code_of, with_an_app
from tests.support.web import Browser, SignIn

EVIL = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
# Each as somebody may really type it: markup, entities, text that was encoded once, and once more.
TYPED = "<b>O’Neill & Søn</b> &lt;i&gt; &amp;amp; %3Cscript%3E %253C \\u003c 100%"


def file_of(council: Council, sign_in: SignIn) -> tuple[str, str, bytes]:
    """Content type, disposition and body of an export."""
    team = an_active_family(council)
    path = f"/families/{team.ref}/log"
    page = sign_in(council.manager).get(path).form(path).send({"purpose": "A complaint"})
    headers = page.response.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    return headers["Content-Type"], headers["Content-Disposition"], page.response.data


class TestWhatABrowserIsTold:
    def test_a_page_may_load_nothing_but_what_is_the_portals_own(self, app: Flask) -> None:
        policy = app.test_client().get("/sign-in").headers["Content-Security-Policy"]
        said = {part.split()[0]: part.split()[1:] for part in policy.split(";") if part.strip()}

        for directive in ("default-src", "base-uri", "object-src", "frame-ancestors"):
            assert said[directive] == ["'none'"], directive
        scripts = [source for source in said["script-src"] if source != "'self'"]
        assert len(scripts) == 1
        assert re.fullmatch(r"'sha256-[A-Za-z0-9+/]{43}='", scripts[0])
        assert all(
            source in {"'self'", "'none'", "data:", "/csp-report", scripts[0]}
            for each in said.values()
            for source in each
        )

    def test_every_answer_says_its_type_and_charset_and_is_not_guessed(self, council: Council, sign_in: SignIn) -> None:
        browser = sign_in(council.coordinator)
        for path in ("/home", "/nowhere", "/families", "/admin", "/sign-in"):
            headers = browser.client.get(path).headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Type"] == "text/html; charset=utf-8"
        stylesheet = str(browser.get("/home").soup.select_one("link[rel=stylesheet]")["href"])  # type: ignore[index]
        script = str(browser.get("/home").soup.select_one("script[src]")["src"])  # type: ignore[index]
        for path, kind in ((stylesheet, "text/css"), (script, "text/javascript")):
            with browser.client.get(path) as answer:
                headers = answer.headers
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Content-Type"] == f"{kind}; charset=utf-8"

    def test_a_file_is_saved_and_never_shown_as_a_page(self, council: Council, sign_in: SignIn) -> None:
        kind, disposition, body = file_of(council, sign_in)

        assert kind == "text/csv; charset=utf-8"
        assert disposition.startswith("attachment; ")
        assert body.decode("utf-8-sig")

    @pytest.mark.parametrize("path", ["/sign-in", "/home", "/csp-report", "/nowhere", "/static/manifest.json"])
    @pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
    def test_no_other_origin_may_read_an_answer(
        self, council: Council, sign_in: SignIn, path: str, method: str
    ) -> None:
        answer = sign_in(council.coordinator).client.open(path, method=method, headers=EVIL)

        assert not [name for name, _ in answer.headers if name.lower().startswith("access-control")]

    @pytest.mark.parametrize("method", ["TRACE", "CONNECT", "TRACK", "PROPFIND"])
    @pytest.mark.parametrize("path", ["/sign-in", "/home", "/csp-report"])
    def test_other_methods_are_not_answered(self, council: Council, sign_in: SignIn, path: str, method: str) -> None:
        answer = sign_in(council.coordinator).client.open(path, method=method, headers={"X-Echo": "canary"})

        assert answer.status_code in {400, 405}
        assert b"canary" not in answer.data

    @pytest.mark.parametrize("path", ["/static", "/static/", "/static/images/", "/.git/config", "/.env", "/instance/"])
    def test_no_folder_is_listed(self, app: Flask, path: str) -> None:
        assert app.test_client().get(path, follow_redirects=True).status_code == 404

    def test_every_page_of_somebody_signed_in_has_a_way_to_sign_out(self, council: Council, sign_in: SignIn) -> None:
        team = an_active_family(council)
        pages = (
            "/home",
            "/families",
            f"/families/{team.ref}",
            f"/families/{team.ref}/household",
            "/account",
            "/nowhere",
        )
        for person in (council.coordinator, council.partner, council.admin):
            browser = sign_in(person)
            for path in pages:
                page = browser.get(path)
                assert page.status != 200 or page.soup.select("form[action='/sign-out'] button"), path


class TestWhatIsKeptOfWhatWasTyped:
    def test_text_is_kept_as_it_was_typed_and_escaped_where_it_is_shown(
        self, council: Council, sign_in: SignIn
    ) -> None:
        team = an_active_family(council)
        browser, path = sign_in(council.coordinator), f"/families/{team.ref}/notes/new"

        assert browser.submit(path, {"text": TYPED, "audience": "team"}).status == 303

        with council.behind_the_scenes():
            assert [note.text for note in db.session.scalars(select(Note))] == [TYPED]
        shown = browser.get(f"/families/{team.ref}/history")
        assert TYPED in shown.text
        assert "<b>O’Neill" not in shown.html

    def test_a_field_that_the_form_does_not_have_changes_nothing(self, council: Council, sign_in: SignIn) -> None:
        child = an_active_family(council).home.children[0]
        other = an_active_family(council).family.id
        more = {
            "id": "999",
            "family_id": str(other),
            "version_id": "9",
            "died_on": "2026-01-01",
            "nhs": "1",
            "active": "0",
        }

        page = sign_in(council.coordinator).submit(f"/people/{child.ref}/edit", {"school": "Hillside", **more})

        assert page.status == 303, page.errors
        with council.behind_the_scenes():
            row = db.session.get_one(Person, child.id)
            assert (row.school, row.family_id, row.kind, row.died_on) == ("Hillside", child.family_id, child.kind, None)

    def test_a_field_that_comes_twice_counts_once_the_first_time(self, council: Council, sign_in: SignIn) -> None:
        action = an_action(council, an_active_family(council))
        form = update_form(sign_in, council.partner, action)

        page = form.send({"note": ["First words", "Second words"]})

        assert page.status == 303
        with council.behind_the_scenes():
            assert db.session.get_one(PlanAction, action.id).what_changed in {None, "First words"}
        shown = sign_in(council.coordinator).get(f"/actions/{action.ref}").text
        assert "First words" in shown
        assert "Second words" not in shown


class TestSecretsThatCannotBeGuessed:
    def test_a_session_is_known_by_256_random_bits(self, council: Council, sign_in: SignIn) -> None:
        tokens = set()
        for _ in range(5):
            cookie = sign_in(council.partner).client.get_cookie("portal")
            assert cookie is not None
            payload = cookie.value.rpartition(".")[0].rpartition(".")[0]
            tokens.add(str(URLSafeTimedSerializer("x").load_payload(payload.encode())["_user_id"]))

        assert len(tokens) == 5
        assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens), tokens

    def test_a_recovery_code_has_eighty_random_bits(self, council: Council) -> None:
        codes = with_an_app(council, council.partner)

        assert len(set(codes)) == 10
        assert all(re.fullmatch(r"[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){3}", code) for code in codes), codes

    def test_a_code_that_is_asked_again_later_begins_a_session_with_a_new_id(
        self, council: Council, sign_in: SignIn, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(council.app.config, "PORTAL", settings.model_copy(update={"second_factor": True}))
        with_an_app(council, council.partner)
        browser = sign_in(council.partner)
        before = browser.client.get_cookie("portal")
        assert before is not None

        browser.submit("/account/second-factor/confirm", {"code": code_of(council, council.partner)})

        assert browser.get("/account").status == 200
        earlier = Browser(council.app.test_client())
        earlier.client.set_cookie("portal", before.value)
        assert earlier.get("/account").status == 303

    def test_behind_tls_a_trusted_browsers_cookie_stays_there_too(
        self, council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        chosen = settings.model_copy(update={"behind_tls": True, "second_factor": True, "trusted_device_days": 30})
        monkeypatch.setitem(council.app.config, "PORTAL", chosen)
        with_an_app(council, council.partner)
        page = after_password(council.app, council.partner).follow()

        answer = page.form("/sign-in/code").send({"code": code_of(council, council.partner), "trust": "y"})

        (cookie,) = [each for each in answer.response.headers.getlist("Set-Cookie") if "device" in each]
        assert cookie.startswith("__Host-portal-device=")
        for part in ("Secure", "HttpOnly", "SameSite=Strict", "Path=/"):
            assert part in cookie
        assert "Domain" not in cookie


def test_what_a_browser_says_cannot_forge_a_line_of_the_log() -> None:
    program = (
        "import structlog\n"
        "from portal.core import logging\n"
        "logging.configure()\n"
        'forged = \'x\\n{"event": "all is well", "level": "info"}\\r\\u2028\\u0085\'\n'
        "structlog.get_logger().warning('fault', endpoint=forged, **{'kind': forged})\n"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    (line,) = [line for line in re.split(r"[\n\r\u2028\u0085]", done.stderr) if line]
    assert json.loads(line)["event"] == "fault"
