"""A person's browser in a test: real requests, forms filled as they stand on the page, every page checked."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

import html5lib
import lxml.html
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from portal.core import clock
from portal.core.db import db, writing
from portal.models.people import User
from portal.services import sign_in as signing

FORM_TYPES = {"checkbox", "radio"}
PARSED_OF_A_KIND = 4


@dataclass
class Page:
    """An answer of the portal, and what a person sees of it."""

    browser: "Browser"
    response: TestResponse

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def html(self) -> str:
        return self.response.get_data(as_text=True)

    @cached_property
    def soup(self) -> BeautifulSoup:
        return BeautifulSoup(self.html, "lxml")

    @property
    def text(self) -> str:
        """Everything the page says, white space folded."""
        return " ".join(self.soup.get_text(" ").split())

    @property
    def main(self) -> str:
        """What the page says, without header, navigation and footer."""
        return self.text_of("main")

    @property
    def title(self) -> str:
        found = self.soup.title
        return found.get_text().strip() if found else ""

    @property
    def location(self) -> str:
        return self.response.headers.get("Location", "")

    @property
    def errors(self) -> list[str]:
        """The lines of the error summary."""
        return [" ".join(item.get_text().split()) for item in self.soup.select(".govuk-error-summary__list li")]

    def text_of(self, selector: str) -> str:
        return " ".join(" ".join(found.get_text(" ") for found in self.soup.select(selector)).split())

    def links(self) -> list[str]:
        return [str(link["href"]) for link in self.soup.select("main a[href]")]

    def follow(self) -> "Page":
        """Go where a redirect leads. Fails if this is none."""
        assert self.status in (302, 303), f"no redirect but {self.status}: {self.main[:300]}"
        return self.browser.get(self.location)

    def form(self, action: str | None = None) -> "FilledForm":
        """The form of that action (or of this page's address), filled as it stands."""
        forms = [form for form in self.soup.select("main form") if action is None or form.get("action") == action]
        assert forms, f"no form for {action} on {self.response.request.path}: {self.main[:300]}"
        return FilledForm(self.browser, forms[0], self.response.request.path)

    def undo(self) -> "FilledForm":
        """The button that takes back what was just saved."""
        forms = [
            form for form in self.soup.select("form") if urlsplit(str(form.get("action", ""))).path.endswith("/undo")
        ]
        assert len(forms) == 1, f"{len(forms)} ways to undo on {self.response.request.path}"
        return FilledForm(self.browser, forms[0], self.response.request.path)


class FilledForm:
    """A form as a browser would send it."""

    def __init__(self, browser: "Browser", form: Tag, here: str) -> None:
        self.browser = browser
        self.action = str(form.get("action") or here)
        self.values: dict[str, list[str]] = {}
        for control in form.select("input[name], textarea[name], select[name]"):
            self._read(control)

    def _read(self, control: Tag) -> None:
        name, kind = str(control["name"]), str(control.get("type", "text"))
        if control.name == "select":
            chosen = control.select_one("option[selected]") or control.select_one("option")
            self.values.setdefault(name, []).append(str(chosen.get("value", "")) if chosen else "")
        elif control.name == "textarea":
            self.values.setdefault(name, []).append(control.get_text().removeprefix("\n"))
        elif kind in FORM_TYPES:
            if control.has_attr("checked"):
                self.values.setdefault(name, []).append(str(control.get("value", "on")))
        else:
            self.values.setdefault(name, []).append(str(control.get("value", "")))

    def send(self, answers: Mapping[str, Any] | None = None, *, htmx: bool = False) -> Page:
        """Answer some questions and send. A list answers several times; None takes an answer away."""
        values: dict[str, Any] = {**self.values}
        for name, answer in (answers or {}).items():
            if answer is None:
                values.pop(name, None)
            else:
                values[name] = answer
        return self.browser.post(self.action, values, htmx=htmx)

    def instead(self, action: str, version: int) -> "FilledForm":
        """This form of one thing, sent for another of which no page offers it: as from a page opened before."""
        self.action = action
        self.values["version"] = [str(version)]
        return self


class Browser:
    """One person's browser, or nobody's."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, *, htmx: bool = False) -> Page:
        page = Page(self, self.client.get(path, headers=_headers(htmx)))
        if page.status == 200 and not htmx and page.response.mimetype == "text/html":
            check_page(page)
        return page

    def post(self, path: str, data: Mapping[str, Any] | None = None, *, htmx: bool = False) -> Page:
        """Send fields as they are given, hidden ones included: most tests `submit` instead."""
        page = Page(self, self.client.post(path, data=dict(data or {}), headers=_headers(htmx)))
        if page.status in (422, 409) and not htmx:
            check_page(page)
        return page

    def submit(
        self, path: str, answers: Mapping[str, Any] | None = None, *, on: str | None = None, htmx: bool = False
    ) -> Page:
        """Open the page (`on`, else the form's own address) and send its form for `path` with these answers."""
        page = self.get(on or path)
        assert page.status == 200, f"{page.status} on {on or path}: {page.main[:300]}"
        return page.form(path).send(answers, htmx=htmx)


SignIn = Callable[[User | None], Browser]


def sign_in_with(app: Flask) -> SignIn:
    """A browser that carries somebody's session, begun as signing in does; the sign-in page has tests of its own."""

    def sign_in(user: User | None) -> Browser:
        browser = Browser(app.test_client())
        if user is not None:
            with app.app_context(), writing():
                token = signing.begin(user.id)
                db.session.commit()
            with browser.client.session_transaction() as cookie:
                cookie["_user_id"] = token
        return browser

    return sign_in


def _headers(htmx: bool) -> dict[str, str]:
    return {"HX-Request": "true"} if htmx else {}


def said_twice(text: str, day: date) -> list[str]:
    """Where a text says a date and then says it again, like “due 10 December, Thursday 10 December”."""
    said = f"{day.day} {day:%B}"
    return [found[0] for found in re.finditer(rf"{said}(?: \d{{4}})?\W+(?:due )?(?:\w+day )?{said}", text)]


def date_parts(name: str, day: Any) -> dict[str, str]:
    """Answers for a date question: day, month and year of a date."""
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


@dataclass(frozen=True)
class _FromToday:
    """A part of a date, worked out when it is sent."""

    days: int
    part: str

    def __str__(self) -> str:
        return str(getattr(clock.today() + timedelta(days=self.days), self.part))


def from_today(name: str, days: int = 0) -> dict[str, _FromToday]:
    """As `date_parts`, for parameters of tests: what day it is, is not known while they are collected."""
    return {f"{name}-{part}": _FromToday(days, part) for part in ("day", "month", "year")}


_parsed: Counter[tuple[str, int]] = Counter()


def _check_markup(page: Page) -> None:
    """Strict parsing is slow: the first few answers of each kind of page are parsed by each test process."""
    kind = (re.sub(r"\d+", "0", page.response.request.path), page.status)
    _parsed[kind] += 1
    if _parsed[kind] <= PARSED_OF_A_KIND:
        html5lib.HTMLParser(strict=True).parse(page.html)


def check_page(page: Page) -> None:
    """What holds for every page: valid markup, one h1, own title, unique ids, nothing raw on the screen."""
    _check_markup(page)
    # By lxml itself: every answer is looked through, and most tests read no more of it than a line.
    seen = lxml.html.document_fromstring(page.html)
    headings = seen.findall(".//h1")
    assert len(headings) == 1, f"{len(headings)} h1 on {page.response.request.path}"
    title = seen.findtext(".//title") or ""
    assert " – " in title or " - " in title, title
    ids = _every(seen, "//@id")
    assert len(ids) == len(set(ids)), f"ids twice: {sorted({name for name in ids if ids.count(name) > 1})}"
    labels = set(_every(seen, "//label/@for"))
    assert labels <= set(ids), f"labels of nothing: {labels - set(ids)}"
    assert seen.xpath("//*[@id='status'][@role='status']"), "no live region"
    for form in seen.iterfind(".//form[@method='post']"):
        names = set(_every(form, ".//input[@type='hidden']/@name"))
        assert {"csrf_token", "idempotency_key"} <= names, f"form without its keys: {form.get('action')}"
    said = " ".join(" ".join(_every(seen, "//main//text()")).split())
    assert not re.search(r"\bNone\b|\{[a-z_]+(:[a-z]+)?\}|\b\d{4}-\d\d-\d\d\b", said), _raw(said)
    assert not re.search(r"\b1 (families|actions|checks|children|people|working days)\b", said), said


def _every(element: lxml.html.HtmlElement, path: str) -> list[str]:
    found = element.xpath(path)
    assert isinstance(found, list)
    return [str(each) for each in found]


def _raw(said: str) -> str:
    found = re.search(r".{0,40}(\bNone\b|\{[a-z_]+(:[a-z]+)?\}|\b\d{4}-\d\d-\d\d\b).{0,40}", said)
    return f"raw on the screen: {found[0] if found else said}"


@contextmanager
def counted_statements(app: Flask) -> Iterator[list[str]]:
    """Every statement on every connection but BEGIN, COMMIT and PRAGMA, as they are run."""
    seen: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.lstrip().upper().startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)
