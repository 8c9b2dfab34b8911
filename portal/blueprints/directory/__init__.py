"""The service directory: searched by whoever suggests support, kept by early help."""

from portal.web.gate import Feature

bp = Feature("directory", __name__)

from portal.blueprints.directory import views as views  # noqa: E402
