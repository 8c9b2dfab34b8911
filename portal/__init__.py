"""The Early Help Portal: composed here, and refused where a route has no door."""

from importlib import import_module
from pkgutil import iter_modules

from flask import Flask
from flask_migrate import Migrate
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from portal import blueprints, models, readiness
from portal.cli import register as register_commands
from portal.core import logging
from portal.core.config import Settings, read_settings
from portal.core.db import db, engine_options, prepare, refuse_flush_while_reading
from portal.domain.unfinished import KEPT
from portal.facts import at_hand, what_changed
from portal.policies import scope
from portal.web import assets, errors, gate, headers, pages, policy_reports, sessions, too_late
from portal.web.migrations import folder
from portal.web.refs import RefConverter, TokenConverter
from portal.worker import register as register_worker

__all__ = ["create_app", "models"]


class Unguarded(RuntimeError):
    """A route has no policy: the portal does not start."""


def create_app(settings: Settings | None = None) -> Flask:
    """The portal, composed from settings (the environment's where none are given)."""
    settings = settings or read_settings()
    logging.configure()
    app = Flask(__name__, instance_path=str(settings.instance_folder.resolve()), template_folder=None)
    app.config.from_mapping(
        PORTAL=settings,
        SECRET_KEY=settings.secret_key or "development only, never in production",
        SQLALCHEMY_DATABASE_URI=settings.database(),
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database()),
        TRUSTED_HOSTS=settings.hosts or None,
        MAX_CONTENT_LENGTH=4_000_000,
        MAX_FORM_MEMORY_SIZE=2_000_000,
        SESSION_COOKIE_NAME="__Host-portal" if settings.behind_tls else "portal",
        SESSION_COOKIE_SECURE=settings.behind_tls,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        # When a session is over its row says. A form may lie open much longer: by the cookie it is known whose it was.
        PERMANENT_SESSION_LIFETIME=KEPT,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    if settings.behind_tls:
        # The server in front says who asks: without it every family would share one address, and one pace.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.url_map.converters["ref"] = RefConverter
    app.url_map.converters["token"] = TokenConverter
    _connect(app)
    forms = CSRFProtect(app)
    sessions.register(app)
    pages.register(app, settings)
    headers.register(app, settings)
    errors.register(app)
    too_late.register(app)
    assets.register(app)
    gate.GUARDED.add(policy_reports.register(app, forms))
    for module in iter_modules(blueprints.__path__):
        app.register_blueprint(import_module(f"portal.blueprints.{module.name}").bp)
    register_commands(app)
    register_worker(app)
    _refuse_unguarded(app)
    if not readiness.by_command():
        readiness.demand(app)
    return app


def _connect(app: Flask) -> None:
    from sqlalchemy import event

    db.init_app(app)
    Migrate(app, db, directory=str(folder()), render_as_batch=True)
    with app.app_context():
        prepare(db.engine)
        scope.watch(db.engine)
    if not event.contains(db.session, "do_orm_execute", scope.narrow):
        scope.fasten(db.session)
        at_hand.fasten(db.session)
        what_changed.fasten(db.session)
        event.listen(db.session, "before_flush", refuse_flush_while_reading)


def _refuse_unguarded(app: Flask) -> None:
    bare = {rule.endpoint for rule in app.url_map.iter_rules()} - gate.GUARDED - {"static"}
    if bare:
        raise Unguarded(f"These routes have no policy: {', '.join(sorted(bare))}")
