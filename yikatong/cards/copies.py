"""凭条 (pure): what each receipt shows, and the machine of its printed copies.

A receipt is the paper of one act about one order or card: what it says comes from the facts that act recorded. Every
print is a copy with a number. The first is free; a further one (补打) says why, and one more than the city allows
(`card.receipt_prints`) waits for somebody else's release.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from yikatong.basics.states import Machine, Move, State
from yikatong.cards import facts, fee_facts

ASKED = State("asked", "待放行", "waiting for release")
FREE = State("free", "已放行", "released")
PRINTED = State("printed", "已打印", "printed")

COPY = Machine(
    name="receipt_copy",
    zh="凭条打印",
    states=(ASKED, FREE, PRINTED),
    firsts=(ASKED, PRINTED),
    moves=(Move("release", (ASKED,), FREE), Move("print", (FREE,), PRINTED)),
)


@dataclass(frozen=True)
class Receipt:
    """One kind of receipt: its title, its lines (keys of LABELS, empty ones left out), and what to do next."""

    title: str
    lines: tuple[str, ...]
    advice: str


LABELS = {
    "number": "受理编号",
    "applicant": "申请人",
    "holder": "持卡人",
    "identity": "社会保障号码",
    "card_no": "社保卡号",
    "business": "办理业务",
    "at": "办理时间",
    "promised": "承诺日期",
    "outlet": "领卡网点",
    "fee": "工本费",
    "sides": "范围",
    "until": "有效期至",
    "how": "解除方式",
    "reason": "原因",
    "receiver": "领卡人",
    "agent": "代为办理",
    "gateway": "网关回执",
    "postage": "邮费",
    "voucher": "票据号",
}
_ORDER = ("number", "applicant", "identity", "business", "at")
_CARD = ("card_no", "holder", "identity", "at")

# In the order in which an act that recorded several is named: who reports a loss and applies at once takes both home,
# but they are about a card and about an order.
RECEIPTS: dict[str, Receipt] = {
    facts.APPLIED.code: Receipt(
        "社会保障卡业务受理凭条",
        (*_ORDER, "promised", "outlet", "fee", "agent"),
        "请凭本凭条和有效身份证件到领卡网点领卡；他人代领须另带委托书和双方证件。",
    ),
    facts.ORDER_CANCELLED.code: Receipt(
        "社会保障卡申请撤销凭条", (*_ORDER, "reason"), "该申请已撤销，需要时可重新申领。"
    ),
    facts.COLLECTED.code: Receipt(
        "社会保障卡领卡凭条",
        ("number", *_CARD, "business", "receiver"),
        "请尽快启用社保功能，并到服务银行激活金融账户。遗失请拨打 12333 临时挂失。",
    ),
    facts.TEMP_LOST.code: Receipt(
        "社会保障卡临时挂失凭条",
        (*_CARD, "sides", "until", "agent"),
        "到期自动解除；确认遗失的，请在到期前持有效身份证件办理正式挂失和补领。",
    ),
    facts.LOST.code: Receipt(
        "社会保障卡正式挂失凭条",
        (*_CARD, "sides", "agent"),
        "正式挂失不会自动解除。需要新卡的，可到任一网点办理补领。",
    ),
    facts.LOSS_RELEASED.code: Receipt(
        "社会保障卡解除挂失凭条", (*_CARD, "sides", "how", "agent"), "即日起恢复使用，请妥善保管。"
    ),
    # A reset of a locked card unlocks it too: one paper, named after what was asked for.
    facts.PIN_RESET.code: Receipt(
        "社会保障卡社保密码重置凭条",
        (*_CARD, "gateway", "agent"),
        "社保密码已重置为初始密码，首次使用请先修改。银行密码不变，请到开户银行办理。",
    ),
    facts.UNLOCKED.code: Receipt(
        "社会保障卡解锁凭条",
        (*_CARD, "gateway", "agent"),
        "社保功能已恢复使用，密码不变；忘记密码的请办理密码重置。",
    ),
    facts.ENABLED.code: Receipt(
        "社会保障卡启用凭条",
        (*_CARD, "agent"),
        "社保功能即日起可用；金融账户须到服务银行当面激活。遗失请拨打 12333 临时挂失。",
    ),
    facts.ACCOUNT_CLOSED.code: Receipt(
        "社会保障卡金融账户销户登记凭条", _CARD, "金融账户由开户银行销户，余额以银行单据为准。"
    ),
    facts.POST_WISHED.code: Receipt(
        "社会保障卡邮寄登记凭条",
        (*_ORDER, "outlet", "postage"),
        "寄出后短信告知运单号；收到后请持有效身份证件到任一网点启用。寄出前可改为自取。",
    ),
    fee_facts.FEE_PAID.code: Receipt(
        "社会保障卡工本费缴费凭条", (*_ORDER, "fee", "voucher"), "申请在制卡前撤销的，凭本凭条退费。"
    ),
    fee_facts.FEE_REFUNDED.code: Receipt(
        "社会保障卡工本费退费凭条", (*_ORDER, "fee", "voucher"), "所缴工本费已退还。"
    ),
    facts.ENDED.code: Receipt(
        "社会保障卡注销凭条",
        (*_CARD, "reason", "agent"),
        "社保功能已注销，不能恢复；金融账户请到开户银行另行销户。",
    ),
}
# Who asks for the post while applying takes one paper home, and it does not send them to the outlet.
APPLIED_BY_POST = Receipt(
    "社会保障卡业务受理凭条",
    (*_ORDER, "promised", "fee", "postage", "agent"),
    "卡制成后寄到登记的收件地址，寄出后短信告知运单号；收到后请持有效身份证件到任一网点启用。寄出前可改为自取。",
)
_OF_BANK = {facts.BANK_LOST.code, facts.BANK_LOSS_RELEASED.code}
KINDS = (*RECEIPTS, *sorted(_OF_BANK))
SOCIAL = {facts.TEMP_LOST.code, facts.LOST.code, facts.LOSS_RELEASED.code}


def receipt_of(kinds: Collection[str], *, until: str = "") -> Receipt | None:
    """The receipt of an act that recorded these kinds about one subject; None where there is nothing to take home.

    For a loss of the bank side alone `until` tells a temporary report from a formal one.
    """
    if {facts.APPLIED.code, facts.POST_WISHED.code} <= set(kinds):
        return APPLIED_BY_POST
    for code, receipt in RECEIPTS.items():
        if code in kinds:
            return receipt
    if facts.BANK_LOST.code in kinds:
        return RECEIPTS[(facts.TEMP_LOST if until else facts.LOST).code]
    return RECEIPTS[facts.LOSS_RELEASED.code] if facts.BANK_LOSS_RELEASED.code in kinds else None


def sides_of(kinds: Collection[str]) -> str:
    """Which sides of the card an act's loss facts are about, in words."""
    social, bank = bool(SOCIAL & set(kinds)), bool(_OF_BANK & set(kinds))
    return "、".join(name for name, is_meant in (("社保功能", social), ("金融账户", bank)) if is_meant)
