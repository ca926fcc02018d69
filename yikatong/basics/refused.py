"""Expected noes.

A counter says no many times a day: the check digit is wrong, the card is already lost, the clerk belongs to
another county. Such a no is a value with a reason code and a sentence for the person in front of us; exceptions
are kept for promises of our own that are broken.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Refused:
    """A no with its reason.

    `code` is stable and dotted (`id.check_digit`); `zh` and `en` say what is wrong and what to do;
    `at` names the form field or file cell it belongs to, empty where it concerns the whole.
    """

    code: str
    zh: str
    en: str
    at: str = field(default="", kw_only=True)

    def __bool__(self) -> bool:
        """A refusal is falsy, so `if not result:` reads as it should at the door."""
        return False

    def __str__(self) -> str:
        return self.zh
