"""统一社会信用代码: the number of a legal person or other organisation, GB 32100-2015.

Eighteen characters: registering department, kind of organisation, six digits of the region, nine of the organisation
code (GB 11714, with a check of its own), and one check character over the first seventeen, modulo 31.
"""

from __future__ import annotations

import re

from yikatong.basics.characters import ascii_folded
from yikatong.basics.refused import Refused

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z: too like 1, 0, 5, U, 2
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
_FORM = re.compile(f"[{_ALPHABET}]{{2}}[0-9]{{6}}[{_ALPHABET}]{{10}}")


def unit_check_character(first: str) -> str:
    """The last character of a code that begins with these seventeen."""
    total = sum(_ALPHABET.index(each) * weight for each, weight in zip(first, _WEIGHTS, strict=True))
    return _ALPHABET[-total % 31]


def read_unit_code(text: str) -> str | Refused:
    """A 统一社会信用代码 as typed, folded. Refused: unit_code.format, unit_code.check."""
    code = ascii_folded(text)
    if not _FORM.fullmatch(code):
        return Refused(
            "unit_code.format",
            f"统一社会信用代码为18位数字或大写字母（不含I、O、S、V、Z），现为{len(code)}位或有其他字符，请对照证照核对。",
            f"A unified social credit code has 18 digits or capitals (no I, O, S, V, Z); this has {len(code)} characters "
            "or others among them. Compare it with the certificate.",
            at="code",
        )
    if unit_check_character(code[:17]) != code[17]:
        return Refused(
            "unit_code.check",
            "统一社会信用代码的校验位不符，请逐位对照证照核对。",
            "The code's check character is wrong; compare it with the certificate, character by character.",
            at="code",
        )
    return code
