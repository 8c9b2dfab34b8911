"""Hide words that must not stand, wherever they stand; and put them back where that was a mistake."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import or_, select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import FieldRefused, Refused
from portal.core.sealed import Unread
from portal.domain import hiding, log_changes
from portal.domain.dates import counted, london_date
from portal.domain.event_kinds import E
from portal.domain.hiding import CUT_MARK, MANY, MARK, WhyHidden
from portal.domain.roles import EVERY_FAMILY, Role
from portal.domain.viewer import Viewer
from portal.facts import typed_places, what_changed
from portal.facts.typed_places import Place, is_code
from portal.models.families import Family, Household, KeepApartReason, Note, SafeContact
from portal.models.hiding import HiddenPlace, HiddenWords
from portal.models.record import Audit, Event
from portal.policies.scope import unscoped
from portal.services import history

# Facts that people act on: it is asked whether they are meant.
FACTS = (Household, SafeContact)
ANY_TEXT = EVERY_FAMILY - {Role.AUDITOR}


@dataclass(frozen=True)
class Asked:
    """What somebody wants hidden, and why. `sure`: they were asked whether all the places are meant."""

    words: str
    also: Sequence[str]
    code: WhyHidden
    why: str
    sure: bool = False


def hide(family: Family, asked: Asked, *, by: Viewer, line: Event | None = None) -> HiddenWords:
    """Take the words out of every row of the family. Whoever is no coordinator or manager begins from a line of their
    own, and hides only what they were the first to write. Raises FieldRefused at `words`, `also`, `why` or `sure`."""
    wordings = _wordings(asked)
    words = hiding.pattern(wordings)
    if words.search(asked.why):
        raise FieldRefused("why", "Say why without the words themselves")
    db.session.flush()
    with unscoped("hide words wherever they stand"), what_changed.untold():
        every = list(typed_places.of_family(family.id))
        places = [place for place in every if hiding.taken_out(place.value, words, "", is_code)[1]]
        logged = _logged(family.id, words)
        if not places and not logged:
            raise FieldRefused("words", "These words stand nowhere in this record. Copy them as they stand")
        if line is not None and not by.roles & ANY_TEXT:
            _demand_own(line, places, by)
        _demand_meant(places, sure=asked.sure)
        row = HiddenWords(
            family_id=family.id,
            code=asked.code,
            why=asked.why,
            words=wordings,
            hidden_by_id=by.user_id,
            hidden_by_name=by.name,
            hidden_at=clock.now(),
            since=_since(family, places),
        )
        db.session.add(row)
        db.session.flush()
        for place in places:
            _take_out(place, words, row)
        for column, audit_id in logged:
            # The log is never changed: who reads it is shown nothing of it.
            of = {"of_table": Audit.__tablename__, "of_column": column, "row_id": audit_id}
            db.session.add(HiddenPlace(family_id=family.id, hiding_id=row.id, pieces=[], **of))
        history.record(
            E.WORDS_HIDDEN,
            row,
            by=by,
            data={"why": hiding.WHY[asked.code], "where": counted(len(places) + len(logged), "place", "places")},
            text=asked.why,
            notify=("early_help_managers",),
        )
    return row


def hide_of_line(line: Event, asked: Asked, *, whole: bool, by: Viewer) -> HiddenWords:
    """The same, begun from a line of history: all that was written in it, or some words. Raises FieldRefused at
    `what` too, where nothing but the line's own sentence is there to be hidden."""
    if whole:
        pieces = whole_text(line)
        if not pieces:
            raise FieldRefused("what", "Nothing was written in this line but its own sentence. Choose words of it")
        asked = replace(asked, words=pieces[0], also=[*pieces[1:], *asked.also])
    elif not asked.words:
        raise FieldRefused("words", "Enter the words as they stand")
    return hide(db.session.get_one(Family, line.family_id), asked, by=by, line=line)


def put_back(row: HiddenWords, *, why: str, by: Viewer) -> int:
    """It was a mistake: the words stand again where they stood. Returns in how many places they could not be put back,
    as what stands there was rewritten since. Raises Refused where that was done already."""
    if row.put_back_at is not None:
        raise Refused(f"{row.put_back_by_name} has put these words back already.")
    _demand_readable(row)
    with unscoped("hide words wherever they stand"), what_changed.untold():
        places = list(
            db.session.scalars(select(HiddenPlace).where(HiddenPlace.hiding_id == row.id).order_by(HiddenPlace.id))
        )
        row.put_back_at, row.put_back_by_name, row.put_back_why = clock.now(), by.name, why
        db.session.flush()
        others = _standing(row.family_id)
        for place in places:
            place.put_back = _put_in(place, row, others)
        lost = sum(place.put_back is False for place in places)
        history.record(
            E.WORDS_PUT_BACK, row, by=by, data={"where": counted(len(places) - lost, "place", "places")}, text=why
        )
    return lost


def _demand_readable(row: HiddenWords) -> None:
    """Raises Refused where other words were hidden that cannot be read: with these, they could come back."""
    if any(isinstance(words, Unread) for each in _standing(row.family_id) if each.id != row.id for words in each.words):
        raise Refused("Other words that were hidden in this record cannot be read, and might come back with these.")


