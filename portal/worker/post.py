"""How a letter leaves the house: printed, by a mail server, or by GOV.UK Notify."""

import smtplib
import ssl
import sys
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TextIO

from notifications_python_client.errors import APIError
from notifications_python_client.notifications import NotificationsAPIClient

from portal.core.config import Settings
from portal.models.messages import Way

WRONG_REQUEST, FORBIDDEN, TOO_MANY = 400, 403, 429
TRY_LATER, REFUSED = 400, 500


class NotTaken(Exception):
    """The other side did not take it. `for_good`: it never will. The words hold no address."""

    def __init__(self, words: str, *, for_good: bool = False) -> None:
        super().__init__(words)
        self.words = words
        self.for_good = for_good


class NoPost(Exception):
    """The worker cannot send as it is set; the words say what to set."""


@dataclass(frozen=True)
class Letter:
    """One message, ready to go. `message_id` is the same at every try."""

    way: Way
    to: str
    subject: str
    text: str
    html: str | None
    message_id: str


Post = Callable[[Letter], str]


def of_settings(settings: Settings, printed: TextIO | None = None) -> Post:
    """What sends as this installation is set: by each way, the words that say what the other side answered. Raises
    NoPost where production would print, or something that is needed is not set."""
    if settings.mail == "console":
        if settings.environment == "production":
            raise NoPost("PORTAL_MAIL must be smtp or notify in production: console prints what it sends.")
        return Console(printed or sys.stdout)
    needed = {"smtp": {"PORTAL_MAIL_FROM": settings.mail_from}, "notify": _of_notify(settings)}[settings.mail]
    missing = [name for name, value in needed.items() if not value]
    if missing:
        raise NoPost(f"Set {', '.join(missing)}: PORTAL_MAIL is {settings.mail}.")
    notify = Notify(settings) if settings.notify_key else None
    by_email: Post = notify if settings.mail == "notify" and notify else Smtp(settings)

    def send(letter: Letter) -> str:
        if letter.way is Way.EMAIL:
            return by_email(letter)
        if notify is None or not settings.notify_text_template:
            raise NotTaken("Text messages need PORTAL_NOTIFY_KEY and PORTAL_NOTIFY_TEXT_TEMPLATE", for_good=True)
        return notify(letter)

    return send


def _of_notify(settings: Settings) -> dict[str, str]:
    return {
        "PORTAL_NOTIFY_KEY": settings.notify_key,
        "PORTAL_NOTIFY_EMAIL_TEMPLATE": settings.notify_email_template,
    }


class Console:
    """For trying the portal out: prints."""

    def __init__(self, to: TextIO) -> None:
        self._to = to

    def __call__(self, letter: Letter) -> str:
        print(f"To: {letter.to}\nSubject: {letter.subject}\n\n{letter.text}\n{'-' * 60}", file=self._to, flush=True)
        return "Printed"


class Smtp:
    """A connection for each letter: the next worker finds nothing half said."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, letter: Letter) -> str:
        try:
            message = self._message(letter)
        except ValueError:  # a line break: what follows it would be a header of its own
            raise NotTaken("Its address or subject cannot stand in a letter", for_good=True) from None
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refused:
            code = next(iter(refused.recipients.values()))[0]
            raise _answered(code) from None
        except smtplib.SMTPResponseException as answer:
            raise _answered(answer.smtp_code) from None
        except (smtplib.SMTPException, OSError) as fault:
            raise NotTaken(f"The mail server could not be reached ({type(fault).__name__})") from None
        return "Taken by the mail server"

    def _connected(self) -> smtplib.SMTP:
        of = self._settings
        if of.smtp_security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                of.smtp_host, of.smtp_port, timeout=of.send_timeout, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(of.smtp_host, of.smtp_port, timeout=of.send_timeout)
        if of.smtp_security == "starttls":
            server.starttls(context=ssl.create_default_context())
        if of.smtp_user:
            server.login(of.smtp_user, of.smtp_password)
        return server

    def _message(self, letter: Letter) -> EmailMessage:
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._settings.mail_from, letter.to, letter.subject
        message["Date"] = formatdate(localtime=False)
        domain = self._settings.mail_from.rpartition("@")[2].rstrip("> ") or make_msgid().rpartition("@")[2].rstrip(">")
        message["Message-ID"] = f"<{letter.message_id}@{domain}>"
        # Nobody's out-of-office answers it.
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(letter.text)
        if letter.html:
            message.add_alternative(letter.html, subtype="html")
        return message


def _answered(code: int) -> NotTaken:
    if TRY_LATER <= code < REFUSED:
        return NotTaken(f"The mail server asked to try later (code {code})")
    return NotTaken(f"The mail server refused it (code {code})", for_good=True)


class Notify:
    """GOV.UK Notify, through its own client. It knows a letter sent twice by its reference."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def __call__(self, letter: Letter) -> str:
        of = self._settings
        client = NotificationsAPIClient(of.notify_key, base_url=of.notify_address, timeout=of.send_timeout)
        try:
            if letter.way is Way.TEXT:
                client.send_sms_notification(
                    letter.to, of.notify_text_template, {"text": letter.text}, reference=letter.message_id
                )
            else:
                client.send_email_notification(
                    letter.to,
                    of.notify_email_template,
                    {"subject": letter.subject, "text": letter.text},
                    reference=letter.message_id,
                )
        except APIError as answer:
            raise _said(answer.status_code) from None
        return "Taken by GOV.UK Notify"


def _said(code: int) -> NotTaken:
    """Its own words may hold the address: only the code is kept. A wrong address never works; a wrong key, a limit
    or a fault of theirs may be over by the next try."""
    if code == WRONG_REQUEST:
        return NotTaken(f"GOV.UK Notify refused it (code {code})", for_good=True)
    return NotTaken(f"GOV.UK Notify did not take it (code {code})")
