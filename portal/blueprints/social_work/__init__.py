"""Social work with a family: closed, who holds the family then, opened again, passed to another worker."""

from portal.web.gate import Feature

bp = Feature("social_work", __name__)

from portal.blueprints.social_work import views as views  # noqa: E402
