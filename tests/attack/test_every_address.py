"""Every address that anybody is shown, asked for by everybody else and by nobody: what opens, opens by the rules, tells
of no other family, and what does not changes nothing."""

from zlib import crc32

from tests.attack import FOR_LONG, Record
from tests.attack.addresses import Seen, seen_by
from tests.attack.attacker import NOBODY, Attacker
from tests.attack.crowd import Crowd, a_crowd
from tests.attack.rules_say import Rules
from tests.attack.test_tokens import stored
from tests.support.people import Council
from tests.support.web import SignIn

# A quick attack goes some way as those who are shown most, and tries a part of what they saw, the same in every run.
SEE, PAGES, PART = ("coordinator", "social_worker", "admin"), 50, 8
ASK = ("partner_other_organisation", "opened it", "whose own it is", NOBODY)


def seen(crowd: Crowd, rules: Rules, sign_in: SignIn) -> list[Seen]:
    found: set[Seen] = set()
    for who in crowd.people if FOR_LONG else SEE:
        found |= seen_by(sign_in(crowd.people[who]), crowd.viewers[who], rules, most=None if FOR_LONG else PAGES)
    return sorted((each for each in found if FOR_LONG or crc32(str(each).encode()) % PART == 0), key=str)


def test_what_somebody_is_shown_opens_to_nobody_else_but_by_the_rules(
    council: Council, sign_in: SignIn, record_property: Record
) -> None:
    crowd = a_crowd(council)
    rules = Rules(council)
    addresses = seen(crowd, rules, sign_in)
    before = stored(council)

    attackers = [Attacker(who, crowd, rules, sign_in) for who in ([*crowd.people, NOBODY] if FOR_LONG else ASK)]
    faults = [
        fault for one in attackers for each in addresses for fault in one.tries(each.method, each.url, each.fields)
    ]

    tried = sum(one.asked for one in attackers)
    record_property("addresses", len(addresses))
    record_property("people", len(attackers))
    record_property("requests", tried)
    assert tried > 100
    assert not faults, "\n" + "\n".join(faults)
    assert stored(council) == before
