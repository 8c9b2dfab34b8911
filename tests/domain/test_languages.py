"""The languages in which a family can answer: all of them say the same things."""

import re
from datetime import date

import pytest

from portal.domain.asking import MESSAGE, Said
from portal.domain.languages import ENGLISH, chosen, language, shipped

PLACE = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("code", shipped())
class TestEveryLanguage:
    def test_says_all_that_english_says(self, code: str) -> None:
        assert set(language(code).words) == set(language(ENGLISH).words)
        assert all(words.strip() for words in language(code).words.values())

    def test_has_the_same_places_for_dates_and_numbers(self, code: str) -> None:
        english = language(ENGLISH).words
        places = {key: sorted(PLACE.findall(words)) for key, words in language(code).words.items()}

        assert places == {key: sorted(PLACE.findall(words)) for key, words in english.items()}

    def test_words_each_answer(self, code: str) -> None:
        assert {str(each) for each in Said} <= set(language(code).words)

    def test_names_twelve_months(self, code: str) -> None:
        assert len(set(language(code).months)) == 12
        assert language(code).date(date(2026, 3, 27)).startswith("27 ")


def test_english_comes_first_and_is_the_only_one_that_was_checked() -> None:
    assert shipped() == ("en", "ar", "pl", "ur")
    assert [code for code in shipped() if language(code).checked] == ["en"]


def test_a_setting_names_those_that_are_offered_in_its_order() -> None:
    assert [each.code for each in chosen("ur, pl,nonsense")] == ["ur", "pl"]
    assert [each.code for each in chosen("")] == ["en"]


def test_a_name_that_is_no_language_opens_no_file() -> None:
    with pytest.raises(LookupError):
        language("../pyproject")


def test_a_text_message_is_short_enough_for_one() -> None:
    link = "https://early-help.ambleford.gov.example/s/" + "x" * 43

    assert len(MESSAGE.format(council="Ambleford Council", link=link, phone="01632 960 133")) <= 160
