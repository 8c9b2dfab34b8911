"""What somebody looks for among services, as the address of a page asks it: words, what it helps with, place, age."""

from dataclasses import dataclass

from flask import request

from portal.queries.directory import Asked
from portal.web.refs import number_in

LONGEST = 100
OLDEST = 120
NO_AGE = f"Age must be a whole number from 0 to {OLDEST}"
DIGITS = 3


@dataclass(frozen=True)
class ServiceSearch:
    """An age that is none is not asked: the page says so and shows what was typed."""

    asked: Asked
    typed_age: str

    @property
    def wrong_age(self) -> str | None:
        return NO_AGE if self.typed_age and self.asked.age is None else None

    @property
    def is_made(self) -> bool:
        return bool(self.typed_age) or self.asked != Asked()


def searched() -> ServiceSearch:
    typed = {name: request.args.get(name, "").strip()[:LONGEST] for name in ("words", "place", "age", "topic")}
    asked = Asked(
        words=typed["words"] or None,
        place=typed["place"] or None,
        age=_age(typed["age"]),
        topic=typed["topic"] or None,
        retired=request.args.get("retired") == "y",
    )
    return ServiceSearch(asked, typed["age"])


def suggested_id() -> int:
    """The number of the service from whose page somebody comes to suggest it; 0 where from none."""
    return number_in(request.args.get("service", "").removeprefix("D-"))


def _age(typed: str) -> int | None:
    if not (typed.isascii() and typed.isdigit() and len(typed) <= DIGITS):
        return None
    return int(typed) if int(typed) <= OLDEST else None
