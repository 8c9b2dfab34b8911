"""The bar under the header: the same for all who may go to the same places, so it is put together once."""

from functools import lru_cache

from flask import current_app
from markupsafe import Markup

from portal.web.buttons import Button, unseen
from portal.web.navigation import Item

_SLOT = "\N{OBJECT REPLACEMENT CHARACTER}"
_UNSEEN = Markup('<input type="hidden" name="{}" value="{}">')


@lru_cache(maxsize=256)
def of(items: tuple[Item, ...], account: tuple[Item, ...]) -> tuple[Markup, Markup]:
    """What stands before and after the keys of its one form, which nobody shares. Labels are said already."""
    macros = current_app.jinja_env.get_template("components/navigation.html").module
    before, _, after = macros.navigation_bar(items, account, _SLOT).rpartition(_SLOT)  # type: ignore[attr-defined]
    return before, after


def with_keys(parts: tuple[Markup, Markup]) -> Markup:
    before, after = parts
    if not before:
        return after
    return before + Markup("").join(_UNSEEN.format(*each) for each in unseen(Button())) + after
