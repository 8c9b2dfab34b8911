"""What was shared although nobody had agreed, for whoever audits it."""

from portal.web.gate import Feature

bp = Feature("sharing", __name__)

from portal.blueprints.sharing import views as views  # noqa: E402
