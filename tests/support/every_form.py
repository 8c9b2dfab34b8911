"""Every form of the portal, opened by somebody who may send it and filled in by what stands on its page."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any
from urllib.parse import parse_qs, urlsplit

from bs4 import Tag
from sqlalchemy import func, literal, select, union_all, update
from werkzeug.routing import Rule

from portal.core import clock
from portal.core.config import Settings
from portal.core.db import Base, db, writing
from portal.models.people import UserSession
from portal.models.record import Audit, IdempotencyKey
from portal.web.errors import page_of
from portal.web.policy import Policy, SignedIn
from tests.policies.person_route import PEOPLE, ROWS
from tests.support import databases
from tests.support.form_answers import ANSWERS, BY_NAME, WORDS
from tests.support.form_before import BEFORE
from tests.support.form_scenes import Place
from tests.support.people import Council
from tests.support.routes import door_of, path_of
from tests.support.web import FilledForm, Page, SignIn
from tests.support.world import World, a_world

NOTHING: Mapping[str, Any] = MappingProxyType({})
# Stands where a control character was.
MARK = "\N{REPLACEMENT CHARACTER}"
COOKIE = "portal"
NO_EFFECT = (Audit, IdempotencyKey, UserSession)


@dataclass
class Filled:
    """A form, whose it is, the page it stands on, and what somebody answered in it."""

    endpoint: str
    who: str
    page: str
    form: FilledForm
    answers: dict[str, Any]
    other_words = "Quite other words"

    @property
    def edits(self) -> bool:
        return bool(self.form.values.get("version", [""])[0])

    @property
    def typed(self) -> list[str]:
        """The questions that were answered in words."""
        return [name for name, answer in self.answers.items() if answer == WORDS]

    def send(self, *, from_a_page_opened_before: bool = False, wrong: bool = False) -> Page:
        """As it stands; or other words, as somebody writes them who had the page open before this was saved; or with
        what nobody types at the end of all words."""
        values = {**self.form.values, **self.answers}
        if from_a_page_opened_before:
            values |= {"idempotency_key": secrets.token_urlsafe(18), **dict.fromkeys(self.typed, self.other_words)}
        if wrong:
            values |= dict.fromkeys(self.typed, f"{WORDS}\x00")
        browser = self.form.browser
        return Page(browser, browser.client.post(self.form.action, data=values))

    def lost(self, page: Page) -> list[str]:
        """The questions whose answers this page does not show in its form."""
        form = _form_of(page, self.form.action)
        if form is None:
            return ["the form"]
        values = FilledForm(page.browser, form, self.page).values
        shown = {name: [each.removesuffix(MARK) for each in found] for name, found in values.items()}
        answers = {name: str(answer) for name, answer in self.answers.items()}
        return [name for name, answer in answers.items() if answer not in ("", *shown.get(name, []))]


class Forms:
    """A council with one of everything, put back to how it was as often as it is asked."""

    def __init__(self, council: Council, sign_in: SignIn) -> None:
        self.council: Council = council
        self.app = council.app
        self.world: World = a_world(council)
        self._settings: Settings = self.app.config["PORTAL"]
        self.sign_in = sign_in
        self._first = {who: sign_in(getattr(council, who)) for who in PEOPLE}
        self._cookies = {who: browser.client.get_cookie(COOKIE) for who, browser in self._first.items()}
        self.browsers = {**self._first}
        self.rules = {rule.endpoint: rule for rule in self.app.url_map.iter_rules() if self._is_sent(rule)}
        self._rows = list(self._stored())

    def fill(self, endpoint: str) -> Filled:
        """As the first of those who may send it, after what has to be sent or to happen first. Fails where the form is
        not on its page."""
        place = Place()
        for first in BEFORE.get(endpoint, []):
            if callable(first):
                place = first(self) or place
                continue
            name, answers = first if isinstance(first, tuple) else (first, {})
            sent = self.fill_at(name, Place(), answers).send()
            assert sent.status in (200, 303), f"{name} before it: {sent.status} {sent.errors}"
        return self.fill_at(endpoint, place)

    def fill_at(self, endpoint: str, place: Place, more: Mapping[str, Any] = NOTHING) -> Filled:
        """There, without anything before it."""
        row, rule = ROWS[endpoint], self.rules[endpoint]
        who = place.who or PEOPLE[row.own.index("Y")]
        own, _ = self.world.of(who)
        path = place.path or path_of(self.app, rule, own if rule.arguments else None, row.thing)
        with self.app.app_context():
            page_path = place.page or page_of(path)
        browser = self.browsers[who]
        page = Page(browser, browser.client.get(page_path))
        assert page.status == 200, f"{page.status} {page.main[:150]}"
        found = _form_of(page, place.form or path)
        assert found is not None, f"not on {page_path}: {page.main[:150]}"
        form = FilledForm(browser, found, path)
        if place.form:
            form.action = path
        known = ANSWERS.get(endpoint, {})
        known = known(self) if callable(known) else known
        return Filled(endpoint, who, page_path, form, {**dict(_answers(form, found)), **known, **place.answers, **more})

    def sent_too_late(self, filled: Filled) -> Page:
        """The page to sign in, to which somebody is sent whose session was over."""
        with self.council.behind_the_scenes():
            db.session.execute(update(UserSession).values(ended_at=clock.now()))
        return filled.send()

    def signed_in_again(self, filled: Filled, asked: Page) -> tuple[Page, Filled]:
        """What its writer then finds, and the form on it, where it is there."""
        back = parse_qs(urlsplit(asked.location).query)["next"][0]
        browser = self.browsers[filled.who] = self.sign_in(getattr(self.council, filled.who))
        page = Page(browser, browser.client.get(back, follow_redirects=True))
        found = _form_of(page, filled.form.action)
        return page, replace(filled, form=FilledForm(browser, found, back)) if found else filled

    def _is_sent(self, rule: Rule) -> bool:
        """By somebody who is signed in."""
        if "POST" not in (rule.methods or ()):
            return False
        door = door_of(self.app, rule.endpoint)
        return isinstance(door, Policy | SignedIn) and not door.unfinished

    def set_to(self, **changes: Any) -> None:
        """Other settings of the portal, until it begins again."""
        self.app.config["PORTAL"] = self._settings.model_copy(update=changes)

    def begin_again(self) -> None:
        self.app.config["PORTAL"] = self._settings
        for who, cookie in self._cookies.items():
            assert cookie is not None
            self._first[who].client.set_cookie(COOKIE, cookie.value)
        self.browsers = {**self._first}
        databases.empty(self.app, renumber=False)
        with self.app.app_context(), writing(), db.engine.begin() as connection:
            databases.put_off_foreign_keys(connection)
            for table, rows in self._rows:
                connection.execute(table.insert(), rows)

    def counted(self) -> dict[str, int]:
        """How many rows there are of everything; the log, the keys and the sessions are no effect of a form."""
        models = [mapper.class_ for mapper in Base.registry.mappers if mapper.class_ not in NO_EFFECT]
        counts = union_all(*(select(literal(model.__name__), func.count()).select_from(model) for model in models))
        with self.council.behind_the_scenes():
            return {str(name): int(count) for name, count in db.session.execute(counts)}

    def _stored(self) -> Iterator[tuple[Any, list[dict[str, Any]]]]:
        with self.app.app_context(), db.engine.connect() as connection:
            for table in db.metadata.sorted_tables:
                rows = [dict(row) for row in connection.execute(select(table)).mappings()]
                if rows:
                    yield table, rows


def _form_of(page: Page, action: str) -> Tag | None:
    """The first on the page that is sent there."""
    here = page.response.request.path
    forms = page.soup.select("form[method=post]")
    return next((form for form in forms if str(form.get("action") or here).partition("?")[0] == action), None)


def _answers(form: FilledForm, tag: Tag) -> Iterator[tuple[str, str]]:
    """One to each question that is not answered yet."""
    answered = {name for name, values in form.values.items() if any(values)}
    for control in tag.select("input[name], textarea[name], select[name]"):
        name, kind = str(control["name"]), str(control.get("type", "text"))
        if name in answered or kind == "hidden":
            continue
        if control.name == "select":
            options = [str(option["value"]) for option in control.select("option[value]") if option["value"]]
            if options:
                yield name, options[0]
        elif kind == "checkbox":
            if len(tag.select(f'input[name="{name}"]')) > 1:
                yield name, str(control["value"])
        elif kind == "radio":
            yield name, str(control["value"])
        else:
            yield name, _typed(name)
        answered.add(name)


def _typed(name: str) -> str:
    part = name.rsplit("-", 1)[-1]
    if part in ("day", "month", "year"):
        return "" if "expected" in name else str(getattr(clock.today(), part))
    if part == "at":
        return "14:30"
    return next((answer for part, answer in BY_NAME.items() if part in name), WORDS)
