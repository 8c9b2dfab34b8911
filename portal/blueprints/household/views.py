"""Who lives where in a family, and how they belong together."""

from portal.blueprints.household import bp
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.queries import families, households
from portal.web.pages import render
from portal.web.policy import Policy


@bp.get("/families/<ref:family>/household", policy=Policy(P.FAMILY_VIEW, Family))
def household(family: Family, _viewer: Viewer) -> str:
    return render(
        "household/household.html",
        header=families.header(family),
        household=households.of_family(family.id),
    )
