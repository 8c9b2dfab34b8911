"""What the database may not be able to read: sealed by AES-256-GCM with keys that lie outside it.

What is sealed says which key it was sealed with, and opens for its own table, column and row alone: put into another
row it is refused (docs/decisions/0016)."""

import base64
import hmac
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from flask import current_app

from portal.core.config import Settings
from portal.core.errors import Unreadable

log = structlog.get_logger()
FORM = "1"
NAME_LENGTH = 8
# 128 bits: no two postcodes have one in common.
MARK_LENGTH = 32
FILE = "field-keys"
_HASH = "sha256"
_NONCE = 12


@dataclass(frozen=True)
class Keys:
    """Each by the short name that stands in what it sealed. The newest seals; the others still open."""

    newest: str
    by_name: Mapping[str, AESGCM]
    # What makes marks, by the same names.
    marking: Mapping[str, bytes] = field(default_factory=dict)

    def seal(self, place: str, row: int, plain: str) -> str:
        """`place`: table.column."""
        nonce = os.urandom(_NONCE)
        sealed = nonce + self.by_name[self.newest].encrypt(nonce, plain.encode(), _about(place, row))
        return f"{FORM}.{self.newest}.{base64.urlsafe_b64encode(sealed).decode()}"

    def open(self, place: str, row: int, sealed: str) -> str:
        """Raises Unreadable where the key is not here, or this is not what was sealed for that row."""
        form, _, rest = sealed.partition(".")
        name, _, content = rest.partition(".")
        if form != FORM or name not in self.by_name:
            raise _unreadable(place, row, f"its key is not there: {name if form == FORM else 'none'}")
        try:
            raw = base64.urlsafe_b64decode(content)
            return self.by_name[name].decrypt(raw[:_NONCE], raw[_NONCE:], _about(place, row)).decode()
        except (InvalidTag, ValueError):
            raise _unreadable(place, row, "it was changed, or belongs to another row") from None

    def mark(self, place: str, plain: str) -> str:
        """What rows that hold the same have in common, and what tells nobody without the key what it is
        (docs/decisions/0019)."""
        return self._mark(self.newest, place, plain)

    def marks(self, place: str, plain: str) -> list[str]:
        """By each of the keys: until everything is sealed anew, some rows are marked with an older one."""
        return [self._mark(name, place, plain) for name in self.marking]

    def _mark(self, name: str, place: str, plain: str) -> str:
        made = hmac.digest(self.marking[name], f"{place}:{plain}".encode(), _HASH).hex()
        return f"{name}.{made[:MARK_LENGTH]}"


def _about(place: str, row: int) -> bytes:
    return f"{place}:{row}".encode()


def _unreadable(place: str, row: int, why: str) -> Unreadable:
    # Where it lies and never what: whoever looks after the portal has to find it.
    log.error("sealed value not opened", place=place, row=row, why=why)
    return Unreadable(place, row, why)


def read(given: tuple[str, ...]) -> Keys:
    """From the settings' words, newest first."""
    keys = [hmac.digest(secret.encode(), b"the fields' key", _HASH) for secret in given]
    by_name = {hmac.digest(key, b"the key's name", _HASH).hex()[:NAME_LENGTH]: key for key in keys}
    ciphers = {name: AESGCM(key) for name, key in by_name.items()}
    marking = {name: hmac.digest(key, b"the key of marks", _HASH) for name, key in by_name.items()}
    return Keys(next(iter(by_name)), ciphers, marking)


def keys() -> Keys:
    """Of this installation, read once."""
    held: Keys | None = current_app.extensions.get(__name__)
    if held is None:
        settings: Settings = current_app.config["PORTAL"]
        held = read(settings.field_secrets or _kept_beside(settings.instance_folder.resolve() / FILE))
        current_app.extensions[__name__] = held
    return held


def new_secret() -> str:
    return secrets.token_urlsafe(48)


def put_first(settings: Settings, secret: str) -> Path:
    """Before the keys of the instance folder. Returns where they lie."""
    path = settings.instance_folder.resolve() / FILE
    older = _kept_beside(path)
    beside = path.with_name(f"{FILE}.new")
    write(beside, (secret, *older))
    return beside.replace(path)


def _kept_beside(path: Path) -> tuple[str, ...]:
    """Outside production: a key of one's own, made when it is first needed. A server and its worker may need it at one
    instant: the first to put it there has made it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        mine = path.with_name(f"{FILE}.{secrets.token_hex(4)}")
        write(mine, (new_secret(),))
        try:
            path.hardlink_to(mine)
        except FileExistsError:
            log.debug("another process made the key")
        finally:
            mine.unlink()
    return tuple(path.read_text(encoding="utf-8").split())


def write(path: Path, given: tuple[str, ...]) -> None:
    """For the eyes of the portal's own account alone, from the first byte."""
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write("".join(f"{each}\n" for each in given))
