"""Somebody sets up their second factor anew: asked for by one administrator, confirmed by another."""

from portal.web.gate import Feature

bp = Feature("factor_resets", __name__)

from portal.blueprints.factor_resets import views as views  # noqa: E402
