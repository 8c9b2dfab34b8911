"""Pages of docs/ that are printed from the tables of the code: lives, permissions, settings, limits, a spreadsheet."""

from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from portal.core.config import Settings
from portal.domain.dates import counted
from portal.domain.family_columns import COLUMNS
from portal.domain.limits import PACES, Limit, Pace
from portal.domain.lives import LIVES
from portal.domain.permissions import GRANTS, P, Standing
from portal.domain.reaching import BAR_WORDS, LETS_THROUGH, REACHES, WAY_WORDS, Bar, Way
from portal.domain.roles import ROLE_NAMES, Role, Tie
from portal.domain.wording import MOVES, STATES
from portal.domain.words import SHIPPED, say
from portal.domain.workflow import Move, Workflow

PRINTED = "Printed from the code by `flask --app portal portal print-docs`: change the tables, not this page.\n"
TIES = {
    Tie.MEMBER: "member of the team",
    Tie.LEAD: "lead professional of the family",
    Tie.COORDINATOR: "the early help coordinator of the family",
    Tie.NOMINEE: "somebody asked to lead",
    Tie.OWNER: "owner of the thing",
    Tie.RECORDER: "whoever made the change",
    Tie.SERVICE: "people of the service it was sent to",
    Tie.SOCIAL_WORKER: "social worker of the step-down",
    Tie.SOCIAL_WORKERS_TEAM: "social worker of the same team",
    Tie.SOCIAL_WORKERS_MANAGER: "manager of the same team",
    Tie.OPENED: "whoever opened the family in an emergency",
    Tie.AFTER_SOCIAL_WORK: "early help manager where social work has closed",
}
ORDER: tuple[Standing, ...] = (*Role, *Tie)


def pages() -> dict[str, str]:
    """Each page's name and text."""
    return {
        "lives.md": _lives(),
        "permissions.md": _permissions(),
        "reach.md": _reach(),
        "settings.md": _settings(),
        "limits.md": _limits(),
        "import-families.md": _families_sheet(),
        "import-families.csv": _families_template(),
    }


LIMITED = {
    Limit.SIGN_IN: "signing in: wrong passwords of one account from one address; wrong passkeys from one address",
    Limit.OWN_PASSWORD: "guessing one's own password at an open browser",
    Limit.RESET: "links for a forgotten password, of one account from one address",
    Limit.LINK_ANSWER: "answers by a family's link from one address",
    Limit.SECOND_FACTOR: "wrong codes, recovery codes and passkeys after the password, of one account from anywhere",
    Limit.SEARCH: "looking families up, by one person",
    Limit.EXPORT: "taking something out as a file, by one person",
}


def _limits() -> str:
    """How often something may be done before it has to wait."""
    rows = [
        f"| {LIMITED[limit]} | {', and '.join(f'{pace.times} in {_for_how_long(pace)}' for pace in paces)} |"
        for limit, paces in PACES.items()
    ]
    return "\n".join(
        [
            "# Limits",
            "",
            PRINTED,
            "Counted in the database, so that any number of servers count alike. What is right does not count.",
            "",
            "| What | How often |",
            "|---|---|",
            *rows,
            "",
        ]
    )


