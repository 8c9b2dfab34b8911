"""A phone that makes passkeys and answers with them, as a browser would pass it on."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from tests.support.web import Page

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Phone:
    """With one passkey, that counts nothing, as those that are kept in a cloud. `origin`: the page that its browser
    says it is on; `verifies`: by a finger, a face or a PIN."""

    origin: str = "http://localhost"
    verifies: bool = True
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def make(self, page: Page) -> str:
        """What it answers to a page that asks for a new passkey."""
        options = asked_on(page, "create")
        numbers = self.key.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        attested = bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor2.dumps(public)
        told = self._told(options["rp"]["id"], ATTESTED) + attested
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(self._client("webauthn.create", options)),
                "attestationObject": bytes_to_base64url(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": told})),
            }
        )

    def use(self, page: Page) -> str:
        """What it answers to a page that asks for a passkey."""
        options = asked_on(page, "get")
        client, told = self._client("webauthn.get", options), self._told(options["rpId"])
        signature = self.key.sign(told + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(told),
                "signature": bytes_to_base64url(signature),
            }
        )

    def _client(self, kind: str, options: dict[str, Any]) -> bytes:
        told = {"type": kind, "challenge": options["challenge"], "origin": self.origin, "crossOrigin": False}
        assert len(base64url_to_bytes(options["challenge"])) == 32
        return json.dumps(told).encode()

    def _told(self, host: str, more: int = 0) -> bytes:
        flags = PRESENT | (VERIFIED if self.verifies else 0) | more
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + bytes(4)

    def _answer(self, response: dict[str, str]) -> str:
        name = bytes_to_base64url(self.id)
        return json.dumps({"id": name, "rawId": name, "type": "public-key", "response": response})


def asked_on(page: Page, kind: str) -> dict[str, Any]:
    """What a page asks of a passkey."""
    place = page.soup.select_one(f"[data-passkey={kind}]")
    assert place is not None, f"nothing is asked of a passkey: {page.main[:300]}"
    found: dict[str, Any] = json.loads(str(place["data-options"]))
    return found
