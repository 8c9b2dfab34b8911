"""A council of its own for a measurement, in a folder that is thrown away; and the machine it was measured on."""

import os
import platform
import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from flask import Flask
from flask_migrate import upgrade

from portal import create_app
from portal.core.config import Settings
from portal.core.db import db
from portal.demo import load
from tests.support import postgres


@contextmanager
def council(families: int, database: str = "sqlite") -> Iterator[tuple[Flask, Path]]:
    """The portal with the demonstration's people and so many of its families; and its folder. PostgreSQL is a server
    of its own, which does not wait for the disk."""
    with TemporaryDirectory(prefix="portal-bench-") as name, ExitStack() as opened:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite'}"
        if database == "postgresql":
            url = postgres.create_database(opened.enter_context(postgres.server()), "bench")
        settings = Settings(
            environment="demonstration",
            secret_key=secrets.token_urlsafe(48),
            database_url=url,
            password_memory_kib=64,
            instance_folder=folder,
        )
        app = create_app(settings)
        with app.app_context():
            upgrade()
            load.run(settings, families=families, seed=1, say=lambda _: None)
        yield app, folder
        with app.app_context():
            db.session.remove()
            db.engine.dispose()


def machine() -> str:
    """The processor, how many of it, and what the program runs on."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text(encoding="utf-8").splitlines() if described.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    name = models[0] if models else platform.machine()
    return f"{name}, {os.cpu_count()} cores, Python {platform.python_version()}"
