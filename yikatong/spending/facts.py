"""What this room records. Subjects: `vouchers:<list number>`, and `voucher:<id>` for each line that is posted."""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

ENTERED = Kind(
    "expense.entered",
    "{actor} 提交支出凭证 {file}：{lines} 行，共 {yuan} 元",
    "{actor} entered the vouchers {file}: {lines} lines, {yuan} yuan",
    Erasure.NOTHING,
)
# rows: one per line, with fen, paid_on, category, economic, project, tag and voucher
POSTED = Kind(
    "expense.posted",
    "{actor} 复核入账支出凭证 {list}：{yuan} 元",
    "{actor} checked and posted the vouchers {list}: {yuan} yuan",
    Erasure.NOTHING,
)
SENT_BACK = Kind(
    "expense.sent_back",
    "{actor} 退回支出凭证 {list}：{note}",
    "{actor} sent the vouchers {list} back: {note}",
    Erasure.NOTHING,
)
WITHDRAWN = Kind(
    "expense.withdrawn",
    "{actor} 撤回支出凭证 {list}",
    "{actor} withdrew the vouchers {list}",
    Erasure.NOTHING,
)

KINDS = (ENTERED, POSTED, SENT_BACK, WITHDRAWN)
