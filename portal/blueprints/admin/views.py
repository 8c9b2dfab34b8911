"""What an administrator begins with, and messages that could not be sent."""

from flask import g

from portal.blueprints.admin import bp
from portal.blueprints.admin.forms import AgainForm, again_form
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.queries import admin_overview
from portal.queries import messages as on_their_way
from portal.services import outbox
from portal.web.gate import listed
from portal.web.pages import Done, render
from portal.web.policy import Policy


@bp.get("/admin", policy=Policy(P.ADMINISTER))
def overview(_viewer: Viewer) -> str:
    unwatched = admin_overview.unwatched()
    listed(len(unwatched))
    return render("admin/overview.html", now=admin_overview.overview(), unwatched=unwatched)


@bp.get("/admin/settings", policy=Policy(P.ADMINISTER))
def settings(_viewer: Viewer) -> str:
    listed(0)
    return render("admin/settings.html")


def messages_page(_viewer: Viewer, form: AgainForm) -> str:
    found = on_their_way.not_sent(g.words)
    listed(len(found.unsent))
    return render("admin/messages.html", found=found, form=form)


@bp.get("/admin/messages", policy=Policy(P.ADMINISTER))
def messages(viewer: Viewer) -> str:
    return messages_page(viewer, again_form(viewer))


@bp.form("/admin/messages/again", policy=Policy(P.ADMINISTER), form=again_form, page=messages_page, shown=False)
def send_again(viewer: Viewer, form: AgainForm) -> Done:
    again = outbox.send_again(form.numbers(), by=viewer)
    return Done("/admin/messages", f"{counted(again, 'message is', 'messages are')} sent again")
