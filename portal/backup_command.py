"""flask portal backup and restore: a whole copy of the database while people work, and a database made of one."""

from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.core import backup as copies
from portal.core.db import db, reading
from portal.facts import log_rows
from portal.models.record import AuditKind
from portal.services import remember
from portal.services.remember import Entry

FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("file", type=FILE)
@with_appcontext
def backup(file: Path) -> None:
    """Copy the database into FILE as it is at this instant, while people go on working. Never copy the file of a
    database in use: such a copy is broken."""
    remember.before_sending(Entry(AuditKind.EXPORT, "cli.backup", None))
    try:
        copies.write(db.engine, file)
    except copies.NotBackedUp as fault:
        raise click.ClickException(fault.words) from None
    click.echo(f"The backup is in {file} ({file.stat().st_size:,} bytes).")
    with reading():
        head = log_rows.head()
        db.session.rollback()
    if head:
        click.echo(f"The head of the log, to be kept with it: {head}")
    click.echo("The keys are not in it. Keep PORTAL_FIELD_KEYS and PORTAL_AUDIT_KEYS elsewhere: it needs them.")


@click.command("restore")
@click.argument("file", type=FILE)
@with_appcontext
def restore(file: Path) -> None:
    """Fill the empty database that PORTAL_DATABASE_URL names with what is in FILE, a backup."""
    try:
        copies.bring_back(db.engine, file)
    except copies.NotBackedUp as fault:
        raise click.ClickException(fault.words) from None
    click.echo(f"Everything that is in {file} is in the database now. Next:")
    click.echo("  flask --app portal portal upgrade        # where this version is newer than the backup")
    click.echo("  flask --app portal portal audit verify   # with the heads that were copied")
    click.echo("  flask --app portal portal check")
