"""flask portal …: migrate, add a user, import services, load the demonstration, check the settings."""

import click
from flask import Flask
from flask.cli import AppGroup
from flask_migrate import upgrade as run_migrations

portal = AppGroup("portal", help="The portal's own commands.")


def register(app: Flask) -> None:
    """Put the commands on an application."""
    app.cli.add_command(portal)


@portal.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest shape."""
    run_migrations()
    click.echo("The database is up to date.")
