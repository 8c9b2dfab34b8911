"""What pages cost, as a multiple of the least they could."""

import argparse
import re
import shutil
import time
from io import BytesIO
from pathlib import Path
from statistics import median
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder, run_wsgi_app

from bench.floor import Did, Floor, watched
from bench.import_families import write_sheet
from bench.place import council, machine
from portal import bringing_in
from portal.core.db import db, writing
from portal.domain.plans import ActionState
from portal.models.families import CoordinatorAssignment
from portal.models.people import User
from portal.models.teamwork import PlanAction, TeamMember
from portal.policies.scope import unscoped
from portal.services import sign_in

FAMILIES = 60  # of the demonstration, with everything a family can have
UPDATE = {"outcome": "in_progress", "note": "Rang again; they call back on Monday"}
ROUNDS = 40


def browser_of(app: Flask, user_id: int) -> FlaskClient:
    client = app.test_client()
    with app.app_context(), writing():
        token = sign_in.begin(user_id)
        db.session.commit()
    with client.session_transaction() as cookie:
        cookie["_user_id"] = token
    client.get("/account")  # since they signed in, a page has given their session its form token
    return client


def request(client: FlaskClient, path: str, form: dict[str, str] | None = None) -> dict[str, Any]:
    """As a server hands it on: with this browser's session, and a form where one is sent."""
    cookie = client.get_cookie("portal")
    assert cookie is not None
    method = "GET" if form is None else "POST"
    headers = Headers({"Cookie": f"portal={cookie.value}"})
    return EnvironBuilder(path, method=method, data=form, headers=headers).get_environ()


def hidden_in(opened: str) -> dict[str, str]:
    """What a page's form sends beside what is typed."""
    return dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="(\w+)"[^>]*value="([^"]*)"', opened))


def answer(app: Any, environ: dict[str, Any], expected: str = "200") -> tuple[bytes, float]:
    """The body, and the seconds of computing it took."""
    began = time.process_time()
    body, status, _ = run_wsgi_app(app, environ, buffered=True)
    took = time.process_time() - began
    assert status.startswith(expected), f"{status} at {environ['PATH_INFO']}"
    return b"".join(body), took


def say(name: str, costs: list[float], floors: list[float], did: Did) -> None:
    ours, least = median(costs), median(floors)
    print(
        f"{name}: {ours / least:.1f} × the floor ({ours * 1000:.1f} ms and {least * 1000:.1f} ms computing), "
        f"{len(did.statements)} statements, {len(did.body) / 1024:.1f} KiB"
    )


def page(app: Flask, folder: Path, name: str, path: str, user_id: int) -> None:
    """A page that is read: the portal and its floor by turns."""
    environ = request(browser_of(app, user_id), path)
    answer(app, dict(environ))
    copy = shutil.copy(folder / "bench.sqlite", folder / "floor.sqlite")
    with watched(app) as statements:
        did = Did(statements, answer(app, dict(environ))[0])
    floor = Floor(Path(copy), did)
    costs, floors = [], []
    for _ in range(ROUNDS):
        costs.append(answer(app, dict(environ))[1])
        floors.append(answer(floor, dict(environ))[1])
    floor.connection.close()
    say(name, costs, floors, did)


def update(app: Flask, folder: Path, name: str, path: str, user_id: int) -> None:
    """A partner's two clicks: each sends a form just opened, and the floor runs what that one ran."""
    client = browser_of(app, user_id)
    costs, floors, did = [], [], Did([], b"")
    for _ in range(ROUNDS):
        opened = client.get(path).text
        sent = request(client, path, {**hidden_in(opened), **UPDATE})
        typed = sent["wsgi.input"].getvalue()
        copy = shutil.copy(folder / "bench.sqlite", folder / "floor.sqlite")
        with watched(app) as statements:
            body, took = answer(app, {**sent, "wsgi.input": BytesIO(typed)}, "303")
        did = Did(statements, body)
        floor = Floor(Path(copy), did)
        costs.append(took)
        floors.append(answer(floor, {**sent, "wsgi.input": BytesIO(typed)})[1])
        floor.connection.close()
    say(name, costs, floors, did)


def people(app: Flask) -> tuple[User, Any]:
    """The coordinator with most families, and an action in progress that a partner with an account owns: its id,
    its user_id and its family_id."""
    with app.app_context(), unscoped("a measurement looks for people with work to do"):
        mine = func.count(CoordinatorAssignment.id)
        busiest = select(CoordinatorAssignment.user_id).where(CoordinatorAssignment.to_on.is_(None))
        coordinator = db.session.execute(
            busiest.group_by(CoordinatorAssignment.user_id).order_by(mine.desc()).limit(1)
        ).scalar_one()
        action = db.session.execute(
            select(PlanAction.id, TeamMember.user_id, PlanAction.family_id)
            .join(TeamMember, PlanAction.owner_id == TeamMember.id)
            .where(PlanAction.state == ActionState.IN_PROGRESS, TeamMember.user_id.is_not(None))
            .order_by(PlanAction.id)
            .limit(1)
        ).one()
        return db.session.get_one(User, coordinator), action


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--more", type=int, default=2000, help="How many more families come in before a second look.")
    more = parser.parse_args().more
    with council(FAMILIES) as (app, folder):
        coordinator, action = people(app)
        print(f"{machine()}; SQLite")
        for families in (FAMILIES, FAMILIES + more):
            if families > FAMILIES:
                write_sheet(folder / "more.csv", more)
                with app.app_context():
                    bringing_in.run(folder / "more.csv", coordinator.email, write=True, say=lambda _: None)
            print(f"With {families:,} families:")
            page(app, folder, "worklist", "/families", coordinator.id)
            page(app, folder, "family", f"/families/F-{action.family_id}", action.user_id)
            update(app, folder, "update of an action", f"/actions/A-{action.id}/update", action.user_id)


if __name__ == "__main__":
    main()
