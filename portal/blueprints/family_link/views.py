"""Ask the one question, take the answer, say what happens next."""

from typing import Any

from flask import request

from portal.blueprints.family_link import bp
from portal.blueprints.family_link.forms import AnswerForm
from portal.domain.asking import Said
from portal.domain.dates import london_date
from portal.domain.limits import Limit
from portal.facts import family_links
from portal.facts.family_links import Asked
from portal.services import family_answers as change
from portal.services import throttles
from portal.services.family_answers import Next
from portal.web import by_link, gate, submissions
from portal.web.pages import Answer
from portal.web.policy import ByLink

WHY = ByLink("a family answers one question without a sign-in")


@bp.get("/s/<token:token>", policy=WHY)
def question(_viewer: None, token: str) -> str | tuple[str, int]:
    asked = _asked(token)
    return _page("ask", token, asked, form=AnswerForm(lang=by_link.language().code)) if asked else _gone(token)


@bp.post("/s/<token:token>", policy=WHY)
def answer(_viewer: None, token: str) -> Answer | tuple[str, int]:
    form = AnswerForm()
    form.validate_on_submit()
    # Counted on a connection of its own, whatever becomes of the answer: no transaction may be open meanwhile.
    gate.let_go()
    waits = throttles.take(Limit.LINK_ANSWER, request.remote_addr, token) is None
    asked = _asked(token)
    if asked is None:
        return _gone(token, form)
    problems = [("answer-yes", "too_many")] if waits else list(form.problems(asked.given_on))
    if problems:
        form.renew()
        return _page("ask", token, asked, form=form, problems=problems), 429 if waits else 422
    following = _save(asked, form)
    if following is None:
        return _gone(token, form)
    return Answer(lambda: _page("thanks", token, asked, following=following))


def _save(asked: Asked, form: AnswerForm) -> Next | None:
    return change.record(
        asked,
        said=Said(form.answer.data) if form.answer.data else None,
        started_on=form.said_when,
        words=form.words.data,
        call_me=bool(form.call_me.data),
        language=by_link.language().code,
        sent=submissions.fingerprint(),
    )


def _asked(token: str) -> Asked | None:
    found = family_links.behind(token)
    if found is not None:
        gate.shows(found.family_id, found.ref)
    return found


def _gone(token: str, form: AnswerForm | None = None) -> tuple[str, int]:
    """One page for every link that opens nothing: nobody learns whether it ever did. What was typed is given back."""
    gate.refused()
    return _page("gone", token, None, typed=form.words.data if form else None), 404


def _page(name: str, token: str, asked: Asked | None, **context: Any) -> str:
    until = by_link.language().date(london_date(asked.expires_at)) if asked else None
    return by_link.page(name, token=token, asked=asked, until=until, said_values=list(Said), **context)
