"""What a row of the log says to whoever reads it: what somebody did, with what, and as what."""

from collections.abc import Mapping

from portal.domain.emergencies import WORDS as EMERGENCIES
from portal.domain.log import Tied
from portal.domain.roles import ROLE_NAMES, Role

TIED: Mapping[str, str] = {
    Tied.OPENED: "Opened it in an emergency",
    Tied.LEAD: "{Lead_professional}",
    Tied.COORDINATOR: "{Coordinator} of this {family}",
    Tied.COVER: "Covers for the {lead_professional}",
    Tied.MEMBER: "On the {team}",
}
# By feature; the reference of the thing follows.
PAGES: Mapping[str, str] = {
    "actions": "{action}",
    "agreement": "agreement and sharing",
    "already_helped": "“already helped” form",
    "asking": "question to the {family}",
    "checks": "check",
    "conflicts": "who must not see the {family}",
    "contacts": "contact",
    "copies": "copy of what is held about somebody",
    "corrections": "line of history",
    "drafts": "{step_down} being written",
    "emergencies": "emergency opening",
    "families": "{family} page",
    "family_adding": "form that adds {family:a}",
    "family_link": "link of the {family}",
    "hiding": "hidden words",
    "holding": "who coordinates",
    "home": "first page",
    "household": "household",
    "leads": "who leads",
    "look_up": "look-up",
    "looks": "who has looked",
    "meetings": "meeting",
    "merging": "two records of one {family}",
    "notes": "note",
    "plans": "{plan}",
    "retention": "how long a record is kept",
    "received": "what was sent to a service",
    "restriction": "who may see the {family}",
    "social_work": "social work",
    "step_downs": "{step_down}",
    "support": "support",
    "team": "{team}",
    "undo": "line of history",
}
DONE: Mapping[str, str] = {
    "look": "Opened",
    "list": "Listed",
    "change": "Changed",
    "search": "Searched",
    "refusal": "Was refused",
    "emergency": "Opened in an emergency",
    "link": "Opened by the link",
    "print": "Printed",
    "export": "Exported",
    "sign_in": "Signed in",
    "sign_in_failed": "Failed to sign in",
    "sign_out": "Signed out",
}


def because(reason: str | None) -> str | None:
    """As it was typed; a reason that was chosen, in its words."""
    return {each.value: words for each, words in EMERGENCIES.items()}.get(reason, reason) if reason else None


def did(kind: str, page: str, subject: str | None) -> str:
    """Opened: {plan}, F-12"""
    words = DONE.get(kind, kind.replace("_", " ").capitalize())
    about = ", ".join(part for part in (PAGES.get(page.partition(".")[0]), subject) if part)
    return f"{words}: {about}" if about else words


def as_what(tied: str | None, roles: str | None) -> str:
    """What somebody was when they looked: of the family's team, else by their role."""
    if tied:
        return TIED[tied]
    return ", ".join(ROLE_NAMES[Role(name)] for name in (roles or "").split(",") if name)


def often(n: int) -> str:
    """once, twice, 3 times"""
    return {1: "once", 2: "twice"}.get(n, f"{n:,} times")
