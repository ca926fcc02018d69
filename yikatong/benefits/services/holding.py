"""One payable row is held, whoever found the reason: people, or the form of a bank."""

from __future__ import annotations

from typing import Any

from yikatong.benefits.checks import Level
from yikatong.benefits.models import Payment
from yikatong.benefits.rules import PAYMENT
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance


def hold_row(act: Act, row: Payment, code: str, said: tuple[str, str], **more: Any) -> None:
    """Hold a payable row with the finding `code` (`checks.BY_HAND`) and what it was found by, in both languages."""
    advance(
        row,
        PAYMENT,
        "hold",
        state_since=act.at,
        level=Level.HOLD.value,
        reason=code,
        checks=[*row.checks, code],
        said={**row.said, code: list(said)},
        **more,
    )
