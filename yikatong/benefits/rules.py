"""Pure: the way of a payment, from the roster to the account, and who may take which step (domain.md 5.4)."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State
from yikatong.benefits.bankfiles.results import Result

# --- a batch: one envelope with its roster ------------------------------------------------------------------------

UPLOADED = State("uploaded", "待核验", "to be judged")
JUDGED = State("judged", "已核验", "judged")
REJECTED = State("rejected", "不予受理", "not accepted")
PUBLIC = State("public", "公示中", "in public view")
DEPARTMENT = State("department", "业务已审", "approved by the department")
FUNDED = State("funded", "财政已审", "approved and funded")
PAYING = State("paying", "发放中", "being paid")
SETTLED = State("settled", "已办结", "settled")
SENT_BACK = State("sent_back", "已退回", "sent back")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")

BENEFIT_BATCH = Machine(
    name="benefit_batch",
    zh="发放批次",
    states=(
        UPLOADED,
        JUDGED,
        REJECTED,
        PUBLIC,
        DEPARTMENT,
        FUNDED,
        PAYING,
        SETTLED,
        SENT_BACK,
        WITHDRAWN,
    ),
    firsts=(UPLOADED,),
    moves=(
        Move("judge", (UPLOADED,), JUDGED),
        Move("reject", (UPLOADED,), REJECTED),
        Move("publish", (JUDGED,), PUBLIC),
        Move("restart", (PUBLIC,), JUDGED),
        Move("approve", (JUDGED, PUBLIC), DEPARTMENT),
        Move("fund", (DEPARTMENT,), FUNDED),
        Move("pay", (FUNDED,), PAYING),
        Move("settle", (PAYING,), SETTLED),
        Move("reopen", (SETTLED,), PAYING),
        Move("send_back", (JUDGED, PUBLIC, DEPARTMENT, FUNDED), SENT_BACK),
        Move("withdraw", (UPLOADED, JUDGED, PUBLIC), WITHDRAWN),
    ),
)
GIVEN_UP = (REJECTED, SENT_BACK, WITHDRAWN)
"""States of a batch of which nobody is paid; the same roster may come again."""
APPROVED = (FUNDED, PAYING, SETTLED)
"""States of a batch whose rows two more people have looked at."""


class Hand(StrEnum):
    """Whose hand a batch waits for."""

    HOUSE = "house"
    MAKER = "maker"
    PUBLIC = "public"
    DEPARTMENT = "department"
    FINANCE = "finance"
    PAYER = "payer"
    BANKS = "banks"
    NOBODY = "nobody"

    @property
    def zh(self) -> str:
        return _HANDS[self][0]

    @property
    def en(self) -> str:
        return _HANDS[self][1]


_HANDS = {
    Hand.HOUSE: ("等待系统核验", "waits to be judged by the house"),
    Hand.MAKER: ("等待提交公示", "waits to be put in public view"),
    Hand.PUBLIC: ("公示期内", "is in public view until its time has run out"),
    Hand.DEPARTMENT: ("等待业务审批", "waits for the department's approval"),
    Hand.FINANCE: ("等待财政审批", "waits for the approval of finance"),
    Hand.PAYER: ("等待封存代发文件", "waits for its payment files"),
    Hand.BANKS: ("等待银行结果或修复", "waits for the banks' results, or for rows to be repaired"),
    Hand.NOBODY: ("已结束", "is over"),
}
_NEXT = {UPLOADED: Hand.HOUSE, DEPARTMENT: Hand.FINANCE, FUNDED: Hand.PAYER, PAYING: Hand.BANKS}


def hand(state: State, *, publicity: bool, in_view: bool) -> Hand:
    """Whose hand a batch in this state waits for. `publicity`: its programme is put in public view; `in_view`: it is."""
    if state is JUDGED:
        return Hand.MAKER if publicity else Hand.DEPARTMENT
    if state is PUBLIC:
        return Hand.PUBLIC if in_view else Hand.DEPARTMENT
    return _NEXT.get(state, Hand.NOBODY)


# --- a row: what one person is to get -----------------------------------------------------------------------------

VALID = State("valid", "可发", "payable")
HELD = State("held", "暂缓", "held")
SENT = State("sent", "已入代发文件", "in a payment file")
UNKNOWN = State("unknown", "结果不明", "outcome unknown")
PAID = State("paid", "已到账", "paid")
FAILED = State("failed", "发放失败", "failed")
RETURNED = State("returned", "已退回财政", "returned to the treasury")
DROPPED = State("dropped", "未发放", "not paid in this batch")
REPLACED = State("replaced", "已更正", "replaced by a corrected row")

PAYMENT = Machine(
    name="payment",
    zh="发放明细",
    states=(VALID, HELD, SENT, UNKNOWN, PAID, FAILED, RETURNED, DROPPED, REPLACED),
    firsts=(VALID, HELD),
    moves=(
        Move("hold", (VALID,), HELD),
        Move("release", (HELD,), VALID),
        Move("send", (VALID,), SENT),
        Move("doubt", (SENT,), UNKNOWN),
        Move("pay", (SENT, UNKNOWN), PAID),
        Move("fail", (SENT, UNKNOWN), FAILED),
        Move("bounce", (PAID,), FAILED),
        Move("repair", (FAILED,), VALID),
        Move("take_back", (SENT,), VALID),
        Move("arrive", (VALID, HELD, FAILED), PAID),
        Move("give_back", (FAILED,), RETURNED),
        Move("drop", (VALID, HELD), DROPPED),
        Move("replace", (HELD,), REPLACED),
    ),
)
OPEN = (VALID, SENT, UNKNOWN, FAILED)
"""A row that still may come to be paid."""
TAKES_THE_PLACE = (*OPEN, PAID)
"""A person has one such row for a programme and period, whatever the batch."""
STANDS_OUT = (HELD, UNKNOWN, FAILED)
"""Few of many, and somebody looks for them."""
NEVER_PAID = (HELD, DROPPED, REPLACED)
"""A row that is not paid, and need not be anybody's."""
TO_BE_ANSWERED = (VALID, SENT, UNKNOWN)
"""While a batch that is being paid has such a row, its people wait for their first answer."""
CARD_REASONS = ("C13", "C14", "S02")
"""Held for the card or the account alone: the money was due, and the card did not reach its person."""

