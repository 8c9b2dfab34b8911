"""Servers of the outside world, for real on a port of this machine: one that takes mail, one that speaks as GOV.UK
Notify does. Each can be told to answer otherwise."""

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default
from threading import Thread
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
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


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Running until the end of the block."""
    server = MailServer(port=_free_port())
    controller = Controller(server, hostname=HOST, port=server.port)
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
