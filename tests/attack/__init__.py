"""Attacks on the portal as a whole: every form, every field, every address. Quick here; for long by `make attack`."""

import os
from collections.abc import Callable

from tests.policies.person_route import PEOPLE

# What was tried, for docs/security-figures.md: pytest --junitxml tells it.
Record = Callable[[str, object], None]
FOR_LONG = bool(os.environ.get("PORTAL_ATTACK"))
# Those who meet most of the forms; everybody where there is time.
WHO = PEOPLE if FOR_LONG else ("coordinator", "social_worker", "manager")
