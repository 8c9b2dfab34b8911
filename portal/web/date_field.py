"""A date in three boxes."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import Field

_DIGITS = re.compile(r"[0-9]{1,9}")
EARLIEST, LATEST = 1900, 2200


class DateField(Field):
    """A date in three boxes; `.parts` keeps what was typed, `.data` is the date or None."""

    def __init__(
        self, label: str = "", validators: Sequence[Any] | None = None, *, called: str = "The date", **kwargs: Any
    ) -> None:
        super().__init__(label, list(validators or []), **kwargs)
        self.called = called
        self.wrong_parts: list[str] = []

    @property
    def parts(self) -> dict[str, str]:
        return self._parts

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        self.process_errors: list[str] = []
        self.wrong_parts = []
        names = ("day", "month", "year")
        fallback = self.default() if callable(self.default) else self.default
        given = data if isinstance(data, date) else fallback
        self.object_data = given
        sent = {name: formdata.getlist(f"{self.name}-{name}") if formdata else [] for name in names}
        if any(sent.values()):
            self._parts = {name: str(values[0]) if values else "" for name, values in sent.items()}
            self.raw_data = [value for values in sent.values() for value in values]
            self.data = self._read()
            return
        self.data = given
        self._parts = (
            {"day": str(given.day), "month": str(given.month), "year": str(given.year)}
            if given
            else dict.fromkeys(names, "")
        )

    def _read(self) -> date | None:
        typed = {name: text.strip() for name, text in self._parts.items()}
        if not any(typed.values()):
            return None
        lacking = [name for name, text in typed.items() if not text]
        if lacking:
            self.wrong_parts = lacking
            self.process_errors.append(f"{self.called} must include a {' and a '.join(lacking)}")
            return None
        try:
            numbers = {name: int(text) for name, text in typed.items() if _DIGITS.fullmatch(text)}
            if not EARLIEST <= numbers["year"] <= LATEST:
                raise ValueError
            return date(numbers["year"], numbers["month"], numbers["day"])
        except (ValueError, KeyError, OverflowError):
            self.process_errors.append(f"{self.called} must be a real date, like 27 3 2025")
            return None

    def _value(self) -> str:
        return ""
