"""What the holder is told at each step (pure): one table of sentences, which the outbox sends.

`{number}` is the receipt number, `{promised}` the promised day, `{outlet}` where the card waits, `{tail}` the card
number's last four. A message never holds more of a number than that.
"""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """The steps at which a holder hears from us."""

    APPLIED = "applied"
    AT_OUTLET = "at_outlet"
    COLLECTED = "collected"


TEXTS: dict[Step, str] = {
    Step.APPLIED: "您的社会保障卡申请已受理，受理编号{number}，预计{promised}前可领取，届时短信通知。",
    Step.AT_OUTLET: "您的社会保障卡（受理编号{number}）已到{outlet}，请持有效证件领取。",
    Step.COLLECTED: "您的社会保障卡（尾号{tail}）已于今日领取。如非本人或您委托的人领取，请立即致电12333。",
}


def text(step: Step, **blanks: str) -> str:
    """The sentence of a step with its blanks filled."""
    return TEXTS[step].format(**blanks)


def sql(step: Step, **expressions: str) -> str:
    """The same sentence as an SQL expression, for messages to a set; blanks are SQL expressions of text."""
    parts = []
    rest = TEXTS[step]
    while "{" in rest:
        before, _, rest = rest.partition("{")
        blank, _, rest = rest.partition("}")
        parts += [f"'{before}'", expressions[blank]]
    return " || ".join([*parts, f"'{rest}'"])
