"""The page behind a family's link in other languages: from right to left where they are, and not yet checked."""

import pytest

from portal.core.config import Settings
from portal.domain.languages import language
from tests.support.asking import Link, a_link, answers_of
from tests.support.following import a_referral
from tests.support.people import Council, Home, a_family
from tests.support.web import SignIn


@pytest.fixture(autouse=True)
def offered(council: Council, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    spoken = settings.model_copy(update={"family_languages": "en,pl,ur,ar"})
    monkeypatch.setitem(council.app.config, "PORTAL", spoken)


@pytest.fixture
def home(council: Council) -> Home:
    return a_family(council)


@pytest.fixture
def link(council: Council, home: Home) -> Link:
    return a_link(council, home, a_referral(council, home)[0])


def test_each_is_offered_under_its_own_name(sign_in: SignIn, link: Link) -> None:
    page = sign_in(None).get(link.path)

    links = page.soup.select("nav a")
    assert [(each.get_text(), each["lang"], each["dir"]) for each in links] == [
        ("Polski", "pl", "ltr"),
        ("اردو", "ur", "rtl"),
        ("العربية", "ar", "rtl"),
    ]


@pytest.mark.parametrize(("code", "direction"), [("pl", "ltr"), ("ur", "rtl"), ("ar", "rtl")])
def test_the_whole_way_in_one_language(
    council: Council, home: Home, sign_in: SignIn, link: Link, code: str, direction: str
) -> None:
    phone, words = sign_in(None), language(code)

    page = phone.get(f"{link.path}?lang={code}")
    wrong = page.form().send({"answer": "yes", "when-day": "99"})
    sure = wrong.form().send({"when-day": "1", "when-month": "3", "when-year": "2020"})
    thanks = sure.form().send({"answer": "not_sure", "when-day": ""})

    for shown in (page, wrong, sure, thanks):
        assert (shown.soup.html["lang"], shown.soup.html["dir"]) == (code, direction)  # type: ignore[index]
        assert words.say("unchecked") in shown.main
        assert "This translation has not been checked yet." in shown.main
    assert wrong.errors == [words.say("real_date")]
    talked_on = words.date(link.referral.given_on)
    assert sure.errors == [words.say("before", date=talked_on)]
    assert words.say("already", date=talked_on) in sure.main
    assert thanks.text_of("h1") == words.say("thanks")
    assert [(each.said, each.language) for each in answers_of(council, home)] == [("not_sure", code)]


def test_a_language_that_is_not_offered_is_the_first_one(sign_in: SignIn, link: Link) -> None:
    assert sign_in(None).get(f"{link.path}?lang=../en").soup.html["lang"] == "en"  # type: ignore[index]


def test_a_link_that_opens_nothing_says_so_in_the_language_asked_for(sign_in: SignIn) -> None:
    assert language("ar").say("gone") in sign_in(None).get("/s/nothing?lang=ar").main
