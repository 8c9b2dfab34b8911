"""Every form of the portal, opened by somebody who may send it and filled in by what stands on its page."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bs4 import Tag
from sqlalchemy import func, literal, select, union_all
from werkzeug.routing import Rule

from portal.core import clock
from portal.core.db import Base, db, writing
from portal.domain.step_downs import StepDownState
from portal.models.handover import StepDown
from portal.models.people import Organisation, OrganisationKind, User, UserSession
from portal.models.record import Audit, IdempotencyKey
from portal.web.errors import page_of
from portal.web.policy import Policy, SignedIn
from tests.policies.person_route import PEOPLE, ROWS
from tests.support import databases
from tests.support.people import Council
from tests.support.routes import door_of, path_of
from tests.support.web import FilledForm, Page, SignIn, from_today
from tests.support.world import a_world

WORDS = "Words of mine"
# What a question asks for, by a part of its name.
BY_NAME = {
    "email": "ann@example.com",
    "phone": "01632 960 001",
    "postcode": "AB1 2DE",
    "web": "https://www.example.org/advice",
    "url": "https://www.example.org/advice",
    "age": "5",
    "nhs": "",
    "pupil": "",
    "expected": "",
    "not_heard": "",
    "scale": "5",
    "number": "",
}
# What the page alone does not tell.
ANSWERS: dict[str, dict[str, Any]] = {
    "actions.move_due": from_today("due_on", 7),
    "asking.ask": {"way": "print"},
    "conflicts.answer": {"reference": ""},
    "emergencies.open": {"reference": lambda forms: forms.world.closed.home.ref},
    "checks.waive": from_today("waived_until", 7),
    "hiding.of_family": {"words": "Call the landlord", "also": ""},
    "hiding.of_line": {"what": "some", "words": "Call the landlord", "also": ""},
    "holding.coordinator": {"coordinator": lambda forms: forms.council.other_coordinator.id},
    "household.add_person": {"upn": ""},
    "household.edit_home": {"name": "Nan’s flat", "reason": WORDS},
    "household.edit_person": {"upn": ""},
    "household.keep_apart": {"other": lambda forms: forms.world.north.home.children[0].id},
    "people.edit": {"team": ""},
    "invitations.new": {"team": "", "roles": "partner"},
    "retention.hold": from_today("review_on", 30),
    "standards.change": {"amount": "7"},
    "support.confirm": {"confirmed_source": "provider"},
    "support.waiting": from_today("expected_on", 30),
}


def _was_proposed(forms: "Forms") -> None:
    """The step-down waits to be accepted."""
    with forms.council.behind_the_scenes():
        step_down = db.session.get_one(StepDown, int(forms.world.north.ref(StepDown).removeprefix("S-")))
        step_down.state, step_down.answered_at = StepDownState.PROPOSED, None


def _has_nobody(forms: "Forms") -> None:
    """Everybody's account there is closed."""
    with forms.council.behind_the_scenes():
        for user in db.session.scalars(select(User).where(User.organisation_id == forms.council.school.id)):
            user.active = False


def _is_the_councils(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        db.session.get_one(Organisation, forms.council.school.id).kind = OrganisationKind.COUNCIL


def _has_not_come(forms: "Forms") -> None:
    with forms.council.behind_the_scenes():
        db.session.get_one(User, int(forms.world.north.ref(User).removeprefix("U-"))).password_hash = None


# What has to be sent or to happen first.
BEFORE: dict[str, list[str | Callable[["Forms"], None]]] = {
    "actions.reopen": ["actions.update"],
    "checks.ask_again": ["checks.waive"],
    "closed_days.take_out": ["closed_days.new"],
    "council_words.reset": ["council_words.change"],
    "closures.take_out": ["closures.new"],
    "directory.restore": ["directory.retire"],
    "invitations.withdraw": [_has_not_come],
    "leads.cover": ["leads.end_cover"],
    "leads.end": ["leads.withdraw"],
    "organisations.bring_back": [_has_nobody, "organisations.retire"],
    "organisations.new_team": [_is_the_councils],
    "organisations.retire": [_has_nobody],
    "people.open_again": ["people.close"],
    "plans.reopen": ["plans.met"],
    "restriction.clear": ["restriction.restrict"],
    "restriction.end": ["restriction.restrict"],
    "restriction.lift": ["restriction.restrict"],
    "social_work.reopen": ["social_work.closed"],
    "step_downs.accept": [_was_proposed],
    "step_downs.agree_to_stay": ["step_downs.ask_to_stay"],
    "step_downs.answer": [_was_proposed, "step_downs.ask"],
    "step_downs.ask": [_was_proposed],
    "step_downs.decline": [_was_proposed],
    "step_downs.waive": ["step_downs.decision"],
    "step_downs.what_now": [_was_proposed, "step_downs.decline"],
    "support.confirm": ["support.start"],
    "support.end": ["support.start"],
    "support.need": ["support.not_started"],
    "support.stopped": ["support.start"],
    "team.come_back": ["team.leave"],
}
NO_EFFECT = (Audit, IdempotencyKey, UserSession)


@dataclass
class Filled:
    """A form and what somebody answered in it."""

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

    def send(self, *, from_a_page_opened_before: bool = False) -> Page:
        """As it stands; or other words, as somebody writes them who had the page open before this was saved."""
        values = {**self.form.values, **self.answers}
        if from_a_page_opened_before:
            values |= {"idempotency_key": secrets.token_urlsafe(18), **dict.fromkeys(self.typed, self.other_words)}
        browser = self.form.browser
        return Page(browser, browser.client.post(self.form.action, data=values))


class Forms:
    """A council with one of everything, put back to how it was as often as it is asked."""

    def __init__(self, council: Council, sign_in: SignIn) -> None:
        self.council, self.app = council, council.app
        self.world = a_world(council)
        self.browsers = {who: sign_in(getattr(council, who)) for who in PEOPLE}
        self.rules = {rule.endpoint: rule for rule in self.app.url_map.iter_rules() if self._is_sent(rule)}
        self._rows = list(self._stored())

    def fill(self, endpoint: str) -> Filled:
        """As the first of those who may send it. Fails where the form is not on its page."""
        row, rule = ROWS[endpoint], self.rules[endpoint]
        who = PEOPLE[row.own.index("Y")]
        own, _ = self.world.of(who)
        path = path_of(self.app, rule, own if rule.arguments else None, row.thing)
        with self.app.app_context():
            page_path = page_of(path)
        browser = self.browsers[who]
        page = Page(browser, browser.client.get(page_path))
        assert page.status == 200, f"{page.status} {page.main[:150]}"
        found = [
            form for form in page.soup.select("main form[method=post]") if str(form.get("action") or page_path) == path
        ]
        assert found, f"not on {page_path}: {page.main[:150]}"
        form = FilledForm(browser, found[0], path)
        known = {name: of(self) if callable(of) else of for name, of in ANSWERS.get(endpoint, {}).items()}
        return Filled(form, {**dict(_answers(form, found[0])), **known})

    def _is_sent(self, rule: Rule) -> bool:
        """By somebody who is signed in."""
        if "POST" not in (rule.methods or ()):
            return False
        door = door_of(self.app, rule.endpoint)
        return isinstance(door, Policy | SignedIn) and not door.unfinished

    def prepare(self, endpoint: str) -> None:
        """What has to be sent or to happen first."""
        for first in BEFORE.get(endpoint, []):
            if callable(first):
                first(self)
                continue
            sent = self.fill(first).send()
            assert sent.status == 303, f"{first} before it: {sent.status} {sent.errors}"

    def begin_again(self) -> None:
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
