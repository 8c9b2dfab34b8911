"""The keys that sign the log. They lie outside the database: whoever can write a row there cannot sign it."""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from flask import current_app

from portal.core.config import Settings

_HASH = "sha256"


@dataclass(frozen=True)
class Keys:
    """Each by the short name that stands before what it signed. The newest signs; the others still tell."""

    newest: str
    by_name: Mapping[str, bytes]

    def sign(self, content: bytes) -> str:
        return self._mark(self.newest, content)

    def knows(self, mark: str) -> bool:
        """Whether the key that signed this is still kept."""
        return mark.partition(".")[0] in self.by_name

    def signed(self, content: bytes, mark: str) -> bool:
        """Whether this is the mark of that content."""
        name = mark.partition(".")[0]
        return name in self.by_name and hmac.compare_digest(self._mark(name, content).encode(), mark.encode())

    def _mark(self, name: str, content: bytes) -> str:
        signed = hmac.digest(self.by_name[name], content, _HASH)
        return f"{name}.{base64.urlsafe_b64encode(signed).rstrip(b'=').decode()}"


@cache
def read(secrets: tuple[str, ...]) -> Keys:
    """From the settings' words, newest first."""
    keys = [hmac.digest(secret.encode(), b"the log's key", _HASH) for secret in secrets]
    by_name = {hmac.digest(key, b"the key's name", _HASH).hex()[:8]: key for key in keys}
    return Keys(next(iter(by_name)), by_name)


def keys() -> Keys:
    """Of this installation."""
    settings: Settings = current_app.config["PORTAL"]
    return read(settings.log_secrets)
