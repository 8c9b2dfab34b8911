"""Headers of every response: what a page may load, and that nothing about a family is kept by a cache."""

from flask import Flask, Response, request

from portal.core.config import Settings
from portal.web import assets
from portal.web.errors import BY_LINK

YEAR = 31_536_000


def register(app: Flask, settings: Settings) -> None:
    @app.after_request
    def add(response: Response) -> Response:
        headers = response.headers
        headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self' {assets.inline_script_source()}; style-src 'self'; "
            "img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
            "object-src 'none'; frame-ancestors 'none'; manifest-src 'self'"
        )
        headers["X-Content-Type-Options"] = "nosniff"
        headers["X-Frame-Options"] = "DENY"
        # The address of a family's page is what opens it: it is told to nobody.
        by_link = request.endpoint in BY_LINK
        headers["Referrer-Policy"] = "no-referrer" if by_link else "same-origin"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
        if settings.behind_tls:
            headers["Strict-Transport-Security"] = f"max-age={YEAR}"
        if request.endpoint == "static":
            headers["Cache-Control"] = f"public, max-age={YEAR}, immutable"
        else:
            headers["Cache-Control"] = "no-store"
            headers.add("Vary", "HX-Request")
        return response
