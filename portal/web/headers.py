"""Headers of every response: what a page may load, and that nothing about a family is kept by a cache."""

from functools import cache

from flask import Flask, Response, request
from flask_compress import Compress

from portal.core.config import Settings
from portal.web import assets, policy_reports
from portal.web.errors import BY_LINK

YEAR = 31_536_000
OPENED_BY_ADDRESS = BY_LINK | {"account.set_password", "account.setting_password"}
FOUND = {200, 304}
# Whoever opened the page themselves, or a page of the portal. Another site that has a page opened again and again, and
# counts how much shorter it gets by words of its choice, gets it as long as it is.
ASKED_HERE = {"same-origin", "none"}


@cache
def content_policy() -> str:
    """Only from here, nothing inline but the framework's one line, framed by nobody; what is held back is reported."""
    return (
        f"default-src 'none'; script-src 'self' {assets.inline_script_source()}; style-src 'self'; "
        "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
        f"object-src 'none'; frame-ancestors 'none'; manifest-src 'self'; report-uri {policy_reports.ADDRESS}"
    )


def register(app: Flask, settings: Settings) -> None:
    app.config.from_mapping(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=5,
        COMPRESS_STREAMS=False,
    )
    compress = Compress(app)

    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = content_policy()
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        # Where the address of a page is what opens it, it is told to nobody.
        by_link = request.endpoint in OPENED_BY_ADDRESS
        headers["Referrer-Policy"] = "no-referrer" if by_link else "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if settings.behind_tls:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}; includeSubDomains"
        if request.endpoint == "static" and response.status_code in FOUND:
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
            return response
        headers["Cache-Control"] = "no-store"
        headers.add("Vary", "HX-Request")
        return compress.after_request(response) if _asked_here() else response


def _asked_here() -> bool:
    return request.headers.get("Sec-Fetch-Site") in ASKED_HERE
