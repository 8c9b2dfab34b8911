"""The council's logo: a file that whoever runs the server puts there, checked when the portal starts."""

import base64
import re
from pathlib import Path
from xml.parsers import expat

LARGEST = 20_000
PNG = b"\x89PNG\r\n\x1a\n"
# What draws, and nothing that runs, asks elsewhere for something or holds another page.
DRAWS = re.compile(
    "svg|g|defs|title|desc|path|rect|circle|ellipse|line|polyline|polygon|text|tspan|style|symbol|use|"
    "linearGradient|radialGradient|stop|clipPath|mask"
)
POINTS_WITHIN = ("href", "xlink:href")


def address(path: Path) -> str:
    """The file as an address that stands in the page itself. Raises ValueError in words for whoever set it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if len(content) > LARGEST:
        raise ValueError(f"must be {LARGEST:,} bytes or fewer. It is {len(content):,}")
    kind = "png" if content.startswith(PNG) else "svg+xml"
    if kind == "svg+xml":
        _demand_drawing(content)
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _demand_drawing(content: bytes) -> None:
    """Raises ValueError for what is no SVG, or more than a drawing."""
    seen: list[str] = []

    def begins(name: str, attributes: dict[str, str]) -> None:
        seen.append(name)
        if not DRAWS.fullmatch(name):
            raise ValueError(f"must only draw: it holds <{name[:40]}>")
        for attribute, value in attributes.items():
            within = attribute not in POINTS_WITHIN or value.startswith("#")
            if attribute.lower().startswith("on") or not within or "url(" in value.replace("url(#", ""):
                raise ValueError(f"must only draw: it holds {attribute[:40]}")

    def declares(*_: object) -> None:
        raise ValueError("must not declare a document type")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begins
    parser.StartDoctypeDeclHandler = declares
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ValueError("must be a PNG or an SVG file") from error
    if seen[:1] != ["svg"]:
        raise ValueError("must be a PNG or an SVG file")
