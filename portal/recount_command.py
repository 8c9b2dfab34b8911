"""flask portal recount: put right what is stored of each family, from its own rows."""

import click
from flask.cli import with_appcontext

from portal.core.db import db, reading, writing
from portal.domain.dates import counted
from portal.services import summary


@click.command("recount")
@with_appcontext
def recount() -> None:
    """Put right what is stored of each family: its next step, its stage, its numbers. It can run while people work."""
    recount_all()


def recount_all() -> None:
    """A family a transaction, so that nobody waits for long."""
    with reading():
        every = summary.families()
    put_right = 0
    for family_id in every:
        with writing():
            put_right += summary.put_right(family_id)
            db.session.commit()
            db.session.expunge_all()
    if every:
        number, was = counted(put_right, "family", "families"), "was" if put_right == 1 else "were"
        click.echo(f"{number} of {len(every):,} said something else, and {was} put right.")
