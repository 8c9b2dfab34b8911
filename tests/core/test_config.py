"""Settings that refuse to start when they are wrong, in words that say what to set."""

from pathlib import Path

import pytest

from portal.core.config import Settings, SettingsError, read_settings

GOOD = {
    "PORTAL_ENVIRONMENT": "production",
    "PORTAL_SECRET_KEY": "one that is long enough and has many different letters",
    "PORTAL_FIELD_KEYS": "another that is long enough and of many letters",
    "PORTAL_DATABASE_URL": "postgresql://portal@database/portal",
    "PORTAL_TRUSTED_HOSTS": "earlyhelp.council.example, www.council.example",
    "PORTAL_BEHIND_TLS": "true",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A production that would start."""
    import os

    for name in os.environ:
        if name.startswith("PORTAL_"):
            monkeypatch.delenv(name)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def refusal() -> str:
    with pytest.raises(SettingsError) as refused:
        read_settings()
    return str(refused.value)


class TestProduction:
    def test_starts_where_everything_is_set(self, environment: pytest.MonkeyPatch) -> None:
        settings = read_settings()

        assert settings.hosts == ["earlyhelp.council.example", "www.council.example"]
        assert settings.database() == "postgresql+psycopg://portal@database/portal"
        assert not settings.is_demonstration

    def test_is_what_runs_where_nothing_says_otherwise(self, environment: pytest.MonkeyPatch) -> None:
        environment.delenv("PORTAL_ENVIRONMENT")

        assert read_settings().environment == "production"

    @pytest.mark.parametrize(
        ("name", "value", "words"),
        [
            ("PORTAL_SECRET_KEY", "", "PORTAL_SECRET_KEY must hold at least 32 random characters in production"),
            ("PORTAL_SECRET_KEY", "a-key-of-31-different-letters-x", "Set it to the output of: python -c"),
            ("PORTAL_SECRET_KEY", "changeme" * 6, "Set it to the output of: python -c"),
            (
                "PORTAL_FIELD_KEYS",
                "",
                "PORTAL_FIELD_KEYS must hold a key of at least 32 random characters",
            ),
            ("PORTAL_FIELD_KEYS", "too short", "must hold secrets of at least 32 characters each"),
            ("PORTAL_FIELD_KEYS", "0" * 48, "it encrypts addresses, telephone numbers and drafts"),
            ("PORTAL_DATABASE_URL", "", "PORTAL_DATABASE_URL must name a PostgreSQL database in production"),
            ("PORTAL_DATABASE_URL", "sqlite:///portal.sqlite", "or set PORTAL_SQLITE_IN_PRODUCTION=true"),
            ("PORTAL_TRUSTED_HOSTS", "", "PORTAL_TRUSTED_HOSTS must list the host names of this portal"),
            ("PORTAL_TRUSTED_HOSTS", "   ", "PORTAL_TRUSTED_HOSTS must list the host names of this portal"),
            ("PORTAL_BEHIND_TLS", "false", "PORTAL_BEHIND_TLS must be true"),
            ("PORTAL_SECOND_FACTOR", "false", "PORTAL_SECOND_FACTOR must not be false in production"),
            ("PORTAL_LOCAL_SIGN_IN", "false", "no PORTAL_OIDC_ISSUER is set: nobody could sign in"),
            ("PORTAL_OIDC_ISSUER", "https://login.example", "PORTAL_OIDC_CLIENT_ID must say what the portal is called"),
        ],
    )
    def test_refuses_what_is_not_safe(self, environment: pytest.MonkeyPatch, name: str, value: str, words: str) -> None:
        environment.setenv(name, value)

        assert words in refusal()

    def test_asks_the_councils_own_sign_in_over_https_alone(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("PORTAL_OIDC_ISSUER", "http://login.example")
        environment.setenv("PORTAL_OIDC_CLIENT_ID", "early-help-portal")

        assert "PORTAL_OIDC_ISSUER must begin with https:// in production" in refusal()

    def test_says_everything_that_is_wrong_at_once(self, environment: pytest.MonkeyPatch) -> None:
        for name in list(GOOD)[1:]:
            environment.delenv(name)

        lines = refusal().splitlines()

        assert lines[0] == "The portal cannot start:"
        assert [line.split()[1] for line in lines[1:]] == list(GOOD)[1:]
        assert all(line.startswith("- ") for line in lines[1:])

    def test_takes_sqlite_where_somebody_said_yes_to_it(self, environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
        environment.delenv("PORTAL_DATABASE_URL")
        environment.setenv("PORTAL_SQLITE_IN_PRODUCTION", "true")
        environment.setenv("PORTAL_INSTANCE_FOLDER", str(tmp_path / "instance"))

        assert read_settings().database() == f"sqlite:///{tmp_path / 'instance' / 'portal.sqlite'}"

    def test_never_shows_the_secret(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("PORTAL_SECRET_KEY", "short-and-secret")

        assert "short-and-secret" not in refusal()


class TestEverySetting:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("PORTAL_ENVIRONMENT", "staging"),
            ("PORTAL_DATABASE_URL", "mysql://portal"),
            ("PORTAL_IDLE_MINUTES", "4"),
            ("PORTAL_IDLE_MINUTES", "241"),
            ("PORTAL_IDLE_MINUTES", "half an hour"),
            ("PORTAL_ABSOLUTE_HOURS", "25"),
            ("PORTAL_BEHIND_TLS", "perhaps"),
            ("PORTAL_SERVICE_NAME", "x" * 61),
            ("PORTAL_PASSWORD_MEMORY_KIB", "8"),
        ],
    )
    def test_refuses_what_it_cannot_be_by_its_name(
        self, environment: pytest.MonkeyPatch, name: str, value: str
    ) -> None:
        environment.setenv(name, value)

        assert f"- {name}: " in refusal()

    def test_says_what_it_is_for(self) -> None:
        assert all((field.description or "").strip() for field in Settings.model_fields.values())

    @pytest.mark.parametrize("address", ["postgres://a@b/c", "postgresql://a@b/c", "postgresql+psycopg://a@b/c"])
    def test_every_way_to_write_a_postgresql_address_means_one_driver(self, address: str) -> None:
        assert Settings(environment="test", database_url=address).database() == "postgresql+psycopg://a@b/c"

    def test_a_refusal_ends_the_program_with_its_words(self, environment: pytest.MonkeyPatch) -> None:
        environment.setenv("PORTAL_BEHIND_TLS", "false")

        with pytest.raises(SystemExit):
            read_settings()
