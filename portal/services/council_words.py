"""The council’s own words for what the portal deals with: set, and given back for the portal’s own."""

from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.domain.administering import Act, differing, told
from portal.domain.dates import moment
from portal.domain.viewer import Viewer
from portal.domain.word_examples import called
from portal.domain.words import SHIPPED, Word
from portal.facts import administration as changes
from portal.models.record import WordLabel
from portal.services import administration


def subject(key: str) -> str:
    return f"word {key}"[:40]


def change(key: str, word: Word, *, seen: int, by: Viewer) -> None:
    """`seen` is the newest change of any word that was on the page: where this one was changed after it, Refused tells
    by whom, from what to what. Raises FieldRefused where nothing is different."""
    _demand_latest(key, seen)
    own = db.session.get(WordLabel, key)
    before = Word(own.one, own.many, own.a) if own else SHIPPED[key]
    if word == before:
        raise FieldRefused("one", "These are the words already")
    if own is None:
        own = WordLabel(key=key)
        db.session.add(own)
    own.one, own.many, own.a = word.one, word.many, word.a
    db.session.flush()
    _tell(Act.WORD_CHANGED, key, before, word, by=by)


def reset(key: str, *, by: Viewer) -> None:
    """Raises Refused where the portal’s own words stand already."""
    own = db.session.get(WordLabel, key) if key in SHIPPED else None
    if own is None:
        raise Refused("These are the portal’s own words already.")
    before, after = Word(own.one, own.many, own.a), SHIPPED[key]
    db.session.delete(own)
    db.session.flush()
    _tell(Act.WORD_RESET, key, before, after, by=by)


def _demand_latest(key: str, seen: int) -> None:
    newest = changes.latest_row(subject(key))
    if newest is not None and newest.id > seen:
        what = "; ".join(told(newest.before, newest.after))
        raise Refused(f"{newest.by_name} changed this on {moment(newest.at)}. {what}. What you typed is still here.")


def _tell(act: Act, key: str, before: Word, after: Word, *, by: Viewer) -> None:
    was, now = differing(vars(before), vars(after))
    administration.record(act, subject(key), called(key), by=by, before=was, after=now)
