"""A person at a browser, in a person's words: open, follow, fill, choose, press. The same with and without script."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal
from urllib.parse import unquote, urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Locator, Page, Request, Response, expect

from portal.models.people import User
from tests.support.people import PASSWORD

Name = str | re.Pattern[str]
LONGEST_WAIT, LONGEST_LOAD = 5_000, 30_000
WIDTHS_OF_PICTURES = (1280, 375)


@dataclass
class Watch:
    """What goes wrong on the way, wherever it is heard of: nothing may."""

    base: str
    faults: list[str] = field(default_factory=list)
    # Answers that a test asks for on purpose.
    expected: set[int] = field(default_factory=set)
    # What stands in a browser's history and in the logs of servers on the way.
    addresses: set[str] = field(default_factory=set)
    titles: set[str] = field(default_factory=set)

    def over(self, page: Page) -> None:
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: script failed: {error}"))
        page.on("request", self._request)
        page.on("requestfailed", lambda request: self.faults.append(f"{request.url} failed: {request.failure}"))
        page.on("response", self._response)

    def _console(self, message: ConsoleMessage) -> None:
        asked_for = any(f"status of {status}" in message.text for status in self.expected)
        if message.type in ("error", "warning") and not asked_for:
            self.faults.append(f"{message.location.get('url')}: console {message.type}: {message.text}")

    def _request(self, request: Request) -> None:
        self.addresses.add(unquote(request.url))
        if not request.url.startswith((self.base + "/", "data:")):
            self.faults.append(f"a request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"{response.request.method} {response.url} was answered with {response.status}")

    def assert_quiet(self) -> None:
        assert not self.faults, "\n".join(self.faults)


class Someone:
    """One person, signed in at their own browser. `under` names the group of questions that is meant: its legend, or
    the tick that reveals it."""

    def __init__(
        self,
        user: User,
        context: BrowserContext,
        watch: Watch,
        *,
        scripted: bool = True,
        check: Callable[["Someone"], None] | None = None,
    ) -> None:
        self.name, self.email = user.name, user.email
        self.watch, self.scripted = watch, scripted
        self.check = check
        # Whatever decides something: a link, a button, a choice. Typing and dates do not count, nor does signing in.
        self.clicks = 0
        self.page = context.new_page()
        self.page.set_default_timeout(LONGEST_WAIT)
        self.page.set_default_navigation_timeout(LONGEST_LOAD)
        self.watch.over(self.page)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    # Going somewhere

    def open(self, path: str) -> "Someone":
        """As from a link in an email: whoever is signed out signs in on the way."""
        self.page.goto(self.watch.base + path)
        if self.path == "/sign-in":
            self._arrived()
            self.page.get_by_label("Email address").fill(self.email)
            self.page.get_by_label("Password", exact=True).fill(PASSWORD)
            with self.page.expect_navigation():
                self.page.get_by_role("button", name="Sign in", exact=True).click()
            assert self.path == path.partition("?")[0] or path == "/", f"signed in on the way to {path}: {self.path}"
        self._arrived()
        return self

    def follow(self, name: Name) -> None:
        self.clicks += 1
        link = self._on_page("link", name).first
        expect(link).to_be_visible()
        with self.page.expect_navigation():
            link.click()
        self._arrived()

    def press(self, name: Name, *, answered: int = 200) -> None:
        """A button. In place, where its form is answered in place and there is script; else as a form is sent. A form
        that htmx only keeps while it is written (it names its trigger) is sent as any other."""
        self.clicks += 1
        self.watch.expected = {answered}
        button = self._on_page("button", name)
        expect(button).to_be_visible()
        if self.scripted and button.locator("xpath=ancestor::form[@hx-post][not(@hx-trigger)]").count():
            replaced = button.element_handle()
            button.click()
            replaced.wait_for_element_state("hidden")
        else:
            with self.page.expect_navigation():
                button.click()
        self._arrived()

    def unfold(self, summary: str) -> None:
        """What a page keeps folded until somebody asks for it."""
        self.clicks += 1
        self.page.locator("main summary", has_text=summary).click()

    def _on_page(self, role: Literal["link", "button"], name: Name) -> Locator:
        """In the page itself, else around it: a place of the navigation may be called as what leads there is."""
        found = self.page.locator("main").get_by_role(role, name=name, exact=isinstance(name, str))
        return found if found.count() else self.page.get_by_role(role, name=name, exact=isinstance(name, str))

    def _arrived(self) -> None:
        self.watch.titles.add(self.page.title())
        self.watch.assert_quiet()
        if self.check is not None:
            self.check(self)
            self.watch.assert_quiet()
        self.watch.expected = set()

    # Answering

    def fill(self, label: Name, text: str, *, under: str | None = None) -> None:
        self._within(under).get_by_label(label, exact=isinstance(label, str)).fill(text)

    def date(self, question: str, day: date, *, under: str | None = None) -> None:
        parts = self.question(question, under=under)
        for label, number in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
            parts.get_by_label(label, exact=True).fill(str(number))

    def choose(self, question: str, *answers: str, under: str | None = None) -> None:
        """Answers of a question that offers several."""
        for answer in answers:
            self.clicks += 1
            self.question(question, under=under).get_by_label(answer, exact=True).check()

    def tick(self, *labels: str, under: str | None = None) -> None:
        for label in labels:
            self.clicks += 1
            self._within(under).get_by_role("checkbox", name=label, exact=True).check()

    def untick(self, *labels: str, under: str | None = None) -> None:
        for label in labels:
            self.clicks += 1
            self._within(under).get_by_role("checkbox", name=label, exact=True).uncheck()

    def pick(self, label: str, option: str, *, under: str | None = None) -> str:
        """From a list, by words that one entry alone has. Returns all that the entry says."""
        self.clicks += 1
        listed = self._within(under).get_by_label(label, exact=True)
        typed = self.scripted and listed.get_attribute("data-typeahead") is not None
        if typed or listed.get_attribute("role") == "combobox":
            return self._pick_by_typing(label, option, under)
        offered = [" ".join(words.split()) for words in listed.locator("option").all_text_contents()]
        meant = [words for words in offered if option in words]
        assert len(meant) == 1, f"{option} among {offered}"
        listed.select_option(label=meant[0])
        return meant[0]

    def _pick_by_typing(self, label: str, option: str, under: str | None) -> str:
        """Typing is not counted; picking from the menu is the click that decides."""
        box = self._within(under).get_by_role("combobox", name=label, exact=True)
        expect(box).to_be_visible()
        box.fill(option)
        offered = self.page.get_by_role("option").filter(has_text=option)
        expect(offered).to_have_count(1)
        words = " ".join((offered.evaluate("one => one.firstChild.textContent") or "").split())
        offered.click()
        return words

    def question(self, legend: str, *, under: str | None = None) -> Locator:
        return self._within(under).get_by_role("group", name=legend, exact=True)

    def _within(self, under: str | None) -> Locator:
        if under is None:
            return self.page.locator("main")
        groups = self.page.get_by_role("group", name=under, exact=True)
        if groups.count():
            return groups
        revealed = self.page.get_by_role("checkbox", name=under, exact=True).get_attribute("data-reveals")
        assert revealed, f"{under} is no group of questions on {self.path}"
        return self.page.locator(f"[id='{revealed}']")

    # Reading

    def reads(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).to_contain_text(each)

    def does_not_read(self, *words: str) -> None:
        for each in words:
            expect(self.page.locator("body")).not_to_contain_text(each)

    def is_offered(self, *buttons: str) -> None:
        for name in buttons:
            expect(self._link_or_button(name)).to_be_visible()

    def is_not_offered(self, *buttons: str) -> None:
        for name in buttons:
            expect(self._link_or_button(name)).to_have_count(0)

    def _link_or_button(self, name: str) -> Locator:
        main = self.page.locator("main")
        return main.get_by_role("link", name=name, exact=True).or_(main.get_by_role("button", name=name, exact=True))

    def ref(self, prefix: str) -> str:
        """The reference that this page's address or title names: S-12."""
        found = re.search(rf"\b{prefix}-\d+", f"{self.path} {self.page.title()}")
        assert found, f"no {prefix}- on {self.path}"
        return found[0]


def photograph(person: Someone, folder: Path, number: int) -> None:
    """Pictures of the page for somebody to look at."""
    name = re.sub(r"[^a-z0-9]+", "-", f"{person.name} {person.path}".lower()).strip("-")
    before = person.page.viewport_size
    for width in WIDTHS_OF_PICTURES:
        person.page.set_viewport_size({"width": width, "height": 900})
        person.page.screenshot(path=folder / f"{number:03d}-{name}-{width}.png", full_page=True, caret="initial")
    if before:
        person.page.set_viewport_size(before)
