"""What axe finds on a page, wide and narrow, in lines that say where to look."""

from collections.abc import Iterable, Mapping
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

WIDE, NARROW = 1280, 320  # 320 is a page of 1280 enlarged to 400 %: WCAG 2.2, 1.4.10
OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Told to run by name: as an experiment axe leaves it out, WCAG 2.5.3 does not
    "rules": {"label-content-name-mismatch": {"enabled": True}},
}

# Reading further than the edge. What scrolls inside a box of its own, as a wide table may, is not in the way.
STICKING_OUT = """() => {
    const edge = document.documentElement.clientWidth
    if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= edge) return []
    const boxed = element => {
        for (let at = element.parentElement; at && at !== document.body; at = at.parentElement)
            if (getComputedStyle(at).overflowX !== "visible") return true
        return false
    }
    const named = element => element.tagName.toLowerCase() + (element.id ? "#" + element.id : "")
        + [...element.classList].map(name => "." + name).join("")
    return [...document.body.querySelectorAll("*")]
        .filter(element => element.getBoundingClientRect().right > edge + 0.5 && !boxed(element))
        .map(element => `${named(element)} reaches to ${Math.round(element.getBoundingClientRect().right)} px`)
        .concat(`the page is ${document.documentElement.scrollWidth} px wide`)
}"""


def violations(page: Page, widths: Iterable[int] = (WIDE, NARROW)) -> list[str]:
    """One line for each element at fault, at each width. The page has its own width again afterwards."""
    if not page.evaluate("matchMedia('(scripting: enabled)').matches"):
        # It would wait for ever for a timer that never runs
        raise ValueError("axe needs JavaScript: open the same address in a context that has it")
    before = page.viewport_size
    found = []
    try:
        for width in widths:
            _widen(page, width)
            response = Axe().run(page, options=OPTIONS).response
            found += [f"At {width} px, {line}" for violation in response["violations"] for line in _lines(violation)]
            if width == NARROW:
                found += [f"At {width} px, sideways scroll: {line}" for line in page.evaluate(STICKING_OUT)]
    finally:
        if before:
            page.set_viewport_size(before)
    return found


def assert_accessible(page: Page) -> None:
    """No violation at 1280 and at 320 px, and nothing to scroll to sideways at 320."""
    found = violations(page)
    assert not found, "\n".join([f"{page.url} “{page.title()}” has {len(found)} faults:", *found])


def _widen(page: Page, width: int) -> None:
    height = page.viewport_size["height"] if page.viewport_size else 900
    page.set_viewport_size({"width": width, "height": height})


def _lines(violation: Mapping[str, Any]) -> list[str]:
    rule = f"{violation['id']} ({violation['impact']}): {violation['help']}"
    return [
        f"{rule} at {' '.join(map(str, node['target']))}: {_shortened(node['html'])}" for node in violation["nodes"]
    ]


def _shortened(html: str) -> str:
    one_line = " ".join(html.split())
    return one_line if len(one_line) <= 160 else f"{one_line[:159]}…"
