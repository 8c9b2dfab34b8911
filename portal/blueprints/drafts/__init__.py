"""A step-down while it is written: five parts, the manager's agreement, the check page, sending."""

from portal.web.gate import Feature

bp = Feature("drafts", __name__)

from portal.blueprints.drafts import parts as parts  # noqa: E402
from portal.blueprints.drafts import views as views  # noqa: E402
