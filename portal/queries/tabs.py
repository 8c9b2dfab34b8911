"""The views of a list, each with how many are in it: counted no further than can be read at a glance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import func, select

from portal.core.db import db

COUNTED = 200
Of = TypeVar("Of")


@dataclass(frozen=True)
class Tab:
    """A view with how many are in it."""

    label: str
    href: str
    current: bool


def numbers(lists: Mapping[Of, Any]) -> dict[Of, int]:
    """How many each SELECT would give, or one more than are counted; in one statement."""
    return dict(zip(lists, db.session.execute(counting(lists.values())).one(), strict=True))


def counting(lists: Iterable[Any]) -> Any:
    """The statement that counts them."""
    shortened = (each.limit(COUNTED + 1).subquery() for each in lists)
    return select(*(select(func.count()).select_from(each).scalar_subquery() for each in shortened))


def in_words(number: int) -> str:
    return f"more than {COUNTED}" if number > COUNTED else str(number)
