"""The council's logo: a file on the server, looked at when the portal starts, shown in the header of every page."""

import base64
from pathlib import Path

import pytest

from portal import create_app
from portal.core.config import Settings, SettingsError
from portal.web.logo import LARGEST, PNG
from tests.support.people import Council
from tests.support.web import Browser

DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def named(settings: Settings, path: Path) -> Settings:
    return settings.model_copy(update={"logo": path})


@pytest.mark.parametrize(("content", "kind"), [(DRAWING, "svg+xml"), (PNG + b"...", "png")])
def test_stands_in_the_header_of_every_page(council: Council, tmp_path: Path, content: bytes, kind: str) -> None:
    file = tmp_path / "logo"
    file.write_bytes(content)
    app = create_app(named(council.app.config["PORTAL"], file))

    page = Browser(app.test_client()).get("/sign-in")

    (image,) = page.soup.select("header img")
    assert image["alt"] == "Ambleford Council"
    assert image["src"] == f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def test_without_one_there_is_none(council: Council) -> None:
    assert Browser(council.app.test_client()).get("/sign-in").soup.select("header img") == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"GIF89a", "must be a PNG or an SVG file"),
        (b"<html></html>", "must only draw: it holds <html>"),
        (DRAWING.replace(b"<path", b"<script/><path"), "must only draw: it holds <script>"),
        (DRAWING.replace(b" d=", b' onload="x" d='), "must only draw: it holds onload"),
        (DRAWING.replace(b"<path", b'<use href="https://x.example/a.svg#b"/><path'), "must only draw: it holds href"),
        (DRAWING.replace(b" d=", b' fill="url(https://x.example/a)" d='), "must only draw: it holds fill"),
        (b'<!DOCTYPE svg [<!ENTITY a "b">]>' + DRAWING, "must not declare a document type"),
        (PNG + b"x" * LARGEST, "must be 20,000 bytes or fewer. It is 20,008"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_the_portal_does_not_start_with_anything_else(
    council: Council, tmp_path: Path, content: bytes | None, words: str
) -> None:
    file = tmp_path / "logo"
    if content is not None:
        file.write_bytes(content)

    with pytest.raises(SettingsError, match="PORTAL_LOGO") as refused:
        create_app(named(council.app.config["PORTAL"], file))

    assert words in str(refused.value)
