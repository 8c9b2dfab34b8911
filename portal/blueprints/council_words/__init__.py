"""The council’s own words for what the portal deals with."""

from portal.web.gate import Feature

bp = Feature("council_words", __name__)

from portal.blueprints.council_words import views as views  # noqa: E402
