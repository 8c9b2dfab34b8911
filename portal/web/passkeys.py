"""What a page asks of a passkey: random, known to this browser alone, and answered within half an hour."""

import re
import secrets
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import request, session
from werkzeug.exceptions import SecurityError

from portal.core import clock
from portal.domain.proving import CHALLENGE_LIVES, Place
from portal.domain.viewer import Viewer
from portal.queries import passkeys as read
from portal.web.pages import settings

ASKED = "asked of a passkey"
PORT = r":(?:\d{1,4}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5])"
HOST = re.compile(rf"(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?:{PORT})?")


def place() -> Place:
    """Where this portal is found: as it is set, else as it was asked for. Raises SecurityError where that is no name
    of a host."""
    if not settings().public_address and not HOST.fullmatch(request.host):
        raise SecurityError
    address = settings().public_address.rstrip("/") or request.host_url.rstrip("/")
    return Place(urlsplit(address).hostname or "", address)


def offer_sign_in() -> str:
    """Signing in by a passkey alone."""
    return read.to_sign_in(challenge=_ask(), at=place())


def offer_proof(viewer: Viewer) -> str | None:
    """One of theirs as a second factor."""
    return read.to_prove(viewer, challenge=_ask(), at=place())


def offer_making(viewer: Viewer) -> str:
    return read.to_make(viewer, challenge=_ask(), at=place(), service=settings().service_name)


def asked() -> bytes:
    """What the page of this browser asked last. Asked too long ago, or never, it is something nobody can answer."""
    text, at = session.pop(ASKED, None) or ("", 0)
    since = datetime.fromtimestamp(at, UTC)
    if not text or clock.now() - since > CHALLENGE_LIVES:
        return secrets.token_bytes(32)
    return bytes.fromhex(text)


def _ask() -> bytes:
    challenge = secrets.token_bytes(32)
    session[ASKED] = (challenge.hex(), int(clock.now().timestamp()))
    return challenge
