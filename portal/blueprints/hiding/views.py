"""Hide words from a line of history or of a whole family; what was hidden, for the early help manager."""

from flask import g

from portal.blueprints.hiding import bp
from portal.blueprints.hiding.forms import (
    WHOLE,
    HideForm,
    PutBackForm,
    hide_form,
    hide_line_form,
    put_back_form,
)
from portal.domain.dates import counted
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.models.families import Family
from portal.models.hiding import HiddenWords
from portal.models.record import Event
from portal.queries import families, history
from portal.queries import hiding as read
from portal.services import hiding as change
from portal.web.pages import Done, render
from portal.web.policy import Policy


def family_page(family: Family, _viewer: Viewer, form: HideForm) -> str:
    return render("hiding/of_family.html", header=families.header(family), form=form)


@bp.form("/families/<ref:family>/hide", policy=Policy(P.WORDS_HIDE, Family), form=hide_form, page=family_page)
def of_family(family: Family, viewer: Viewer, form: HideForm) -> Done:
    row = change.hide(family, form.asked(), by=viewer)
    return _hidden(row, family.ref)


def line_page(event: Event, _viewer: Viewer, form: HideForm) -> str:
    family = f"{Family.ref_prefix}-{event.family_id}"
    return render("hiding/of_line.html", family_ref=family, line=history.one(event, g.words), form=form)


@bp.form("/events/<ref:event>/hide", policy=Policy(P.WORDS_HIDE, Event), form=hide_line_form, page=line_page)
def of_line(event: Event, viewer: Viewer, form: HideForm) -> Done:
    row = change.hide_of_line(event, form.asked(), whole=form.what.data == WHOLE, by=viewer)
    return _hidden(row, f"{Family.ref_prefix}-{event.family_id}")


def _hidden(row: HiddenWords, family_ref: str) -> Done:
    return Done(f"/families/{family_ref}/history", f"The words are hidden, {row.ref}")


@bp.get("/families/<ref:family>/hidden", policy=Policy(P.WORDS_HIDDEN, Family))
def hidden(family: Family, _viewer: Viewer) -> str:
    return render("hiding/hidden.html", header=families.header(family), rows=read.of_family(family))


def one_page(row: HiddenWords, _viewer: Viewer, form: PutBackForm) -> str:
    return render("hiding/one.html", page=read.sealed(row), form=form)


@bp.form("/hidden/<ref:words>", policy=Policy(P.WORDS_HIDDEN, HiddenWords), form=put_back_form, page=one_page)
def one(row: HiddenWords, viewer: Viewer, form: PutBackForm) -> Done:
    lost = change.put_back(row, why=form.why.data or "", by=viewer)
    left = f". In {counted(lost, 'place', 'places')} something else stands now" if lost else ""
    return Done(f"/hidden/{row.ref}", f"The words are back{left}")
