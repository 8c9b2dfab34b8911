"""Forms: the key and version each one carries, and fields that keep what was typed and refuse in words."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, ClassVar

from flask import request
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Field,
    Form,
    FormField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextAreaField,
)
from wtforms import FieldList as _FieldList
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import StopValidation, ValidationError

from portal.core import clock
from portal.domain.characters import CONTROL, INVISIBLE, MARK
from portal.web.as_opened import AsOpenedField
from portal.web.buttons import new_key
from portal.web.date_field import DateField
from portal.web.unread import MayBeUnread

__all__ = [
    "BooleanField",
    "DateField",
    "FieldList",
    "FormField",
    "HiddenField",
    "LineField",
    "NormalField",
    "NumberField",
    "PasswordField",
    "PickField",
    "PortalForm",
    "RadiosField",
    "Required",
    "Row",
    "SelectChoice",
    "TextField",
    "TickField",
    "TicksField",
    "choices",
]
_DIGITS = re.compile(r"[0-9]{1,9}")
LINE, NOTE, LONG = 200, 2000, 10000


_as_saved: ContextVar[bool] = ContextVar("as_saved", default=False)


@contextmanager
def as_saved() -> Iterator[None]:
    """Forms made inside show what is stored, not what was just sent: the other text of a conflict."""
    token = _as_saved.set(True)
    try:
        yield
    finally:
        _as_saved.reset(token)


_resumed: ContextVar[Mapping[str, list[str]] | None] = ContextVar("resumed", default=None)


@contextmanager
def resumed(answers: Mapping[str, list[str]] | None) -> Iterator[None]:
    """Forms made inside are filled with what their writer had typed, where anything was kept."""
    token = _resumed.set(answers)
    try:
        yield
    finally:
        _resumed.reset(token)


def was_typed(name: str) -> bool:
    """Whether an answer of that name came in, or was kept: a question that was asked is asked still."""
    return name in (_resumed.get() or request.form)


def typed(name: str) -> str:
    """That answer as it came in, or was kept: of one by which the form is put together."""
    kept = _resumed.get()
    return request.form.get(name, "") if kept is None else next(iter(kept.get(name, ())), "")


class PortalForm(FlaskForm):
    """Parent of every form. `edits` is set where the form changes a thing that already exists: it is then judged
    by the version it was opened with."""

    edits: ClassVar[bool] = False
    # Answers that end as a line of history, not on the thing: in a conflict that line is the other text.
    told_by_history: ClassVar[bool] = False
    # Questions, by how their names begin, that are only offered an answer: none is stored on the thing.
    offered: ClassVar[tuple[str, ...]] = ()
    idempotency_key = HiddenField(default=new_key)
    version = HiddenField()
    as_opened = AsOpenedField()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if _as_saved.get():
            kwargs["formdata"] = None
        elif (answers := _resumed.get()) is not None:
            kwargs["formdata"] = MultiDict(answers)
        super().__init__(*args, **kwargs)  # type: ignore[no-untyped-call]  # Flask-WTF has no types
        if self.edits and not self.told_by_history:
            self.as_opened.form = self
        else:
            del self.as_opened
        # Set by the gate: why the change was refused, and what somebody else saved meanwhile.
        self.refusal: str | None = None
        self.conflict: Any = None
        # Whose history tells of a faster change, where that is not the thing of the address.
        self.history_of: str | None = None
        # What its writer had kept for later, where the form is offered again.
        self.unfinished: Any = None

    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        return bool(super().validate_on_submit(extra_validators))  # type: ignore[no-untyped-call]

    def renew(self) -> None:
        """A fresh key: the form is shown again, and sending it is a new attempt."""
        self.idempotency_key.data = new_key()

    def refuse(self, name: str, words: str) -> None:
        """Put a refusal at the named field, maybe of a row (`child_3-why`); where there is none, at the top."""
        row = self._fields.get(name.partition("-")[0])
        field = row.form._fields.get(name.partition("-")[2]) if isinstance(row, FormField) else self._fields.get(name)
        if field is None:
            self.refusal = words
        else:
            field.errors = [*field.errors, words]

    def grow(self) -> bool:
        """Add a row where the person asked for one (a button named `more`, its value the list's name)."""
        wanted = self._fields.get(_sent("more"))
        if not isinstance(wanted, FieldList):
            return False
        if wanted.max_entries and len(wanted) >= wanted.max_entries:
            self.refusal = f"One page holds {wanted.max_entries} of these. Put two of them into one."
        else:
            wanted.append_entry()
        return True


class FieldList(_FieldList):  # type: ignore[type-arg]  # generic in its stubs alone
    """Rows of a form, numbered in ASCII digits as this portal's pages number them."""

    # Whether a row is known by its place alone, which is another's as soon as one is put in or taken out.
    by_place: ClassVar[bool] = True

    def _extract_indices(self, prefix: str, formdata: Any) -> Iterator[int]:
        ours = re.compile(re.escape(prefix) + r"-([0-9]{1,4})(-|$)")
        return (int(found[1]) for found in map(ours.match, formdata) if found)


class Row(Form):
    """One row of a repeated part of a form. A row left wholly empty does not count. `about` says of whom or what it
    is, where the questions alone do not."""

    about: str = ""

    @property
    def is_empty(self) -> bool:
        return not any(_given(field) for field in self if not isinstance(field, HiddenField))


def _given(field: Field) -> bool:
    parts = getattr(field, "parts", None)
    if parts is not None:
        return any(parts.values())
    return bool(field.data)


def _sent(name: str) -> str:
    return request.form.get(name, "")


class Required:
    """The answer is needed; spaces alone are none. In a row that is wholly empty nothing is needed."""

    field_flags: Mapping[str, Any] = {}

    def __init__(self, words: str) -> None:
        self.words = words

    def __call__(self, form: Any, field: Field) -> None:
        if isinstance(form, Row) and form.is_empty:
            return
        if field.errors:
            raise StopValidation
        empty = field.data is None or field.data in ("", [])
        if empty or (isinstance(field.data, str) and not field.data.strip()):
            raise StopValidation(self.words)


class _Typed(MayBeUnread):
    """Text as typed: trimmed, composed, line breaks counted once; shown again exactly as it was sent."""

    longest: int = LINE
    called: str = "This answer"
    # A page cannot hold control characters, and nobody finds an invisible one: a mark stands where each one was.
    marked = CONTROL

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] | None = None,
        *,
        longest: int | None = None,
        called: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, list(validators or []), **kwargs)
        self.longest = longest or type(self).longest
        self.called = called or self.called

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        if valuelist:
            text = str(valuelist[0]).replace("\r\n", "\n").replace("\r", "\n")
            self.data = unicodedata.normalize("NFC", text).strip()

    def _value(self) -> str:
        typed = str(self.raw_data[0]) if self.raw_data else self.stored
        return self.marked.sub(MARK, typed.replace("\r\n", "\n"))

    def pre_validate(self, form: Any) -> None:
        text = self.data or ""
        if CONTROL.search(text):
            raise StopValidation(f"{self.called} must not hold control characters. Delete them and type the text again")
        if len(text) > self.longest:
            raise StopValidation(f"{self.called} must be {self.longest:,} characters or fewer. It is {len(text):,}")


