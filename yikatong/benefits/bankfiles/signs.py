"""Signs that may stand in a bank file, and the codings that have them. Pure."""

from __future__ import annotations

import re
import unicodedata

from yikatong.basics.refused import Refused

_CODES = re.compile(r"[0-9A-Za-z]{1,16}")


def is_code(text: str) -> bool:
    """Whether this can be a file's number or a row's: 1-16 letters and digits, the reference every form has room for."""
    return _CODES.fullmatch(text) is not None


def printable(text: str) -> Refused | None:
    """Why this text cannot be sent in any coding; None if it can. Refused: line.control, line.private_use."""
    return None if text.isprintable() else _unfit(text)


def encoded(text: str, encoding: str) -> bytes | Refused:
    """The text's bytes. Refused: line.character (the coding has no such sign)."""
    try:
        return text.encode(encoding)
    except UnicodeEncodeError as missing:
        sign = text[missing.start]
        return Refused(
            "line.character",
            f"银行的{encoding.upper()}编码没有“{sign}”字，不能改字送出；请与银行商定生僻字的处理办法。",
            f"The bank's {encoding.upper()} has no “{sign}”; it is not replaced. Settle with the bank how to write it.",
        )


def _unfit(text: str) -> Refused | None:
    for sign in text:
        kind = unicodedata.category(sign)
        if kind in ("Cc", "Cs", "Cf", "Zl", "Zp") or ord(sign) & 0xFFFE == 0xFFFE:
            return Refused(
                "line.control",
                "有一栏含有看不见的控制字符或换行，请删除后再发。",
                "A field holds an invisible control character or a line end; delete it.",
            )
        if kind == "Co":
            return Refused(
                "line.private_use",
                "有一栏含有自造字编码，银行无法识别，请改用该字的标准编码（GB 18030）。",
                "A field holds a private character that the bank cannot know; use its standard code (GB 18030).",
            )
    return None
