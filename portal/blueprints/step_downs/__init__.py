"""Step-downs once they were sent: the list, one with its gates, its answer, its outstanding actions, its end."""

from portal.web.gate import Feature

bp = Feature("step_downs", __name__)

from portal.blueprints.step_downs import completing_views as completing_views  # noqa: E402
from portal.blueprints.step_downs import ending as ending  # noqa: E402
from portal.blueprints.step_downs import returning as returning  # noqa: E402
from portal.blueprints.step_downs import settling as settling  # noqa: E402
from portal.blueprints.step_downs import together as together  # noqa: E402
from portal.blueprints.step_downs import views as views  # noqa: E402
