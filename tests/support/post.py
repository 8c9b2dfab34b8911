"""What the worker would send, in a test: letters kept, or refused as a mail server refuses them."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from flask import Flask
from sqlalchemy import select

from portal.core.db import db
from portal.models.messages import Delivery, DeliveryAttempt
from portal.worker.loop import Round, Worker
from portal.worker.post import Letter, NotTaken

# At the foot of every letter.
CHOOSE = "http://localhost/account/notices"


@dataclass
class Postbox:
    """Where letters of one test arrive."""

    app: Flask
    letters: list[Letter] = field(default_factory=list)
    refusing: NotTaken | None = None
    tried: list[Letter] = field(default_factory=list)

    def __call__(self, letter: Letter) -> str:
        self.tried.append(letter)
        if self.refusing is not None:
            raise self.refusing
        self.letters.append(letter)
        return "Taken"

    def work(self) -> Round:
        """One round of a worker whose letters come here."""
        with self.app.app_context():
            return Worker(self.app.config["PORTAL"], self).run_once()

    def to(self, *people: object) -> list[str]:
        """The subjects of what these people got, in order."""
        emails = {getattr(person, "email", None) for person in people}
        return [letter.subject for letter in self.letters if letter.to in emails]

    @contextmanager
    def refuses(
        self, words: str = "The mail server asked to try later (code 451)", *, for_good: bool = False
    ) -> Iterator[None]:
        self.refusing = NotTaken("The mail server asked to try later (code 451)", for_good=for_good)
        yield
        self.refusing = None


def deliveries(app: Flask) -> list[Delivery]:
    with app.app_context():
        return list(db.session.scalars(select(Delivery).order_by(Delivery.id)))


def attempts(app: Flask) -> list[DeliveryAttempt]:
    with app.app_context():
        return list(db.session.scalars(select(DeliveryAttempt).order_by(DeliveryAttempt.id)))


def links_in(text: str) -> list[str]:
    """All but the one at its foot."""
    return [link for link in re.findall(r"https?://[^\s\"<]+", text) if link != CHOOSE]
