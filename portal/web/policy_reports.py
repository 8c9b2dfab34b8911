"""What browsers report by themselves at /csp-report: a script, style or picture that a page's policy held back.

Behind no sign-in and without a form's token: it is a browser that sends it, not a person, and nothing is answered. It
is read for its kind alone. The address of the page and what stood on it stay where they are: an address may be a
family's link."""

import json
import re
from typing import Any
from urllib.parse import urlsplit

import structlog
from flask import Flask, current_app, request
from flask_wtf import CSRFProtect
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from portal.core.db import db, reading, writing
from portal.services import policy_reports as change
from portal.services.policy_reports import Report
from portal.web.policy import ByBrowser

ADDRESS, ENDPOINT = "/csp-report", "browsers_report"
TYPE, LARGEST = "application/csp-report", 10_000
ELSEWHERE = "elsewhere"
_DIRECTIVE = re.compile(r"[a-z]{3,12}(-[a-z]{3,9}){1,2}")
_HOST = re.compile(r"[a-z0-9.:\-]{1,80}")
_KINDS = frozenset({"inline", "eval", "wasm-eval", "self", "data", "blob", "about", "trusted-types-sink"})
log = structlog.get_logger()


def register(app: Flask, forms: CSRFProtect) -> str:
    """Open the address. Returns its endpoint, for the list of those that are guarded."""
    take.policy = ByBrowser("a browser reports what a page may not load; nothing is shown")  # type: ignore[attr-defined]
    app.add_url_rule(ADDRESS, ENDPOINT, take, methods=["POST"])
    forms.exempt(take)
    return ENDPOINT


def take() -> tuple[str, int]:
    """The same answer to everything: whoever tries things out here learns nothing."""
    report = _read()
    if report is not None:
        _keep(report)
    return "", 204


def _keep(report: Report) -> None:
    with reading():
        full = change.is_full(report)
        db.session.rollback()
    if full:
        return
    with writing():
        try:
            first = change.keep(report)
            db.session.commit()
        except IntegrityError:  # another one of its kind came at this moment
            db.session.rollback()
            return
    if first:
        log.warning("held back by the policy of a page", page=report.page, directive=report.directive)


def _read() -> Report | None:
    if request.mimetype != TYPE or not 0 < (request.content_length or 0) <= LARGEST:
        return None
    try:
        sent = json.loads(request.get_data())
    except (ValueError, RecursionError):
        return None
    told = sent.get("csp-report") if isinstance(sent, dict) else None
    if not isinstance(told, dict):
        return None
    directive = str(told.get("effective-directive") or told.get("violated-directive") or "").partition(" ")[0]
    if not _DIRECTIVE.fullmatch(directive):
        return None
    return Report(_page(told.get("document-uri")), directive, _blocked(told.get("blocked-uri")))


def _page(address: Any) -> str:
    """Which page it was: never its address."""
    try:
        path = urlsplit(str(address)).path
        endpoint, _names = current_app.url_map.bind("").match(path, method="GET")
    except (ValueError, HTTPException, RequestRedirect):
        return ELSEWHERE
    return str(endpoint)


def _blocked(address: Any) -> str:
    """A kind of source, or a host: never a path."""
    said = str(address or "inline").lower()
    if said in _KINDS:
        return said
    try:
        parts = urlsplit(said)
    except ValueError:
        return "unreadable"
    if parts.scheme in _KINDS:
        return parts.scheme
    if parts.scheme in {"http", "https", "ws", "wss"} and _HOST.fullmatch(parts.netloc):
        return f"{parts.scheme}://{parts.netloc}"
    return "unreadable"
