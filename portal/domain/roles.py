"""Roles a person is given, and ties they have to one family or thing."""

import enum


class Role(enum.StrEnum):
    """Given by an administrator; a person may hold two and has the union."""

    COORDINATOR = "coordinator"
    EARLY_HELP_MANAGER = "early_help_manager"
    SOCIAL_WORKER = "social_worker"
    SOCIAL_CARE_MANAGER = "social_care_manager"
    FRONT_DOOR = "front_door"
    PARTNER = "partner"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


class Tie(enum.StrEnum):
    """Grown from the work itself; ends with it, on the next request."""

    MEMBER = "member"
    LEAD = "lead"
    COORDINATOR = "coordinator_of_this"
    NOMINEE = "nominee"
    OWNER = "owner"
    RECORDER = "recorder"
    SERVICE = "receiving_service"
    SOCIAL_WORKER = "social_worker_of_this"
    SOCIAL_WORKERS_TEAM = "team_of_the_social_worker"
    SOCIAL_WORKERS_MANAGER = "manager_of_the_social_worker"
    OPENED = "opened_in_an_emergency"
    AFTER_SOCIAL_WORK = "early_help_manager_after_social_work"


ROLE_NAMES = {
    Role.COORDINATOR: "Early help coordinator",
    Role.EARLY_HELP_MANAGER: "Early help manager",
    Role.SOCIAL_WORKER: "Social worker",
    Role.SOCIAL_CARE_MANAGER: "Social care manager",
    Role.FRONT_DOOR: "Front door",
    Role.PARTNER: "Partner professional",
    Role.AUDITOR: "Quality auditor",
    Role.ADMINISTRATOR: "Administrator",
}
# Who is asked to lead: anybody of a partner, and coordinators.
LEADERS = (Role.PARTNER, Role.COORDINATOR)
# Who may open a family out of their reach in an emergency: who is rung at night, and who answers for the work. Never
# partners, whose agreement covers their own families alone; never an administrator.
IN_AN_EMERGENCY = frozenset({Role.COORDINATOR, Role.EARLY_HELP_MANAGER, Role.SOCIAL_CARE_MANAGER, Role.FRONT_DOOR})
EVERY_FAMILY = frozenset({Role.COORDINATOR, Role.EARLY_HELP_MANAGER, Role.AUDITOR})
