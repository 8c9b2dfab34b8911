"""How long a form that was not sent is kept for whoever wrote it, and how one that was sent was answered."""

from datetime import timedelta

# For so long a form that comes too late is its writer's, so for so long it is known whether it was saved before.
KEPT = timedelta(days=30)
