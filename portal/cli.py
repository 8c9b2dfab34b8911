"""flask portal …: migrate, add a user, import services, load the demonstration, check the settings."""

from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup
from flask_migrate import upgrade as run_migrations

from portal import printed, readiness
from portal.audit_command import audit
from portal.backup_command import backup, restore
from portal.core import resealing
from portal.core.config import Settings
from portal.core.db import db, writing
from portal.core.errors import PortalError
from portal.domain import hsds, passwords
from portal.domain.dates import counted
from portal.domain.directory import NAMED
from portal.domain.proving import Told
from portal.domain.roles import Role
from portal.keys_command import keys
from portal.models.record import AuditKind
from portal.queries import policy_reports
from portal.recount_command import recount, recount_all
from portal.services import accounts, directory, factor_resets, provider_accounts, remember
from portal.services.remember import Entry
from portal.services.sign_in import hash_password

portal = AppGroup("portal", help="The portal's own commands.")
take_in = AppGroup("import", help="Take in what others publish.")
portal.add_command(take_in)
portal.add_command(audit)
portal.add_command(recount)
portal.add_command(keys)
portal.add_command(backup)
portal.add_command(restore)


def register(app: Flask) -> None:
    """Put the commands on an application."""
    app.cli.add_command(portal)


@portal.command("upgrade")
def upgrade() -> None:
    """Bring the database to the newest shape, and what is stored of each family to how it is said now."""
    before = readiness.shape()
    run_migrations()
    if readiness.shape() != before:
        # What a step sealed still lies in the database's files as it was.
        resealing.sweep_out(db.engine, db.metadata)
        recount_all()
    click.echo("The database is up to date.")


@portal.command("print-docs")
@click.argument("folder", default="docs", type=click.Path(exists=True, file_okay=False, path_type=Path))
def print_docs(folder: Path) -> None:
    """Write the pages of FOLDER that are printed from the code: lives, permissions, settings."""
    for path in printed.write(folder):
        click.echo(f"{path} is written anew.")


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
    for name, columns in taken.kept:
        click.echo(f"Kept as corrected by hand: {name} ({', '.join(NAMED[column].lower() for column in columns)})")
    click.echo(
        f"{counted(taken.added, 'service', 'services')} added, {taken.changed:,} changed, "
        f"{taken.unchanged:,} as before, {counted(len(left_out), 'record', 'records')} left out."
    )


@take_in.command("families")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as", "email", help="Email address of the coordinator or manager who takes it in. Needed.")
@click.option("--write", is_flag=True, help="Store it. Without this it is only tried, and nothing is changed.")
def families_of_a_spreadsheet(file: Path, email: str | None, write: bool) -> None:
    """Bring in families from FILE, a spreadsheet saved as CSV (docs/import-families.md describes it). A second import
    brings the same families up to date, known by the council's own reference. Whatever is wrong is told by line,
    column and reason, and the rest is taken in."""
    from portal import bringing_in

    if not email:
        raise click.UsageError(
            "Say who takes the families in, by the email address with which they sign in, like "
            f"flask --app portal portal import families {file} --as name@example.com"
        )
    try:
        bringing_in.run(file, email, write=write, say=click.echo)
    except (bringing_in.BrokenSheet, PortalError) as error:
        words = error.words if isinstance(error, PortalError) else str(error)
        raise click.ClickException(f"{file}: {words.removesuffix('.')}. Nothing was changed.") from error


def _read(path: Path) -> hsds.Reading:
    try:
        return hsds.read(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise click.ClickException(f"{path}: cannot be opened ({error.strerror}). Nothing was changed.") from error
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: this file is not text in UTF-8. Nothing was changed.") from error
    except hsds.BrokenFile as error:
        raise click.ClickException(f"{path}: {error}. Nothing was changed.") from error


@portal.command("check")
def check() -> None:
    """Say whether the portal could start as it is set, here and on this database. A setting that is wrong is named
    before this runs."""
    readiness.demand(current_app)
    click.echo(f"The settings are in order ({_settings().environment}).")


@portal.command("csp-reports")
def csp_reports() -> None:
    """List what browsers reported in the last month: what a page asked for and its policy held back."""
    for told in policy_reports.newest():
        click.echo(f"{told.day}  {told.times:>5} x  {told.page}  {told.directive}  {told.blocked}")


@portal.group("user")
def user() -> None:
    """People who can sign in."""


@user.command("add")
@click.option("--email", prompt="Email address")
@click.option("--name", prompt="Name")
@click.option("--organisation", prompt="Organisation")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice([role.value for role in Role]))
@click.option("--team", help="The social care team of a social worker or their manager.")
@click.password_option(help="At least 15 characters, on no list of common ones; asked for when it is not given.")
def add_user(email: str, name: str, organisation: str, roles: tuple[str, ...], team: str | None, password: str) -> None:
    """Add somebody who can sign in."""
    chosen = _settings()
    about = [*passwords.of_person(name, email), chosen.service_name, chosen.council_name]
    if fault := passwords.fault(password, about):
        raise click.ClickException(f"{fault}.")
    hashed = hash_password(password, chosen.password_memory_kib)
    try:
        with writing():
            added = accounts.add(
                email=email,
                name=name,
                organisation=organisation,
                roles=frozenset(Role(role) for role in roles),
                password_hash=hashed,
                team=team,
            )
            remember.within_change(Entry(AuditKind.CHANGE, "cli.add_user", None, subject=added.ref))
            db.session.commit()
            remember.committed()
    except PortalError as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(f"{added.name} can sign in with {added.email}.")


@user.command("begin-anew")
@click.option("--email", prompt="Email address")
def begin_anew(email: str) -> None:
    """Let somebody set up their second factor anew: for an only administrator who has lost phone and recovery codes.
    Where there are two more administrators, they do it under People and organisations."""
    try:
        with writing():
            found = factor_resets.begin_anew_from_the_server(email)
            remember.within_change(Entry(AuditKind.CHANGE, "cli.begin_anew", None, subject=found.ref))
            db.session.commit()
            remember.committed()
    except PortalError as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(f"{found.name} is signed out, and sets up an app at the next sign-in.")


@user.command("connect")
@click.option("--email", prompt="Email address")
@click.option("--subject", prompt="Subject", help="What the council's sign-in calls them for ever: the claim sub.")
def connect(email: str, subject: str) -> None:
    """Let somebody come in by the council's own sign-in, which PORTAL_OIDC_ISSUER names."""
    if not _settings().oidc_issuer:
        raise click.ClickException("Set PORTAL_OIDC_ISSUER first.")
    try:
        with writing():
            who = Told(_settings().oidc_issuer, subject, subject)
            found = provider_accounts.connect_from_the_server(email, who)
            remember.within_change(Entry(AuditKind.CHANGE, "cli.connect", None, subject=found.ref))
            db.session.commit()
            remember.committed()
    except PortalError as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(f"{found.name} can sign in with {_settings().oidc_name}.")


@portal.command("demo")
@click.option("--families", default=60, show_default=True, help="How many invented families.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same families.")
def demo(families: int, seed: int) -> None:
    """Fill an empty database with an invented council. Refused in production."""
    from portal.demo import load

    try:
        path = load.run(_settings(), families=families, seed=seed, say=click.echo)
    except PortalError as refusal:
        raise click.ClickException(refusal.words) from None
    click.echo(f"The sign-ins are in {path}.")


def _settings() -> Settings:
    found: Settings = current_app.config["PORTAL"]
    return found
