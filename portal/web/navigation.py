"""Where each role can go: the union of their items, only what exists."""

from dataclasses import dataclass

from flask import request

from portal.domain.permissions import GRANTS, P
from portal.domain.roles import Role
from portal.domain.viewer import Viewer


@dataclass(frozen=True)
class Item:
    label: str
    href: str
    current: bool = False


# Pages about many teams. Whoever may see them all has one item for them, and each page links to the others.
TEAMS = (
    "/team-needs",
    "/meetings",
    "/waiting-longest",
    "/agreements",
    "/standards",
    "/looks",
    "/restricted",
    "/emergencies",
    "/conflicts",
    "/merges",
    "/retention",
)
# At most five for a role.
_ITEMS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("Home", "/home", frozenset({Role.COORDINATOR, Role.PARTNER})),
    ("My actions", "/my-actions", frozenset(role for role in GRANTS[P.ACTION_LIST] if isinstance(role, Role))),
    (
        "{Step_down:many}",
        "/step-downs",
        frozenset({Role.COORDINATOR, Role.EARLY_HELP_MANAGER, Role.SOCIAL_CARE_MANAGER}),
    ),
    ("My {step_down:many}", "/step-downs", frozenset({Role.SOCIAL_WORKER})),
    ("Start {step_down:a}", "/step-downs/new", frozenset({Role.SOCIAL_WORKER})),
    ("Look someone up", "/look-up", frozenset({Role.FRONT_DOOR})),
    ("What we suggested", "/suggested", frozenset({Role.SOCIAL_WORKER, Role.FRONT_DOOR})),
    (
        "{Family:many}",
        "/families",
        frozenset({Role.COORDINATOR, Role.EARLY_HELP_MANAGER, Role.SOCIAL_CARE_MANAGER, Role.AUDITOR, Role.PARTNER}),
    ),
    (
        "Checks",
        "/checks",
        frozenset(
            {
                Role.COORDINATOR,
                Role.EARLY_HELP_MANAGER,
                Role.SOCIAL_WORKER,
                Role.SOCIAL_CARE_MANAGER,
                Role.PARTNER,
            }
        ),
    ),
    ("Teams", "/team-needs", frozenset({Role.COORDINATOR, Role.EARLY_HELP_MANAGER})),
    ("Meetings", "/meetings", frozenset({Role.PARTNER})),
    ("Shared all the same", "/shared-despite", frozenset({Role.AUDITOR})),
    ("Administration", "/admin", frozenset({Role.ADMINISTRATOR})),
    ("People", "/admin/people", frozenset({Role.ADMINISTRATOR})),
    ("Organisations", "/admin/organisations", frozenset({Role.ADMINISTRATOR})),
    ("Settings", "/admin/settings", frozenset({Role.ADMINISTRATOR})),
    ("System log", "/admin/log", frozenset({Role.ADMINISTRATOR})),
)
_LANDING: tuple[tuple[Role, str], ...] = (
    (Role.COORDINATOR, "/home"),
    (Role.EARLY_HELP_MANAGER, "/families"),
    (Role.SOCIAL_WORKER, "/step-downs"),
    (Role.SOCIAL_CARE_MANAGER, "/step-downs"),
    (Role.FRONT_DOOR, "/look-up"),
    (Role.PARTNER, "/my-actions"),
    (Role.AUDITOR, "/families"),
    (Role.ADMINISTRATOR, "/admin"),
)


def items(viewer: Viewer | None) -> list[Item]:
    """The navigation of this person. Labels may hold concepts in braces; the template says them."""
    if viewer is None:
        return []
    labels: dict[str, str] = {}
    for label, href, roles in _ITEMS:
        if roles & viewer.roles:
            labels.setdefault(href, label)
    teams, *within = TEAMS
    if teams in labels:
        labels.pop("/meetings", None)
    if Role.COORDINATOR in viewer.roles:
        labels.pop("/my-actions", None)  # what needs a coordinator stands on their first page, which leads there
    here = max((href for href in labels if _under(href)), key=len, default=None)
    if here is None and teams in labels and any(map(_under, within)):
        here = teams
    return [Item(label, href, href == here) for href, label in labels.items()]


def account(viewer: Viewer | None) -> list[Item]:
    return [] if viewer is None else [Item(viewer.name, "/account", request.path == "/account")]


# On every page, for everybody.
_ABOUT = (
    Item("Help", "/help"),
    Item("Privacy", "/privacy"),
    Item("Cookies", "/cookies"),
    Item("Accessibility", "/accessibility"),
)


def footer(viewer: Viewer | None) -> list[Item]:
    """On every page: what the council has promised, and whom a family can be pointed to, for whoever may read them;
    what everybody may know about the portal."""
    places = (("Practice standards", "/standards", P.STANDARDS_VIEW), ("Services", "/services", P.SERVICE_LIST))
    roles = viewer.roles if viewer else frozenset()
    return [*(Item(label, href) for label, href, needs in places if GRANTS[needs] & roles), *_ABOUT]


def landing(viewer: Viewer, *, leads: bool) -> str:
    """Where this person begins; whoever leads a family, where coordinators do."""
    if leads and Role.PARTNER in viewer.roles:
        return "/home"
    return next((href for role, href in _LANDING if role in viewer.roles), "/account")


def begins_here(viewer: Viewer) -> bool:
    """Whether the page that is asked for is the one on which this person begins, leading nobody."""
    return request.path == landing(viewer, leads=False)


def _under(href: str) -> bool:
    return request.path == href or request.path.startswith(href + "/")
