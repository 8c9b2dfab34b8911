"""One JSON object of a service directory: takes a field where it is well formed, and notes a fault where it is not."""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from urllib.parse import urlsplit

from portal.domain.characters import INVISIBLE

OLDEST = 130  # Directories write 100 or 120 for "any age"
MOST = 1_000_000
DATE_SHAPE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
AGE_SHAPE = re.compile(r"[0-9]{1,3}")
EMAIL_SHAPE = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+")


@dataclass(frozen=True)
class Record:
    """An empty text, a null and a missing key are all "not said" and give None."""

    values: dict[str, object]
    path: str = ""
    faults: list[tuple[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, value: object) -> "Record":
        record = cls(value if isinstance(value, dict) else {})
        if not isinstance(value, dict):
            record.faults.append(("record", "must be an object"))
        return record

    def fault(self, key: str, words: str) -> None:
        self.faults.append((self.path + key, words))

    def child(self, key: str) -> "Record":
        """The object under this key, reporting to the same list; an empty one where there is none."""
        value = self.values.get(key)
        if value is not None and not isinstance(value, dict):
            self.fault(key, "must be an object")
        return Record(value if isinstance(value, dict) else {}, f"{self.path}{key}.", self.faults)

    def children(self, key: str) -> list["Record"]:
        values = self.values.get(key)
        if values is None:
            return []
        if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
            self.fault(key, "must be a list of objects")
            return []
        return [Record(value, f"{self.path}{key}.{place}.", self.faults) for place, value in enumerate(values)]

    def text(self, key: str, limit: int, *, lines: bool = False) -> str | None:
        value = self.values.get(key)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(key, "must be text")
            return None
        text = value.replace("\r\n", "\n").strip()
        if len(text) > limit:
            self.fault(key, f"must be {limit:,} characters or fewer. It is {len(text):,}")
            return None
        if any(_is_control(character) and not (lines and character in "\n\t") for character in text):
            self.fault(key, "must not contain control characters")
            return None
        if not lines and INVISIBLE.search(text):
            self.fault(key, "must not contain invisible characters")
            return None
        return text or None

    def required_text(self, key: str, limit: int) -> str:
        before = len(self.faults)
        text = self.text(key, limit)
        if text is None and len(self.faults) == before:
            self.fault(key, "must be there")
        return text or ""

    def web_address(self, key: str, limit: int) -> str | None:
        text = self.text(key, limit)
        if text is None:
            return None
        if not _is_web_address(text):
            self.fault(key, "must be a web address that starts with http:// or https://")
            return None
        return text

    def email(self, key: str, limit: int) -> str | None:
        text = self.text(key, limit)
        if text is not None and not EMAIL_SHAPE.fullmatch(text):
            self.fault(key, "must be an email address, like name@example.com")
            return None
        return text

    def age(self, key: str) -> int | None:
        """A whole number of years, as a number or in plain digits. 12.0 is how some programs write 12."""
        value = self.values.get(key)
        if value is None or value == "":
            return None
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        if isinstance(value, str) and AGE_SHAPE.fullmatch(value):
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= OLDEST:
            self.fault(key, f"must be a whole number from 0 to {OLDEST}")
            return None
        return value

    def amount(self, key: str) -> float | None:
        value = self.values.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= MOST:
            self.fault(key, f"must be a number from 0 to {MOST:,}")
            return None
        return value

    def date(self, key: str) -> date | None:
        """A real date; of a date with a time the date."""
        text = self.text(key, 40)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:
            moment = None
        if moment is None or not DATE_SHAPE.match(text):
            self.fault(key, "must be a real date, like 2026-03-27")
            return None
        return moment.date()

    def moment(self, key: str) -> datetime | None:
        """In UTC, which is also meant where no time zone is given."""
        text = self.text(key, 40)
        if text is None:
            return None
        try:
            moment = datetime.fromisoformat(text)
            return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, OverflowError):
            self.fault(key, "must be a real date and time, like 2026-03-27T10:30:00Z")
            return None

    def time(self, key: str) -> time | None:
        """As shown on the door: a time zone written behind it is left out."""
        text = self.text(key, 40)
        if text is None:
            return None
        try:
            return time.fromisoformat(text).replace(tzinfo=None)
        except ValueError:
            self.fault(key, "must be a real time, like 09:30")
            return None


def _is_control(character: str) -> bool:
    """Control characters, and halves of a surrogate pair, which JSON can spell and no database can keep."""
    return unicodedata.category(character) in ("Cc", "Cs")


def _is_web_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    plain = not any(character.isspace() for character in text)
    # What stands before an @ is read as the address of the site by people, and is not
    return plain and parts.scheme in ("http", "https") and bool(parts.hostname) and "@" not in parts.netloc
