"""How somebody proves that it is them: codes of an app, recovery codes, passkeys, and what counts once."""

import enum
import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

# Whoever gave the right password has so long to prove that it is them.
WAITS = timedelta(minutes=15)
RECOVERY_CODES = 10
# Who changes how they prove that it is them has proven it not longer ago; what was typed meanwhile still counts.
RECENT, TYPED = timedelta(minutes=15), timedelta(minutes=45)
# A reset that one administrator asked for is confirmed by another within so long, or asked for again.
RESET_LIVES = timedelta(days=7)
_GAPS = re.compile(r"[\s\-\N{HYPHEN}\N{NON-BREAKING HYPHEN}\N{EN DASH}]+")
_CODE = re.compile(r"[0-9]{6}")
# Letters and digits that nobody takes for one another: no i, l, o, u.
LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_MEANT = str.maketrans("ilo", "110")


# What is asked of a passkey is answered within so long of the page being opened.
CHALLENGE_LIVES = timedelta(minutes=30)


@dataclass(frozen=True)
class Place:
    """Where the portal is found. A passkey works at one place alone, so that no page elsewhere can ask for it."""

    host: str
    origin: str


@dataclass(frozen=True)
class Told:
    """Whom the council's sign-in told of: known by issuer and subject, `called` so for people to read."""

    issuer: str
    subject: str
    called: str


class Proof(enum.StrEnum):
    """What a session began with. A session without one waits for it, and opens nothing else."""

    PASSWORD = "password"  # noqa: S105  (the word, not one)
    CODE = "code"
    RECOVERY_CODE = "recovery_code"
    PASSKEY = "passkey"
    TRUSTED_DEVICE = "trusted_device"
    PROVIDER = "provider"


def code_in(typed: str) -> str | None:
    """The six digits of a code, with or without spaces; None where it is no code."""
    found = _GAPS.sub("", typed)
    return found if _CODE.fullmatch(found) else None


def recovery_code_in(typed: str) -> str:
    """A recovery code as it is kept: whatever its case and gaps, and where a letter was read for a digit."""
    return _GAPS.sub("", unicodedata.normalize("NFKC", typed)).lower().translate(_MEANT)


def in_fours(text: str, gap: str) -> str:
    return gap.join(text[at : at + 4] for at in range(0, len(text), 4))
