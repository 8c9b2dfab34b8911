"""One of the crowd, or nobody, who asks for an address that the rules may not open to them."""

import re
import secrets
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from werkzeug.test import TestResponse

from portal.models.families import Family, Person
from tests.attack.crowd import Crowd
from tests.attack.rules_say import ABSENT, FORBIDDEN, OPENS, SIGN_IN, Rules
from tests.policies.test_person_route import token_of
from tests.support.web import SignIn

# 409: it opens, and says why there is nothing to be done there any more.
GOT = {200: OPENS, 302: OPENS, 303: OPENS, 409: OPENS, 403: FORBIDDEN, 404: ABSENT}
NOBODY = "nobody"


class Attacker:
    """Asks with a good token and key, as somebody would from a page of their own."""

    def __init__(self, who: str, crowd: Crowd, rules: Rules, sign_in: SignIn) -> None:
        self.who, self.rules, self.viewer = who, rules, crowd.viewers.get(who)
        self.browser = sign_in(crowd.people.get(who))
        self.token = token_of(self.browser)
        self.asked = 0
        self._unreached = re.compile("|".join(map(re.escape, self._names())) or r"(?!)")

    def tries(self, method: str, url: str, fields: dict[str, Any] | None = None) -> Iterator[str]:
        """What is wrong with the answer. A form that is theirs to send is not sent: that is no attack."""
        says = self.rules.say(self.viewer, urlsplit(url).path, method)
        if says is None or (method == "POST" and says == OPENS):
            return
        answer = self._ask(method, url, fields or {})
        self.asked += 1
        got = _got(answer)
        if got != says:
            yield f"{method} {url} as {self.who}: {got}, where the rules say {says}"
        told = set(self._unreached.findall(answer.text))
        if told:
            yield f"{method} {url} as {self.who}: tells of {', '.join(sorted(told))}"

    def _ask(self, method: str, url: str, fields: dict[str, Any]) -> TestResponse:
        if method == "GET":
            return self.browser.client.open(url)
        # What somebody sends may be given back to them: it names nobody whom the answer must not name.
        sent = {name: self._nameless(value) for name, value in fields.items()}
        keys = {"csrf_token": self.token, "idempotency_key": secrets.token_urlsafe(18)}
        return self.browser.client.open(url, method=method, data=sent | keys)

    def _nameless(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._unreached.sub("somebody", value)
        return [self._nameless(each) for each in value] if isinstance(value, list) else value

    def _names(self) -> Iterator[str]:
        """Of families that they do not reach, and of the people in them."""
        families = self.rules.things[Family]
        hidden = {
            number for number, each in families.items() if not self.viewer or not self.rules.reached(self.viewer, each)
        }
        yield from (families[number].name for number in hidden)
        yield from (each.name for each in self.rules.things[Person].values() if each.family_id in hidden)


def _got(answer: TestResponse) -> str:
    if urlsplit(answer.location or "").path == "/sign-in":
        return SIGN_IN
    return GOT.get(answer.status_code, str(answer.status_code))
