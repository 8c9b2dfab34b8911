"""How a letter leaves the house: a real mail server that also says no, GOV.UK Notify's own client, and the command."""

from collections.abc import Iterator
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from portal import create_app
from portal.core.config import Settings
from portal.models.messages import Way
from portal.worker import post
from portal.worker.post import Letter, NotTaken
from tests.support.mail_server import (
    MailServer,
    NotifyStandIn,
    mail_server,
    notify_stand_in,
    own_certificate,
    silent_server,
)

LETTER = Letter(
    Way.EMAIL, "pat@school.example", "Update needed: A-1", "Open it – here", "<p>Open it – here</p>", "4f" * 16
)
TEXT = Letter(Way.TEXT, "07700 900 123", "", "One question for you", None, "5a" * 16)
SERVICE, SECRET = (str(UUID(int=number)) for number in (1, 2))


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as running:
        yield running


@pytest.fixture
def notify() -> Iterator[NotifyStandIn]:
    with notify_stand_in() as running:
        yield running


def by_smtp(settings: Settings, port: int, **more: Any) -> post.Post:
    return post.of_settings(
        settings.model_copy(
            update={
                "mail": "smtp",
                "mail_from": "Early help <earlyhelp@council.example>",
                "smtp_host": "127.0.0.1",
                "smtp_port": port,
                "smtp_security": "none",
                "send_timeout": 1,
                **more,
            }
        )
    )


def by_notify(settings: Settings, stand_in: NotifyStandIn) -> post.Post:
    return post.of_settings(
        settings.model_copy(
            update={
                "mail": "notify",
                "notify_key": f"portal-{SERVICE}-{SECRET}",
                "notify_address": stand_in.address,
                "notify_email_template": "of-emails",
                "notify_text_template": "of-texts",
            }
        )
    )


class TestAMailServer:
    def test_gets_both_parts_and_the_same_message_id_at_every_try(self, settings: Settings, server: MailServer) -> None:
        send = by_smtp(settings, server.port)
        send(LETTER)
        send(LETTER)

        first, second = server.taken
        assert isinstance(first, EmailMessage)
        assert first["Message-ID"] == second["Message-ID"] == f"<{LETTER.message_id}@council.example>"
        assert (first["To"], first["Subject"]) == (LETTER.to, LETTER.subject)
        plain, html = first.get_body(("plain",)), first.get_body(("html",))
        assert plain is not None
        assert html is not None
        assert "Open it – here" in plain.get_content()
        assert "<p>Open it – here</p>" in html.get_content()

    @pytest.mark.parametrize(
        ("answer", "for_good"), [("451 Try later", False), ("421 Busy", False), ("550 No such person", True)]
    )
    def test_that_says_no(self, settings: Settings, server: MailServer, answer: str, for_good: bool) -> None:
        server.answer = answer

        with pytest.raises(NotTaken) as refusal:
            by_smtp(settings, server.port)(LETTER)

        assert refusal.value.for_good is for_good
        assert answer[:3] in refusal.value.words
        assert "person" not in refusal.value.words

    @pytest.mark.parametrize("field", ["to", "subject"])
    def test_gets_no_header_that_somebody_typed(self, settings: Settings, server: MailServer, field: str) -> None:
        forged = replace(LETTER, **{field: f"{getattr(LETTER, field)}\r\nBcc: somebody@evil.example"})  # type: ignore[arg-type]

        with pytest.raises(NotTaken, match="cannot stand in a letter") as refusal:
            by_smtp(settings, server.port)(forged)

        assert refusal.value.for_good
        assert server.taken == []

    @pytest.mark.parametrize("security", ["tls", "starttls"])
    def test_whose_certificate_nobody_vouches_for_gets_nothing(
        self, settings: Settings, tmp_path: Path, security: str
    ) -> None:
        with mail_server(own_certificate(tmp_path), at_once=security == "tls") as server:
            with pytest.raises(NotTaken, match=r"could not be reached \(SSLCertVerificationError\)"):
                by_smtp(settings, server.port, smtp_security=security, send_timeout=5)(LETTER)

            assert server.taken == []

    def test_that_hangs_up(self, settings: Settings, server: MailServer) -> None:
        server.hangs_up = True

        with pytest.raises(NotTaken, match="could not be reached") as refusal:
            by_smtp(settings, server.port)(LETTER)

        assert not refusal.value.for_good

    def test_that_never_answers_or_is_not_there(self, settings: Settings) -> None:
        with silent_server() as port, pytest.raises(NotTaken, match="could not be reached"):
            by_smtp(settings, port)(LETTER)
        with pytest.raises(NotTaken, match="could not be reached"):
            by_smtp(settings, port)(LETTER)


class TestNotify:
    def test_gets_emails_and_texts_with_a_reference(self, settings: Settings, notify: NotifyStandIn) -> None:
        send = by_notify(settings, notify)
        send(LETTER)
        send(TEXT)

        (email, email_said, signed), (text, text_said, _) = notify.sent
        assert (email, text) == ("/v2/notifications/email", "/v2/notifications/sms")
        assert email_said == {
            "email_address": LETTER.to,
            "template_id": "of-emails",
            "personalisation": {"subject": LETTER.subject, "text": LETTER.text},
            "reference": LETTER.message_id,
        }
        assert (text_said["phone_number"], text_said["personalisation"]) == (TEXT.to, {"text": TEXT.text})
        assert signed.startswith("Bearer ")

    @pytest.mark.parametrize(("code", "for_good"), [(400, True), (403, False), (429, False), (500, False)])
    def test_that_says_no(self, settings: Settings, notify: NotifyStandIn, code: int, for_good: bool) -> None:
        notify.code = code

        with pytest.raises(NotTaken) as refusal:
            by_notify(settings, notify)(LETTER)

        assert refusal.value.for_good is for_good
        assert "school.example" not in refusal.value.words, "its words may hold the address"

    def test_is_needed_for_texts(self, settings: Settings, server: MailServer) -> None:
        with pytest.raises(NotTaken, match="PORTAL_NOTIFY_KEY"):
            by_smtp(settings, server.port)(TEXT)


class TestTheCommand:
    def test_does_what_is_due_once(self, app: Flask) -> None:
        done = app.test_cli_runner().invoke(args=["portal", "worker", "--once"])

        assert done.exit_code == 0, done.output

    @pytest.mark.parametrize(
        ("set_to", "missing"),
        [
            ({"mail": "console"}, "PORTAL_MAIL must be smtp or notify in production"),
            ({"mail": "smtp"}, "Set PORTAL_MAIL_FROM"),
            ({"mail": "notify"}, "Set PORTAL_NOTIFY_KEY, PORTAL_NOTIFY_EMAIL_TEMPLATE"),
        ],
    )
    def test_does_not_start_as_it_cannot_send(
        self, settings: Settings, monkeypatch: pytest.MonkeyPatch, set_to: dict[str, str], missing: str
    ) -> None:
        monkeypatch.setenv("FLASK_RUN_FROM_CLI", "true")  # what else is wrong is the server's to refuse
        unsafe = settings.model_copy(update={"environment": "production", **set_to})

        done = create_app(unsafe).test_cli_runner().invoke(args=["portal", "worker", "--once"])

        assert done.exit_code == 1
        assert missing in done.output
