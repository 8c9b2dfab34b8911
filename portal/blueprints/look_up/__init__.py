"""Look a family up: to learn whether it is known, or before a step-down is started."""

from portal.web.gate import Feature

bp = Feature("look_up", __name__)

from portal.blueprints.look_up import views as views  # noqa: E402