# --- a bank file --------------------------------------------------------------------------------------------------

FILE_SEALED = State("sealed", "已封存", "sealed")
FILE_SENDING = State("sending", "发送中", "being sent")
FILE_IN_DOUBT = State("in_doubt", "结果不明", "in doubt")
FILE_MISSING = State("missing", "银行未收到", "never received")
FILE_ACKNOWLEDGED = State("acknowledged", "银行已受理", "taken by the bank")
FILE_SETTLED = State("settled", "已结清", "settled")
FILE_WITHDRAWN = State("withdrawn", "已撤回", "taken back")

BANK_FILE = Machine(
    name="bank_file",
    zh="代发文件",
    states=(
        FILE_SEALED,
        FILE_SENDING,
        FILE_IN_DOUBT,
        FILE_MISSING,
        FILE_ACKNOWLEDGED,
        FILE_SETTLED,
        FILE_WITHDRAWN,
    ),
    firsts=(FILE_SEALED,),
    moves=(
        Move("send", (FILE_SEALED,), FILE_SENDING),
        Move("doubt", (FILE_SENDING,), FILE_IN_DOUBT),
        Move("miss", (FILE_SENDING, FILE_IN_DOUBT), FILE_MISSING),
        Move("resend", (FILE_MISSING,), FILE_SENDING),
        Move("acknowledge", (FILE_SENDING, FILE_IN_DOUBT, FILE_MISSING), FILE_ACKNOWLEDGED),
        Move("settle", (FILE_ACKNOWLEDGED,), FILE_SETTLED),
        Move("withdraw", (FILE_SEALED, FILE_MISSING), FILE_WITHDRAWN),
    ),
)
"""A file is taken back only where no bank can have it: before it is sent, or when the bank said it never came."""
ASKED_OF = (FILE_SENDING, FILE_IN_DOUBT, FILE_ACKNOWLEDGED)
"""A file that the bank may be asked about, while something of it is open."""