def _wordings(asked: Asked) -> list[str]:
    found = []
    for field, typed in (("words", [asked.words]), ("also", asked.also)):
        for words in filter(None, map(str.strip, typed)):
            if MARK.search(words):
                raise FieldRefused(field, "Part of this is hidden already. Choose only words that still stand")
            if hiding.too_short(words):
                raise FieldRefused(field, f"“{words}” would be met by chance. Choose longer words")
            found.append(words)
    return list(dict.fromkeys(found))


def whole_text(line: Event) -> list[str]:
    """All that was written in a line of history, in pieces where some of it is hidden already."""
    notes = db.session.scalars(select(Note).where(Note.event_id == line.id))
    reasons = db.session.scalars(select(KeepApartReason).where(KeepApartReason.event_id == line.id))
    texts = [line.text, *(note.text for note in notes), *(reason.text for reason in reasons)]
    readable = [text for text in texts if text and not isinstance(text, Unread)]
    return [part for text in readable for part in hiding.around_marks(text)]


def _demand_own(line: Event, places: list[Place], by: Viewer) -> None:
    """Raises FieldRefused where the words do not stand in this line, or somebody else wrote them before."""
    lines = [(event.recorded_at, event.id, event) for place in places if (event := _line_of(place)) is not None]
    if not any(event.id == line.id for _, _, event in lines):
        raise FieldRefused("words", "These words do not stand in this line. Copy them as they stand there")
    first = min(lines)[2]
    if first.actor_id != by.user_id:
        raise FieldRefused(
            "words",
            f"{first.actor_name} wrote these words first. Ask them, or the {{coordinator}}, to hide them, or choose "
            "words that only you wrote",
        )


def _line_of(place: Place) -> Event | None:
    """The line of history in which this place is read."""
    if isinstance(place.row, Event):
        return place.row
    event_id = getattr(place.row, "event_id", None)
    return None if event_id is None else db.session.get(Event, event_id)


def _demand_meant(places: list[Place], *, sure: bool) -> None:
    facts = [place for place in places if isinstance(place.row, FACTS)]
    if sure or (len(places) <= MANY and not facts):
        return
    where = counted(len(places), "place", "places")
    also = ", and are part of how somebody is reached or where they live" if facts else ""
    raise FieldRefused(
        "sure", f"These words stand in {where}{also}. Tick that all of it is meant, or choose other words"
    )


def _logged(family_id: int, words: re.Pattern[str]) -> list[tuple[str, int]]:
    """Rows of the log that tell them, and by which column."""
    rows = db.session.execute(
        select(Audit.id, Audit.reason, Audit.changes).where(
            Audit.family_id == family_id, or_(Audit.reason.is_not(None), Audit.changes.is_not(None))
        )
    ).all()
    reasons = [("reason", row.id) for row in rows if words.search(row.reason or "") and not is_code(row.reason)]
    told = [("changes", row.id) for row in rows if row.changes and words.search(_plain(row.changes))]
    return [*reasons, *told]


def _plain(changes: str) -> str:
    """What a row says of changes that may have been typed: not which fields changed, nor the portal's own words."""
    found = (text for change in log_changes.read(changes) for text in hiding.texts([change.before, change.after]))
    return "\n".join(text for text in found if not is_code(text))


def _since(family: Family, places: list[Place]) -> datetime:
    """Not before then: of a row that tells no time, it may have been read since the family is here."""
    return min((place.written_at or family.added_at for place in places), default=family.added_at)


def _mark(row: HiddenWords) -> str:
    return hiding.mark(row.ref, london_date(row.hidden_at))


def _take_out(place: Place, words: re.Pattern[str], row: HiddenWords) -> None:
    left = _mark(row)
    value, pieces = hiding.taken_out(place.value, words, left, is_code)
    whole = isinstance(value, str) and place.longest is not None and len(value) > place.longest
    if whole:
        pieces, value = [place.value], _in_its_place(place, left)
    setattr(place.row, place.column, value)
    of = {"of_table": place.table, "of_column": place.column, "row_id": place.row.id}
    db.session.add(HiddenPlace(family_id=row.family_id, hiding_id=row.id, pieces=pieces, whole=whole, **of))
    db.session.flush()


def _in_its_place(place: Place, left: str) -> str | None:
    longest = place.longest or len(left)
    if len(left) <= longest:
        return left
    return None if place.may_be_empty else CUT_MARK[:longest]


def _standing(family_id: int) -> list[HiddenWords]:
    return list(
        db.session.scalars(
            select(HiddenWords)
            .where(HiddenWords.family_id == family_id, HiddenWords.put_back_at.is_(None))
            .order_by(HiddenWords.id)
        )
    )


def _put_in(hidden: HiddenPlace, row: HiddenWords, others: list[HiddenWords]) -> bool:
    if hidden.of_table == Audit.__tablename__:
        return True
    place = typed_places.place(hidden.of_table, hidden.row_id, hidden.of_column)
    if place is None or place.is_lost or vars(HiddenPlace)["pieces"].is_lost(hidden):
        return False
    if hidden.whole:
        value = hidden.pieces[0] if place.value == _in_its_place(place, _mark(row)) else None
    else:
        value = hiding.put_in(place.value, _mark(row), hidden.pieces)
    if value is None:
        return False
    setattr(place.row, place.column, value)
    for other in others:  # what somebody else hid stays hidden
        words = hiding.pattern(other.words)
        if hiding.taken_out(place.value, words, "", is_code)[1]:
            _take_out(place, words, other)
    return True
