"""Pure: the way of a list of vouchers, entered by one person and posted by another."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State

CATEGORIES = ("人员", "公用", "项目")
NOTE_LENGTH = 120

ENTERED = State("entered", "待复核", "waits to be checked")
POSTED = State("posted", "已入账", "posted")
SENT_BACK = State("sent_back", "已退回", "sent back")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")

VOUCHER_LIST = Machine(
    name="voucher_list",
    zh="支出凭证清单",
    states=(ENTERED, POSTED, SENT_BACK, WITHDRAWN),
    firsts=(ENTERED,),
    moves=(
        Move("post", (ENTERED,), POSTED),
        Move("send_back", (ENTERED,), SENT_BACK),
        Move("withdraw", (ENTERED,), WITHDRAWN),
    ),
)


def same_person(maker: str, checker: str) -> Refused | None:
    """Whoever entered vouchers does not post them."""
    if maker == checker:
        return Refused(
            "vouchers.same_person",
            "提交人不能复核自己提交的凭证，请由另一人复核。",
            "Who entered vouchers may not post them; somebody else must.",
        )
    return None
