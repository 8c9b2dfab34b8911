"""The table of reach, every cell of it over HTTP: by each role, each way and each bar, the family's page, every list
that could tell of the family, and looking it up."""

import secrets
from collections.abc import Iterator
from datetime import timedelta
from itertools import product

import time_machine
from flask import Flask

from portal.core import clock
from portal.domain.permissions import GRANTS, P
from portal.domain.reaching import LETS_THROUGH, REACHES, Bar, Way
from portal.domain.roles import Role
from portal.web.policy import Policy
from tests.policies.test_person_route import token_of
from tests.support.every_way import BARRED, TIED, Tied, tied_by_every_way
from tests.support.people import Council
from tests.support.web import Browser, SignIn

SHOWN, ABSENT = 200, 404
# Their list is of the families that they coordinate; they reach every other one too.
OWN_LIST = Role.COORDINATOR
# Nobody may look up so many families in a minute.
BETWEEN = timedelta(minutes=2)


def reached_by(role: Role, way: Way, bar: Bar) -> bool:
    """What the table says. Whoever reaches families by their role alone does so whatever else ties them."""
    return any(role in REACHES[each] and each in LETS_THROUGH[bar] for each in (way, Way.ROLE))


def lists(app: Flask, role: Role) -> Iterator[str]:
    """Every page about no one thing that this role opens."""
    for rule in app.url_map.iter_rules():
        door = getattr(app.view_functions[rule.endpoint], "policy", None)
        opens = isinstance(door, Policy) and role in GRANTS[door.permission]
        if opens and "GET" in (rule.methods or ()) and not rule.arguments:
            yield app.url_map.bind("").build(rule.endpoint)


class As:
    """Somebody of this role, tied to each family by its way and kept from it by its bar."""

    def __init__(self, tied: Tied, role: Role, browser: Browser) -> None:
        self.role, self.browser = role, browser
        self.refs = {cell: home.ref for cell, home in tied.homes.items()}
        self.names = {cell: home.parent.family_name for cell, home in tied.homes.items()}
        self.reached = {cell for cell in tied.homes if reached_by(role, *cell)}

    def may(self, permission: P) -> bool:
        return self.role in GRANTS[permission]

    def wrong(self, app: Flask) -> Iterator[str]:
        yield from self._pages()
        yield from self._lists(app)
        if self.may(P.FAMILY_LIST):
            yield from self._worklist()
        if self.may(P.LOOK_UP):
            yield from self._looked_up()

    def _pages(self) -> Iterator[str]:
        for cell, ref in self.refs.items():
            status = self.browser.client.get(f"/families/{ref}").status_code
            if status != (SHOWN if cell in self.reached else ABSENT):
                yield self._said(cell, f"its page answers {status}")

    def _lists(self, app: Flask) -> Iterator[str]:
        for path in lists(app, self.role):
            text = self.browser.client.get(path, follow_redirects=True).text
            for cell in self.refs.keys() - self.reached:
                if self.names[cell] in text or f"{self.refs[cell]}<" in text or f'{self.refs[cell]}"' in text:
                    yield self._said(cell, f"{path} tells of it")

    def _worklist(self) -> Iterator[str]:
        listed = self.browser.get("/families")
        keys = {"csrf_token": token_of(self.browser), "idempotency_key": secrets.token_urlsafe(18)}
        printed = self.browser.post("/families/print", {**keys, "thing": list(self.refs.values())}).html
        for cell, name in self.names.items():
            own = self.role is not OWN_LIST or cell[0] is Way.COORDINATOR
            if (name in listed.html) is not (cell in self.reached and own):
                yield self._said(cell, f"the list of families is wrong: {name in listed.html}")
            if (name in printed) is not (cell in self.reached):
                yield self._said(cell, f"the printed list is wrong: {name in printed}")

    def _looked_up(self) -> Iterator[str]:
        """Whether it is known is told to whoever looks a family up that nothing bars; only who reaches it is led there.
        A restricted one is not told of even to whoever is cleared."""
        form = self.browser.get("/look-up").form()
        for cell, ref in self.refs.items():
            page = form.send({"number": ref, "reason": "Rung about them", "idempotency_key": secrets.token_urlsafe(18)})
            cards = [card.get_text() for card in page.soup.select(".app-found h3")]
            found, led = any(ref in card.split() for card in cards), f"/families/{ref}" in page.links()
            if found is not (cell[1] is Bar.NOTHING) or led is not (found and cell in self.reached):
                yield self._said(cell, f"looking it up is wrong: found {found}, led to it {led}")

    def _said(self, cell: tuple[Way, Bar], words: str) -> str:
        table = "reached" if cell in self.reached else "not reached"
        return f"{self.role}, {cell[0]}, {cell[1]}: the table says {table}; {words}"


def test_every_cell_of_the_table_of_reach_holds(council: Council, sign_in: SignIn) -> None:
    tied = tied_by_every_way(council)

    wrong: list[str] = []
    for turn, role in enumerate(Role):
        tied.become(role)
        with time_machine.travel(clock.now() + turn * BETWEEN):
            wrong += As(tied, role, sign_in(tied.person)).wrong(council.app)

    assert set(tied.homes) == set(product(Way, Bar))
    assert not wrong, "\n" + "\n".join(wrong)


def test_each_way_and_each_bar_is_tried() -> None:
    assert set(TIED) == set(Way)
    assert set(BARRED) == set(Bar)
