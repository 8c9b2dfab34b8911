"""Two records that turn out to be one family: proposed by one person, confirmed by another."""

from portal.web.gate import Feature

bp = Feature("merging", __name__)

from portal.blueprints.merging import views as views  # noqa: E402
