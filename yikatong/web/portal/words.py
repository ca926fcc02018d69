"""What a card's two states and an order's step mean to the person, in plain words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from yikatong.cards import rules
from yikatong.cards.meanings import Meaning
from yikatong.cards.rows import CardRow, OrderRow


@dataclass(frozen=True)
class Words:
    """A headline, what to do, and its mood: good | wait | bad."""

    headline: str
    advice: str
    mood: str


def of_card(card: CardRow, meaning: Meaning, *, may_enable: bool = False) -> Words:
    """The 社保 side, by what it means."""
    match meaning.social:
        case "":
            return Words(_("正常"), _("看病、取药、查社保都可以用。"), "good")
        case "not_collected":
            return Words(_("还没领取"), _("卡已制好。领卡时由网点当场启用，之后就能用。"), "wait")
        case "not_enabled" if may_enable:
            return Words(
                _("还没启用"), _("卡已在您手里的，可以在这里启用，也可以带身份证和卡到网点启用。"), "wait"
            )
        case "not_enabled":
            return Words(_("还没启用"), _("请带身份证和卡到任一网点启用，之后就能用。"), "wait")
        case "temporarily_lost":
            return Words(
                _("已临时挂失"),
                _("现在谁也用不了。%(when)s 后自动恢复；确实丢了请在这之前带身份证到网点正式挂失。")
                % {"when": _moment(card.temporary_loss_until)},
                "bad",
            )
        case "formally_lost":
            return Words(_("已正式挂失"), _("不能再用。可以在这里申请补领一张新卡。"), "bad")
        case "locked":
            return Words(_("已锁定"), _("密码输错次数过多。请带身份证和卡到网点解锁。"), "bad")
        case "household_cancelled" | "in_prison" | "abroad":
            return Words(_("暂停使用"), _("请带身份证和相关证明到网点，或拨打 12333 咨询。"), "bad")
        case "expired":
            return Words(_("已过有效期"), _("看病、取药请先换领新卡；银行功能不受影响。"), "bad")
        case _other:
            return Words(_("已注销"), _("这张卡不能再用。"), "bad")


def of_bank(card: CardRow, meaning: Meaning) -> Words:
    """The 金融 side, as the bank told us: the bank's own state, whatever became of the other side."""
    match card.bank_state:
        case rules.BANK_NORMAL:
            return Words(_("正常"), _("可以收补贴和待遇、取钱和刷卡。"), "good")
        case rules.BANK_INACTIVE if meaning.social == "not_collected":
            return Words(
                _("还没激活"),
                _("领卡以后，请本人带身份证和卡到开户银行激活，补贴和待遇才发得进来。"),
                "wait",
            )
        case rules.BANK_INACTIVE:
            return Words(_("还没激活"), _("补贴和待遇还发不进来。请本人带身份证和卡到开户银行激活。"), "wait")
        case rules.BANK_CLOSED:
            return Words(_("已销户"), _("不能再收款。需要新账户请换领新卡。"), "bad")
        case _other if card.bank_loss_until is not None:
            return Words(
                _("已临时挂失"),
                _("不能取钱和刷卡。%(when)s 后自动恢复，也可以在这里解除。")
                % {"when": _moment(card.bank_loss_until)},
                "bad",
            )
        case _other:
            return Words(_("已停用"), _("不能取钱和刷卡。恢复请联系开户银行。"), "bad")


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%Y-%m-%d %H:%M}" if at else "—"


# The steps a person follows; several of our states are one step to them.
STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("submitted", ("submitted",)),
    ("checking", ("checking", "problem")),
    ("bank_opening", ("bank_opening", "bank_failed")),
    ("making", ("ready", "batched", "making", "make_failed")),
    ("made", ("made",)),
    ("at_outlet", ("at_outlet", "in_post", "retained", "taken_back")),
    ("collected", ("collected",)),
)
STUCK = ("taken_back", "problem", "bank_failed", "make_failed")


@dataclass(frozen=True)
class Step:
    """One line of the progress list; `place` is done | now | ahead, `stuck` where something must be mended."""

    name: str
    place: str
    stuck: bool = False


def _step_names() -> dict[str, str]:
    return {
        "submitted": _("已申请"),
        "checking": _("核对资料"),
        "bank_opening": _("银行开户"),
        "making": _("制卡"),
        "made": _("制好，送往网点"),
        "at_outlet": _("可以领卡"),
        "collected": _("已领取"),
    }


def steps(order: OrderRow) -> tuple[Step, ...]:
    """The order's way, with what is done and what is to come. A cancelled order has no way to show."""
    names = _step_names()
    here = next((i for i, (_code, states) in enumerate(STEPS) if order.state.code in states), None)
    if here is None:
        return ()
    last = len(STEPS) - 1
    places = [
        "done" if i < here or here == last else "now" if i == here else "ahead" for i in range(len(STEPS))
    ]
    return tuple(
        Step(names[code], places[i], stuck=i == here and order.state.code in STUCK)
        for i, (code, _states) in enumerate(STEPS)
    )


def advice(order: OrderRow, today: date) -> str:
    """What the person can do now."""
    if order.state == rules.AT_OUTLET:
        return _("请带身份证到%(outlet)s领卡；代领需双方身份证。") % {"outlet": order.outlet_name}
    if order.state == rules.IN_POST:
        return _("卡已寄出，运单号见短信；收到后带身份证到任一网点启用。")
    if order.state == rules.PROBLEM:
        return _("资料核对没有通过：%(why)s。请带身份证和户口簿到网点更正。") % {
            "why": order.problem_text or "—"
        }
    if order.state == rules.BANK_FAILED:
        return _("银行没能开户：%(why)s。请联系网点。") % {"why": order.problem_text or "—"}
    if order.state == rules.MAKE_FAILED:
        return _("制卡没有成功，我们会安排重做，您不用跑腿。")
    if order.state == rules.RETAINED:
        return _("卡在%(outlet)s等了很久，请尽快带身份证领取，否则将退回中心销毁。") % {
            "outlet": order.outlet_name
        }
    if order.state == rules.TAKEN_BACK:
        return _("卡已退回中心，请拨打 12333 安排领取。")
    if order.state in rules.CLOSED:
        return ""
    if order.promised_on < today:
        return _("已超过承诺日期，很抱歉。请拨打 12333，报受理编号 %(number)s。") % {"number": order.number}
    return _("不用做什么，卡到网点后会发短信给您。")
