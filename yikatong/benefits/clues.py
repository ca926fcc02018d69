"""Pure: what fund supervision (基金监管) looks for. A clue is evidence for somebody to look into, never a verdict."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ClueKind:
    """One thing that is looked for. `why` says what may be behind it, innocent or not."""

    code: str
    zh: str
    en: str
    why_zh: str
    why_en: str


def _kind(code: str, said: tuple[str, str], why: tuple[str, str]) -> ClueKind:
    return ClueKind(code, *said, *why)


SHARED_ACCOUNT = _kind(
    "shared_account",
    ("多人共用一个收款账户", "several people, one account"),
    ("核实账户归谁；按户发放的项目也应发到户主本人的卡。", "Find out whose account it is."),
)
SHARED_PHONE = _kind(
    "shared_phone",
    ("多人共用一个联系电话", "many people, one phone"),
    (
        "常见于代办或子女代留；抽查本人是否知情、卡是否在本人手中。",
        "Often a child's or an agent's; ask the people themselves.",
    ),
)
JUMP = _kind(
    "jump",
    ("金额与上次相差较大", "far from the last amount"),
    ("核对补发、调标的依据。", "Compare with what arrears or new rates give."),
)
AFTER_DEATH = _kind(
    "after_death",
    ("死亡后仍到账", "paid after death"),
    ("核实死亡日期；确属多发的在“追回”中办理。", "Verify the day; what was overpaid is recovered."),
)
EXCLUSIVE = _kind(
    "exclusive",
    ("同一年度领取不可兼得的项目", "two programmes that exclude each other"),
    ("由两个部门核实应享受哪一项。", "The two departments settle which one is due."),
)
REPEATED = _kind(
    "repeated",
    ("同一金额大量重复", "one amount in most rows"),
    (
        "金额本应因人而异；核对清册是怎样算出来的。",
        "Amounts should differ; find out how they were worked out.",
    ),
)
ROUNDED = _kind(
    "rounded",
    ("金额多为整百元", "mostly whole hundreds"),
    ("核对清册是否按标准逐人计算。", "See whether each was worked out by the standard."),
)
ODD_HOURS = _kind(
    "odd_hours",
    ("非工作时间审批", "approved at odd hours"),
    ("与审批人本人核实是否其亲自办理。", "Ask the approver whether it was they."),
)
NEW_ACCOUNT = _kind(
    "new_account",
    ("发放前刚换收款账户", "account changed just before"),
    ("核实换卡是否本人办理。", "Ask whether the holder changed it."),
)
CLUE_KINDS: dict[str, ClueKind] = {
    each.code: each
    for each in (
        AFTER_DEATH,
        EXCLUSIVE,
        SHARED_ACCOUNT,
        SHARED_PHONE,
        NEW_ACCOUNT,
        JUMP,
        REPEATED,
        ROUNDED,
        ODD_HOURS,
    )
}
"""In this order on every page: what weighs most comes first."""

NOT_COMPARED = (
    ("财政供养人员领取补贴", "people on the public payroll"),
    ("在其他县区重复领取", "paid by another county as well"),
)
"""What waits for data of others: said to be not compared (未核对), never passed over in silence."""
