"""Attacks on the portal as a whole: every form, every field, every address. Quick here; for long by `make attack`."""

import os

from tests.policies.person_route import PEOPLE

FOR_LONG = bool(os.environ.get("PORTAL_ATTACK"))
# Those who meet most of the forms; everybody where there is time.
WHO = PEOPLE if FOR_LONG else ("coordinator", "social_worker", "manager")
