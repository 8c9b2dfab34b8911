"""Rendering: one way to a page, the council's words, and what every template may ask."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, replace
from typing import Any

from flask import Flask, current_app, g, render_template
from jinja2 import ChoiceLoader, PackageLoader, PrefixLoader, Template
from markupsafe import Markup

from portal.core import clock
from portal.core.config import Settings, SettingsError, refusal
from portal.domain import viewer as asking
from portal.domain.dates import moment
from portal.domain.permissions import P
from portal.domain.words import SHIPPED, say
from portal.facts import contacts
from portal.models.record import Event
from portal.policies import rules, ties
from portal.web import assets, bar, logo, navigation
from portal.web.buttons import Button, unseen

# True while a template runs: tests refuse a statement then.
rendering: ContextVar[bool] = ContextVar("rendering", default=False)


@dataclass(frozen=True)
class Answer:
    """A change whose answer is a page and not another address: what was found. It keeps no key: sent twice it is
    answered twice, so what it records has to bear that (`submissions.fingerprint`)."""

    page: Callable[[], str]
    status: int = 200


UNDO = "undo "
_READ_LAST = "portal-contacts"


@dataclass(frozen=True)
class Done:
    """A change that was made: where the browser goes, what is said, and the piece of page htmx swaps in."""

    location: str
    words: str
    block: Callable[[], str] | None = None
    # The line of history that tells of it, where it can be taken back: said with a button that undoes it.
    undo: Event | None = None
    # Where it is taken back, if not as other changes are.
    undo_at: str | None = None

    @property
    def undone_at(self) -> str | None:
        return self.undo_at or (f"/events/{self.undo.ref}/undo" if self.undo else None)


def render(template: str, **context: Any) -> str:
    """A whole page, or a piece. Everything it shows was read before."""
    token = rendering.set(True)
    try:
        return render_template(template, **context)
    finally:
        rendering.reset(token)


def phrase(text: object) -> str:
    """The sentence with the council's words for concepts put in."""
    return say(str(text), g.get("words", SHIPPED))


def print_line(*refs: str) -> str:
    """What stands at the head of each printed sheet: F-12, S-3. Printed by somebody, 2 September 2024 at 9:32am"""
    return _made("Printed", *refs)


def export_line(*refs: str) -> str:
    """The same at the head of a file."""
    return _made("Exported", *refs)


def _made(how: str, *refs: str) -> str:
    viewer = asking.current()
    return f"{', '.join(refs)}. {how} by {viewer.name if viewer else 'nobody'}, {moment(clock.now())}"


def announced(block: str, words: str) -> str:
    """A piece of page, and a line for the live region beside it."""
    return block + render("components/_announce.html", words=phrase(words))


def can(permission: str, thing: Any = None) -> bool:
    """Whether the viewer may, by the same rule as the route behind the button."""
    viewer = asking.current()
    return viewer is not None and rules.allowed(viewer, P(permission), thing)


def emergency_until() -> str | None:
    """Where the page is of a family that the viewer opened in an emergency: when that ends, with the time of day."""
    viewer, seen = asking.current(), g.get("seen")
    if viewer is None or seen is None or seen.family_id is None:
        return None
    tied = ties.known(viewer, seen.family_id)
    return moment(tied.open_until) if tied and tied.open_until else None


def not_sharing() -> str | None:
    """The organisation whose people see no family now, because it has no sharing agreement that holds."""
    viewer = asking.current()
    return viewer.organisation if viewer is not None and viewer.proven and not viewer.shares else None


class _Template(Template):
    """One whose macros are put together once. Jinja looks each time whether whoever imports them has globals that they
    have not; here nobody has."""

    def _get_default_module(self, ctx: Any = None) -> Any:
        return super()._get_default_module()


def register(app: Flask, settings: Settings) -> None:
    """Give templates their loader, globals and context."""
    app.jinja_env.cache = {}  # of all templates: none is forgotten, so none is looked for under a lock
    app.jinja_env.template_class = _Template
    app.jinja_loader = ChoiceLoader(
        [
            PackageLoader("portal"),
            PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        ]
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        asset=assets.asset,
        settings=_Told(),
        phrase=phrase,
        can=can,
        emergency_until=emergency_until,
        not_sharing=not_sharing,
    )
    app.jinja_env.globals.update(logo=_logo(settings), undo_form=Button, unseen=unseen, navigation_bar=_navigation_bar)
    app.jinja_env.filters["phrase"] = phrase

    @app.context_processor
    def surroundings() -> dict[str, Any]:
        viewer = asking.current()
        return {
            "viewer": viewer,
            "footer_links": navigation.footer(viewer),
            "demonstration": settings.is_demonstration,
            "home_url": "/",
        }


def _navigation_bar() -> Markup:
    viewer = asking.current()
    items = (replace(item, label=phrase(item.label)) for item in navigation.items(viewer))
    return bar.with_keys(bar.of(tuple(items), tuple(navigation.account(viewer))))


def settings() -> Settings:
    found: Settings = current_app.config["PORTAL"]
    return found


def told() -> Settings:
    """The settings as pages tell them: with the council's own contact details in place of the server's. Where none
    were read for this answer, a page for a fault, those that were read last."""
    own: dict[str, str] | None = g.get("contacts")
    if own is None:
        own = current_app.extensions.get(_READ_LAST, {})
    else:
        current_app.extensions[_READ_LAST] = own
    return contacts.overlaid(settings(), own)


class _Told:
    """For templates, whose macros know nothing of who asks."""

    def __getattr__(self, name: str) -> Any:
        return getattr(told(), name)


def _logo(chosen: Settings) -> str | None:
    """Raises SettingsError for a file that is none."""
    if chosen.logo is None:
        return None
    try:
        return logo.address(chosen.logo)
    except ValueError as wrong:
        raise SettingsError(refusal([f"PORTAL_LOGO: the file {chosen.logo} {wrong}."])) from wrong