class LineField(_Typed):
    """One line of text, 200 characters unless told. An invisible character in it is refused, as it makes two names of
    one, or shows letters in another order; what is stored and left as it is, is not judged."""

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if "\n" in (self.data or ""):
            raise StopValidation(f"{self.called} must be one line")
        if self.data != self.object_data and INVISIBLE.search(self.data or ""):
            self.marked = INVISIBLE
            raise StopValidation(f"{self.called} has an invisible character where {MARK} stands. Delete it")


class NormalField(LineField):
    """One line that has a normal form, a postcode or a phone number; `.data` is the normal form. `read` gives it,
    or raises ValueError in words. What is stored and left as it is, is not judged: it may come from elsewhere."""

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] | None = None,
        *,
        read: Callable[[str], str],
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.read = read

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if self.data and self.data != self.object_data:
            try:
                self.data = self.read(self.data)
            except ValueError as wrong:
                raise StopValidation(str(wrong)) from wrong

    def normal(self, text: str) -> str:
        """The text as it would be saved; as it is where it would not be taken."""
        with suppress(ValueError):
            return self.read(text) if text else text
        return text


class TextField(_Typed, TextAreaField):
    """Several lines of text, 2,000 characters unless told."""

    longest = NOTE


class NumberField(LineField):
    """A whole number in ASCII digits; `.number` is it, or None."""

    number: int | None = None

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Any] | None = None,
        *,
        least: int = 0,
        most: int = 999_999_999,
        **kwargs: Any,
    ) -> None:
        super().__init__(label, validators, **kwargs)
        self.least, self.most = least, most

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        self.number = None
        if not self.data:
            return
        if not _DIGITS.fullmatch(self.data) or not self.least <= int(self.data) <= self.most:
            raise StopValidation(f"{self.called} must be a whole number from {self.least} to {self.most}")
        self.number = int(self.data)

    def normal(self, text: str) -> str:
        """The text as it would be saved; as it is where it would not be taken."""
        return str(int(text)) if _DIGITS.fullmatch(text) else text


class _Choosing:
    wrong = "Select one of the answers in the list"

    def pre_validate(self, form: Any) -> None:
        if isinstance(form, Row) and form.is_empty:
            return
        offered = {str(choice.value) for choice in self.iter_choices()}  # type: ignore[attr-defined]
        data = self.data  # type: ignore[attr-defined]
        given = data if isinstance(data, list) else [data] if data not in (None, "", "None") else []
        if any(str(value) not in offered for value in given):
            raise StopValidation(self.wrong)


class RadiosField(_Choosing, RadioField):
    """One of a few, all shown. `.data` is None where nothing was chosen."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] else None


class PickField(_Choosing, SelectField):
    """One of many, in a list whose first entry is empty. `.data` is None where nothing was chosen."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = valuelist[0] if valuelist and valuelist[0] else None


class TicksField(_Choosing, SelectMultipleField):
    """Any number of a few."""

    wrong = "Select only answers in the list"


class TickField(BooleanField):
    """Yes, or nothing said."""


def choices(words: Mapping[Any, str], of: Iterable[Any], *, empty: str | None = None) -> list[SelectChoice]:
    """Choices of an enum with their words; `empty` puts a first entry that stands for no answer."""
    found = [SelectChoice(str(each.value), words[each]) for each in of]
    return [SelectChoice("", empty), *found] if empty is not None else found


def not_later_than_today(_form: Any, field: Field) -> None:
    """For dates of what has happened; London's day counts."""
    if field.data and field.data > clock.today():
        raise ValidationError(f"{getattr(field, 'called', 'The date')} must be today or in the past")
