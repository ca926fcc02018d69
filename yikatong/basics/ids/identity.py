"""Identity numbers: whose they are, and what is wrong with one that was mistyped.

Sources: GB 11643-1999 (citizens); the residence permits of Hong Kong, Macao and Taiwan residents follow it
with the area codes 810000, 820000 and 830000; the foreigner's permanent residence card issued since
2023-12-01 has 18 digits beginning with 9 and the same check, the earlier one three letters and twelve digits,
and both are valid. A citizen's number of before the standard had 15 digits (6 area, 6 birth, 3 sequence); it is read
as the number of 18 digits that the same person has today.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from stdnum.iso7064 import mod_11_2

from yikatong.basics.characters import ascii_folded, first_foreign
from yikatong.basics.refused import Refused
from yikatong.basics.regions import ever_assigned

EARLIEST_BIRTH = date(1850, 1, 1)
AREA_UNKNOWN = "id.area_unknown"
CONVERTED = "id.converted"
WARNINGS = {
    CONVERTED: (
        "这是15位的旧证件号码，已换算为18位，请与现在的身份证核对。",
        "This is an old number of 15 digits; it was read as the number of 18. Compare it with today's card.",
    ),
    AREA_UNKNOWN: (
        "证件号码前六位不是已知的行政区划代码，请与证件原件核对。",
        "The first six digits are no known region code; compare them with the document.",
    ),
}
_PERMIT_AREAS = ("810000", "820000", "830000")
_DIGITS = "0123456789"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class DocumentType(StrEnum):
    """The documents a person may be registered by; each counterpart has its own codes for them."""

    CITIZEN_ID = "citizen_id"
    HK_MACAO_TAIWAN_PERMIT = "hk_macao_taiwan_permit"
    FOREIGN_PERMANENT = "foreign_permanent"
    FOREIGN_PERMANENT_OLD = "foreign_permanent_old"
    PASSPORT = "passport"

    @property
    def label_zh(self) -> str:
        return _LABELS[self][0]

    @property
    def label_en(self) -> str:
        return _LABELS[self][1]


_LABELS = {
    DocumentType.CITIZEN_ID: ("居民身份证", "Resident identity card"),
    DocumentType.HK_MACAO_TAIWAN_PERMIT: ("港澳台居民居住证", "Hong Kong, Macao or Taiwan residence permit"),
    DocumentType.FOREIGN_PERMANENT: ("外国人永久居留身份证", "Foreigner's permanent residence card"),
    DocumentType.FOREIGN_PERMANENT_OLD: (
        "外国人永久居留证（15位旧版）",
        "Foreigner's permanent residence card (15 characters, before December 2023)",
    ),
    DocumentType.PASSPORT: ("护照", "Passport"),
}


@dataclass(frozen=True)
class Identity:
    """What an identity number says.

    `number` is folded to plain upper-case ASCII. `sex` is 1 male, 2 female, 9 not stated (GB/T 2261.1).
    `birth_on` and `area_code` (six digits; a foreigner's is the province that first admitted them) are None
    where the number does not carry them. `warnings` are keys of `WARNINGS`: look twice, but do not turn the
    person away. `written` is the number of 15 digits that `number` was converted from, else empty.
    """

    type: DocumentType
    number: str
    birth_on: date | None
    sex: str
    area_code: str | None
    warnings: tuple[str, ...] = ()
    written: str = ""


def check_digit(first17: str) -> str:
    """The 18th character (0-9 or X) after 17 digits, ISO 7064 MOD 11-2; a ValueError for anything but 17
    digits."""
    if len(first17) != 17 or not (first17.isascii() and first17.isdigit()):
        raise ValueError("the check digit is computed from exactly 17 digits")
    return mod_11_2.calc_check_digit(first17)


def eighteen(number15: str) -> str:
    """The citizen number of 18 digits that one of 15 became. A ValueError for anything but 15 digits.

    The century was 19, but for sequences 996 to 999, which were kept for those born before 1900 (GB 11643-1989).
    """
    if len(number15) != 15 or not (number15.isascii() and number15.isdigit()):
        raise ValueError("an old citizen number has exactly 15 digits")
    century = "18" if number15[12:] >= "996" else "19"
    first17 = number15[:6] + century + number15[6:]
    return first17 + check_digit(first17)


def fifteen(number18: str) -> str | None:
    """The number of 15 digits that a citizen number of 18 once was; None where there never was one (born from 2000)."""
    number15 = number18[:6] + number18[8:17]
    return number15 if number15.isdigit() and eighteen(number15) == number18 else None


def read_identity_number(text: str, today: date, document: DocumentType | None = None) -> Identity | Refused:
    """Read a number as typed or scanned; full-width characters, spaces and small letters are folded.

    Without `document` the kind is told from the number; a passport number looks like anything and must be
    named. Refused: id.empty, id.length, id.characters, id.birth_date (no such day, before 1850 or after
    `today`), id.check_digit, id.type (a valid number of another kind than `document`). An area code that was
    never assigned is a warning: old codes are in use for life. 15 digits are read as the 18 they became, with a
    warning and the old number as `written`.
    """
    number = ascii_folded(text)
    if not number:
        return Refused("id.empty", "请填写证件号码。", "Enter the identity number.")
    if document is DocumentType.PASSPORT:
        return _read_passport(number)
    old_style = document is DocumentType.FOREIGN_PERMANENT_OLD
    if document is None:
        old_style = len(number) == 15 and re.fullmatch("[A-Z]{3}", number[:3]) is not None
    found = _read_old_foreign(number) if old_style else _read_eighteen(number, today)
    if isinstance(found, Identity) and document not in (None, found.type):
        return _of_another_type(found.type, DocumentType(document))
    return found


def _read_eighteen(number: str, today: date) -> Identity | Refused:
    if len(number) == 15 and number.isascii() and number.isdigit():
        read = _read_eighteen(eighteen(number), today)
        if isinstance(read, Refused):
            return Refused(
                "id.birth_date",
                "15位证件号码第7至12位（年月日各两位）不是真实存在的日期，请对照证件核对。",
                "Characters 7 to 12 of this number of 15 digits (yymmdd) are no day; compare them with the document.",
            )
        return replace(read, warnings=(*read.warnings, CONVERTED), written=number)
    if len(number) != 18:
        return Refused(
            "id.length",
            f"证件号码应为18位，现有{len(number)}位，请核对是否漏输或多输。",
            f"An identity number has 18 characters, this one has {len(number)}; "
            "look for one missing or doubled.",
        )
    wrong = first_foreign(number[:17], _DIGITS)
    if wrong:
        return _wrong_character(*wrong, ("数字", "a digit"))
    wrong = first_foreign(number[17], _DIGITS + "X", offset=17)
    if wrong:
        return _wrong_character(*wrong, ("数字或X", "a digit or X"))
    birth_on = _birth_date(number[6:14], today)
    if isinstance(birth_on, Refused):
        return birth_on
    if number[17] != check_digit(number[:17]):
        return Refused(
            "id.check_digit",
            "证件号码的校验码（第18位）与前17位不符，至少有一位输错，请对照证件逐位核对。",
            "The check digit (18th character) does not fit the first 17: at least one is wrong. "
            "Compare each with the document.",
        )
    document, area = _type_and_area(number)
    known = document is not DocumentType.CITIZEN_ID or ever_assigned(area)
    sex = "1" if int(number[16]) % 2 else "2"
    return Identity(document, number, birth_on, sex, area, () if known else (AREA_UNKNOWN,))


def _type_and_area(number: str) -> tuple[DocumentType, str]:
    if number[0] == "9":
        return DocumentType.FOREIGN_PERMANENT, number[1:3] + "0000"
    if number[:6] in _PERMIT_AREAS:
        return DocumentType.HK_MACAO_TAIWAN_PERMIT, number[:6]
    return DocumentType.CITIZEN_ID, number[:6]


def _birth_date(digits: str, today: date) -> date | Refused:
    try:
        birth_on = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        reason = ("不是真实存在的日期", "is not a day of the calendar")
    else:
        if EARLIEST_BIRTH <= birth_on <= today:
            return birth_on
        too_late = birth_on > today
        reason = ("晚于今天", "lies in the future") if too_late else ("早于1850年", "is before 1850")
    return Refused(
        "id.birth_date",
        f"证件号码第7至14位的出生日期{reason[0]}，请对照证件核对这八位。",
        f"The birth date in characters 7 to 14 {reason[1]}; compare these eight with the document.",
    )


def _read_old_foreign(number: str) -> Identity | Refused:
    # Its inner layout is not published in any source we hold, so nothing is read out of it.
    if len(number) != 15:
        return Refused(
            "id.length",
            f"旧版外国人永久居留证号码应为15位，现有{len(number)}位，请核对。",
            f"The earlier permanent residence number has 15 characters, this one has {len(number)}; "
            "check it.",
        )
    wrong = first_foreign(number[:3], _LETTERS)
    if wrong:
        return _wrong_character(*wrong, ("字母", "a letter"))
    wrong = first_foreign(number[3:], _DIGITS, offset=3)
    if wrong:
        return _wrong_character(*wrong, ("数字", "a digit"))
    return Identity(DocumentType.FOREIGN_PERMANENT_OLD, number, None, "9", None)


def _read_passport(number: str) -> Identity | Refused:
    if len(number) > 18:
        return Refused(
            "id.length",
            f"护照号码最多18位，现有{len(number)}位，请核对。",
            f"A passport number has at most 18 characters, this one has {len(number)}; check it.",
        )
    wrong = first_foreign(number, _LETTERS + _DIGITS)
    if wrong:
        return _wrong_character(*wrong, ("字母或数字", "a letter or digit"))
    return Identity(DocumentType.PASSPORT, number, None, "9", None)


def _wrong_character(position: int, character: str, rule: tuple[str, str]) -> Refused:
    return Refused(
        "id.characters",
        f"证件号码第{position}位是“{character}”，此处只能是{rule[0]}，请更正。",
        f"Character {position} of the identity number is “{character}”, "
        f"only {rule[1]} can stand there; correct it.",
    )


def _of_another_type(found: DocumentType, wanted: DocumentType) -> Refused:
    return Refused(
        "id.type",
        f"这是{found.label_zh}的号码，而所选证件类型是{wanted.label_zh}，请改选证件类型或更正号码。",
        f"This is the number of a {found.label_en}, but the chosen document is a {wanted.label_en}; "
        "choose the other type or correct the number.",
    )
