"""Pure decisions about orders, batches and cards: the machines of domain.md 2.1 and the guards around them."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

from yikatong.basics.states import Machine, Move, State
from yikatong.basics.workdays import WorkCalendar
from yikatong.cards.blanks import BLANK, COUNT, PAPER
from yikatong.cards.collective import APPLICATION_LIST, UNIT
from yikatong.cards.copies import COPY
from yikatong.cards.fees import FEE
from yikatong.cards.pins import PIN
from yikatong.cards.posting import POSTING

APART = (BLANK, PAPER, COUNT, COPY, PIN, UNIT, APPLICATION_LIST, POSTING, FEE)
"""The machines that stand with their own decisions: of blank stock in `blanks.py`, of receipts in `copies.py`, of PINs in
`pins.py`, of units and their lists in `collective.py`, of postings in `posting.py`, of fees in `fees.py`."""


class OrderKind(StrEnum):
    """Why a card is made."""

    NEW = "new"  # 申领
    REISSUE = "reissue"  # 补领, after a formal loss
    EXCHANGE = "exchange"  # 换领

    @property
    def zh(self) -> str:
        return {"new": "申领", "reissue": "补领", "exchange": "换领"}[self.value]


class Mode(StrEnum):
    BATCH = "batch"  # 批量制卡
    INSTANT = "instant"  # 即时制卡

    @property
    def zh(self) -> str:
        return {"batch": "批量制卡", "instant": "即时制卡"}[self.value]


SUBMITTED = State("submitted", "已申请", "submitted")
CHECKING = State("checking", "数据比对", "being matched")
PROBLEM = State("problem", "问题数据", "problem data")
BANK_OPENING = State("bank_opening", "银行预开户", "account being opened")
BANK_FAILED = State("bank_failed", "预开户失败", "account not opened")
READY = State("ready", "待组批", "ready for a batch")
BATCHED = State("batched", "已组批", "in a batch")
MAKING = State("making", "制卡中", "being made")
MAKE_FAILED = State("make_failed", "制卡失败", "making failed")
MADE = State("made", "制卡完成（待分发）", "made, to be sent out")
AT_OUTLET = State("at_outlet", "待领卡", "waiting at the outlet")
IN_POST = State("in_post", "邮寄中", "in the post")
COLLECTED = State("collected", "已领取", "collected")
RETAINED = State("retained", "滞留卡", "retained")
TAKEN_BACK = State("taken_back", "已退回中心", "taken back to the centre")
DESTROYED = State("destroyed", "已销毁", "destroyed")
CANCELLED = State("cancelled", "已撤销", "cancelled")

ORDER = Machine(
    name="order",
    zh="制卡申请",
    states=(
        SUBMITTED,
        CHECKING,
        PROBLEM,
        BANK_OPENING,
        BANK_FAILED,
        READY,
        BATCHED,
        MAKING,
        MAKE_FAILED,
        MADE,
        AT_OUTLET,
        IN_POST,
        RETAINED,
        TAKEN_BACK,
        COLLECTED,
        DESTROYED,
        CANCELLED,
    ),
    firsts=(SUBMITTED,),
    moves=(
        Move("send_to_match", (SUBMITTED,), CHECKING),
        Move("find_problem", (CHECKING,), PROBLEM),
        Move("match", (CHECKING,), BANK_OPENING),
        Move("fail_opening", (BANK_OPENING,), BANK_FAILED),
        Move("open_account", (BANK_OPENING,), READY),
        Move("batch", (READY,), BATCHED),
        Move("unbatch", (BATCHED,), READY),
        Move("release", (BATCHED,), MAKING),
        Move("fail_making", (MAKING,), MAKE_FAILED),
        Move("make", (MAKING,), MADE),
        Move("stock", (MADE,), AT_OUTLET),
        Move("collect", (AT_OUTLET, RETAINED, IN_POST), COLLECTED),
        # by courier: signed for (collected), brought back, or lost on the way
        Move("post", (AT_OUTLET, RETAINED), IN_POST),
        Move("come_back", (IN_POST,), AT_OUTLET),
        Move("write_off", (IN_POST,), CANCELLED),
        # mended data, a new account or a second try: back to the start of the step that failed
        Move("resubmit", (PROBLEM, BANK_FAILED), SUBMITTED),
        Move("retry_making", (MAKE_FAILED,), READY),
        Move(
            "cancel", (SUBMITTED, CHECKING, PROBLEM, BANK_OPENING, BANK_FAILED, MAKE_FAILED, READY), CANCELLED
        ),
        # nobody collects it: it is retained, taken back, laid out again or destroyed before two witnesses
        Move("retain", (AT_OUTLET,), RETAINED),
        Move("take_back", (MADE, AT_OUTLET, RETAINED), TAKEN_BACK),
        Move("lay_out", (TAKEN_BACK,), AT_OUTLET),
        Move("destroy", (TAKEN_BACK,), DESTROYED),
    ),
)
LYING = (AT_OUTLET.code, RETAINED.code)
"""The states in which a card lies at its outlet."""
CLOSED = (COLLECTED, DESTROYED, CANCELLED)
BEFORE_BATCH = frozenset(
    state.code for state in (SUBMITTED, CHECKING, PROBLEM, BANK_OPENING, BANK_FAILED, READY)
)
"""The states in which nothing has been settled yet about where the card is boxed for."""
# Steps of ours that a frozen order does not take; what others answer about it still comes home.
NOT_WHILE_FROZEN = ("send_to_match", "batch", "post", "collect")
OPEN_STATES = tuple(state.code for state in ORDER.states if state not in CLOSED)

# 卡应用状态, field AAZ502: the codes that are exchanged with the province
SEALED = State("0", "封存", "sealed")
NORMAL = State("1", "正常", "normal")
LOST = State("2", "正式挂失", "formally lost")
LOCKED = State("3", "应用锁定", "locked")
TEMP_LOST = State("4", "临时挂失", "temporarily lost")
ENDED = State("9", "注销", "cancelled")

CARD = Machine(
    name="card",
    zh="卡应用状态",
    states=(SEALED, NORMAL, LOST, LOCKED, TEMP_LOST, ENDED),
    firsts=(SEALED, NORMAL),  # NORMAL: cards that were in use before this house opened (存量卡)
    moves=(
        Move("enable", (SEALED,), NORMAL),
        Move("report_temporary_loss", (NORMAL,), TEMP_LOST),
        Move("release_temporary_loss", (TEMP_LOST,), NORMAL),
        Move("report_formal_loss", (NORMAL, TEMP_LOST, LOCKED), LOST),
        Move("release_formal_loss", (LOST,), NORMAL),
        Move("lock", (NORMAL,), LOCKED),  # a terminal or a window has seen too many wrong PINs
        Move("unlock", (LOCKED,), NORMAL),
        Move("end", (SEALED, NORMAL, LOST, LOCKED, TEMP_LOST), ENDED),
    ),
)
HELD = tuple(state.code for state in CARD.states if state is not ENDED)

# The financial application belongs to the bank; we hold what the bank told us.
BANK_INACTIVE = State("inactive", "未激活", "not activated")
BANK_NORMAL = State("normal", "正常", "normal")
BANK_STOPPED = State("stopped", "停用", "stopped")
BANK_CLOSED = State("closed", "已销户", "closed")

BANK = Machine(
    name="bank",
    zh="金融账户状态",
    states=(BANK_INACTIVE, BANK_NORMAL, BANK_STOPPED, BANK_CLOSED),
    firsts=(BANK_INACTIVE, BANK_NORMAL),
    moves=(
        Move("activate", (BANK_INACTIVE,), BANK_NORMAL),
        # An account that was never activated can pay nothing: there is nothing to stop, and a release must not open it.
        Move("report_bank_loss", (BANK_NORMAL,), BANK_STOPPED),
        Move("release_bank_loss", (BANK_STOPPED,), BANK_NORMAL),
        # The account outlives the card: it is closed at the bank, whatever became of the social security side.
        Move("close", (BANK_INACTIVE, BANK_NORMAL, BANK_STOPPED), BANK_CLOSED),
    ),
)

ASSEMBLED = State("assembled", "已组批待审", "assembled")
RELEASED = State("released", "已下发", "released")
RETURNED = State("returned", "已回盘", "returned")
DISSOLVED = State("dissolved", "已撤批", "dissolved")

BATCH = Machine(
    name="batch",
    zh="制卡批次",
    states=(ASSEMBLED, RELEASED, RETURNED, DISSOLVED),
    firsts=(ASSEMBLED,),
    moves=(
        Move("release", (ASSEMBLED,), RELEASED),
        Move("finish", (RELEASED,), RETURNED),
        Move("dissolve", (ASSEMBLED,), DISSOLVED),
    ),
)


SUGGESTED = State("suggested", "待核实", "suggested")
PROPOSED = State("proposed", "待复核", "proposed")
DONE = State("done", "已办结", "done")
DROPPED = State("dropped", "不予办理", "dropped")
LIFTED = State("lifted", "已解除", "lifted")

CASE = Machine(
    name="case",
    zh="待核办",
    states=(SUGGESTED, PROPOSED, DONE, DROPPED, LIFTED),
    firsts=(SUGGESTED,),
    moves=(
        Move("propose", (SUGGESTED,), PROPOSED),
        Move("confirm", (PROPOSED,), DONE),
        Move("send_back", (PROPOSED,), SUGGESTED),
        Move("drop", (SUGGESTED, PROPOSED), DROPPED),
        Move("lift", (SUGGESTED, PROPOSED), LIFTED),  # the death was withdrawn
    ),
)
OPEN_CASES = (SUGGESTED, PROPOSED)


class CaseKind(StrEnum):
    """What two people decide about a card."""

    DEATH = "death"
    HOUSEHOLD = "household"
    DUPLICATE = "duplicate"
    DESTROY = "destroy"

    @property
    def zh(self) -> str:
        return {
            "death": "死亡注销",
            "household": "户籍注销后注销",
            "duplicate": "重复卡注销",
            "destroy": "成品卡销毁",
        }[self.value]

    @property
    def en(self) -> str:
        return {
            "death": "cancel after a death",
            "household": "cancel after a household registration ended",
            "duplicate": "cancel a second card",
            "destroy": "destroy a card",
        }[self.value]


def promised_on(applied: date, working_days: int, hard_days: int, calendar: WorkCalendar) -> date:
    """The day a card is promised for: `working_days` after the application, never beyond `hard_days` calendar days."""
    return min(calendar.add(applied, working_days), applied + timedelta(days=hard_days))
