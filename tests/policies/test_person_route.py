"""Every person at every address of the portal, with families of their own, another's and restricted."""

import os
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core.db import db
from portal.models.base import FamilyScoped
from portal.models.families import ConfidentialAddress, Family, Household
from portal.models.record import Audit
from portal.web.policy import Anyone, ByBrowser, ByLink, Policy
from tests.policies.person_route import PEOPLE, ROWS
from tests.support.people import Council
from tests.support.routes import door_of, doors, path_of
from tests.support.web import Browser, SignIn
from tests.support.world import World, a_world

MAY = "Y"
SEE_OTHER = 303
STATUS = {"N": 403, "-": 404}
# Sent with a good token and key and nothing else, a form is saved or answered with a page, refused in words, or was
# open too long.
SENT = {200, 204, SEE_OTHER, 409, 422}
SHOWN = {200, SEE_OTHER, 409}
HIDDEN = ("Hidden Row 12", "AF9 9ZZ")
FAMILIES = ("own", "another's", "restricted")
# In a long run. In a short one each tries every address for one of the three families, the next person for the next,
# so that all together try every family at every address; pages of their own that they may open, everybody opens.
ALL_THREE = bool({"PORTAL_ATTACK", "PORTAL_SOAK"} & os.environ.keys())


@dataclass(frozen=True)
class Address:
    """One request to try, and what the table says of it."""

    endpoint: str
    method: str
    path: str
    family: str
    expected: str

    def __str__(self) -> str:
        return f"{self.method} {self.path} ({self.endpoint}, {self.family}): expected {self.expected}"


def addresses(app: Flask, world: World, who: str) -> Iterator[Address]:
    """Every address for this person, those that only read first."""
    place = PEOPLE.index(who)
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]
    for method in ("GET", "POST"):
        ordered = sorted(rules, key=lambda rule: (rule.endpoint == "account.sign_out", rule.endpoint))
        for number, rule in enumerate(ordered, start=place):
            if method not in (rule.methods or ()):
                continue
            row = ROWS[rule.endpoint]
            if row.another is None:
                # A thing of no family, like a service of the directory, is there for everybody alike.
                family = world.north if isinstance(door_of(app, rule.endpoint), Policy) and rule.arguments else None
                yield Address(rule.endpoint, method, path_of(app, rule, family, row.thing), "no family", row.own[place])
                continue
            own, another = world.of(who)
            for name, family, expected in (
                ("own", own, row.own[place]),
                ("another's", another, row.another[place]),
                ("restricted", world.closed, "-"),
            ):
                opens = (method, name, expected) == ("GET", "own", MAY)
                if ALL_THREE or opens or name == FAMILIES[number % len(FAMILIES)]:
                    yield Address(rule.endpoint, method, path_of(app, rule, family, row.thing), name, expected)


def token_of(browser: Browser) -> str:
    page = browser.get("/account")
    page = page if page.status == 200 else browser.get("/sign-in")
    found = page.soup.select_one("input[name=csrf_token]")
    assert found is not None
    return str(found["value"])


def ask(browser: Browser, address: Address, token: str) -> TestResponse:
    """Past the checks of every page, of some three hundred pages a person."""
    fields = {"csrf_token": token, "idempotency_key": secrets.token_urlsafe(18)}
    return browser.client.open(address.path, method=address.method, data=None if address.method == "GET" else fields)


def try_(browser: Browser, address: Address, token: str) -> str:
    return letter_of(ask(browser, address, token), address)


def letter_of(answer: TestResponse, address: Address) -> str:
    """What happened; or the status itself where it is none of the table's."""
    status = answer.status_code
    if status == SEE_OTHER and answer.location.startswith("/sign-in") and address.endpoint != "account.sign_out":
        return "sign in"
    if status in (SHOWN if address.method == "GET" else SENT):
        return MAY
    letters = {status: letter for letter, status in STATUS.items()}
    return letters.get(status, str(status))