# --- what a bank said of a line (`bankfiles.results`) --------------------------------------------------------------

NO_ANSWER = ""
STILL_OPEN = (NO_ANSWER, Result.UNKNOWN.value)
"""A line with one of these may still be paid by the bank: nothing is sent again."""
ONE_ATTEMPT = (*STILL_OPEN, Result.PAID.value)
"""A payment has at most one line with one of these that did not come back, in whatever file."""

# --- what differs between us and the banks (`discrepancies`) --------------------------------------------------------

NOBODYS = State("open", "待认领", "nobody's yet")
TAKEN = State("taken", "处理中", "being looked into")
CLOSED = State("closed", "已处理", "closed")

DISCREPANCY = Machine(
    name="payment_discrepancy",
    zh="对账差错",
    states=(NOBODYS, TAKEN, CLOSED),
    firsts=(NOBODYS,),
    moves=(
        Move("take", (NOBODYS, TAKEN), TAKEN),
        Move("close", (TAKEN,), CLOSED),
        Move("vanish", (NOBODYS, TAKEN), CLOSED),
    ),
)
"""`vanish` is the house's own: what differed is found to be equal again, as where a missing statement came."""
UNSETTLED = (NOBODYS, TAKEN)

# --- fund supervision: a clue in somebody's hands -----------------------------------------------------------------

RAISED = State("raised", "待接手", "raised")
CHECKING = State("checking", "核查中", "being looked into")
CLEARED = State("cleared", "已查清，无问题", "cleared")
CORRECTED = State("corrected", "已查清，已纠正", "corrected")
REFERRED = State("referred", "已移送", "referred")

CLUE = Machine(
    name="clue",
    zh="监管线索",
    states=(RAISED, CHECKING, CLEARED, CORRECTED, REFERRED),
    firsts=(RAISED,),
    moves=(
        Move("take", (RAISED,), CHECKING),
        Move("put_back", (CHECKING,), RAISED),
        Move("clear", (CHECKING,), CLEARED),
        Move("correct", (CHECKING,), CORRECTED),
        Move("refer", (CHECKING,), REFERRED),
    ),
)
CLUE_OUTCOMES = {"clear": CLEARED, "correct": CORRECTED, "refer": REFERRED}
"""How a clue ends: move -> state."""

# --- money that is asked back (`recoveries`) ------------------------------------------------------------------------

RECOVERY_OPEN = State("open", "待追回", "to be asked back")
RECOVERY_ASKED_BACK = State("asked", "追回中", "asked back")
RECOVERY_PROPOSED = State("proposed", "拟了结", "proposed to end")
RECOVERY_RETURNED = State("returned", "已追回", "had back")
RECOVERY_WRITTEN_OFF = State("written_off", "已核销", "written off")
RECOVERY_NOT_OWED = State("not_owed", "无需追回", "nothing owed")
RECOVERY_LAPSED = State("lapsed", "不再追回", "not asked back any more")

RECOVERY = Machine(
    name="recovery",
    zh="追回",
    states=(
        RECOVERY_OPEN,
        RECOVERY_ASKED_BACK,
        RECOVERY_PROPOSED,
        RECOVERY_RETURNED,
        RECOVERY_WRITTEN_OFF,
        RECOVERY_NOT_OWED,
        RECOVERY_LAPSED,
    ),
    firsts=(RECOVERY_OPEN,),
    moves=(
        Move("ask", (RECOVERY_OPEN, RECOVERY_ASKED_BACK), RECOVERY_ASKED_BACK),
        Move("receive_part", (RECOVERY_OPEN, RECOVERY_ASKED_BACK), RECOVERY_ASKED_BACK),
        Move("receive", (RECOVERY_OPEN, RECOVERY_ASKED_BACK), RECOVERY_RETURNED),
        Move("propose", (RECOVERY_OPEN, RECOVERY_ASKED_BACK), RECOVERY_PROPOSED),
        Move("decline", (RECOVERY_PROPOSED,), RECOVERY_ASKED_BACK),
        Move("write_off", (RECOVERY_PROPOSED,), RECOVERY_WRITTEN_OFF),
        Move("not_owed", (RECOVERY_PROPOSED,), RECOVERY_NOT_OWED),
        Move("lapse", (RECOVERY_OPEN, RECOVERY_ASKED_BACK), RECOVERY_LAPSED),
        Move("reopen", (RECOVERY_LAPSED,), RECOVERY_OPEN),
    ),
)
"""`lapse` is the house's own: the bank refused the payment after all, or brought it, or the other of two, back; and so is
`reopen`, where it is found not to have been due again."""
RECOVERY_UNDER_WAY = (RECOVERY_OPEN, RECOVERY_ASKED_BACK, RECOVERY_PROPOSED)

