"""Every form of the portal, sent with a token that is not its own: none is taken, and nothing is changed."""

import secrets
from typing import Any

from sqlalchemy import func, select

from portal.core.db import db
from portal.models.record import Event, IdempotencyKey, OutboxMessage
from portal.web.errors import page_of
from portal.web.policy import ByBrowser
from tests.attack import WHO, Record
from tests.policies.test_person_route import addresses, token_of
from tests.support.people import Council
from tests.support.routes import door_of
from tests.support.web import SignIn
from tests.support.world import a_world


def stored(council: Council) -> list[int]:
    """What any change of the portal leaves behind."""
    with council.behind_the_scenes():
        return [
            db.session.execute(select(func.count()).select_from(model)).scalar_one()
            for model in (Event, IdempotencyKey, OutboxMessage)
        ]


def page(council: Council, path: str) -> str:
    with council.app.app_context():
        return page_of(path)


def test_no_form_is_taken_with_a_token_that_is_missing_wrong_another_persons_or_of_an_earlier_session(
    council: Council, sign_in: SignIn, record_property: Record
) -> None:
    world, faults, sent = a_world(council), [], set()
    before = stored(council)
    for who in WHO:
        earlier, other = token_of(sign_in(getattr(council, who))), token_of(sign_in(council.auditor))
        client = sign_in(getattr(council, who)).client
        for address in addresses(council.app, world, who):
            mine = address.method == "POST" and address.family in {"own", "no family"}
            if not mine or address.endpoint in sent or isinstance(door_of(council.app, address.endpoint), ByBrowser):
                continue
            sent.add(address.endpoint)
            for name, token in (("missing", None), ("wrong", "wrong"), ("another's", other), ("earlier", earlier)):
                fields: dict[str, Any] = {"idempotency_key": secrets.token_urlsafe(18), "note": "Forged"}
                answer = client.post(address.path, data=fields | ({"csrf_token": token} if token else {}))
                # Opened in an earlier session, it is given back as it was typed, to be looked at and sent again.
                back = answer.headers.get("Location", "")
                refused = answer.status_code == 400 or "/sign-in" in back or back == page(council, address.path)
                if not refused:
                    faults.append(f"{address.path} with a token that is {name}: {answer.status_code}")

    record_property("forms", len(sent))
    assert len(sent) > 100
    assert not faults, "\n" + "\n".join(faults)
    assert stored(council) == before
