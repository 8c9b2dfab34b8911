"""The council’s words: listed, changed after a look at how sentences read, given back for the portal’s own."""

from flask import g, url_for

from portal.blueprints.council_words import bp
from portal.blueprints.council_words.forms import ResetForm, WordForm, reset_form, word_form
from portal.domain import word_examples
from portal.domain.permissions import P
from portal.domain.viewer import Viewer
from portal.facts import administration
from portal.queries import council_words as read
from portal.services import council_words as change_of
from portal.web.gate import concerns
from portal.web.gate import listed as counted
from portal.web.pages import Answer, Done, render
from portal.web.policy import Policy

ADMINISTER = Policy(P.ADMINISTER)


def list_page(_viewer: Viewer, form: ResetForm) -> str:
    rows = read.rows()
    counted(len(rows))
    return render("council_words/list.html", rows=rows, changes_made=read.changes(), form=form)


@bp.get("/admin/settings/words", policy=ADMINISTER)
def listed(viewer: Viewer) -> str:
    return list_page(viewer, reset_form(viewer))


@bp.form("/admin/settings/words/reset", policy=ADMINISTER, form=reset_form, page=list_page, shown=False)
def reset(viewer: Viewer, form: ResetForm) -> Done:
    key = form.word.data or ""
    change_of.reset(key, by=viewer)
    concerns(change_of.subject(key))
    return Done(url_for("council_words.listed"), "The portal’s own words stand again, on every page")


def change_page(_viewer: Viewer, form: WordForm, examples: list[str] | None = None) -> str:
    if form.refusal and not form.unfinished:
        # Shown again after somebody was faster: what they saved has been read now.
        form.version.data = str(administration.newest())
    return render("council_words/change.html", form=form, examples=examples)


@bp.form("/admin/settings/words/change", policy=ADMINISTER, form=word_form, page=change_page)
def change(viewer: Viewer, form: WordForm) -> Done | Answer:
    key = form.key.data
    if form.preview.data:
        examples = word_examples.sentences(key, g.words, form.word)
        form.preview.data = False
        return Answer(lambda: change_page(viewer, form, examples))
    change_of.change(key, form.word, seen=int(form.version.data or 0), by=viewer)
    concerns(change_of.subject(key))
    return Done(url_for("council_words.listed"), "Saved. Every page says it so from now on")
