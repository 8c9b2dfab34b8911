"""What a form showed when it was opened, carried unseen: it tells which answers somebody changed who was faster."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from wtforms import HiddenField

from portal.core import clock
from portal.web import answers

# Microseconds, then the marks of all answers.
_SENT = re.compile(r"([0-9]{1,17})\.([A-Za-z0-9_-]*)")
_MICRO = 1_000_000


class AsOpenedField(HiddenField):
    """Empty where it did not come in: then nothing is known of who changed what."""

    form: Any

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.data = str(valuelist[0]) if valuelist and _SENT.fullmatch(str(valuelist[0])) else ""

    def _value(self) -> str:
        return as_shown(self.form) if self.raw_data is None else self.data or ""

    @property
    def at(self) -> datetime | None:
        found = _SENT.fullmatch(self.data or "")
        return datetime.fromtimestamp(int(found[1]) / _MICRO, UTC) if found else None

    @property
    def marks(self) -> frozenset[str]:
        found = _SENT.fullmatch(self.data or "")
        return answers.marked(found[2]) if found else frozenset()


def as_shown(form: Any) -> str:
    """Of the form as it stands."""
    return f"{int(clock.now().timestamp() * _MICRO)}.{answers.marks(form)}"
