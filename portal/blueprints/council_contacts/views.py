"""Contact details: changed after a look at how pages would read."""

from flask import url_for

from portal.blueprints.council_contacts import bp
from portal.blueprints.council_contacts.forms import ContactsForm, contacts_form
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.facts import administration
from portal.queries import council_contacts as read
from portal.services import council_contacts as change_of
from portal.web.gate import concerns
from portal.web.pages import Answer, Done, render
from portal.web.policy import Policy


def contacts_page(_viewer: Viewer, form: ContactsForm, examples: list[str] | None = None) -> str:
    if form.refusal and not form.unfinished:
        # Shown again after somebody was faster: what they saved has been read now.
        form.version.data = str(administration.newest())
    changes = read.changes(change_of.SUBJECT)
    return render("council_contacts/change.html", form=form, examples=examples, changes_made=changes)


@bp.form("/admin/settings/contacts", policy=Policy(P.ADMINISTER), form=contacts_form, page=contacts_page)
def change(viewer: Viewer, form: ContactsForm) -> Done | Answer:
    concerns(change_of.SUBJECT)
    if form.preview.data:
        examples = read.sentences(form.told)
        form.preview.data = False
        return Answer(lambda: contacts_page(viewer, form, examples))
    changed = change_of.change(form.values, seen=int(form.version.data or 0), by=viewer)
    words = "Saved. Every page and letter says so from now on" if changed else "Nothing was changed"
    return Done(url_for("council_contacts.change"), words)
