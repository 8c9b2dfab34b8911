"""What a form carries unseen, and the form of a single button, which has nothing to fill in."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeAlias

from flask import current_app, g, session
from flask_wtf.csrf import generate_csrf

# What the buttons of one name say, by their values: of a form whose page has several.
Buttons: TypeAlias = Mapping[str, Mapping[str, str]]


def new_key() -> str:
    """By which a form that is sent twice is known to be the same."""
    return secrets.token_urlsafe(18)


@dataclass(frozen=True)
class Button:
    """The form of a single button. It has a key of its own, not that of what was just sent, and no version."""

    key: str = field(default_factory=new_key)


def token() -> str:
    """The form token of this session. It is signed once: it is good for as long as the session is, and no page needs
    another."""
    raw = session.get("csrf_token")
    if raw is None or "csrf_token" in g:
        return str(generate_csrf())
    g.csrf_token = _signed(raw, current_app.secret_key)
    return str(g.csrf_token)


@lru_cache(maxsize=1024)
def _signed(_raw: str, _secret: str) -> str:
    return str(generate_csrf())


def unseen(form: Any) -> list[tuple[str, str]]:
    """Names and values of what a form carries for the portal itself: the token, the key, the version."""
    if isinstance(form, Button):
        return [("idempotency_key", form.key), ("csrf_token", token())]
    hidden = [each for each in form if getattr(each.widget, "input_type", None) == "hidden"]
    return [(each.name, each._value()) for each in hidden]  # noqa: SLF001  (as WTForms' own widgets ask)
