"""Take a spreadsheet of families in, from the command line: say what is matched, try it, store it in batches."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, writing
from portal.core.errors import NotAllowed
from portal.domain import family_columns, family_sheet
from portal.domain.dates import counted
from portal.domain.family_sheet import BrokenSheet, Fault, Heading, SheetFamily
from portal.domain.permissions import P
from portal.domain.viewer import Viewer, asking
from portal.domain.words import say as said
from portal.models.people import User
from portal.policies import rules
from portal.policies.ties import remembered
from portal.queries import labels
from portal.queries.viewers import as_viewer
from portal.services import family_import, new_families, summary
from portal.services.family_import import Taken

__all__ = ["BrokenSheet", "run"]
BATCH = 200
TELL_EVERY = 1000
MOST_FAULTS = 200
WHO_MAY = "Name {coordinator:a} or {early_help_manager:a} after --as"


def run(path: Path, email: str, *, write: bool, say: Callable[[str], None]) -> Taken:
    """Read FILE twice where it is stored: once to see whether it can be, once to do it. Memory does not grow with the
    file. Raises BrokenSheet, or NotAllowed for somebody who may not bring families in."""
    viewer = _viewer(email)
    with path_opened(path) as rows:
        heading = family_sheet.read_heading(next(rows)[1])
    _say_heading(heading, say)
    _look_through(path, heading, say)
    taken, seen = Taken(), 0
    for some in _batches(path, heading, taken):
        _take(heading, some, viewer, taken, write=write)
        before, seen = seen, seen + len(some)
        if seen // TELL_EVERY > before // TELL_EVERY:
            say(f"… {counted(seen, 'family', 'families')} so far")
    _say_taken(taken, write=write, say=say)
    return taken


class path_opened:  # noqa: N801  (reads as a verb: with path_opened(…))
    """The rows of the file; closed at the end. Raises BrokenSheet where it cannot be opened or is not text."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Iterator[tuple[int, list[str]]]:
        try:
            self.file = self.path.open(encoding="utf-8", newline="")
        except OSError as error:
            raise BrokenSheet(f"it cannot be opened ({error.strerror})") from error
        return self._rows()

    def _rows(self) -> Iterator[tuple[int, list[str]]]:
        try:
            yield from family_sheet.rows_of(self.file)
        except UnicodeDecodeError as error:
            raise BrokenSheet("it is not text in UTF-8. Save the spreadsheet as “CSV UTF-8”") from error

    def __exit__(self, *_: object) -> None:
        self.file.close()


def _viewer(email: str) -> Viewer:
    user_id = db.session.scalars(select(User.id).where(func.lower(User.email) == email.lower(), User.active)).first()
    if user_id is None:
        raise NotAllowed(said(f"Nobody signs in with {email}. {WHO_MAY}", labels.words()))
    viewer = as_viewer(user_id)
    if not rules.allowed(viewer, P.ALREADY_HELPED):
        raise NotAllowed(said(f"{email} may not bring families in. {WHO_MAY}", labels.words()))
    return viewer


def _say_heading(heading: Heading, say: Callable[[str], None]) -> None:
    say("Columns:")
    for name, taken_as in heading.matched:
        say(f"  {name} → {taken_as}")
    if heading.unused:
        say(f"Not used: {', '.join(heading.unused)}")
    if heading.missing:
        say(f"Not in the file, so not known: {', '.join(heading.missing)}")


def _look_through(path: Path, heading: Heading, say: Callable[[str], None]) -> None:
    """What only the whole file tells. A file with dates written month first is not taken in at all: its other dates
    may be turned round too, and nobody would see it."""
    styles: Counter[str] = Counter()
    dated = {place for place, column in heading.columns.items() if column.read is family_columns.BY_KEY["born_on"].read}
    with path_opened(path) as rows:
        next(rows)
        for line, cells in rows:
            for place in dated & set(range(len(cells))):
                cell = cells[place].strip()
                style = family_columns.style_of(cell)
                styles[style or "in words"] += bool(cell)
                if family_columns.is_month_first(cell):
                    raise BrokenSheet(
                        f"line {line:,}, {heading.names[place]}, {family_columns.MONTH_FIRST}. The other dates may be "
                        "turned round too: set the spreadsheet to UK dates and save it again"
                    )
    if len(+styles) > 1:
        say(f"Dates are written in {len(+styles)} styles: {', '.join(sorted(+styles))}. Each is read as it stands.")


def _batches(path: Path, heading: Heading, taken: Taken) -> Iterator[list[SheetFamily]]:
    """Families a batch at a time; faults go to `taken` on the way."""

    def good(found: Iterator[SheetFamily | Fault]) -> Iterator[SheetFamily]:
        for each in found:
            if isinstance(each, Fault):
                taken.faults.append(each)
            else:
                yield each

    with path_opened(path) as rows:
        next(rows)
        families = good(family_sheet.families(heading, rows, clock.today()))
        while some := list(islice(families, BATCH)):
            yield some


def _take(heading: Heading, some: list[SheetFamily], viewer: Viewer, taken: Taken, *, write: bool) -> None:
    with writing(), asking(viewer), remembered():
        who = new_families.colleagues()
        family_import.take_in(heading, some, who, by=viewer, into=taken)
        if write:
            summary.recount_changed()
            db.session.commit()
        else:
            db.session.rollback()
            summary.forget_changed()
        db.session.expunge_all()


def _say_taken(taken: Taken, *, write: bool, say: Callable[[str], None]) -> None:
    words = labels.words()
    for fault in sorted(taken.faults, key=lambda fault: fault.line)[:MOST_FAULTS]:
        say(f"Left out: {said(str(fault), words)}")
    if len(taken.faults) > MOST_FAULTS:
        say(f"… and {len(taken.faults) - MOST_FAULTS:,} more")
    for note in sorted(taken.notes, key=lambda note: note.line)[:MOST_FAULTS]:
        say(f"Noted: {note}")
    done = "" if write else "would be "
    say(
        f"{counted(taken.added, 'family', 'families')} {done}added with "
        f"{counted(taken.people, 'person', 'people')}, {taken.changed:,} {done}brought up to date, "
        f"{taken.unchanged:,} as before; {counted(taken.wrong, 'fault', 'faults')}."
    )
    if not write:
        say("This was a trial: nothing was changed. Add --write to store it.")
