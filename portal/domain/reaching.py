"""Who reaches a family, by what, and what bars them: with the grants of permissions.py, one table for every question of
who may do what. The criteria of reach and the rule read it."""

import enum
from collections.abc import Mapping

from portal.domain.permissions import Standing
from portal.domain.roles import EVERY_FAMILY, IN_AN_EMERGENCY, Role, Tie


class Way(enum.StrEnum):
    """What leads somebody to a family."""

    ROLE = "role"
    MEMBER = "member"
    LEAD = "lead"
    COVER = "cover"
    COORDINATOR = "coordinator"
    STEP_DOWN = "step_down"
    TEAM = "team"
    ADDED = "added"
    OPENED = "opened"


class Bar(enum.StrEnum):
    """What keeps them from it all the same."""

    NOTHING = "nothing"
    RESTRICTED = "restricted"
    CLEARED = "cleared"
    CONFLICT = "conflict"


_WORKERS = frozenset(Role) - {Role.ADMINISTRATOR}
SOCIAL_CARE = frozenset({Role.SOCIAL_WORKER, Role.SOCIAL_CARE_MANAGER})
# Whoever has one of these roles reaches the family by that way. Being its coordinator leads nobody to it whose role
# does not; being its lead does by being on its team.
REACHES: Mapping[Way, frozenset[Role]] = {
    Way.ROLE: EVERY_FAMILY,
    Way.MEMBER: _WORKERS,
    Way.LEAD: _WORKERS,
    Way.COVER: _WORKERS,
    Way.COORDINATOR: frozenset(),
    Way.STEP_DOWN: SOCIAL_CARE,
    Way.TEAM: SOCIAL_CARE,
    Way.ADDED: SOCIAL_CARE,
    Way.OPENED: IN_AN_EMERGENCY,
}
# By which ways a family is reached though there is this bar.
LETS_THROUGH: Mapping[Bar, frozenset[Way]] = {
    Bar.NOTHING: frozenset(Way),
    Bar.RESTRICTED: frozenset({Way.OPENED}),
    Bar.CLEARED: frozenset(Way),
    Bar.CONFLICT: frozenset(),
}
# What somebody is to the family, and to all of its things, who came by that way.
BRINGS: Mapping[Way, frozenset[Standing]] = {
    Way.ROLE: frozenset(),
    Way.MEMBER: frozenset({Tie.MEMBER}),
    Way.LEAD: frozenset({Tie.MEMBER, Tie.LEAD}),
    Way.COVER: frozenset({Tie.MEMBER, Tie.LEAD}),
    Way.COORDINATOR: frozenset({Tie.COORDINATOR}),
    Way.STEP_DOWN: frozenset(),
    Way.TEAM: frozenset(),
    Way.ADDED: frozenset(),
    Way.OPENED: frozenset({Tie.OPENED}),
}
WAY_WORDS: Mapping[Way, str] = {
    Way.ROLE: "nothing but their role",
    Way.MEMBER: "on its team",
    Way.LEAD: "leads it, on its team",
    Way.COVER: "covers for its lead today",
    Way.COORDINATOR: "its coordinator",
    Way.STEP_DOWN: "social worker of its open step-down",
    Way.TEAM: "in the team of that social worker",
    Way.ADDED: "added it lately",
    Way.OPENED: "opened it in an emergency",
}
BAR_WORDS: Mapping[Bar, str] = {
    Bar.NOTHING: "open",
    Bar.RESTRICTED: "restricted",
    Bar.CLEARED: "restricted, and they are cleared",
    Bar.CONFLICT: "it is their own",
}
