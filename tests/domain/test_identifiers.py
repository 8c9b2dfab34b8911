"""NHS numbers, unique pupil numbers and postcodes: what is taken, and what is refused in which words."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain import identifiers

CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


class TestNhsNumber:
    @pytest.mark.parametrize("typed", ["9434765919", "943 476 5919", " 943-476-5919 ", "943\u00a0476\u00a05919"])
    def test_is_kept_as_ten_digits_however_it_is_spaced(self, typed: str) -> None:
        assert identifiers.nhs_number(typed) == "9434765919"

    @pytest.mark.parametrize(
        "typed", ["", "   ", "943476591", "94347659190", "943476591X", "٩٤٣٤٧٦٥٩١٩", "9434765919\x00"]
    )
    def test_anything_but_ten_digits_is_refused(self, typed: str) -> None:
        with pytest.raises(ValueError, match="NHS number must be 10 digits, like 943 476 5919"):
            identifiers.nhs_number(typed)

    @pytest.mark.parametrize("typed", ["9434765918", "9999999999", "0000000000"])
    def test_a_number_that_cannot_exist_is_refused(self, typed: str) -> None:
        with pytest.raises(ValueError, match="NHS number must be a real one"):
            identifiers.nhs_number(typed)

    @given(st.integers(0, 999_999_999).map("{:09}".format))
    def test_at_most_one_last_digit_fits_the_nine_before_it(self, nine: str) -> None:
        fitting = [last for last in "0123456789" if _taken(nine + last)]

        assert len(fitting) <= 1

    @given(st.integers(0, 8), st.integers(1, 9))
    def test_one_digit_typed_wrong_is_noticed(self, place: int, shift: int) -> None:
        digits = list("9434765919")
        digits[place] = str((int(digits[place]) + shift) % 10)

        assert not _taken("".join(digits))


class TestUniquePupilNumber:
    @pytest.mark.parametrize("typed", ["B801200005001", "b801200005001", " B801 2000 05001 "])
    def test_is_kept_in_capitals_without_spaces(self, typed: str) -> None:
        assert identifiers.upn(typed) == "B801200005001"

    @pytest.mark.parametrize(
        "typed", ["", "801200005001", "B80120000500", "B8012000050011", "B8012X0005001", "B80120000500٣"]
    )
    def test_another_shape_is_refused(self, typed: str) -> None:
        with pytest.raises(ValueError, match="Unique pupil number must be a letter and 12 more characters"):
            identifiers.upn(typed)

    @pytest.mark.parametrize(
        "typed", ["A801200005001", "B801200005002", "Q207000016049", "B80120000500I", "S801200005001"]
    )
    def test_a_number_that_cannot_exist_is_refused(self, typed: str) -> None:
        with pytest.raises(ValueError, match="Unique pupil number must be a real one"):
            identifiers.upn(typed)

    @given(st.integers(0, 10**11 - 1).map("{:011}".format), st.sampled_from(CHECK_LETTERS + "0123456789"))
    def test_exactly_one_first_letter_fits_permanent_and_temporary_numbers(self, eleven: str, last: str) -> None:
        fitting = [letter for letter in CHECK_LETTERS if _fits(letter + eleven + last)]

        assert len(fitting) == 1


class TestPostcode:
    @pytest.mark.parametrize(
        ("typed", "kept"),
        [
            ("ab1 2de", "AB1 2DE"),
            ("AB12DE", "AB1 2DE"),
            (" a b1  2d e ", "AB1 2DE"),
            ("ab112de", "AB11 2DE"),
            ("m1 1ae", "M1 1AE"),
            ("ec1a1bb", "EC1A 1BB"),
            ("w1a 0ax", "W1A 0AX"),
            ("gir0aa", "GIR 0AA"),
        ],
    )
    def test_is_kept_in_capitals_with_one_space(self, typed: str, kept: str) -> None:
        assert identifiers.postcode(typed) == kept

    @pytest.mark.parametrize(
        "typed", ["", "AB1", "AB1 2", "ABC 1234", "1AB 2DE", "AB1 2CD", "AB1 2DE 3", "AB\u0661 2DE"]
    )
    def test_anything_else_is_refused(self, typed: str) -> None:
        with pytest.raises(ValueError, match="Enter a full UK postcode, like AB1 2DE"):
            identifiers.postcode(typed)


@given(st.text(max_size=20))
def test_what_is_taken_is_in_normal_form_already(text: str) -> None:
    for read in (identifiers.nhs_number, identifiers.upn, identifiers.postcode):
        with contextlib.suppress(ValueError):
            kept = read(text)

            assert read(kept) == kept


def _taken(number: str) -> bool:
    try:
        return identifiers.nhs_number(number) == number
    except ValueError:
        return False


def _fits(number: str) -> bool:
    try:
        return identifiers.upn(number) == number
    except ValueError:
        return False
