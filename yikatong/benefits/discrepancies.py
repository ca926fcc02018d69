"""Pure: what can differ between us and the banks (对账差错), and what to do about it."""

from __future__ import annotations

from enum import StrEnum


class Differs(StrEnum):
    """What differs. Those of entries and lines come with the file that says them; those of people from reconciling."""

    FOREIGN = "foreign"
    UNSENT = "unsent"
    STRANGER = "stranger"
    AMOUNT = "amount"
    TWICE = "twice"
    UNREADABLE = "unreadable"
    UNBALANCED = "unbalanced"
    GAP = "gap"
    TURNED_AWAY = "turned_away"
    ANSWER = "answer"
    CONTRADICTS = "contradicts"
    NOT_APPROVED = "not_approved"
    LEDGER = "ledger"
    NOT_BOOKED = "not_booked"
    NOT_BACK = "not_back"
    LOST = "lost"
    SUMS = "sums"

    @property
    def zh(self) -> str:
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        return _WORDS[self][1]

    @property
    def next_zh(self) -> str:
        return _NEXT[self][0]

    @property
    def next_en(self) -> str:
        return _NEXT[self][1]


_WORDS = {
    Differs.FOREIGN: ("对账单分录不属于任何代发文件", "an entry of the statement belongs to no payment file"),
    Differs.UNSENT: ("对账单提到的代发文件还没有发送", "the statement speaks of a file that was not sent"),
    Differs.STRANGER: (
        "对账单提到的明细不在该代发文件里",
        "the statement speaks of a row that is not in the file",
    ),
    Differs.AMOUNT: ("对账单金额与所送金额不同", "the statement has another amount than was sent"),
    Differs.TWICE: ("银行对同一文件或同一笔记账两次", "the bank booked one file or one payment twice"),
    Differs.UNREADABLE: ("对账单有一处无法读取", "a line of the statement cannot be read"),
    Differs.UNBALANCED: ("对账单不平或不完整", "the statement does not add up, or is cut off"),
    Differs.GAP: ("期初余额与上一份期末余额不衔接", "the opening balance is not the last closing balance"),
    Differs.TURNED_AWAY: ("银行来文没有采用", "a file of the bank was not taken"),
    Differs.CONTRADICTS: (
        "银行说未付，对账单却有扣款",
        "refused, says the bank, but its statement shows the debit",
    ),
    Differs.ANSWER: ("回盘有问题行", "an answer has lines that could not be used"),
    Differs.NOT_APPROVED: ("送银行的人不在审批名单中", "somebody in a file is not among those approved"),
    Differs.LEDGER: ("账务与银行结果不一致", "the ledger does not say what the bank says"),
    Differs.NOT_BOOKED: (
        "银行说已付，对账单没有扣款",
        "paid, says the bank, but its statement shows no debit",
    ),
    Differs.NOT_BACK: ("发放失败的钱没有退回账户", "money of failed payments has not come back"),
    Differs.LOST: ("已审批的人没有结果也没有去向", "somebody approved was neither paid nor held"),
    Differs.SUMS: ("人数或金额前后不等", "numbers or sums are not equal"),
}
_BANK = ("与银行核实，写明处理结果", "ask the bank, and say what came of it")
_OURS = ("停止发放，请管理员核查", "pay nothing more; have it looked into")
_NEXT = {
    **dict.fromkeys(Differs, _BANK),
    **dict.fromkeys((Differs.NOT_APPROVED, Differs.LEDGER, Differs.LOST, Differs.SUMS), _OURS),
    Differs.GAP: ("请银行补送缺少的对账单", "ask the bank for the statement that is missing"),
    Differs.UNBALANCED: ("请银行重新提供完整的对账单", "ask the bank for the whole statement again"),
}

BY_THE_DAY = (
    Differs.NOT_APPROVED,
    Differs.LEDGER,
    Differs.NOT_BOOKED,
    Differs.NOT_BACK,
    Differs.LOST,
    Differs.SUMS,
)
"""What reconciling a batch can find; the day after it is equal again, the house closes the item by itself."""