def _for_how_long(pace: Pace) -> str:
    for name, one in (("day", timedelta(days=1)), ("hour", timedelta(hours=1)), ("minute", timedelta(minutes=1))):
        if pace.within >= one:
            return counted(pace.within // one, name, f"{name}s")
    raise ValueError(pace)


def write(folder: Path) -> list[Path]:
    """Write them into a folder; returns those that changed."""
    changed = []
    for name, text in pages().items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _lives() -> str:
    parts = [
        "# Lives\n",
        PRINTED,
        "Each thing below goes through a few states. A move that is not open from the present state is refused in the\n"
        "words given here, however it is asked for. A move without a second state records something and keeps the\n"
        "state. `portal/services/moves.py` walks them all.\n",
    ]
    return "\n".join([*parts, *(_life(life) for life in LIVES)])


def _life(life: Workflow) -> str:
    states = _table(
        ("State", "Shown as", "Begins here"),
        ((f"`{state}`", _said(STATES[state].words), "yes" if state in life.starts else "") for state in life.states),
    )
    moves = _table(
        ("Move", "From → to", "Who", "Needs", "Holds first", "Tells", "Refused with"),
        (_move(life, move) for move in life.moves),
    )
    return f"## {life.name.replace('_', ' ').capitalize()}\n\n{states}\n{moves}"


def _move(life: Workflow, move: Move) -> tuple[str, ...]:
    sources = ", ".join(f"`{state}`" for state in life.states if state in move.sources)
    return (
        f"`{move.name}`",
        f"{sources} → `{move.target}`" if move.target else sources,
        f"`{move.permission}`",
        _listed(move.needs),
        _listed((*life.guards, *move.guards)),
        _listed(move.notify),
        _said(MOVES[life.name, move.name].refusal),
    )


def _permissions() -> str:
    parts = [
        "# Permissions\n",
        PRINTED,
        "A role is given by an administrator; a tie grows from the work and ends with it. Both count only within\n"
        "what the person reaches (`portal/policies/scope.py`): a role that may record a visit may do so for the\n"
        "families it reaches, and finds nothing at the address of any other.\n",
    ]
    rows = ((f"`{permission}`", ", ".join(_names(GRANTS[permission]))) for permission in P)
    return "\n".join([*parts, _table(("Permission", "Who"), rows)])


def _names(standings: Iterable[Standing]) -> list[str]:
    held = set(standings)
    return [ROLE_NAMES[one] if isinstance(one, Role) else TIES[one] for one in ORDER if one in held]


def _reach() -> str:
    parts = [
        "# Who reaches a family\n",
        PRINTED,
        "What leads somebody to a family, by their role and by what ties them to it, and what bars them from it all\n"
        "the same. Two roles reach what either does. Where a family is reached, [permissions.md](permissions.md) says\n"
        "what each may do; where it is not, it is as if it were not there. `portal/policies/criteria.py` reads these\n"
        "tables.\n",
        "## By what it is reached\n",
        _table(
            ("What they are to it", *(ROLE_NAMES[role] for role in Role)),
            ((WAY_WORDS[way], *("yes" if role in REACHES[way] else "" for role in Role)) for way in Way),
        ),
        "Social work reaches it while its work goes on and for some time after (a practice standard); members and\n"
        "covers while their organisation has a sharing agreement. Whoever was asked to lead, and a service to which\n"
        "something was sent, reach that one thing and not the family.\n",
        "## What bars them\n",
        _table(
            ("The family", *(WAY_WORDS[way] for way in Way)),
            ((BAR_WORDS[bar], *("yes" if way in LETS_THROUGH[bar] else "" for way in Way)) for bar in Bar),
        ),
    ]
    return "\n".join(parts)


def _settings() -> str:
    parts = [
        "# Settings\n",
        PRINTED,
        "Each is an environment variable. A setting that cannot be is refused at the start, with words that say what\n"
        "to set; production refuses what is not safe.\n",
    ]
    rows = (
        (f"`PORTAL_{name.upper()}`", _default(field.get_default()), field.description or "")
        for name, field in Settings.model_fields.items()
    )
    return "\n".join([*parts, _table(("Setting", "Default", "What it is for"), rows)])


def _default(value: object) -> str:
    if value in ("", None):
        return "empty"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _families_sheet() -> str:
    parts = [
        "# A spreadsheet of families\n",
        PRINTED,
        "How a council brings in the families it works with already. `import-families.csv` is a template: a row for\n"
        "each person, the family’s reference repeated on each. Save it as CSV UTF-8, then\n",
        "```\n"
        "flask --app portal portal import families FILE.csv --as EMAIL          # tries it, changes nothing\n"
        "flask --app portal portal import families FILE.csv --as EMAIL --write  # stores it\n"
        "```\n",
        "The columns may stand in any order, under any of the names below; capitals, spaces and dashes do not matter.\n"
        "Columns that are not known are named and not used. Whatever is wrong is told by line, column and reason, in\n"
        "the order of the file: the family it belongs to is left out whole, and each of its other lines says so; the\n"
        "others are taken in. An NHS number or UPN is one person’s: on a second line, or where somebody else in the\n"
        "portal has it, it is a fault.\n",
        "A second import knows a family by its reference and a person by a number or by name and date of birth. It\n"
        "fills in and changes what the file says, with the old and the new value in the family’s history, doubles\n"
        "nothing, and takes nothing away; it may hold some of a family’s people only. Somebody of the same surname\n"
        "and date of birth under another name is asked about: a row with their number is taken as the same person,\n"
        "one without is a fault until the name is changed in the portal, or both are named in the file.\n",
        "That ringing a number is not safe is taken over at once. A new number is safe only where the file says so of\n"
        "it. What somebody changed in the portal about safe contact, relationships and parental responsibility stays\n"
        "as it is there, and the import says so. Whoever leads when a family comes in is recorded as the file says,\n"
        "not as having accepted, and is told; after that, who leads or coordinates is changed in the portal alone.\n",
        "A file with a date written month first is not taken in at all: its other dates may be turned round unseen.\n",
    ]
    rows = (
        (
            column.name + (" (needed)" if column.needed else ""),
            ", ".join(column.also) or "–",
            "family" if column.of_family else "person",
            column.says,
        )
        for column in COLUMNS
    )
    return "\n".join([*parts, _table(("Column", "Also known as", "Of the", "What it says"), rows)])


def _families_template() -> str:
    """The first line alone: invented people in a template are taken in sooner or later."""
    return ",".join(column.name for column in COLUMNS) + "\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names) or "–"


def _said(text: str) -> str:
    return say(text, SHIPPED)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |\n" for line in lines)
