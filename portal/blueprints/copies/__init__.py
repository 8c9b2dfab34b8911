"""A copy of what is held about one person, for whoever asks what the portal knows of them."""

from portal.web.gate import Feature

bp = Feature("copies", __name__)

from portal.blueprints.copies import views as views  # noqa: E402
