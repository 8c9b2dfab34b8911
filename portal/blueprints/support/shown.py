"""The directory on the pages that suggest a service: its search, and the list that the search leaves."""

from typing import Any

from portal.blueprints.support.forms import SuggestForm, found_services
from portal.queries import directory
from portal.web.pages import announced, render
from portal.web.service_search import searched


def services_shown(form: SuggestForm) -> dict[str, Any]:
    search = searched()
    return {
        "search": search,
        "topics": directory.topics(),
        "found_services": found_services(form, search) if search.is_made else None,
    }


def which_service(form: SuggestForm) -> str:
    """The piece of the page that a search changes."""
    shown = services_shown(form)
    return announced(render("support/_service.html", form=form, **shown), shown["found_services"] or "")
