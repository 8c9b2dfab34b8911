"""A real OpenID provider on this machine, for tests of the council's own sign-in: Authlib's server over real HTTP."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from authlib.integrations.flask_oauth2.authorization_server import AuthorizationServer
from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant
from authlib.oauth2.rfc7636 import CodeChallenge
from authlib.oidc.core import AuthorizationCodeMixin, OpenIDCode, UserInfo
from flask import Flask, Response, jsonify
from joserfc.jwk import KeySet, RSAKey

from tests.support.server import serve

CLIENT, SECRET = "early-help-portal", "a secret between the two of them"


@dataclass
class Code(AuthorizationCodeMixin):
    code: str
    redirect_uri: str
    scope: str
    nonce: str | None
    code_challenge: str | None
    code_challenge_method: str | None
    auth_time: int = field(default_factory=lambda: int(time.time()))

    def get_redirect_uri(self) -> str:
        return self.redirect_uri

    def get_scope(self) -> str:
        return self.scope

    def get_nonce(self) -> str | None:
        return self.nonce

    def get_auth_time(self) -> int:
        return self.auth_time

    def get_acr(self) -> str:
        return ""

    def get_amr(self) -> list[str]:
        return []


class Portal(ClientMixin):
    """The one client it has, and where that is to be led back to."""

    def __init__(self, origin: str) -> None:
        self.leads_to = f"{origin}/sign-in/provider/back"

    def get_client_id(self) -> str:
        return CLIENT

    def get_default_redirect_uri(self) -> None:
        return None

    def get_allowed_scope(self, scope: str) -> str:
        return scope

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri == self.leads_to

    def check_client_secret(self, client_secret: str) -> bool:
        return client_secret == SECRET

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return method == "client_secret_basic"

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type == "authorization_code"


class Provider:
    """Whoever comes is signed in there as `subject`. `claims` are put into its tokens whatever is true; `signs_with` is
    the key that it signs with, one it publishes unless a test takes another."""

    def __init__(self) -> None:
        self.address = ""
        self.portal = "http://localhost"
        self.subject = "7f3a-0001"
        self.claims: dict[str, Any] = {}
        self.published = RSAKey.generate_key(2048, {"kid": "one"})
        self.signs_with: RSAKey = self.published
        # Puts another token in the place of the one it made.
        self.forge: Callable[[str], str] | None = None
        self.codes: dict[str, Code] = {}
        self.asked: list[dict[str, str]] = []
        self.app = Flask("provider")
        self._serve()

    def _serve(self) -> None:
        server = AuthorizationServer(self.app, lambda _name: Portal(self.portal), lambda _token, _request: None)
        server.register_grant(_grant(self), [_openid(self), CodeChallenge(required=True)])

        @self.app.get("/.well-known/openid-configuration")
        def metadata() -> Response:
            return jsonify(
                issuer=self.claims.get("issuer", self.address),
                authorization_endpoint=f"{self.address}/authorize",
                token_endpoint=f"{self.address}/token",
                jwks_uri=f"{self.address}/keys",
                id_token_signing_alg_values_supported=["RS256", "HS256", "none"],
            )

        @self.app.get("/keys")
        def keys() -> Response:
            return jsonify(KeySet([self.published]).as_dict(private=False))

        @self.app.get("/authorize")
        def authorize() -> Any:
            grant = server.get_consent_grant(end_user=self)
            self.asked.append(dict(grant.request.payload.data))
            return server.create_authorization_response(grant_user=self, grant=grant)

        @self.app.post("/token")
        def token() -> Any:
            answer = server.create_token_response()
            if self.forge is not None:
                told = answer.get_json()
                answer.set_data(json.dumps(told | {"id_token": self.forge(told["id_token"])}))
            return answer


def _grant(provider: Provider) -> type[AuthorizationCodeGrant]:
    class Grant(AuthorizationCodeGrant):
        TOKEN_ENDPOINT_AUTH_METHODS = ["client_secret_basic"]  # noqa: RUF012  (as Authlib has it)

        def save_authorization_code(self, code: str, request: Any) -> None:
            sent = request.payload.data
            provider.codes[code] = Code(
                code,
                request.payload.redirect_uri,
                request.payload.scope,
                sent.get("nonce"),
                sent.get("code_challenge"),
                sent.get("code_challenge_method"),
            )

        def query_authorization_code(self, code: str, client: Any) -> Code | None:
            return provider.codes.get(code)

        def delete_authorization_code(self, authorization_code: Code) -> None:
            del provider.codes[authorization_code.code]

        def authenticate_user(self, authorization_code: Code) -> Provider:
            return provider

    return Grant


def _openid(provider: Provider) -> OpenIDCode:
    class OpenID(OpenIDCode):
        def exists_nonce(self, nonce: str, request: Any) -> bool:
            return any(code.nonce == nonce for code in provider.codes.values())

        def resolve_client_private_key(self, client: Any) -> RSAKey:
            return provider.signs_with

        def get_encode_header(self, client: Any) -> dict[str, str]:
            return {"alg": "RS256", "kid": "one"}

        def get_client_claims(self, client: Any) -> dict[str, Any]:
            return {"iss": provider.address}

        def generate_user_info(self, user: Any, scope: str) -> UserInfo:
            return UserInfo(sub=provider.subject, name="Pat at the council", **provider.claims)

    return OpenID(require_nonce=True)  # type: ignore[no-untyped-call]


@contextmanager
def running() -> Iterator[Provider]:
    provider = Provider()
    with serve(provider.app) as address:
        provider.address = address
        yield provider
