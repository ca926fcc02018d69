"""Why somebody did something, in their words: it stays in the journal, where others read it."""

from __future__ import annotations

from yikatong.basics.masking import mask_text
from yikatong.basics.refused import Refused

REASON_LENGTH = 100


def reason_of(text: str, *, at: str = "reason", what: tuple[str, str] = ("原因", "why")) -> str | Refused:
    """What was said of `what` (in both languages). Refused, benefit.reason: nothing, more than it may be, or `personal`."""
    said = text.strip()
    if not said or len(said) > REASON_LENGTH:
        return Refused(
            "benefit.reason",
            f"请写明{what[0]}（最多{REASON_LENGTH}字）。",
            f"Say {what[1]} (at most {REASON_LENGTH} characters).",
            at=at,
        )
    refused = personal(said, at=at)
    return said if refused is None else refused


def personal(text: str, *, at: str) -> Refused | None:
    """Refused where an identity number, a phone or an account stands in words that are kept open (benefit.reason)."""
    if mask_text(text) == text:
        return None
    return Refused(
        "benefit.reason",
        "这里不要写证件号码、电话或账号，请删去后再提交。",
        "Leave identity numbers, phones and accounts out of it, and try again.",
        at=at,
    )
