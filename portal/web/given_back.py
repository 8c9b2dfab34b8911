"""What somebody sent, given back on the page that says why it was not saved: read from the request alone."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, get_type_hints

from flask import current_app, g, request
from wtforms import HiddenField
from wtforms.fields.core import UnboundField

from portal.domain.characters import CONTROL, MARK
from portal.web.forms import PickField, PortalForm, RadiosField, TicksField
from portal.web.policy import Policy

_NOT_TYPED = {"csrf_token", "idempotency_key", "version", "as_opened", "more"}
_OF_A_DATE = ("day", "month", "year")
# How a question is called whose words only its page knows.
ONE_OF_THEM = "One of your answers"
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
    told: set[str] = set()
    buttons = getattr(asked, "buttons", {})
    for name, text in _sent():
        base, _, part = name.rpartition("-")
        of_date = _field(asked, base) if part in _OF_A_DATE else None
        field = of_date or _field(asked, name)
        if name in buttons:
            yield Given("What you pressed", _phrase(buttons[name].get(text, _readable(text))))
        elif field is None:
            yield from _unnamed(asked, name, text, told)
        elif issubclass(field.field_class, HiddenField):
            continue
        elif of_date:
            yield from _date(base, _label(field), told)
        elif issubclass(field.field_class, _CHOOSING):
            choices = field.kwargs.get("choices") or ()
            words = {} if callable(choices) else {str(each.value): str(each.label) for each in choices}
            if text in words:
                yield Given(_label(field), _phrase(words[text]))
        else:
            yield Given(_label(field), _said(text))


def _date(base: str, question: str, told: set[str]) -> Iterator[Given]:
    if base not in told:
        told.add(base)
        parts = [request.form.get(f"{base}-{each}", "").strip() for each in _OF_A_DATE]
        yield Given(question, _readable(" ".join(filter(None, parts))))


def _unnamed(asked: type[PortalForm], name: str, text: str, told: set[str]) -> Iterator[Given]:
    """Asked of one person or thing alone: its page knows its words, the request no more than how its name begins."""
    base, _, part = name.rpartition("-")
    if part in _OF_A_DATE:
        yield from _date(base, ONE_OF_THEM, told)
        return
    begins: Mapping[str, str] = getattr(asked, "begin_with", {})
    question = next((words for begin, words in begins.items() if name.startswith(begin)), None)
    yield Given(_phrase(question or ONE_OF_THEM), _said(text))


def _field(asked: type[PortalForm], name: str) -> "UnboundField[Any] | None":
    """The question of that name: of the form itself, or of a row of it, needs-0-what."""
    found = getattr(asked, name, None)
    if isinstance(found, UnboundField):
        return found
    rows, number, within = (*name.split("-", 2), "", "")[:3]
    listed = getattr(asked, rows, None)
    if not number.isdigit() or not isinstance(listed, UnboundField) or not listed.args:
        return None
    row = listed.args[0]
    found = getattr(row.args[0], within, None) if isinstance(row, UnboundField) and row.args else None
    return found if isinstance(found, UnboundField) else None


def _as_sent() -> Iterator[Given]:
    return (Given(ONE_OF_THEM, _said(text)) for _, text in _sent())


def _sent() -> Iterator[tuple[str, str]]:
    sent = request.form.items(multi=True)
    return ((name, text) for name, text in sent if name not in _NOT_TYPED and text.strip())


def _label(field: "UnboundField[Any]") -> str:
    return _phrase(str(field.kwargs.get("label") or next(iter(field.args), "") or ONE_OF_THEM))


def _phrase(words: str) -> str:
    from portal.web.pages import phrase

    return phrase(words)


def _said(text: str) -> str:
    return "Yes" if text == "y" else _readable(text)


def _readable(text: str) -> str:
    return CONTROL.sub(MARK, text.replace("\r\n", "\n"))
