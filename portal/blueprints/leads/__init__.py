"""Asking somebody to lead, and their answer; how they stop; who covers; where nobody is found."""

from portal.web.gate import Feature

bp = Feature("leads", __name__)

from portal.blueprints.leads import ending as ending  # noqa: E402
from portal.blueprints.leads import views as views  # noqa: E402
