"""Who stands at a door, and where they go first if it is not open to them yet."""

from collections.abc import Callable

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from portal.domain.viewer import Viewer
from portal.web import too_late
from portal.web.policy import Anyone, ByLink, Door, Proving
from portal.web.sessions import viewer_of_cookie


def who_asks(
    door: Door, came_late: Callable[[], ResponseReturnValue | None]
) -> tuple[Viewer | None, ResponseReturnValue | None]:
    """Whoever has not proven yet that it is them is nobody, but at the doors where they do."""
    found = None if isinstance(door, ByLink) else viewer_of_cookie()
    if isinstance(door, Proving):
        if found is None:
            return None, too_late.to_sign_in()
        return found, redirect(url_for("account.home"), 303) if found.proven else None
    if found is not None and found.proven:
        return found, None
    if isinstance(door, Anyone | ByLink):
        return None, None
    elsewhere = too_late.to_sign_in() if found is None else redirect(url_for("second_factor.code"), 303)
    return None, came_late() or elsewhere
