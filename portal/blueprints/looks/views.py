"""Who has looked at a family, and looks that somebody should ask about."""

from flask import request

from portal.blueprints.looks import bp
from portal.core.errors import NotInReach
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.people import User
from portal.policies import rules
from portal.queries import families
from portal.queries import looked as read
from portal.queries import looks_to_ask as lately
from portal.web.gate import listed
from portal.web.pages import render
from portal.web.policy import Policy

# What fits in a number of the database.
DIGITS = 9


@bp.get("/families/<ref:family>/who-has-looked", policy=Policy(P.FAMILY_LOOKED, Family))
def of_family(family: Family, viewer: Viewer) -> str:
    who, before = _asked("who", f"{User.ref_prefix}-"), _asked("before")
    return render(
        "looks/of_family.html",
        family=family,
        header=families.header(family),
        page=read.at_family(
            family.id, user_id=who, before=before, with_changes=rules.allowed(viewer, P.LOG_EXPORT, family)
        ),
        who=f"{User.ref_prefix}-{who}" if who else None,
        further=before is not None,
    )


@bp.get("/looks", policy=Policy(P.LOOKS_LIST))
def to_ask(_viewer: Viewer) -> str:
    found = lately.lately()
    listed(found.count)
    return render("looks/to_ask.html", page=found, days=lately.DAYS, many=lately.MANY)


@bp.get("/people/<ref:person>/looks", policy=Policy(P.LOOKS_LIST, User))
def from_outside(person: User, _viewer: Viewer) -> str:
    found = lately.from_outside(person.id)
    listed(len(found))
    return render("looks/from_outside.html", person=person, rows=found, days=lately.DAYS)


def _asked(name: str, prefix: str = "") -> int | None:
    """A number of the address; None where it is not asked for. Raises NotInReach for anything else."""
    text = request.args.get(name, "")
    if not text:
        return None
    number = text.removeprefix(prefix)
    if not text.startswith(prefix) or not (number.isascii() and number.isdigit()) or len(number) > DIGITS:
        raise NotInReach("There is no such page.")
    return int(number)
