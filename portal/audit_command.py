"""flask portal audit …: whether the log is whole, and the head of its chain, to be copied elsewhere."""

from collections.abc import Iterator
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from portal.core.config import Settings
from portal.core.db import db, reading
from portal.domain.dates import counted, moment
from portal.domain.log import Head
from portal.facts import log_rows
from portal.queries import log_check

audit = AppGroup("audit", help="The log of who saw and did what.")


@audit.command("head")
def head() -> None:
    """Print the head of the chain. Keep it where nobody who can change the database can write."""
    with reading():
        found = log_rows.head()
        db.session.rollback()
    if found is None:
        raise click.ClickException(
            "Nothing is sealed yet: the worker seals the log (flask --app portal portal worker)."
        )
    click.echo(str(found))


@audit.command("verify")
@click.option("--head", "heads", multiple=True, metavar="HEAD", help="A head that was copied. May be given often.")
@click.option(
    "--heads",
    "file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A file of copied heads, one a line. Without it: the one that PORTAL_AUDIT_HEADS names.",
)
def verify(heads: tuple[str, ...], file: Path | None) -> None:
    """Say whether the log is whole: no row changed, gone, added or put elsewhere, and nothing cut off its end. Ends
    with 1 where it is not."""
    copied = [*_read(heads), *_copied(file)]
    with reading():
        found = log_check.check(copied)
        db.session.rollback()
    for words in found.faults:
        click.echo(words, err=True)
    for words in _told(found, compared=bool(copied)):
        click.echo(words)
    if not found.whole:
        raise click.ClickException("The log is not whole.")
    click.echo("The log is whole.")


def _told(found: log_check.Found, *, compared: bool) -> Iterator[str]:
    yield f"{counted(found.rows, 'row', 'rows')} in {counted(found.seals, 'seal', 'seals')} read."
    if found.unsigned:
        older = counted(found.unsigned, "row has", "rows have")
        yield f"{older} no signature, only a seal: from before there were any."
    if found.wordless:
        destroyed = counted(found.wordless, "row says", "rows say")
        yield f"{destroyed} no more what was changed: it went with the record that was destroyed."
    if found.unsealed_since is not None:
        waiting = counted(found.unsealed, "row waits", "rows wait")
        yield f"{waiting} to be sealed, since {moment(found.unsealed_since)}."
    if not compared:
        yield "No copied head was given, so nobody can tell whether the end was cut off: see flask portal audit head."


def _copied(file: Path | None) -> Iterator[Head]:
    settings: Settings = current_app.config["PORTAL"]
    kept = file or Path(settings.audit_heads)
    if kept.is_file():
        yield from _read(kept.read_text(encoding="utf-8").split())


def _read(heads: tuple[str, ...] | list[str]) -> Iterator[Head]:
    for text in heads:
        try:
            yield Head.read(text)
        except ValueError:
            raise click.ClickException(f"“{text}” is no head of the log: it reads like 412:1a2b3c4d.Qx…") from None
