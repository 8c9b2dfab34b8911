"""flask portal keys …: a new key for what is sealed in the database, and everything sealed anew with it."""

import click
from flask import current_app
from flask.cli import AppGroup

from portal.core import resealing, sealing
from portal.core.config import Settings
from portal.core.db import db, reading, writing
from portal.domain.dates import counted
from portal.models.record import AuditKind
from portal.services import remember
from portal.services.remember import Entry

keys = AppGroup("keys", help="The keys that encrypt fields of the database.")


@keys.command("new")
def new() -> None:
    """Make a key. Where PORTAL_FIELD_KEYS is set it is printed, to be put there; where the key lies in the instance
    folder, it is put first there."""
    settings: Settings = current_app.config["PORTAL"]
    secret = sealing.new_secret()
    if settings.field_secrets:
        click.echo(secret)
        click.echo("Put this key first in PORTAL_FIELD_KEYS, and leave the others behind it.", err=True)
    else:
        path = sealing.put_first(settings, secret)
        click.echo(f"It stands first in {path}.", err=True)
    click.echo(
        "Start every web server and worker again, then run: flask --app portal portal keys rotate\n"
        "Where they cannot all start at one time, put it last first, and once all have it, first.",
        err=True,
    )


@keys.command("rotate")
def rotate() -> None:
    """Encrypt with the first key everything that is encrypted with another. People may work meanwhile, and it may be
    stopped and begun again. Ends with 1 where something could not be read."""
    ring = sealing.keys()
    outcome = resealing.reseal(db.engine, db.metadata, ring, click.echo)
    with writing():
        entry = Entry(AuditKind.CHANGE, "cli.keys_rotate", None, subject=ring.newest, rows=outcome.sealed)
        remember.within_change(entry)
        db.session.commit()
        remember.committed()
    with reading(), db.engine.connect() as connection:
        left = resealing.by_key(connection, db.metadata)
    click.echo(f"{counted(outcome.sealed, 'value is', 'values are')} encrypted anew, with the key {ring.newest}.")
    for place, row in outcome.unreadable:
        click.echo(f"Cannot be read, and was left as it is: {place} of row {row}", err=True)
    _say_what_can_go(ring, {name: count for name, count in left.items() if name != ring.newest})
    if outcome.unreadable:
        raise click.ClickException(
            "Some values cannot be read. Put back the key that is missing, or the rows from a backup."
        )


@keys.command("check")
def check() -> None:
    """Try whether everything that is encrypted can be read. Ends with 1 where something cannot, and says where."""
    with reading(), db.engine.connect() as connection:
        found = list(resealing.unreadable(connection, db.metadata, sealing.keys()))
    for place, row in found:
        click.echo(f"Cannot be read: {place} of row {row}", err=True)
    if found:
        raise click.ClickException(
            f"{counted(len(found), 'value', 'values')} cannot be read. Put back the key that is missing, or the rows "
            "from a backup."
        )
    click.echo("Everything that is encrypted can be read.")


def _say_what_can_go(ring: sealing.Keys, left: dict[str, int]) -> None:
    for name, count in sorted(left.items()):
        whether = "" if name in ring.by_name else ", which is not there"
        click.echo(f"{counted(count, 'value is', 'values are')} still encrypted with the key {name}{whether}.")
    free = [name for name in ring.by_name if name != ring.newest and name not in left]
    if free:
        click.echo(
            f"Nothing is encrypted with {' or '.join(free)} any more. Once every web server and worker has been "
            "started again with this list, and this command says so once more, take away all but the first. Backups "
            "from before need the old ones: keep those for as long as the backups."
        )
