"""How long a form that was not sent is kept for whoever wrote it."""

from datetime import timedelta

KEPT = timedelta(days=30)