# --- money of which the bank said two things: where it is (`whereabouts`) --------------------------------------------

FOUND_PROPOSED = State("proposed", "待审批", "waits to be agreed to")
FOUND_AGREED = State("agreed", "已同意", "agreed to")
FOUND_DECLINED = State("declined", "未同意", "not agreed to")

WHEREABOUTS = Machine(
    name="whereabouts",
    zh="查实",
    states=(FOUND_PROPOSED, FOUND_AGREED, FOUND_DECLINED),
    firsts=(FOUND_PROPOSED,),
    moves=(
        Move("agree", (FOUND_PROPOSED,), FOUND_AGREED),
        Move("decline", (FOUND_PROPOSED,), FOUND_DECLINED),
    ),
)

# --- the ledger ---------------------------------------------------------------------------------------------------

BUDGET, AVAILABLE, BLOCKED, TRANSIT, DONE = "budget", "available", "blocked", "transit", "paid"
ACCOUNTS: dict[str, tuple[str, str]] = {
    BUDGET: ("财政拨款", "from the treasury"),
    AVAILABLE: ("可用资金", "available"),
    BLOCKED: ("已冻结", "blocked"),
    TRANSIT: ("在途", "with the banks"),
    DONE: ("已发放", "paid"),
}
"""The accounts of each programme. Every posting has two legs that sum to nothing; all but the first never fall below
it, unless what was paid comes back twice, from its person and from the bank: then 已发放 does, and it is a difference."""


# --- who may ------------------------------------------------------------------------------------------------------


def another_person(acting: str, *before: str) -> Refused | None:
    """Maker, department and finance are three people."""
    if acting in before:
        return Refused(
            "benefit.same_person",
            "经办、业务审批、财政审批须由三个人办理；您已办过其中一步，请由另一人办理。",
            "Maker, department and finance are three people; you took one of these steps, somebody else must take this.",
        )
    return None


def not_its_owner(acting: str, owner: str) -> Refused | None:
    """Who took a difference closes it, so that each has one name beside it."""
    if acting == owner:
        return None
    return Refused(
        "benefit.discrepancy_of_another",
        "这条差错由别人认领处理；如由您接手，请先认领。",
        "Somebody else looks into this one; if you take it over, say so first.",
    )


def another_releases(acting: str, asked_by: str) -> Refused | None:
    """Of a file that was sent, two people decide: it goes once more, or is taken back."""
    if acting == asked_by:
        return Refused(
            "benefit.resend_same_person",
            "申请再次发送的人不能自己放行或撤回，请由另一人办理。",
            "Who asked to send the file once more neither releases it nor takes it back; somebody else must.",
        )
    return None


def another_mends(acting: str, brought_by: Collection[str]) -> Refused | None:
    """Nobody pays once more on the strength of an answer that they alone brought."""
    if acting in brought_by:
        return Refused(
            "benefit.same_person",
            "这一行的结果出自您上传的回盘，请由另一人修复。",
            "What the bank said of this row stands in an answer that you brought; somebody else must mend it.",
        )
    return None


def another_agrees(acting: str, proposed_by: str) -> Refused | None:
    """Money is given up only by two people."""
    if acting == proposed_by:
        return Refused(
            "benefit.same_person",
            "提出了结的人不能自己审批，请由另一人办理。",
            "Who proposed it does not agree to it; somebody else must.",
        )
    return None


def totals_differ(declared: tuple[int, int], received: tuple[int, int]) -> bool:
    """Whether what the envelope declares (rows, fen) is not what came."""
    return declared != received
