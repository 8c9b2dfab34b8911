"""What somebody sent, given back on the page that says why it was not saved: read from the request alone."""

from dataclasses import dataclass

from flask import current_app, g, request

from portal.web.forms import CONTROL
from portal.web.policy import Policy

_NOT_TYPED = {"csrf_token", "idempotency_key", "version", "more"}


@dataclass(frozen=True)
class Given:
    """One answer as it was typed, under the name of its question."""

    question: str
    text: str


def answers() -> list[Given]:
    """Of a form about the portal's work, sent from a page of the portal by whoever has its token. What proves who
    somebody is, a password or a code, is never shown."""
    view = current_app.view_functions.get(request.endpoint or "")
    if not g.get("csrf_valid") or not isinstance(getattr(view, "policy", None), Policy):
        return []
    sent = request.form.items(multi=True)
    return [Given(_words(name), _readable(text)) for name, text in sent if name not in _NOT_TYPED and text.strip()]


def _words(name: str) -> str:
    return _readable(name).replace("_", " ").replace("-", " ").capitalize()


def _readable(text: str) -> str:
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
