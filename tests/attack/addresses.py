"""Every address that somebody is shown: found by going wherever a page leads, as they would."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from werkzeug.test import TestResponse

from portal.domain.viewer import Viewer
from tests.attack.rules_say import OPENS, Rules
from tests.support.web import Browser, FilledForm

KEYS = {"csrf_token", "idempotency_key"}
# Leads out of the portal, or out of one's session.
NOT_FOLLOWED = ("/sign-in", "/sign-out", "/static", "/account/provider/connect")


@dataclass(frozen=True)
class Seen:
    """An address as a page shows it: with its query, and what a form would send there."""

    method: str
    url: str
    fields: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    def __str__(self) -> str:
        return f"{self.method} {self.url}"


def seen_by(browser: Browser, viewer: Viewer, rules: Rules, *, most: int | None = None) -> set[Seen]:
    """From the pages that are about no one thing onwards, until there is nothing new, or `most` pages were opened."""
    waiting = [Seen("GET", path) for path in _begins(rules, viewer)]
    found, opened = set(waiting), 0
    for here in waiting:
        if opened == most:
            break
        if here.path.startswith(NOT_FOLLOWED):
            continue
        answer = browser.client.get(here.url)
        opened += 1
        shown = set(_on(browser, answer, here.url)) - found
        found |= shown
        waiting += sorted((seen for seen in shown if seen.method == "GET"), key=str)
    return found


def _begins(rules: Rules, viewer: Viewer) -> Iterator[str]:
    for rule in rules.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.arguments:
            path = rules.app.url_map.bind("").build(rule.endpoint)
            if rules.say(viewer, path, "GET") == OPENS:
                yield path


def _on(browser: Browser, answer: TestResponse, here: str) -> Iterator[Seen]:
    """Where an answer leads, or the page of it."""
    if answer.location:
        yield from _own("GET", answer.location, here)
    if answer.mimetype != "text/html":
        return
    soup = BeautifulSoup(answer.text, "lxml")
    for tag in soup.select("a[href], [hx-get]"):
        yield from _own("GET", str(tag.get("href") or tag.get("hx-get")), here)
    for form in soup.select("form"):
        method, fields = str(form.get("method", "get")).upper(), _fields(browser, form, here)
        yield from _own(method, str(form.get("action") or here), here, fields)
        for button in form.select("[formaction]"):
            yield from _own(method, str(button["formaction"]), here, fields)


def _own(method: str, address: str, here: str, fields: dict[str, Any] | None = None) -> Iterator[Seen]:
    """Of the portal itself, which leads elsewhere too: to a service, a telephone, an email."""
    url = urljoin(here, address).partition("#")[0]
    if url.startswith("/") and not url.startswith("/static"):
        yield Seen(method, url, fields or {})


def _fields(browser: Browser, form: Tag, here: str) -> dict[str, Any]:
    values = FilledForm(browser, form, here).values
    return {name: value for name, value in values.items() if name not in KEYS}
