"""Tables: columns, constraints, relationships."""

from portal.models import (
    asking,
    base,
    deciding,
    edge,
    families,
    following,
    handover,
    messages,
    people,
    proving,
    record,
    restricting,
    step_down_ends,
    subjects,
    teamwork,
    throttles,
)

__all__ = [
    "asking",
    "base",
    "deciding",
    "edge",
    "families",
    "following",
    "handover",
    "messages",
    "people",
    "proving",
    "record",
    "restricting",
    "step_down_ends",
    "subjects",
    "teamwork",
    "throttles",
]
