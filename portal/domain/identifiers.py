"""What people and places are known, found and reached by, each in one normal form: numbers, postcode, surname."""

import re
import unicodedata

NHS_SHAPE = re.compile(r"[0-9]{10}")
UPN_CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
UPN_SHAPE = re.compile(r"[A-Z][0-9]{11}[0-9A-Z]")
POSTCODE_SHAPE = re.compile(r"(GIR)(0AA)|([A-Z]{1,2}[0-9][0-9A-Z]?)([0-9][ABD-HJLNP-UW-Z]{2})")
PHONE_SHAPE = re.compile(r"\+?[0-9() .-]{5,30}(( ?ext\.? ?| ?x)[0-9]{1,6})?")
FEWEST_DIGITS = 7
# A helpline's may be as short as 111; what to press, or whom to ask for, stands behind it.
HELPLINE_SHAPE = re.compile(r"\+?[0-9][0-9() .-]{2,29}([ ,(][^<>]{1,29})?")
WEB_PAGE_SHAPE = re.compile(r"(?i)(https?://)?([a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,24}(:[0-9]{1,5})?([/?#][^\s<>\"]*)?)")
EMAIL_SHAPE = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
LATIN_ACCENT = re.compile("[\u0300-\u036f]")
BETWEEN_LETTERS = re.compile("[\\s'’‘\u02bb\u02bc`\u00b4.\u2010-\u2015-]")
NAME_KEY_LENGTH = 100
_REFERENCE = re.compile(r"F ?[-\u2010-\u2013]? ?([1-9][0-9]{0,8})", re.IGNORECASE)


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


def social_care_number(text: str) -> str:
    """Capitals without spaces. Councils number as they like, so nothing else is asked of it."""
    return re.sub(r"\s", "", text).upper()


def phone(text: str) -> str:
    """As it was typed: extensions and brackets help the person who rings."""
    if not PHONE_SHAPE.fullmatch(text) or sum(character.isdigit() for character in text) < FEWEST_DIGITS:
        raise ValueError("Enter a phone number, like 01632 960 001")
    return text


def helpline(text: str) -> str:
    """A service's number, as it was typed: short ones are real there."""
    if not HELPLINE_SHAPE.fullmatch(text):
        raise ValueError("Enter a phone number, like 01632 960 001 or 111")
    return text


def web_page(text: str) -> str:
    """With the https:// that people leave out. No other kind of address is a page that anybody can open."""
    shape = WEB_PAGE_SHAPE.fullmatch(text)
    if shape is None:
        raise ValueError("Enter a web page, like https://www.example.org/advice")
    return f"{(shape[1] or 'https://').lower()}{shape[2]}"


def same_phone(one: str | None, other: str | None) -> bool:
    """Whether two numbers are one, however they are spaced."""
    return re.sub(r"[() .-]", "", one or "") == re.sub(r"[() .-]", "", other or "")


def email(text: str) -> str:
    """By shape alone: whether anybody reads it is not known."""
    if not EMAIL_SHAPE.fullmatch(text):
        raise ValueError("Enter an email address, like name@example.com")
    return text


def family_number(text: str) -> int | None:
    """The number in a family's reference, like F-1042 or f 1042; None where it is none."""
    found = _REFERENCE.fullmatch(text.strip())
    return int(found[1]) if found else None


def name_key(surname: str) -> str:
    """The surname as it is looked up: without case, accents, apostrophes, hyphens and spaces, so that O’Neill is
    found by ONEILL. Only the accents of European scripts are dropped; in others the marks are letters."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", surname).casefold()
        if not LATIN_ACCENT.match(character) and not BETWEEN_LETTERS.match(character)
    )
    return unicodedata.normalize("NFC", bare)[:NAME_KEY_LENGTH] or surname.casefold()[:NAME_KEY_LENGTH]


def _squeezed(text: str) -> str:
    """Without the spaces and hyphens that people put in to read a number aloud."""
    return re.sub(r"[\s\u2010-\u2013-]", "", text)


def _not_real(name: str) -> str:
    return f"{name} must be a real one. Check each character against where it is written"
