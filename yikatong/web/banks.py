"""Names of the banks that may stand on a card, by their national code (行别代码)."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yikatong.office import clock
from yikatong.office.rulebook import ruling

NAMES: dict[str, str | Promise] = {
    "102": _("工商银行"),
    "103": _("农业银行"),
    "104": _("中国银行"),
    "105": _("建设银行"),
    "301": _("交通银行"),
    "402": _("农村信用社"),
    "403": _("邮政储蓄银行"),
}


def bank_name(code: str) -> str:
    """The bank's name, or its code where we have no name."""
    return str(NAMES.get(code, code))


APPLY = "apply:"
"""A partner with the purpose `apply:102` may send applications for bank 102."""


def application_purpose_words(purpose: str) -> tuple[str, str]:
    """The purpose under which a bank is admitted to send applications, in Chinese and English."""
    code = purpose.removeprefix(APPLY)
    return f"受理社保卡申领（{bank_name(code)}）", f"send card applications for bank {code}"


def bank_choices() -> list[tuple[str, str]]:
    """The banks that serve this centre today (rule `card.banks`)."""
    return [(code, bank_name(code)) for code in ruling("card.banks", clock.today()).value]
