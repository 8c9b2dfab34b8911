"""Pages that anybody may read, signed in or not; nothing of a family is on them."""

from portal.blueprints.about import bp
from portal.domain.viewer import Viewer
from portal.web.pages import render, settings
from portal.web.policy import Anyone
from portal.web.proving import device_cookie

READ_BY_ANYBODY = Anyone("what everybody may know about the portal")


@bp.get("/help", policy=READ_BY_ANYBODY)
def help_page(_viewer: Viewer | None) -> str:
    return render("about/help.html")


@bp.get("/privacy", policy=READ_BY_ANYBODY)
def privacy(_viewer: Viewer | None) -> str:
    return render("about/privacy.html")


@bp.get("/cookies", policy=READ_BY_ANYBODY)
def cookies(_viewer: Viewer | None) -> str:
    return render("about/cookies.html", device_cookie=device_cookie(), device_days=settings().trusted_device_days)


@bp.get("/accessibility", policy=READ_BY_ANYBODY)
def accessibility(_viewer: Viewer | None) -> str:
    return render("about/accessibility.html")
