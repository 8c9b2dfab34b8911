"""flask portal …: migrate, add a user, import services, load the demonstration, check the settings."""

from pathlib import Path

import click
from flask import Flask
from flask.cli import AppGroup
from flask_migrate import upgrade as run_migrations

from portal.core.db import db, writing
from portal.domain import hsds
from portal.domain.dates import counted
from portal.services import directory

portal = AppGroup("portal", help="The portal's own commands.")
take_in = AppGroup("import", help="Take in what others publish.")
portal.add_command(take_in)


def register(app: Flask) -> None:
    """Put the commands on an application."""
    app.cli.add_command(portal)


@portal.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest shape."""
    run_migrations()
    click.echo("The database is up to date.")


@take_in.command("services")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
def services(files: tuple[Path, ...]) -> None:
    """Bring the service directory up to date from FILES of HSDS-UK 3.0 JSON. A second import of the same file changes
    nothing; a record at fault is left out and reported; a file that cannot be read changes nothing at all."""
    readings = [_read(path) for path in files]
    with writing():
        taken = directory.take_in(readings)
        db.session.commit()
    left_out = {fault.record_id for fault in taken.faults}
    for fault in taken.faults:
        click.echo(f"Left out: {fault}", err=True)
    click.echo(
        f"{counted(taken.added, 'service', 'services')} added, {taken.changed:,} changed, "
        f"{taken.unchanged:,} as before, {counted(len(left_out), 'record', 'records')} left out."
    )


def _read(path: Path) -> hsds.Reading:
    try:
        return hsds.read(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be opened ({error.strerror}). Nothing was changed.") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: this file is not text in UTF-8. Nothing was changed.") from error
    except hsds.BrokenFile as error:
        raise click.ClickException(f"{path}: {error}. Nothing was changed.") from error
