"""The council's own sign-in: OpenID Connect by code, with PKCE, state and nonce; told by one issuer alone."""

from datetime import UTC, datetime
from functools import cache

import requests
import structlog
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.flask_client import FlaskIntegration, FlaskOAuth2App
from flask import session, url_for
from joserfc.errors import JoseError
from werkzeug.wrappers import Response

from portal.core import clock
from portal.domain.proving import WAITS, Told
from portal.web import gate
from portal.web.errors import NotOpen
from portal.web.pages import settings
from portal.web.passkeys import place

log = structlog.get_logger()
TOLD = "told by the provider"
SIGNED_BY = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
PATIENCE = 10  # seconds for each answer of the provider
WRONG = (AuthlibBaseError, JoseError, requests.RequestException, ValueError, KeyError, RuntimeError)


class Elsewhere(Exception):
    """The provider says that it is somebody other than is set."""


@cache
def _client(issuer: str, client_id: str, secret: str) -> FlaskOAuth2App:
    return FlaskOAuth2App(
        FlaskIntegration("provider"),
        "provider",
        client_id=client_id,
        client_secret=secret or None,
        server_metadata_url=f"{issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid profile",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE,
            "token_endpoint_auth_method": "client_secret_basic" if secret else "none",
        },
    )


def demand() -> None:
    """Raises NotOpen where the council has none, or it is not set."""
    if not settings().oidc_issuer:
        raise NotOpen("This portal has no other sign-in than its own.", url_for("account.sign_in"))


def begin() -> Response | None:
    """To the provider's page; None where it cannot be reached, or is not who it should be."""
    gate.let_go()
    try:
        client = _known()
        response: Response = client.authorize_redirect(place().origin + url_for("provider.back"))
    except (*WRONG, Elsewhere) as error:
        _failed(error)
        return None
    return response


def told() -> Told | None:
    """Who came back, as the provider says in a token made for this browser, this portal and this moment; None for
    whatever else comes."""
    gate.let_go()
    chosen = settings()
    expected = {
        "iss": {"essential": True, "value": chosen.oidc_issuer},
        "aud": {"essential": True, "value": chosen.oidc_client_id},
    }
    try:
        claims = _known().authorize_access_token(claims_options=expected)["userinfo"]
    except (*WRONG, Elsewhere) as error:
        _failed(error)
        return None
    called = claims.get("preferred_username") or claims.get("name") or claims["sub"]
    return Told(claims["iss"], claims["sub"], str(called)[:100])


def keep(who: Told) -> None:
    """For the page that asks whether this is to be connected."""
    session[TOLD] = (who.issuer, who.subject, who.called, int(clock.now().timestamp()))


def kept() -> Told | None:
    """Whom the provider told of in this browser, not long ago."""
    *found, at = session.get(TOLD) or (None,)
    if at is None or clock.now() - datetime.fromtimestamp(at, UTC) > WAITS:
        return None
    return Told(*found)


def forget() -> None:
    session.pop(TOLD, None)


def _known() -> FlaskOAuth2App:
    chosen = settings()
    client = _client(chosen.oidc_issuer, chosen.oidc_client_id, chosen.oidc_client_secret)
    metadata = client.load_server_metadata()
    if metadata.get("issuer") != chosen.oidc_issuer:
        _client.cache_clear()
        raise Elsewhere
    offered = metadata.get("id_token_signing_alg_values_supported") or SIGNED_BY[:1]
    metadata["id_token_signing_alg_values_supported"] = [each for each in offered if each in SIGNED_BY]
    return client


def _failed(error: Exception) -> None:
    # The kind alone: what a provider says may hold a name or a token.
    log.warning("sign-in by the provider failed", kind=type(error).__name__)
