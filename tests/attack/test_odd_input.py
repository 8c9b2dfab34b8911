"""Odd input in every field of every form: refused in words or taken as it is. No fault, no markup, nothing lost."""

# ruff: noqa: RUF001  (other scripts than Latin)

import re
from collections.abc import Iterator
from urllib.parse import urlencode

from tests.attack import FOR_LONG, Record
from tests.attack.forms import Found, forms
from tests.support.people import Council
from tests.support.web import FilledForm, Page, SignIn
from tests.support.world import a_world

# What a page may never hold: a person's own text as markup.
MARK = "odd7"
RAW = re.compile(rf"<b title='{MARK}|<i id={MARK}")
NUL = f"Ellie\x00<b title='{MARK}'>O’Neill\" & 😀 \u202eשלום"
DATE = {"day": "٣", "month": "1_0", "year": "２０２６"}
NONSENSE = f"'\"><i id={MARK}>\x00"
BAD_WORDS: tuple[str | bytes, ...] = ("\x00", "1_000", "٣", "-1", "9" * 40, NONSENSE, b"\xed\xa0\x80", "x" * 3000)
NAMES = ("view", "page", "after", "q", "sort", "from", "to", "next", "lang")
MANY = 100 if FOR_LONG else 20
# Saved: the answer belonged to a choice that was not made, and went nowhere.
BORNE = {303, 400, 403, 404, 409, 422, 429}


def test_is_borne_by_every_form_and_every_page(council: Council, sign_in: SignIn, record_property: Record) -> None:
    found = list(forms(council, sign_in, a_world(council)))

    faults: list[str] = []
    for each in found:
        if each.typed or each.dates:
            faults += _kept_back(each, each.send(_odd(each)))
    for each in found:
        if each.chosen or each.hidden:
            faults += _broken(each, each.send(dict.fromkeys([*each.chosen, *each.hidden], NONSENSE)))
    for place, each in enumerate({each.page: each for each in found}.values()):
        query = urlencode(dict.fromkeys(NAMES, BAD_WORDS[place % len(BAD_WORDS)]))
        client = each.form.browser.client
        faults += _broken(each, Page(each.form.browser, client.get(f"{each.page}?{query}")))

    record_property("forms", len(found))
    record_property("fields", sum(len({*each.typed, *each.dates, *each.chosen, *each.hidden}) for each in found))
    assert len(found) > MANY
    assert not faults, "\n" + "\n".join(faults)


def _odd(each: Found) -> dict[str, str]:
    dates = {name: DATE[name.rpartition("-")[2]] for name in each.dates}
    return each.chosen | dict.fromkeys(each.typed, NUL) | dates


def _kept_back(each: Found, page: Page) -> Iterator[str]:
    """Refused, with everything that was typed still there."""
    yield from _broken(each, page)
    if page.status == 422:
        again = _values(page)
        for name, sent in _odd(each).items():
            if name not in each.chosen and sent.replace("\x00", "\N{REPLACEMENT CHARACTER}") not in again.get(name, []):
                yield f"{each}: {name} was lost: {again.get(name)}"
    elif page.status not in BORNE:
        yield f"{each}: was answered with {page.status}"


def _values(page: Page) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in page.soup.select("main form"):
        for name, values in FilledForm(page.browser, tag, "").values.items():
            found.setdefault(name, []).extend(values)
    return found


def _broken(each: Found, page: Page) -> Iterator[str]:
    if page.status >= 500:
        yield f"{each}: a fault, {page.status}"
    if RAW.search(page.html):
        yield f"{each}: markup, {RAW.findall(page.html)[:2]}"
