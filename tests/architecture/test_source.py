"""Rules that hold because nothing in the portal's own text breaks them: read from the text itself."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# What starts other programs, runs text, or reads back what a program froze.
RUNS_TEXT = {"eval", "exec", "compile", "__import__"}
NEVER_IMPORTED = {
    "ctypes",
    "dill",
    "jsonpickle",
    "marshal",
    "pickle",
    "pty",
    "random",
    "shelve",
    "subprocess",
    "telnetlib",
    "xmlrpc",
    "yaml",
}
WEAK = {"md5", "sha1", "new"}
# Whose business it is to scramble, sign and prove; nobody makes their own.
OF_SECRETS = {"argon2", "authlib", "cryptography", "hashlib", "hmac", "itsdangerous", "joserfc", "pyotp", "secrets"}
OF_SECRETS |= {"ssl", "webauthn"}
OTHERS_OF_SECRETS = {"bcrypt", "Crypto", "Cryptodome", "jose", "jwt", "nacl", "OpenSSL", "passlib", "rsa", "scrypt"}
# Who speaks to somebody else over the network, and to whom: an address of the settings, never one that was typed.
SPEAKS = {
    "portal.web.provider": {"requests", "authlib"},
    "portal.worker.post": {"smtplib", "notifications_python_client"},
}
# Look for names that people have, or for words that somebody wants hidden: each is escaped before it is put in.
ESCAPES = {"portal.domain.hiding", "portal.domain.redaction"}
NETWORK = {"aiohttp", "ftplib", "http.client", "httpx", "requests", "smtplib", "socket", "urllib.request", "urllib3"}
NETWORK |= {"notifications_python_client"}


def modules() -> Iterator[tuple[str, ast.Module]]:
    for path in sorted((ROOT / "portal").rglob("*.py")):
        name = ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        yield name, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= {node.module} | {f"{node.module}.{each.name}" for each in node.names}
    return found


def calls(tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Each call by the name that stands before its parentheses."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def is_written_out(node: ast.expr) -> bool:
    """A text of the program's own: a constant, a name in capitals, or some of these put together."""
    match node:
        case ast.Constant():
            return True
        case ast.Name(id=name):
            return name.upper() == name
        case ast.JoinedStr(values=parts):
            return all(is_written_out(part.value if isinstance(part, ast.FormattedValue) else part) for part in parts)
        case ast.BinOp(left=left, right=right):
            return is_written_out(left) and is_written_out(right)
        case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr="escape")):
            return True
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="join"), args=[joined]):
            return is_written_out(joined) or ast.unparse(joined).startswith("map(re.escape, ")
    return False


class TestPython:
    def test_starts_no_program_runs_no_text_and_thaws_nothing(self) -> None:
        faults = [
            f"{name}: {word}"
            for name, tree in modules()
            for word in [
                *({each.partition(".")[0] for each in imported(tree)} & NEVER_IMPORTED),
                *(
                    word
                    for word, _ in calls(tree)
                    if word in RUNS_TEXT or re.match(r"os\.(system|popen|exec|spawn)", word)
                ),
            ]
        ]

        # The demonstration's families are the same each time; a backup is made by PostgreSQL's own programs, no shell.
        apart = ("portal.demo.", "portal.core.backup: subprocess")
        assert [each for each in faults if not each.startswith(apart)] == []

    def test_uses_known_libraries_for_secrets_and_no_weak_hash(self) -> None:
        used, weak = set(), []
        for name, tree in modules():
            used |= {each.partition(".")[0] for each in imported(tree)} & (OF_SECRETS | OTHERS_OF_SECRETS)
            weak += [f"{name}: {word}" for word, _ in calls(tree) if word in {f"hashlib.{each}" for each in WEAK}]

        assert used - OF_SECRETS == set()
        assert {"argon2", "hmac", "secrets"} <= used
        assert weak == []

    def test_makes_no_pattern_and_no_template_of_what_was_typed(self) -> None:
        faults = [
            f"{name}:{call.lineno} {word}"
            for name, tree in modules()
            for word, call in calls(tree)
            if (
                re.fullmatch(r"re\.(compile|match|search|fullmatch|findall|finditer|sub|split)", word)
                and name not in ESCAPES
                and not is_written_out(call.args[0])
            )
            or word.endswith(("render_template_string", ".from_string"))
        ]

        assert faults == []

    def test_speaks_over_the_network_in_two_places_alone_and_follows_nobody_elsewhere(self) -> None:
        found = {
            name: {each for each in imported(tree) if each.partition(".")[0] in NETWORK or each in NETWORK}
            for name, tree in modules()
        }
        speakers = {name for name, used in found.items() if used}
        fetches = [
            f"{name}:{call.lineno} {word}"
            for name, tree in modules()
            for word, call in calls(tree)
            if re.match(r"(requests|httpx|urllib\.request)\.", word) and "Exception" not in word
        ]

        assert speakers == set(SPEAKS)
        assert fetches == [], "an address is fetched: of whose choice?"


SCRIPTS = sorted((ROOT / "portal" / "assets").glob("*.js"))
WRITES_MARKUP = r"(innerHTML|outerHTML|srcdoc)\s*\+?=(?!=)|insertAdjacentHTML|document\.write|createContextualFragment"
RUNS = r"\b(eval|Function|setTimeout\(\s*[\"'`]|setInterval\(\s*[\"'`])\b|javascript:"
KEEPS = r"\b(localStorage|sessionStorage|indexedDB|caches|document\.cookie)\b"
MIXES = r"__proto__|\bprototype\b|Object\.assign\(|\bfor\s*\(\s*(const|let|var)\s+\w+\s+in\b"


class TestScripts:
    """The portal's own; those of others are held by the policy of a page, and their versions by a lock."""

    @pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
    @pytest.mark.parametrize(
        ("what", "pattern"),
        [("markup", WRITES_MARKUP), ("code", RUNS), ("browser's store", KEEPS), ("prototypes", MIXES)],
    )
    def test_touch_no(self, path: Path, what: str, pattern: str) -> None:
        text = re.sub(r"^\s*//.*$", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)

        assert re.findall(pattern, text) == [], what

    def test_are_all_read_here(self) -> None:
        assert {path.name for path in SCRIPTS} == {"passkey.js", "portal.js"}

    def test_no_template_holds_a_script_or_a_style_of_its_own(self) -> None:
        templates = sorted((ROOT / "portal" / "templates").rglob("*.html"))
        inline = re.compile(
            r"<script(?![^>]*\bsrc=)[^>]*>|\son[a-z]+\s*=\s*[\"']|\bstyle\s*=\s*[\"']|<style\b|hx-on|js:"
        )

        found = {path.name: inline.findall(path.read_text(encoding="utf-8")) for path in templates}

        assert len(templates) > 100
        assert {name: marks for name, marks in found.items() if marks} == {}
