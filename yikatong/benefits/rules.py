"""Pure: the way of a payment, from the roster to the account, and who may take which step (domain.md 5.4)."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State
from yikatong.benefits.bankfiles.results import Result

REASON_LENGTH = 100

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
        Move("send_back", (JUDGED, PUBLIC, DEPARTMENT), SENT_BACK),
        Move("withdraw", (UPLOADED, JUDGED, PUBLIC), WITHDRAWN),
    ),
)
GIVEN_UP = (REJECTED, SENT_BACK, WITHDRAWN)
"""States of a batch of which nobody is paid; the same roster may come again."""
APPROVED = (FUNDED, PAYING, SETTLED)
"""States of a batch whose rows two more people have looked at."""

# --- a row: what one person is to get -----------------------------------------------------------------------------

VALID = State("valid", "可发", "payable")
HELD = State("held", "暂缓", "held")
SENT = State("sent", "已送银行", "with the bank")
UNKNOWN = State("unknown", "结果不明", "outcome unknown")
PAID = State("paid", "已到账", "paid")
FAILED = State("failed", "发放失败", "failed")
RETURNED = State("returned", "已退回财政", "returned to the treasury")
DROPPED = State("dropped", "未发放", "not paid in this batch")

PAYMENT = Machine(
    name="payment",
    zh="发放明细",
    states=(VALID, HELD, SENT, UNKNOWN, PAID, FAILED, RETURNED, DROPPED),
    firsts=(VALID, HELD),
    moves=(
        Move("hold", (VALID,), HELD),
        Move("release", (HELD,), VALID),
        Move("send", (VALID,), SENT),
        Move("doubt", (SENT,), UNKNOWN),
        Move("pay", (SENT, UNKNOWN), PAID),
        Move("fail", (SENT, UNKNOWN), FAILED),
        Move("repair", (FAILED,), VALID),
        Move("give_back", (FAILED,), RETURNED),
        Move("drop", (VALID, HELD), DROPPED),
    ),
)
OPEN = (VALID, SENT, UNKNOWN, FAILED)
"""A row that still may come to be paid."""
TAKES_THE_PLACE = (*OPEN, PAID)
"""A person has one such row for a programme and period, whatever the batch."""
WITH_THE_BANK = (SENT, UNKNOWN)

# --- a bank file --------------------------------------------------------------------------------------------------

FILE_SEALED = State("sealed", "已封存", "sealed")
FILE_SENDING = State("sending", "发送中", "being sent")
FILE_IN_DOUBT = State("in_doubt", "结果不明", "in doubt")
FILE_ACKNOWLEDGED = State("acknowledged", "银行已受理", "taken by the bank")
FILE_SETTLED = State("settled", "已结清", "settled")

BANK_FILE = Machine(
    name="bank_file",
    zh="代发文件",
    states=(FILE_SEALED, FILE_SENDING, FILE_IN_DOUBT, FILE_ACKNOWLEDGED, FILE_SETTLED),
    firsts=(FILE_SEALED,),
    moves=(
        Move("send", (FILE_SEALED,), FILE_SENDING),
        Move("doubt", (FILE_SENDING,), FILE_IN_DOUBT),
        Move("acknowledge", (FILE_SENDING, FILE_IN_DOUBT), FILE_ACKNOWLEDGED),
        Move("settle", (FILE_ACKNOWLEDGED,), FILE_SETTLED),
    ),
)

# --- what a bank said of a line (`bankfiles.results`) --------------------------------------------------------------

NO_ANSWER = ""
STILL_OPEN = (NO_ANSWER, Result.UNKNOWN.value)
"""A line with one of these may still be paid by the bank: nothing is sent again."""
ONE_ATTEMPT = (*STILL_OPEN, Result.PAID.value)
"""A payment has at most one line with one of these, in whatever file."""

# --- the ledger ---------------------------------------------------------------------------------------------------

BUDGET, AVAILABLE, BLOCKED, TRANSIT, DONE = "budget", "available", "blocked", "transit", "paid"
ACCOUNTS: dict[str, tuple[str, str]] = {
    BUDGET: ("财政拨款", "from the treasury"),
    AVAILABLE: ("可用资金", "available"),
    BLOCKED: ("已冻结", "blocked"),
    TRANSIT: ("在途", "with the banks"),
    DONE: ("已发放", "paid"),
}
"""The accounts of each programme. Every posting has two legs that sum to nothing; all but the first never fall below it."""


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


def totals_differ(declared: tuple[int, int], received: tuple[int, int]) -> bool:
    """Whether what the envelope declares (rows, fen) is not what came."""
    return declared != received
