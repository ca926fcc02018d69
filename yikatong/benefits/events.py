"""What a department is told by itself about the batches it brought (CloudEvents). Pure."""

from __future__ import annotations

from enum import StrEnum


class Told(StrEnum):
    """The type of an event."""

    JUDGED = "yikatong.benefit.batch.judged"
    REJECTED = "yikatong.benefit.batch.rejected"
    PUBLIC = "yikatong.benefit.batch.public"
    SENT_BACK = "yikatong.benefit.batch.sent_back"
    APPROVED = "yikatong.benefit.batch.approved"
    PAYING = "yikatong.benefit.batch.paying"
    SETTLED = "yikatong.benefit.batch.settled"
    REOPENED = "yikatong.benefit.batch.reopened"
    FAILED = "yikatong.benefit.payment.failed"

    @property
    def zh(self) -> str:
        return _WORDS[self][0]

    @property
    def en(self) -> str:
        return _WORDS[self][1]


_WORDS = {
    Told.JUDGED: ("清册已核验（重新核验后再次通知）", "the roster was judged, or judged again"),
    Told.REJECTED: ("清册不予受理", "the roster was not accepted"),
    Told.PUBLIC: ("批次已公示", "the batch is in public view"),
    Told.SENT_BACK: ("批次被退回", "the batch was sent back"),
    Told.APPROVED: (
        "业务、财政均已审批，资金已冻结",
        "department and finance approved, the money is blocked",
    ),
    Told.PAYING: ("代发文件已封存", "its payment files are sealed"),
    Told.SETTLED: ("批次已办结", "the batch is settled"),
    Told.REOPENED: (
        "已办结的批次有款项退回，重新打开",
        "money of a settled batch came back; it is open again",
    ),
    Told.FAILED: (
        "银行回盘或对账单中有发放失败、退回的行",
        "a bank's answer or statement has rows that were not paid, or came back",
    ),
}
