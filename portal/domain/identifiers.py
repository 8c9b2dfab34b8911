"""What other services know people and places by, each in one normal form: NHS number, pupil number, postcode."""

import re

NHS_SHAPE = re.compile(r"[0-9]{10}")
UPN_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UPN_SHAPE = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
POSTCODE_SHAPE = re.compile(r"(GIR)(0AA)|([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})")


def nhs_number(text: str) -> str:
    """Ten digits without spaces. Its last digit proves the nine before it."""
    digits = _squeezed(text)
    if not NHS_SHAPE.fullmatch(digits):
        raise ValueError("NHS number must be 10 digits, like 943 476 5919")
    check = -sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    # Ten equal digits can pass the sum, and are what people type to get past a form.
    if check != int(digits[9]) or len(set(digits)) == 1:
        raise ValueError(_not_real("NHS number"))
    return digits


def upn(text: str) -> str:
    """Thirteen characters. The first letter proves the rest; a temporary number ends in a letter too."""
    code = _squeezed(text).upper()
    if not UPN_SHAPE.fullmatch(code):
        raise ValueError("Unique pupil number must be a letter and 12 more characters, like B801200005001")
    values = [UPN_CHECK_LETTERS.find(character) if character.isalpha() else int(character) for character in code[1:]]
    total = sum(value * weight for weight, value in enumerate(values, start=2))
    if -1 in values or code[0] != UPN_CHECK_LETTERS[total % 23]:
        raise ValueError(_not_real("Unique pupil number"))
    return code


def postcode(text: str) -> str:
    """Capitals with one space, by shape alone: whether the place exists is not asked."""
    shape = POSTCODE_SHAPE.fullmatch(_squeezed(text).upper())
    if shape is None:
        raise ValueError("Enter a full UK postcode, like AB1 2DE")
    return " ".join(part for part in shape.groups() if part)


def _squeezed(text: str) -> str:
    """Without the spaces and hyphens that people put in to read a number aloud."""
    return re.sub(r"[\s\u2010-\u2013-]", "", text)


def _not_real(name: str) -> str:
    return f"{name} must be a real one. Check each character against where it is written"
