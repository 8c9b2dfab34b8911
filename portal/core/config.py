"""Settings of one installation: typed, read from the environment, refused in words that say what to set."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

Mail = Literal["console", "smtp", "notify"]
Environment = Literal["production", "demonstration", "development", "test"]
SHORTEST_SECRET = 32
# A key of one character over and over is long and no secret.
FEWEST_DIFFERENT = 10


class SettingsError(SystemExit):
    """The portal cannot start as it is set; the message says which setting and what to put there."""


class Settings(BaseSettings):
    """Everything an installation can set, each as PORTAL_<NAME>; docs/settings.md is printed from here."""

    model_config = SettingsConfigDict(env_prefix="PORTAL_", frozen=True, extra="ignore")

    environment: Environment = Field(
        "production", description="production, demonstration, development or test. Production refuses what is unsafe."
    )
    secret_key: str = Field("", description="At least 32 random characters; signs cookies and form tokens.")
    database_url: str = Field(
        "", description="postgresql://… for a council, or sqlite:///file. Empty: SQLite in the instance folder."
    )
    sqlite_in_production: bool = Field(False, description="Say true to run production on SQLite all the same.")
    service_name: str = Field("Early Help Portal", max_length=60, description="The name in the header and in titles.")
    council_name: str = Field(
        "Ambleford Council", max_length=80, description="The council's name, as families know it."
    )
    help_phone: str = Field("01632 960 100", description="The number on every page for help with the portal.")
    front_door_phone: str = Field("01632 960 111", description="Whom to ring when worried about a child, in hours.")
    family_phone: str = Field("01632 960 133", description="The number for families, on the page behind their link.")
    family_languages: str = Field(
        "en",
        description="Comma-separated languages in which families can answer, the first one first: en, pl, ur, ar. All "
        "but English are marked as not yet checked.",
    )
    exit_address: str = Field(
        "https://www.bbc.co.uk/weather", description="Where Exit this page leads from the page behind a family's link."
    )
    out_of_hours_phone: str = Field("01632 960 122", description="The emergency duty team's number.")
    emergency_hours: int = Field(
        24, ge=1, le=72, description="The longest that a family can be opened in an emergency, in hours."
    )
    privacy_contact: str = Field(
        "01632 960 144", description="Whom to ask, or complain to, about what is kept: a number or an address."
    )
    logo: Path | None = Field(
        None,
        description="A PNG or SVG file of 20,000 bytes at most, for the header of every page. An SVG may only draw. "
        "Empty: none.",
    )
    trusted_hosts: str = Field("", description="Comma-separated host names this portal answers to.")
    public_address: str = Field(
        "",
        description="Where people find this portal, like https://earlyhelp.council.example: links in messages begin "
        "with it. Empty: the first trusted host.",
    )
    behind_tls: bool = Field(False, description="True when a server in front speaks HTTPS: cookies become Secure.")
    idle_minutes: int = Field(30, ge=5, le=240, description="Minutes without a click until a person is signed out.")
    absolute_hours: int = Field(10, ge=1, le=24, description="Hours after which a person signs in again in any case.")
    send_mail: bool = Field(True, description="False: nothing is put into the outbox, as in the demonstration.")
    mail: Mail = Field(
        "console",
        description="How the worker sends: console (prints; never in production), smtp, or notify (GOV.UK Notify).",
    )
    mail_from: str = Field("", description="The address messages come from, like earlyhelp@council.example.")
    smtp_host: str = Field("localhost", description="The mail server.")
    smtp_port: int = Field(25, ge=1, le=65535, description="Its port.")
    smtp_security: Literal["none", "starttls", "tls"] = Field(
        "starttls", description="starttls, tls (from the first byte), or none for a server on the same machine."
    )
    smtp_user: str = Field("", description="The name to sign in to the mail server with; empty: without.")
    smtp_password: str = Field("", description="The password that belongs to it.")
    send_timeout: int = Field(
        20, ge=1, le=60, description="Seconds until a mail server or GOV.UK Notify that does not answer is given up."
    )
    notify_key: str = Field("", description="The API key of GOV.UK Notify. Texts go by it whatever sends the emails.")
    notify_address: str = Field("https://api.notifications.service.gov.uk", description="Where GOV.UK Notify's API is.")
    notify_email_template: str = Field(
        "", description="Its email template: the subject line is ((subject)), the text is ((text))."
    )
    notify_text_template: str = Field("", description="Its text message template, which is ((text)).")
    typed_agreement: bool = Field(
        False,
        description="True: a social worker may type who of their managers agreed to a step-down, and when. Each is "
        "listed for the manager. False: a manager agrees with their own sign-in.",
    )
    audit_keys: str = Field(
        "",
        description="Comma-separated secrets of at least 32 characters that sign the log, the newest first; one that "
        "is replaced stays in the list, or what it signed cannot be verified any more. Empty: the secret key signs.",
    )
    field_keys: str = Field(
        "",
        description="Comma-separated secrets of at least 32 characters that encrypt what the database may not read, "
        "the newest first; one that is replaced stays in the list until flask portal keys rotate says it can go. "
        "Empty: a key of its own in the instance folder, which production refuses. Kept apart from the backups, which "
        "cannot be read without it.",
    )
    audit_heads: str = Field(
        "",
        description="A file, on another machine if possible, to which the worker adds the head of the log’s chain "
        "with every seal: what was cut off the end is found by it.",
    )
    second_factor: bool | None = Field(
        None,
        description="Whether a code or passkey is asked for after the password. Empty: yes, but in the demonstration "
        "and in tests. Production refuses false.",
    )
    trusted_device_days: int = Field(
        0,
        ge=0,
        le=30,
        description="For how many days a person may spare themselves the code in one browser, 30 at most. 0: never.",
    )
    oidc_issuer: str = Field(
        "",
        description="The issuer of the council's own sign-in by OpenID Connect, like "
        "https://login.microsoftonline.com/<tenant>/v2.0. Its address for coming back is "
        "<public address>/sign-in/provider/back. Empty: there is none.",
    )
    oidc_client_id: str = Field("", description="What the portal is called there.")
    oidc_client_secret: str = Field("", description="The secret that belongs to it.")
    oidc_name: str = Field("your council account", max_length=60, description="What people call it: Sign in with ….")
    oidc_second_factor: Literal["portal", "provider"] = Field(
        "portal",
        description="Who asks for a second factor of those who come in by it. provider: only where it always does.",
    )
    local_sign_in: bool = Field(
        True, description="False: nobody signs in by a password or passkey here, only by the council's own sign-in."
    )
    password_memory_kib: int = Field(65536, ge=64, description="Argon2id memory, in KiB. Lower only in tests.")
    instance_folder: Path = Field(Path("instance"), description="Where the SQLite file and demonstration logins lie.")

    @field_validator("database_url")
    @classmethod
    def _one_driver(cls, value: str) -> str:
        """A bare postgresql:// address means psycopg 3, whatever SQLAlchemy would take by default."""
        if value.startswith(("postgresql://", "postgres://")):
            return "postgresql+psycopg://" + value.split("://", 1)[1]
        if value and not value.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("must begin with postgresql:// or sqlite:///")
        return value

    @field_validator("audit_keys", "field_keys")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if any(len(key) < SHORTEST_SECRET for key in _listed(value)):
            raise ValueError(f"must hold secrets of at least {SHORTEST_SECRET} characters each")
        return value

    @model_validator(mode="after")
    def _safe_in_production(self) -> Self:
        if self.environment != "production":
            return self
        faults = [
            (
                len(self.secret_key.encode()) < SHORTEST_SECRET or len(set(self.secret_key)) < FEWEST_DIFFERENT,
                "PORTAL_SECRET_KEY must hold at least 32 random characters in production. "
                'Set it to the output of: python -c "import secrets; print(secrets.token_urlsafe(48))"',
            ),
            (
                not self.field_secrets or any(len(set(key)) < FEWEST_DIFFERENT for key in self.field_secrets),
                "PORTAL_FIELD_KEYS must hold a key of at least 32 random characters in production: it encrypts "
                "addresses, telephone numbers and drafts. "
                'Set it to the output of: python -c "import secrets; print(secrets.token_urlsafe(48))"',
            ),
            (
                not self.database_url.startswith("postgresql") and not self.sqlite_in_production,
                "PORTAL_DATABASE_URL must name a PostgreSQL database in production. "
                "Set it, or set PORTAL_SQLITE_IN_PRODUCTION=true if one small server is enough.",
            ),
            (
                not self.trusted_hosts.strip(),
                "PORTAL_TRUSTED_HOSTS must list the host names of this portal, like earlyhelp.council.example.",
            ),
            (
                not self.behind_tls,
                "PORTAL_BEHIND_TLS must be true: production answers only behind HTTPS. "
                "Set it once the server in front has a certificate.",
            ),
            (
                self.second_factor is False,
                "PORTAL_SECOND_FACTOR must not be false in production: a password alone opens records about children. "
                "Take the setting away.",
            ),
        ]
        wrong = [words for is_wrong, words in faults if is_wrong]
        if wrong:
            raise ValueError("\n".join(wrong))
        return self

    @model_validator(mode="after")
    def _somebody_can_sign_in(self) -> Self:
        if self.oidc_issuer and not self.oidc_client_id:
            raise ValueError("PORTAL_OIDC_CLIENT_ID must say what the portal is called at PORTAL_OIDC_ISSUER.")
        if self.oidc_issuer.startswith("http://") and self.environment == "production":
            raise ValueError("PORTAL_OIDC_ISSUER must begin with https:// in production.")
        if not self.local_sign_in and not self.oidc_issuer:
            raise ValueError("PORTAL_LOCAL_SIGN_IN is false and no PORTAL_OIDC_ISSUER is set: nobody could sign in.")
        return self

    @property
    def is_demonstration(self) -> bool:
        return self.environment == "demonstration"

    @property
    def asks_second_factor(self) -> bool:
        if self.second_factor is None:
            return self.environment not in ("demonstration", "test")
        return self.second_factor

    @property
    def hosts(self) -> list[str]:
        return _listed(self.trusted_hosts)

    @property
    def log_secrets(self) -> tuple[str, ...]:
        """What signs the log, the newest first."""
        return tuple(_listed(self.audit_keys)) or (self.secret_key,)

    @property
    def field_secrets(self) -> tuple[str, ...]:
        """What encrypts fields, the newest first; empty where a key of the instance folder does."""
        return tuple(_listed(self.field_keys))

    @property
    def begins(self) -> str:
        """What every link of a message begins with."""
        host = self.hosts[0] if self.hosts else "localhost"
        return self.public_address.rstrip("/") or f"{'https' if self.behind_tls else 'http'}://{host}"

    def database(self) -> str:
        """The database's address; without a setting, a SQLite file in the instance folder."""
        if self.database_url:
            return self.database_url
        self.instance_folder.mkdir(parents=True, exist_ok=True)
        return f"sqlite:///{(self.instance_folder / 'portal.sqlite').resolve()}"


def _listed(text: str) -> list[str]:
    return [part.strip() for part in text.split(",") if part.strip()]


def read_settings() -> Settings:
    """The environment's settings. Raises SettingsError with one line for each thing to set."""
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError(refusal(_sentences(error))) from None


def refusal(sentences: Iterable[str]) -> str:
    """Everything that is wrong, at once."""
    return "\n".join(["The portal cannot start:", *(f"- {each}" for each in sentences)])


def _sentences(error: ValidationError) -> list[str]:
    lines: list[str] = []
    for fault in error.errors():
        words = str(fault["msg"]).removeprefix("Value error, ")
        name = "_".join(str(part) for part in fault["loc"])
        prefix = f"PORTAL_{name.upper()}: " if name else ""
        lines += [f"{prefix}{line}" for line in words.splitlines()]
    return lines
