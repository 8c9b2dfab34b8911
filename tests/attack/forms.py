"""Every form that anybody meets in the portal, found on the pages themselves."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

from bs4 import Tag
from flask import Flask
from werkzeug.exceptions import HTTPException

from tests.attack import FOR_LONG, WHO
from tests.policies.test_person_route import MAY, addresses
from tests.support.people import Council
from tests.support.web import FORM_TYPES, FilledForm, Page, SignIn
from tests.support.world import World

PART = 5
# Broke once.
ALWAYS = {"meetings.write_up", "meetings.copy"}
KEYS = {"csrf_token", "idempotency_key", "version", "as_opened"}
NEVER = {"account.sign_out"}
PARTS = ("day", "month", "year")


@dataclass
class Found:
    """One form: who meets it, where, and what can be answered in it."""

    who: str
    page: str
    endpoint: str
    form: FilledForm
    typed: list[str] = field(default_factory=list)
    dates: list[str] = field(default_factory=list)
    chosen: dict[str, str] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.endpoint} on {self.page} by {self.who}"

    def send(self, answers: Mapping[str, Any]) -> Page:
        """As it stood on the page but for these answers; the page of the answer is not looked at."""
        browser = self.form.browser
        return Page(browser, browser.client.post(self.form.action, data={**self.form.values, **answers}))

    def read(self, tag: Tag) -> "Found":
        for control in tag.select("input[name], textarea[name], select[name]"):
            name, kind = str(control["name"]), str(control.get("type", "text"))
            if name in KEYS or kind in {"password", "submit"}:
                continue
            if control.name == "select":
                offered = [str(each.get("value", "")) for each in control.select("option")]
                self.chosen[name] = next(filter(None, offered), "")
            elif kind in FORM_TYPES:
                self.chosen.setdefault(name, str(control.get("value", "on")))
            elif kind == "hidden":
                self.hidden.append(name)
            elif name.rpartition("-")[2] in PARTS:
                self.dates.append(name)
            else:
                self.typed.append(name)
        return self


def forms(council: Council, sign_in: SignIn, world: World) -> Iterator[Found]:
    """Each kind of form once, with whoever meets it first."""
    visited: set[str] = set()
    known: set[tuple[str, frozenset[str]]] = set()
    for who in WHO:
        browser = sign_in(getattr(council, who))
        for address in addresses(council.app, world, who):
            mine = address.method == "GET" and address.expected == MAY and address.family in {"own", "no family"}
            if not mine or address.endpoint in visited or not is_today(address.endpoint):
                continue
            visited.add(address.endpoint)
            page = Page(browser, browser.client.get(address.path, follow_redirects=True))
            for found in on_page(council.app, who, page):
                kind = (found.endpoint, frozenset(found.form.values))
                if kind not in known and found.endpoint not in NEVER:
                    known.add(kind)
                    yield found


def is_today(endpoint: str) -> bool:
    """A quick attack takes a part of the pages, the same one in every run of the tests; a long one takes them all."""
    return FOR_LONG or endpoint in ALWAYS or crc32(endpoint.encode()) % PART == 0


def on_page(app: Flask, who: str, page: Page) -> Iterator[Found]:
    here = page.response.request.path
    for tag in page.soup.select("main form"):
        if tag.get("method") == "post":
            form = FilledForm(page.browser, tag, here)
            yield Found(who, here, endpoint_of(app, form.action), form).read(tag)


def endpoint_of(app: Flask, action: str) -> str:
    try:
        return str(app.url_map.bind("").match(urlsplit(action).path, method="POST")[0])
    except HTTPException:
        return action
