"""When organisations close: school holidays above all."""

from portal.web.gate import Feature

bp = Feature("closures", __name__)

from portal.blueprints.closures import views as views  # noqa: E402
