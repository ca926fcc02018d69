"""空白卡 (pure): the machines of a blank, of the paper that moves blanks, and of a count.

A blank is one row from its delivery to its end and stands in exactly one state, so that
received = made + spoilt + returned + on hand (在库, 领用, 调拨中) holds whatever happens.
"""

from __future__ import annotations

from enum import StrEnum

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State

IN_STOCK = State("stock", "在库", "in stock")
IN_HAND = State("hand", "领用", "in a clerk's hand")
UNDER_WAY = State("way", "调拨中", "under way")
USED = State("used", "制成", "made into a card")
SPOILT = State("spoilt", "作废", "spoilt")
SENT_BACK = State("sent_back", "退回", "sent back to the supplier")

BLANK = Machine(
    name="blank",
    zh="空白卡",
    states=(IN_STOCK, IN_HAND, UNDER_WAY, USED, SPOILT, SENT_BACK),
    firsts=(IN_STOCK,),
    moves=(
        Move("draw", (IN_STOCK,), IN_HAND),
        Move("give_back", (IN_HAND,), IN_STOCK),
        Move("send", (IN_STOCK,), UNDER_WAY),
        Move("arrive", (UNDER_WAY,), IN_STOCK),
        Move("leave", (UNDER_WAY,), SENT_BACK),
        Move("use", (IN_HAND,), USED),
        Move("spoil", (IN_STOCK, IN_HAND), SPOILT),
    ),
)
ON_HAND = (IN_STOCK.code, IN_HAND.code, UNDER_WAY.code)

WRITTEN = State("written", "待确认", "waiting for the second person")
CONFIRMED = State("confirmed", "已确认", "confirmed")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")

PAPER = Machine(
    name="stock_paper",
    zh="空白卡出入库单",
    states=(WRITTEN, CONFIRMED, WITHDRAWN),
    firsts=(WRITTEN,),
    moves=(Move("confirm", (WRITTEN,), CONFIRMED), Move("withdraw", (WRITTEN,), WITHDRAWN)),
)

ONE_COUNTED = State("one", "待第二人盘点", "waiting for the second count")
AGREES = State("agrees", "相符", "agrees")
DIFFERS = State("differs", "不符待说明", "differs, to be explained")
EXPLAINED = State("explained", "不符已说明", "differs, explained")

COUNT = Machine(
    name="stock_count",
    zh="空白卡盘点",
    states=(ONE_COUNTED, AGREES, DIFFERS, EXPLAINED),
    firsts=(ONE_COUNTED,),
    moves=(
        Move("agree", (ONE_COUNTED,), AGREES),
        Move("differ", (ONE_COUNTED,), DIFFERS),
        Move("explain", (DIFFERS,), EXPLAINED),
    ),
)


class PaperKind(StrEnum):
    """Why blanks move: in from the supplier, from place to place, back to the supplier."""

    DELIVERY = "delivery"
    TRANSFER = "transfer"
    RETURN = "return"

    @property
    def zh(self) -> str:
        return {"delivery": "到货", "transfer": "调拨", "return": "退回"}[self.value]

    @property
    def en(self) -> str:
        return {"delivery": "delivery", "transfer": "transfer", "return": "return to the supplier"}[
            self.value
        ]


DIGITS = 8
MOST = 50_000  # blanks on one paper: ten boxes of a pallet


def serial(prefix: str, number: int) -> str:
    """The serial of a blank: up to six capitals or digits, then eight digits."""
    return f"{prefix}{number:0{DIGITS}d}"


def range_wrong(prefix: str, first: int, last: int) -> Refused | None:
    """Why this is no range of serials: `blank.prefix`, `blank.range`, `blank.too_many`."""
    if len(prefix) > 6 or not (
        prefix == "" or (prefix.isascii() and prefix.isalnum() and prefix == prefix.upper())
    ):
        return Refused(
            "blank.prefix",
            "序列号前缀为不超过6位的大写字母或数字。",
            "A serial begins with up to six capitals or digits.",
            at="letters",
        )
    if not 0 < first <= last < 10**DIGITS:
        return Refused(
            "blank.range",
            "起止序号不正确：止号不能小于起号。",
            "The range is wrong: the last number is not before the first.",
            at="last",
        )
    if last - first + 1 > MOST:
        return Refused(
            "blank.too_many", f"一单最多 {MOST} 张。", f"One paper holds at most {MOST} blanks.", at="last"
        )
    return None
