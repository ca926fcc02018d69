"""What the holder is told at each step (pure): one table of sentences, which the outbox sends.

`{number}` is the receipt number, `{promised}` the promised day, `{outlet}` where the card waits, `{tail}` the card
number's last four, `{side}` the one side that is meant (empty: the whole card), `{until}` when a temporary loss runs
out, `{days}` how long a card has waited, `{unit}` who brought the list `{list}`, `{last}` what follows if nobody comes, `{wrong}` how many wrong PINs lock a card, `{left}` the
unlocks that are left. A message never holds more of a number than that.
"""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """The steps at which a holder hears from us."""

    APPLIED = "applied"
    AT_OUTLET = "at_outlet"
    AT_OUTLET_FOR_UNIT = "at_outlet_for_unit"
    UNIT_TOLD = "unit_told"
    REMINDED = "reminded"
    COLLECTED = "collected"
    COLLECTED_BY_UNIT = "collected_by_unit"
    TEMPORARILY_LOST = "temporarily_lost"
    RAN_OUT = "ran_out"
    FORMALLY_LOST = "formally_lost"
    RELEASED = "released"
    ENDED = "ended"
    PIN_RESET = "pin_reset"
    UNLOCKED = "unlocked"


TEXTS: dict[Step, str] = {
    Step.APPLIED: "您的社会保障卡申请已受理，受理编号{number}，预计{promised}前可领取，届时短信通知。",
    Step.AT_OUTLET: "您的社会保障卡（受理编号{number}）已到{outlet}，请持有效证件领取。",
    Step.AT_OUTLET_FOR_UNIT: "您的社会保障卡（受理编号{number}）已到{outlet}，由{unit}统一领取后发给您。",
    Step.UNIT_TOLD: "贵单位集体申领的社保卡（名单{list}）有{cards}张已到{outlet}，请{agents}名经办人持单位介绍信和身份证"
    "于{due}前领取。",
    Step.REMINDED: "您的社会保障卡（受理编号{number}）在{outlet}已等候{days}天，请尽快持有效证件领取{last}。",
    Step.COLLECTED: "您的社会保障卡（尾号{tail}）已于今日领取。如非本人或您委托的人领取，请立即致电12333。",
    Step.COLLECTED_BY_UNIT: "您的社会保障卡（尾号{tail}）已由{unit}统一领取，请向单位领取后启用。如有疑问请致电12333。",
    Step.TEMPORARILY_LOST: "您的社保卡（尾号{tail}）{side}已临时挂失，{until}前有效，到期自动解除；"
    "确认遗失请办理正式挂失和补领。",
    Step.RAN_OUT: "您的社保卡（尾号{tail}）临时挂失已到期，自动恢复使用；仍未找到请尽快正式挂失。",
    Step.FORMALLY_LOST: "您的社保卡（尾号{tail}）{side}已正式挂失，可到任一网点办理补领。",
    Step.RELEASED: "您的社保卡（尾号{tail}）{side}已解除挂失，恢复使用。如非本人办理请致电12333。",
    Step.ENDED: "您的社保卡（尾号{tail}）社保功能已注销；金融账户请到开户银行另行销户。",
    Step.PIN_RESET: "您的社保卡（尾号{tail}）社保密码已重置为初始密码，首次使用请先修改；连续输错{wrong}次将锁定。"
    "如非本人办理请致电12333。",
    Step.UNLOCKED: "您的社保卡（尾号{tail}）社保功能已解锁；连续输错{wrong}次将再次锁定，还可解锁{left}次。"
    "如非本人办理请致电12333。",
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
