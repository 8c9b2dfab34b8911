"""Servers of the outside world, for real on a port of this machine: one that takes mail, one that speaks as GOV.UK
Notify does. Each can be told to answer otherwise."""

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from email.policy import default
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug import Request, Response

from tests.support.server import HOST, serve


@dataclass
class MailServer:
    """`answer`: what it says to a letter, the usual one where it is None; `hangs_up`: it drops the line instead."""

    port: int = 0
    answer: str | None = None
    hangs_up: bool = False
    taken: list[Message] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.hangs_up:
            assert server.transport is not None
            server.transport.close()
            return ""
        if self.answer is not None:
            return self.answer
        content = envelope.content
        assert isinstance(content, bytes)
        self.taken.append(message_from_bytes(content, policy=default))
        return "250 Taken"


class _OverTls(Controller):
    def _trigger_server(self) -> None:
        """It speaks to itself once, to see that it is there: it alone need not be vouched for."""
        of_itself = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        of_itself.check_hostname, of_itself.verify_mode = False, ssl.CERT_NONE
        with socket.create_connection((HOST, self.port)) as line, of_itself.wrap_socket(line) as said:
            said.recv(100)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def own_certificate(folder: Path) -> ssl.SSLContext:
    """As somebody makes one who has no right to the name: signed by nobody but itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)]), datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(HOST))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    file = folder / "own.pem"
    plain = serialization.NoEncryption()
    pem, pkcs8 = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    file.write_bytes(key.private_bytes(pem, pkcs8, plain) + made.public_bytes(pem))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    return context


@contextmanager
def mail_server(certificate: ssl.SSLContext | None = None, *, at_once: bool = False) -> Iterator[MailServer]:
    """Running until the end of the block. With a certificate it speaks TLS, `at_once` or when it is asked to."""
    server = MailServer(port=_free_port())
    controller: Controller
    if certificate is not None and at_once:
        controller = _OverTls(server, hostname=HOST, port=server.port, ssl_context=certificate)
    else:
        controller = Controller(server, hostname=HOST, port=server.port, tls_context=certificate)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@contextmanager
def silent_server() -> Iterator[int]:
    """The port of a server that takes the connection and never says a word."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        listening.listen()
        lines: list[socket.socket] = []
        thread = Thread(target=lambda: lines.append(listening.accept()[0]), daemon=True)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(1)
        for line in lines:
            line.close()


@dataclass
class NotifyStandIn:
    """What it was sent, by address; `code`: what it answers."""

    address: str = ""
    code: int = 201
    sent: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def __call__(self, environ: Any, start: Any) -> Any:
        request = Request(environ)
        self.sent.append((request.path, json.loads(request.get_data()), request.headers.get("Authorization", "")))
        said = {"id": "1"} if self.code < 400 else {"errors": [{"error": "Error", "message": "pat@school.example"}]}
        return Response(json.dumps(said), self.code, mimetype="application/json")(environ, start)


@contextmanager
def notify_stand_in() -> Iterator[NotifyStandIn]:
    """Running until the end of the block."""
    stand_in = NotifyStandIn()
    with serve(stand_in) as address:
        stand_in.address = address
        yield stand_in
