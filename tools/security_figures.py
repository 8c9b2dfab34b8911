"""python -m tools.security_figures DATABASE REPORT: what a long run counted, into docs/security-figures.md.

The report is what pytest writes with --junitxml. A line of the table is of the last run that tried what it says; what
that run did not try keeps the line it had."""

import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

PAGE = Path(__file__).resolve().parents[1] / "docs" / "security-figures.md"
TITLE = """# Security figures

Counted by the last `make attack` and `make soak`, and written here by them: change nothing by hand. Each line is of one
database and of the last run that tried it, a failed one too.

"""
HEAD = ("What was tried", "How often", "Result", "Database", "Day")
NOT_YET = "not run yet"


@dataclass(frozen=True)
class Figure:
    """What a test tries, and what it found if it passed."""

    test: str
    what: str
    found: str
    databases: tuple[str, ...] = ("SQLite",)


FIGURES = (
    Figure(
        "tests.attack.test_every_address.test_what_somebody_is_shown_opens_to_nobody_else_but_by_the_rules",
        "every address that anybody is shown, asked for as everybody else and signed out",
        "0 open",
        ("SQLite", "PostgreSQL"),
    ),
    Figure(
        "tests.attack.test_every_number.test_what_is_not_in_reach_is_not_there",
        "every page of a family’s thing with every number, as everybody and signed out",
        "0 open",
    ),
    Figure(
        "tests.attack.test_tokens."
        "test_no_form_is_taken_with_a_token_that_is_missing_wrong_another_persons_or_of_an_earlier_session",
        "every form, with each of four bad tokens",
        "0 accepted, nothing changed",
    ),
    Figure(
        "tests.attack.test_odd_input.test_is_borne_by_every_form_and_every_page",
        "odd input in every field of every form",
        "0 faults of the server, 0 unescaped, 0 lost",
        ("SQLite", "PostgreSQL"),
    ),
    Figure(
        "tests.web.test_every_form.TestEveryForm.test_is_saved_once_and_never_over_what_somebody_else_saved",
        "forms sent twice, over somebody else’s change, wrong, and after the session ended",
        "0 duplicates, 0 lost",
        ("SQLite", "PostgreSQL"),
    ),
    Figure(
        "tests.soak.test_killed_while_writing."
        "test_nothing_answered_is_lost_nothing_is_written_twice_and_the_log_is_whole",
        "the portal killed at random while people write",
        "0 answered changes lost, 0 written twice, the log whole",
        ("SQLite", "PostgreSQL"),
    ),
    Figure(
        "tests.architecture.test_backup.TestDrill.test_while_people_write_it_holds_whole_changes_up_to_one_instant",
        "a backup while people write, and a fresh database made of it",
        "rows equal, the log whole",
        ("SQLite", "PostgreSQL"),
    ),
)
Line = tuple[str, str, str, str, str]


def lines_of(report: Path, database: str) -> dict[tuple[str, str], Line]:
    """A line for each figure that the report tells of."""
    root = ET.parse(report).getroot()  # noqa: S314  (our own tests wrote it)
    suite = root if root.tag == "testsuite" else root.find("testsuite")
    if suite is None:
        raise SystemExit(f"{report} is no report of pytest")
    day = suite.attrib["timestamp"].partition("T")[0]
    found = {}
    for figure in FIGURES:
        cases = [case for case in suite.iter("testcase") if _name(case) == figure.test]
        if cases:
            line = (figure.what, _counted(cases), _result(figure, cases), database, day)
            found[figure.what, database] = line
    return found


def _name(case: ET.Element) -> str:
    return f"{case.attrib['classname']}.{case.attrib['name'].partition('[')[0]}"


def _counted(cases: list[ET.Element]) -> str:
    """Added up over those that were tried one by one."""
    sums: Counter[str] = Counter()
    for case in cases:
        for each in case.iter("property"):
            sums[each.attrib["name"]] += int(each.attrib["value"])
    return ", ".join(f"{number:,} {name}" for name, number in sums.items()) or "not counted"


def _result(figure: Figure, cases: list[ET.Element]) -> str:
    """What it found stands there only where every one of them passed."""
    wrong = sum(any(case.find(tag) is not None for tag in ("failure", "error", "skipped")) for case in cases)
    return f"**failed** ({wrong} of {len(cases)})" if wrong else figure.found


def earlier(page: Path) -> dict[tuple[str, str], Line]:
    """The lines that the page has."""
    found = {}
    for text in page.read_text(encoding="utf-8").splitlines() if page.exists() else []:
        cells = tuple(cell.strip() for cell in text.strip().strip("|").split("|"))
        if len(cells) == len(HEAD) and cells[1] != NOT_YET:
            what, often, result, database, day = cells
            found[what, database] = (what, often, result, database, day)
    return found


def page_of(lines: dict[tuple[str, str], Line]) -> str:
    """One line for each figure and database, whether it was tried or not."""
    rows = [
        lines.get((figure.what, database), (figure.what, NOT_YET, "", database, ""))
        for figure in FIGURES
        for database in figure.databases
    ]
    rows = [HEAD, ("---", "---", "---", "---", "---"), *rows]
    return TITLE + "".join(f"| {' | '.join(row)} |\n" for row in rows)


def main(database: str, report: str) -> None:
    lines = earlier(PAGE) | lines_of(Path(report), database)
    PAGE.write_text(page_of(lines), encoding="utf-8")
    print(f"written to {PAGE.name}")


if __name__ == "__main__":
    main(*sys.argv[1:])
