"""The policy of a page in a real browser: what is not the portal's does not run, and is told."""

from itertools import count

from sqlalchemy import delete

from portal.core.db import db
from portal.models.edge import PolicyReport
from portal.queries import policy_reports
from tests.journeys.conftest import Sits
from tests.support.people import Council

KINDS = ("script-src-elem", "script-src-attr", "style-src-attr")
SMUGGLED = """() => {
  const line = document.createElement("script");
  line.textContent = "window.ran = true";
  document.body.append(line);
  const bait = "<p style='color: red' onclick='window.ran = true' id='bait'>Press</p>";
  document.body.insertAdjacentHTML("beforeend", bait);
  document.getElementById("bait").click();
  return [window.ran === true, getComputedStyle(document.getElementById("bait")).color === "rgb(255, 0, 0)"];
}"""


def test_a_script_and_a_style_that_somebody_smuggled_in_do_nothing_and_are_told(council: Council, sits: Sits) -> None:
    person = sits(council.coordinator, checked=False).open("/home")

    reports = count(1)
    with person.page.expect_response(lambda answer: answer.url.endswith("/csp-report") and next(reports) == len(KINDS)):
        ran = person.page.evaluate(SMUGGLED)

    assert ran == [False, False]
    with council.behind_the_scenes():
        told = {(each.page, each.directive, each.blocked) for each in policy_reports.newest()}
        db.session.execute(delete(PolicyReport))
    assert told == {("home.today", kind, "inline") for kind in KINDS}
