"""Meetings of the team: arranged, shown, moved, written up."""

from portal.web.gate import Feature

bp = Feature("meetings", __name__)

from portal.blueprints.meetings import calendar_file as calendar_file  # noqa: E402
from portal.blueprints.meetings import changes as changes  # noqa: E402
from portal.blueprints.meetings import copies as copies  # noqa: E402
from portal.blueprints.meetings import lists as lists  # noqa: E402
from portal.blueprints.meetings import views as views  # noqa: E402
