"""Where the built stylesheet, scripts and pictures are, and which inline script the pages may run."""

import base64
import hashlib
import json
import mimetypes
import re
from functools import cache
from importlib.resources import files
from pathlib import Path

from flask import Flask, Response, abort, request, send_from_directory, url_for

STATIC = Path(__file__).resolve().parent.parent / "static"
INLINE_SCRIPT = re.compile(r"<script[^>]*>(.+?)</script>", re.DOTALL)


class AssetsMissingError(RuntimeError):
    """The portal cannot show a page without its stylesheet."""


@cache
def manifest() -> dict[str, str]:
    """Plain name of every asset → the name its content gives it. Read once: a new build needs a restart."""
    try:
        names: dict[str, str] = json.loads((STATIC / "manifest.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AssetsMissingError("The assets are not built. Run: make assets") from None
    return names


def asset_path(name: str) -> str:
    """The file of an asset inside the static folder, its name changing with its content."""
    return manifest()[name]


def asset(name: str) -> str:
    """The address of an asset, for templates."""
    return _address(name, request.root_path)


@cache
def _address(name: str, _below: str) -> str:
    return url_for("static", filename=asset_path(name))


def register(app: Flask) -> None:
    """Serve what was built and nothing that lies beside it."""
    app.view_functions["static"] = serve


def serve(filename: str) -> Response:
    """A built file, in its compressed copy where the browser takes that."""
    if filename not in manifest().values():
        abort(404)
    smaller = request.accept_encodings["gzip"] > 0
    response = send_from_directory(
        STATIC, f"{filename}.gz" if smaller else filename, mimetype=mimetypes.guess_type(filename)[0]
    )
    if smaller:
        response.headers["Content-Encoding"] = "gzip"
    response.headers.add("Vary", "Accept-Encoding")
    return response


@cache
def inline_script_source() -> str:
    """The source for `script-src` that allows the one inline script of the GOV.UK page template, by its hash."""
    template = files("govuk_frontend_jinja") / "templates" / "template.html"
    found = INLINE_SCRIPT.findall(template.read_text(encoding="utf-8"))
    digest = hashlib.sha256(found[0].encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"
