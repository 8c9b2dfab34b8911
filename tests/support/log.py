"""The log in a test: rows as the gate writes them, seals as the worker makes them, and what is done behind it."""

from click.testing import Result
from flask import Flask
from sqlalchemy import text

from portal.core.config import Settings
from portal.core.db import db, writing
from portal.models.people import User
from portal.models.record import AuditKind
from portal.services import remember
from portal.services.remember import Entry
from portal.worker.loop import Worker
from tests.support import databases
from tests.support.people import Council


def look(council: Council, who: User, *family_ids: int) -> None:
    """As the gate writes that somebody of no team opened these, each row filled in every column."""
    with council.as_(who) as viewer:
        pass
    with council.app.app_context():
        for each in family_ids:
            remember.before_sending(
                Entry(AuditKind.LOOK, "families.overview", viewer, each, f"F-{each}", 3, reason="Why – ‘so’")
            )


def seal(app: Flask) -> list[str]:
    """As the worker does; the heads it made."""
    settings: Settings = app.config["PORTAL"]
    heads = []
    with app.app_context():
        while head := Worker(settings, lambda _letter: "").seal():
            heads.append(str(head))
    return heads


def behind_the_back(app: Flask, *statements: str) -> None:
    with app.app_context(), writing(), db.engine.begin() as connection, databases.past_the_triggers(connection):
        for each in statements:
            connection.execute(text(each))


def verify(app: Flask, *heads: str) -> Result:
    given = [part for head in heads for part in ("--head", head)]
    return app.test_cli_runner().invoke(args=["portal", "audit", "verify", *given])
