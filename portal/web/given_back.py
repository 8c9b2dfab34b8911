"""What somebody sent, given back on the page that says why it was not saved: read from the request alone."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, get_type_hints

from flask import current_app, g, request
from wtforms import HiddenField
from wtforms.fields.core import UnboundField

from portal.web.forms import CONTROL, PickField, PortalForm, RadiosField, TicksField
from portal.web.policy import Policy

_NOT_TYPED = {"csrf_token", "idempotency_key", "version", "more"}
_OF_A_DATE = ("day", "month", "year")
_CHOOSING = (RadiosField, PickField, TicksField)


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
    asked = _form_of(getattr(view, "makes", None))
    return list(_in_words(asked)) if asked else list(_as_sent())


def _form_of(makes: Callable[..., PortalForm] | None) -> type[PortalForm] | None:
    """The form of this address, without making it: that would ask the database, which may be what is at fault."""
    if makes is None:
        return None
    found = makes if isinstance(makes, type) else get_type_hints(makes).get("return")
    return found if isinstance(found, type) and issubclass(found, PortalForm) else None


def _in_words(asked: type[PortalForm]) -> Iterator[Given]:
    """Under the words of each question, with the words of what was chosen. A choice that is only known to the page it
    was made on, as a number, says nothing and is left out; the parts of a date are one answer."""
    told, buttons = set(), getattr(asked, "buttons", {})
    for name, text in _sent():
        base, _, part = name.rpartition("-")
        is_date = part in _OF_A_DATE and hasattr(asked, base)
        field = getattr(asked, base if is_date else name, None)
        if name in buttons:
            yield Given("What you pressed", _phrase(buttons[name].get(text, _readable(text))))
        elif not isinstance(field, UnboundField):
            yield Given(_words(name), _readable(text))
        elif issubclass(field.field_class, HiddenField):
            continue
        elif is_date:
            if base not in told:
                told.add(base)
                parts = [request.form.get(f"{base}-{each}", "").strip() for each in _OF_A_DATE]
                yield Given(_label(field, base), _readable(" ".join(filter(None, parts))))
        elif issubclass(field.field_class, _CHOOSING):
            choices = field.kwargs.get("choices") or ()
            words = {} if callable(choices) else {str(each.value): str(each.label) for each in choices}
            if text in words:
                yield Given(_label(field, name), _phrase(words[text]))
        else:
            yield Given(_label(field, name), "Yes" if text == "y" else _readable(text))


def _as_sent() -> Iterator[Given]:
    return (Given(_words(name), _readable(text)) for name, text in _sent())


def _sent() -> Iterator[tuple[str, str]]:
    sent = request.form.items(multi=True)
    return ((name, text) for name, text in sent if name not in _NOT_TYPED and text.strip())


def _label(field: Any, name: str) -> str:
    words = field.kwargs.get("label") or next(iter(field.args), "")
    return _phrase(words) if words else _words(name)


def _phrase(words: str) -> str:
    from portal.web.pages import phrase

    return phrase(words)


def _words(name: str) -> str:
    return _readable(name).replace("_", " ").replace("-", " ").capitalize()


def _readable(text: str) -> str:
    return CONTROL.sub("\N{REPLACEMENT CHARACTER}", text.replace("\r\n", "\n"))
