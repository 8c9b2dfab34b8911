"""Rows as lines of a CSV file that a spreadsheet opens: whatever somebody typed is text there, never a formula."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO

# A spreadsheet would run what begins so.
_RUNS = ("=", "+", "-", "@", "\t", "\r")
# By it a spreadsheet knows that this is UTF-8.
MARK = "\ufeff"


def harmless(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(_RUNS) else cell


def lines(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """One after the other, as they are read."""
    for row in rows:
        line = StringIO()
        csv.writer(line).writerow(harmless("" if cell is None else str(cell)) for cell in row)
        yield line.getvalue()
