"""Whether the log is whole: every row as it was written, none gone, none added, none elsewhere, and to its end."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from portal.core import clock, log_keys
from portal.core.db import db
from portal.domain import log
from portal.domain.dates import counted
from portal.domain.log import Head, Seal
from portal.facts import log_rows
from portal.facts.log_rows import LogRow
from portal.models.families import Family
from portal.policies.scope import unscoped

AT_ONCE = 50
ROWS_AT_ONCE = 5_000
# Enough to see where to look; a log that was made up anew would be one fault a row.
MOST = 100


@dataclass
class Found:
    """What a check came to. Each fault is a sentence; the head is the last good or bad seal there is."""

    faults: list[str] = field(default_factory=list)
    rows: int = 0
    seals: int = 0
    unsealed: int = 0
    unsealed_since: datetime | None = None
    unsigned: int = 0
    # Rows whose words of changes went with the record that they told of.
    wordless: int = 0
    head: Head | None = None

    @property
    def whole(self) -> bool:
        return not self.faults

    def fault(self, words: str) -> None:
        if len(self.faults) < MOST:
            self.faults.append(words)


def check(copied: Iterable[Head] = ()) -> Found:
    """Read the whole log, in the order of its rows, some thousands at a time. `copied` are heads of the chain that
    were kept elsewhere: where the chain does not hold one of them, its end was cut off or all of it made anew."""
    return _Check(list(copied)).run()


class _Check:
    def __init__(self, copied: list[Head]) -> None:
        self.found = Found()
        self._keys = log_keys.keys()
        self._copied = {head.number: head for head in copied}
        self._counts: dict[str, int] = {}
        self._signed = False
        # Rows read and not yet met in a seal: of a request that took longer than those after it.
        self._loose: dict[int, LogRow] = {}
        self._read_to = 0
        # Of which family there are rows without their words of changes, and the first of these rows.
        self._wordless: dict[int | None, int] = {}

    def run(self) -> Found:
        before = Head(0, "")
        while batch := log_rows.seals_after(before.number, AT_ONCE):
            for seal, mac in batch:
                self._seal(seal, mac, before)
                before = Head(seal.number, mac)
        self.found.head = before if before.number else None
        self._ends(before)
        return self.found

    def _seal(self, seal: Seal, mac: str, before: Head) -> None:
        self.found.seals += 1
        name = f"Seal {seal.number}"
        if seal.number != before.number + 1:
            gone = counted(seal.number - before.number - 1, "seal is", "seals are")
            self.found.fault(f"{gone} gone before seal {seal.number}.")
        elif not self._keys.knows(mac):
            self.found.fault(f"{name} was signed with a key that is not in PORTAL_AUDIT_KEYS any more.")
        elif not self._keys.signed(_after(seal, before.mac).content, mac):
            self.found.fault(f"{name} was changed, or is not the one that followed seal {before.number}.")
        copy = self._copied.pop(seal.number, None)
        if copy is not None and copy.mac != mac:
            self.found.fault(f"{name} is not the one whose head was copied: the chain was made anew.")
        self._rows_of(seal)

    def _rows_of(self, seal: Seal) -> None:
        wanted = list(log.ids_of(seal.spans))
        self._read(wanted[-1])
        rows = [row for row in (self._loose.pop(each, None) for each in wanted) if row is not None]
        if len(rows) < len(wanted):
            there = {row["id"] for row in rows}
            gone = [each for each in wanted if each not in there]
            self.found.fault(f"{_named(gone)} {'is' if len(gone) == 1 else 'are'} gone (seal {seal.number}).")
        elif log.digest(rows) != seal.digest:
            self.found.fault(f"The rows of seal {seal.number} are not what, or not in the order in which, it sealed.")

    def _read(self, up_to: int) -> None:
        """Everything up to this id, whether a seal holds it or not."""
        while self._read_to < up_to:
            last = min(up_to, self._read_to + ROWS_AT_ONCE)
            rows = log_rows.rows_between(self._read_to + 1, last)
            self._judge(rows)
            self._loose |= {row["id"]: row for row in rows}
            self._read_to = last

    def _judge(self, rows: Sequence[LogRow]) -> None:
        for row in rows:
            self.found.rows += 1
            for words in self._wrong_with(row):
                self.found.fault(words)

    def _wrong_with(self, row: LogRow) -> Iterator[str]:
        mac, name = row["mac"], f"Row {row['id']}"
        if mac is None:
            if self._signed:
                yield f"{name} was not written by the portal: it has no signature."
            self.found.unsigned += 1
            return
        self._signed = True
        if not self._keys.knows(mac):
            yield f"{name} was signed with a key that is not in PORTAL_AUDIT_KEYS any more."
        elif not self._keys.signed(log.content(row), mac):
            yield f"{name} was changed after it was written."
        yield from self._words_of(row)
        yield from self._count(row)

    def _words_of(self, row: LogRow) -> Iterator[str]:
        """What it says of changes is what was signed, or is gone with the whole record."""
        mark, words = row["changes_mark"], row["changes"]
        if words is None and mark is not None:
            self.found.wordless += 1
            self._wordless.setdefault(row["family_id"], row["id"])
        elif words is not None and (mark is None or not self._keys.signed(words.encode(), mark)):
            yield f"What row {row['id']} says of changes is not what was written."

    def _count(self, row: LogRow) -> Iterator[str]:
        before = self._counts.get(row["writer"], 0)
        if row["number"] <= before:
            yield f"Row {row['id']} is in the log twice, or was put elsewhere."
        elif row["number"] > before + 1:
            yield f"{counted(row['number'] - before - 1, 'row is', 'rows are')} gone before row {row['id']}."
        self._counts[row["writer"]] = row["number"]

    def _ends(self, last: Head) -> None:
        for head in self._copied.values():
            self.found.fault(
                f"The chain ends with seal {last.number}, but the head of seal {head.number} was copied: its end was "
                "cut off."
            )
        for row in self._loose.values():
            if row["at"] < clock.now() - log.SETTLED:
                self.found.fault(f"Row {row['id']} is in no seal, though rows after it are.")
            else:
                self._waits(row)
        while rows := log_rows.rows_after(self._read_to, (), ROWS_AT_ONCE):
            self._judge(rows)
            self._read_to = rows[-1]["id"]
            for row in rows:
                self._waits(row)
        self._words_gone_too_early()

    def _words_gone_too_early(self) -> None:
        families = [family for family in self._wordless if family is not None]
        with unscoped("whether a record is there still"):
            there = set(db.session.scalars(select(Family.id).where(Family.id.in_(families)))) if families else set()
        for family, row in self._wordless.items():
            if family is None or family in there:
                self.found.fault(f"What row {row} says of changes was taken away, and no record with it.")

    def _waits(self, row: LogRow) -> None:
        self.found.unsealed += 1
        self.found.unsealed_since = min(self.found.unsealed_since or row["at"], row["at"])


def _after(seal: Seal, previous: str) -> Seal:
    return Seal(**{**vars(seal), "previous": previous})


def _named(ids: list[int]) -> str:
    return f"Row {ids[0]}" if len(ids) == 1 else f"Rows {log.spans(ids).replace(',', ', ')}"
