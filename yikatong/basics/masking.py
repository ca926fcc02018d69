"""One way to show personal data to someone who does not need all of it.

What stays visible follows the centre's data classes: 张*, 6104**********0011, 138****0000, the last four of
an account, an address down to the township. Whatever the value, at least four characters of a number stay
hidden, so a short or mistyped one is never shown whole.
"""

from __future__ import annotations

import re
from enum import StrEnum

_HIDDEN_AT_LEAST = 4
# A road, village or housing estate (小区, 园区) must not pass for a county; where in doubt the address is cut
# earlier.
_TOWNSHIP = re.compile(
    r"(?:[^省市县区道路街村号巷]{2,8}?(?:省|自治区))?"
    r"(?:[^省市县区道路街村号巷]{2,8}?(?:市|自治州|盟|地区))?"
    r"(?:[^省市县区旗道路街村号巷]{1,8}?(?:县|(?<![小园社校厂])区|市|旗))?"
    r"(?:[^县区道路街村号巷]{1,8}?(?:街道|镇|乡|苏木))?"
)


class Sensitive(StrEnum):
    """The kinds of value that are shown masked."""

    NAME = "name"
    IDENTITY_NUMBER = "identity_number"
    PHONE = "phone"
    ACCOUNT = "account"
    ADDRESS = "address"


def mask(kind: Sensitive, value: str) -> str:
    """The value as a person without further need may see it; empty stays empty.

    name: 张*, 李*明 (first and, from three characters, last). identity_number: first and last 4. phone: first
    3 and last 4. account: `****` and the last 4, its length hidden too. address: down to the township, then
    `****`.
    """
    value = value.strip()
    if not value:
        return ""
    match kind:
        case Sensitive.NAME:
            return _masked_name(value)
        case Sensitive.IDENTITY_NUMBER:
            return _masked_number(value, 4, 4)
        case Sensitive.PHONE:
            return _masked_number(value, 3, 4)
        case Sensitive.ACCOUNT:
            return "****" + _tail(value, 4)
        case Sensitive.ADDRESS:
            found = _TOWNSHIP.match(value)
            return (found[0] if found else "") + "****"


_NUMBERS = re.compile(
    r"(?<![0-9A-Za-z])(?:(?P<identity_number>\d{17}[0-9Xx]|\d{15})|(?P<phone>1\d{10}|0\d{2,3}-?\d{7,8})"
    r"|(?P<account>\d{16,19}))(?![0-9A-Za-z])"
)


def mask_text(text: str) -> str:
    """Free text (a line of a log, an error's detail) with everything in it masked that looks like an identity number
    (15 or 18 characters), a phone (mobile, or with its area code) or an account (16-19 digits)."""
    return _NUMBERS.sub(lambda met: mask(Sensitive(met.lastgroup or ""), met[0]), text)


def _masked_name(name: str) -> str:
    if len(name) == 1:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def _masked_number(number: str, head: int, tail: int) -> str:
    if len(number) < head + tail + _HIDDEN_AT_LEAST:
        head = 0
    shown = _tail(number, tail)
    return number[:head] + "*" * (len(number) - head - len(shown)) + shown


def _tail(number: str, tail: int) -> str:
    shown = max(0, min(tail, len(number) - _HIDDEN_AT_LEAST))
    return number[len(number) - shown :]
