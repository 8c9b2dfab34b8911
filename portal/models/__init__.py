"""Tables: columns, constraints, relationships."""

from portal.models import base, deciding, families, following, handover, people, record, step_down_ends, teamwork

__all__ = [
    "base",
    "deciding",
    "families",
    "following",
    "handover",
    "people",
    "record",
    "step_down_ends",
    "teamwork",
]
