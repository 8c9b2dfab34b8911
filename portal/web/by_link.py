"""Pages behind a family's link: in the reader's language, with nothing of the portal around them."""

from typing import Any

from flask import request

from portal.domain.languages import Language, chosen
from portal.web.pages import render, settings

TOO_LARGE = 413


def language() -> Language:
    """The one that was chosen on the page, else the first one of the setting."""
    offered = languages()
    wanted = request.args.get("lang") or (request.form.get("lang") if request.method == "POST" else None)
    return next((each for each in offered if each.code == wanted), offered[0])


def languages() -> tuple[Language, ...]:
    return chosen(settings().family_languages)


def page(name: str, **context: Any) -> str:
    spoken = context.pop("language", None) or language()
    return render(f"family_link/{name}.html", language=spoken, languages=languages(), **context)


def trouble(code: int) -> str:
    """What somebody reads whose page cannot be shown, or whose answer was not taken: what they wrote is given back."""
    if request.method != "POST":
        return page("trouble", key="sorry", token=None, typed=None)
    if code == TOO_LARGE:
        return page("trouble", language=languages()[0], key="not_sent", token=None, typed=None)
    return page("trouble", key="not_sent", token=None, typed=request.form.get("words"))