def keep_confidential(council: Council, world: World) -> None:
    """Where everybody lives, of every family."""
    with council.behind_the_scenes():
        for full in (world.north, world.south, world.closed):
            of = {"family_id": full.home.id, "person_id": full.home.parent.id}
            db.session.add(ConfidentialAddress(**of, address=HIDDEN[0], postcode=HIDDEN[1]))
            for house in db.session.scalars(select(Household).where(Household.family_id == full.home.id)):
                house.address, house.postcode = HIDDEN


def where_it_stands(world: World, who: str) -> set[str]:
    """The pages that tell this person a confidential address."""
    north = world.north
    if who not in {"coordinator", "lead"}:
        return set()
    return {
        f"/families/{north.home.ref}",
        f"/families/{north.home.ref}/household",
        f"/people/{north.home.parent.ref}/confidential-address",
        f"/homes/{north.ref(Household)}/edit",
    }


def is_of_a_family(app: Flask, endpoint: str) -> bool:
    """Shows or changes one; what is only kept unfinished does not."""
    door = door_of(app, endpoint)
    return ROWS[endpoint].another is not None and isinstance(door, Policy) and not door.unfinished


class TestTable:
    def test_has_a_row_for_every_endpoint_and_no_other(self, migrated: Flask) -> None:
        found = set(doors(migrated))

        assert sorted(found - set(ROWS)) == [], "these addresses have no row in tests/policies/person_route.py"
        assert sorted(set(ROWS) - found) == [], "these rows have no address any more"

    @pytest.mark.parametrize("endpoint", ROWS)
    def test_row_has_a_letter_for_everybody(self, endpoint: str) -> None:
        row = ROWS[endpoint]

        for word in filter(None, (row.own, row.another)):
            assert len(word) == len(PEOPLE)
            assert set(word) <= {MAY, *STATUS}

    def test_a_row_of_a_family_has_two_words(self, migrated: Flask) -> None:
        for endpoint, door in doors(migrated).items():
            model = door.model if isinstance(door, Policy) else None
            of_a_family = model is not None and (model is Family or issubclass(model, FamilyScoped))
            assert (ROWS[endpoint].another is not None) is of_a_family, endpoint

    def test_front_door_and_administrator_find_no_family_anywhere(self) -> None:
        for endpoint, row in ROWS.items():
            if row.another is not None:
                for who in ("front_door", "admin"):
                    place = PEOPLE.index(who)
                    assert (row.own[place], row.another[place]) == ("-", "-"), endpoint


class TestEverybodyEverywhere:
    @pytest.mark.parametrize("who", PEOPLE)
    def test_gets_what_the_table_says_and_no_confidential_address(
        self, council: Council, sign_in: SignIn, who: str
    ) -> None:
        """And each answer about a family, a refusal too, left exactly one row of the log."""
        person = getattr(council, who)
        world, browser = a_world(council), sign_in(person)
        keep_confidential(council, world)
        token = token_of(browser)

        wrong, told, asked = [], set(), Counter[str]()
        for address in addresses(council.app, world, who):
            answer = ask(browser, address, token)
            asked[address.endpoint] += is_of_a_family(council.app, address.endpoint)
            letter = letter_of(answer, address)
            if letter != address.expected:
                wrong.append(f"{address}, got {letter}")
            if any(word in answer.text for word in HIDDEN):
                told.add(address.path)

        assert not wrong, "\n" + "\n".join(wrong)
        assert told == where_it_stands(world, who)
        with council.behind_the_scenes():
            recorded = Counter(db.session.scalars(select(Audit.page).where(Audit.user_id == person.id)))
        assert {endpoint: recorded[endpoint] for endpoint in +asked} == +asked

    def test_whoever_is_not_signed_in_is_asked_to_sign_in(self, council: Council, sign_in: SignIn) -> None:
        world, browser = a_world(council), sign_in(None)
        token = token_of(browser)

        wrong = []
        for address in addresses(council.app, world, "coordinator"):
            door = door_of(council.app, address.endpoint)
            open_to_all = MAY if isinstance(door, Anyone | ByBrowser) else "sign in"
            expected = address.expected if isinstance(door, ByLink) else open_to_all
            letter = "sign in" if address.endpoint == "account.sign_out" else try_(browser, address, token)
            if letter != expected:
                wrong.append(f"{address}, got {letter}")

        assert not wrong, "\n" + "\n".join(wrong)
