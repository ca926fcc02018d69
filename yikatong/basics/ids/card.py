"""The three numbers of a card: social security card number, card identifier, bank account.

Formats follow the chip's data fields (LD/T 32-2015) as public drivers read them; Luhn is ISO/IEC 7812-1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from stdnum import luhn

from yikatong.basics.characters import ascii_folded, first_foreign
from yikatong.basics.refused import Refused

RID = "D156000005"
"""The registered application provider of social security cards, the same in every card identifier."""

_CARD_NUMBER = re.compile(r"[A-Z0-9]{9}")
_DIGITS = "0123456789"


class AccountKind(StrEnum):
    """What an account number is; only the numbers of UnionPay cards obey Luhn, those of passbooks need
    not."""

    UNIONPAY_CARD = "unionpay_card"
    OTHER = "other"


@dataclass(frozen=True)
class CardIdentifier:
    """卡识别码: 32 hexadecimal digits in capitals.

    `issuer_region` is their first six (GB/T 2260); the last sixteen are opaque and nothing is concluded from
    them.
    """

    number: str

    @property
    def issuer_region(self) -> str:
        return self.number[:6]


def card_number_valid(text: str) -> bool:
    """Whether the text is a card number (卡号): nine capitals or digits."""
    return _CARD_NUMBER.fullmatch(text) is not None


def read_card_number(text: str) -> str | Refused:
    """The card number as typed, folded; refused with card_number.format."""
    number = ascii_folded(text)
    if card_number_valid(number):
        return number
    return Refused(
        "card_number.format",
        f"社会保障卡卡号应为9位字母或数字，现为{len(number)}位或含其他字符，请对照卡面核对。",
        f"A card number is nine letters or digits; this has {len(number)} characters or others among them. "
        "Compare it with the card.",
    )


def read_card_identifier(text: str) -> CardIdentifier | Refused:
    """The identifier as read from a chip or a return file.

    Refused: card_identifier.length, card_identifier.characters, card_identifier.region (first six no digits),
    card_identifier.rid (not a social security card).
    """
    number = ascii_folded(text)
    if len(number) != 32:
        return Refused(
            "card_identifier.length",
            f"卡识别码应为32位，现有{len(number)}位，请重新读卡。",
            f"A card identifier has 32 characters, this one has {len(number)}; read the card again.",
        )
    wrong = first_foreign(number, _DIGITS + "ABCDEF")
    if wrong:
        return Refused(
            "card_identifier.characters",
            f"卡识别码第{wrong[0]}位“{wrong[1]}”不是十六进制数字，请重新读卡。",
            f"Character {wrong[0]} of the card identifier, “{wrong[1]}”, is not hexadecimal; "
            "read the card again.",
        )
    if first_foreign(number[:6], _DIGITS):
        return Refused(
            "card_identifier.region",
            "卡识别码前6位应为行政区划代码（数字），请重新读卡。",
            "The first six characters of a card identifier are a region code, all digits; "
            "read the card again.",
        )
    if number[6:16] != RID:
        return Refused(
            "card_identifier.rid",
            f"卡识别码第7至16位应为{RID}，这张卡可能不是社会保障卡，请更换后重读。",
            f"Characters 7 to 16 should be {RID}; this may not be a social security card. "
            "Try the right card.",
        )
    return CardIdentifier(number)


def luhn_valid(pan: str) -> bool:
    """Whether a string of digits ends in its Luhn digit."""
    return bool(luhn.is_valid(pan))


def luhn_digit(first: str) -> str:
    """The digit to put after `first` so that the whole passes Luhn; a ValueError unless `first` is all
    digits."""
    if not (first.isascii() and first.isdigit()):
        raise ValueError("a Luhn digit is computed from digits")
    return str(luhn.calc_check_digit(first))


def read_pan(text: str, kind: AccountKind) -> str | Refused:
    """An account number as typed, without spaces and hyphens.

    A UnionPay card: 16-19 digits from 62, Luhn. Any other account: up to 40 letters or digits, no check.
    Refused: pan.empty, pan.length, pan.characters, pan.prefix, pan.check_digit. The sentences never repeat
    the number.
    """
    number = ascii_folded(text).replace("-", "")
    card = kind is AccountKind.UNIONPAY_CARD
    if not number:
        return Refused("pan.empty", "请填写银行账号。", "Enter the account number.")
    wrong = first_foreign(number, _DIGITS if card else _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if wrong:
        return Refused(
            "pan.characters",
            f"银行账号第{wrong[0]}位“{wrong[1]}”不是{'数字' if card else '数字或字母'}，请更正。",
            f"Character {wrong[0]} of the account number, “{wrong[1]}”, "
            f"is no digit{'' if card else ' or letter'}; "
            "correct it.",
        )
    least, most = (16, 19) if card else (1, 40)
    if not least <= len(number) <= most:
        return Refused(
            "pan.length",
            f"银行账号应为{least}至{most}位，现有{len(number)}位，请核对是否漏输或多输。",
            f"An account number has {least} to {most} characters, this one has {len(number)}; "
            "look for one missing or doubled.",
        )
    return _checked_card(number) if card else number


def _checked_card(number: str) -> str | Refused:
    if not number.startswith("62"):
        return Refused(
            "pan.prefix",
            "银联卡号应以62开头，请核对前两位，或改选账户类型。",
            "A UnionPay card number begins with 62; "
            "check the first two digits or choose another kind of account.",
        )
    if not luhn_valid(number):
        return Refused(
            "pan.check_digit",
            "银行卡号的校验位（最后一位）不符，至少有一位输错，请对照卡面逐位核对。",
            "The check digit (the last) does not fit: at least one digit is wrong. "
            "Compare each with the card.",
        )
    return number
