"""What of the log somebody asks for, as the address of its page says it: references and days, and no name."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from flask import request

from portal.core.errors import NotInReach
from portal.models.people import User
from portal.queries.system_log import KINDS, Asked, Place
from portal.web.refs import number_in

NO_DAY = "The day must be a real date, like 27 3 2025"
PARTS = ("day", "month", "year")
DIGITS = 4
# Of a moment in microseconds, for some thousand years.
LONGEST = 16


@dataclass(frozen=True)
class LogSearch:
    """A day that is none is not asked: the page says so and shows what was typed."""

    asked: Asked
    typed: dict[str, str]

    @property
    def wrong_day(self) -> str | None:
        return NO_DAY if any(self.typed.values()) and self.asked.day is None else None

    def kept(self, further: Place | None = None) -> dict[str, Any]:
        """The same question in an address; `further`: from where on."""
        found: dict[str, Any] = {name: text for name, text in self.typed.items() if text}
        if self.asked.kind:
            found["kind"] = self.asked.kind
        if self.asked.user_id:
            found["person"] = f"{User.ref_prefix}-{self.asked.user_id}"
        if further is not None:
            found["before"] = f"{_micros(further.at)}.{further.kind}.{further.id}"
        return found


def searched() -> LogSearch:
    """Raises NotInReach for an address that no page of the portal leads to."""
    typed = {name: request.args.get(name, "").strip()[:DIGITS] for name in PARTS}
    kind = request.args.get("kind") or None
    if kind is not None and kind not in KINDS:
        raise NotInReach("There is no such page.")
    person = request.args.get("person", "").removeprefix(f"{User.ref_prefix}-")
    return LogSearch(Asked(kind, number_in(person) or None, _day(typed), _place()), typed)


def _day(typed: dict[str, str]) -> date | None:
    numbers = [number_in(typed[name]) for name in PARTS]
    try:
        return date(numbers[2], numbers[1], numbers[0])
    except (ValueError, OverflowError):
        return None


def _place() -> Place | None:
    text = request.args.get("before", "")
    if not text:
        return None
    micros, _, rest = text.partition(".")
    kind, _, id_ = rest.partition(".")
    if (
        kind not in KINDS
        or not number_in(id_)
        or not (micros.isascii() and micros.isdigit() and len(micros) <= LONGEST)
    ):
        raise NotInReach("There is no such page.")
    seconds, rest_of_it = divmod(int(micros), 1_000_000)
    return Place(datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest_of_it), kind, number_in(id_))


def _micros(at: datetime) -> int:
    return int(at.timestamp()) * 1_000_000 + at.microsecond
