"""The floor a page is measured against: bare WSGI, the same statements by DB-API, the page by one template."""

import html
import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import Environment
from markupsafe import Markup
from sqlalchemy import event
from werkzeug.wrappers import Request, Response

from portal.core.db import db

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA", "SAVEPOINT", "RELEASE")
PAGE = Environment(autoescape=True).from_string("{% for piece in pieces %}{{ piece }}{% endfor %}")


@dataclass(frozen=True)
class Statement:
    """As the portal ran it."""

    sql: str
    given: Any
    many: bool


@dataclass(frozen=True)
class Did:
    """What the portal did for a request: the statements it ran and the page it sent."""

    statements: list[Statement]
    body: bytes


@contextmanager
def watched(app: Flask) -> Iterator[list[Statement]]:
    """Every statement on every connection but BEGIN, COMMIT and PRAGMA."""
    seen: list[Statement] = []

    def note(_connection: Any, _cursor: Any, sql: str, given: Any, _context: Any, many: bool) -> None:
        if not sql.lstrip().upper().startswith(NOT_COUNTED):
            seen.append(Statement(sql, given, many))

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


class Floor:
    """Does for a request what has to be done for it, and nothing else: no rule, no form, no history of its own. What
    it writes is taken back, so that it can be written again. Its database is a copy, made before the request."""

    def __init__(self, database: Path, did: Did) -> None:
        self.did = did
        self.connection = sqlite3.connect(database, isolation_level=None)
        text = did.body.decode()
        # Tags stand as they are; each piece of text is escaped, as it is on any page.
        self.pieces = [
            Markup(piece) if piece.startswith("<") else html.unescape(piece)  # noqa: S704  (the portal's own page)
            for piece in re.split(r"(<[^>]+>)", text)
        ]

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        request = Request(environ)
        request.form, request.cookies  # noqa: B018  (read, as any page has to)
        self.connection.execute("BEGIN")
        for statement in self.did.statements:
            run = self.connection.executemany if statement.many else self.connection.execute
            cursor = run(statement.sql, statement.given)
            if cursor.description:
                cursor.fetchall()
        self.connection.execute("ROLLBACK")
        page = PAGE.render(pieces=self.pieces)
        return Response(page, mimetype="text/html")(environ, start_response)
