"""What this room records. Subjects: `benefit:<batch number>`, `payment:<id>`, `bankfile:<number>`.

A step of a batch is one entry with the digest of its rows; a person's own history stands in the payments.
"""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

BATCH_DUE = Kind(
    "benefit.batch_due",
    "{actor} 提交 {programme} {period} 清册 {file}：申报 {rows} 人、{yuan} 元",
    "{actor} brought the roster {file} of {programme} {period}: {rows} people, {yuan} yuan declared",
    Erasure.NOTHING,
)
BATCH_JUDGED = Kind(
    "benefit.batch_judged",
    "{actor} 核验批次 {batch}：可发 {valid} 人、{yuan} 元，暂缓 {held} 人",
    "{actor} judged batch {batch}: {valid} payable, {yuan} yuan, {held} held",
    Erasure.NOTHING,
)
BATCH_REJECTED = Kind(
    "benefit.batch_rejected",
    "{actor} 不予受理批次 {batch}：{reason}",
    "{actor} did not accept batch {batch}: {reason}",
    Erasure.NOTHING,
)
BATCH_PUBLIC = Kind(
    "benefit.batch_public",
    "{actor} 公示批次 {batch}，至 {until}",
    "{actor} put batch {batch} in public view until {until}",
    Erasure.NOTHING,
)
ROW_STOPPED = Kind(
    "benefit.row_stopped",
    "{actor} 停发批次 {batch} 第 {line} 行：{reason}",
    "{actor} stopped row {line} of batch {batch}: {reason}",
)
DEPARTMENT_APPROVED = Kind(
    "benefit.department_approved",
    "{actor} 业务审批通过批次 {batch}：{rows} 人、{yuan} 元",
    "{actor} approved batch {batch} for the department: {rows} people, {yuan} yuan",
    Erasure.NOTHING,
)
FINANCE_APPROVED = Kind(
    "benefit.finance_approved",
    "{actor} 财政审批通过批次 {batch} 并冻结资金 {yuan} 元",
    "{actor} approved batch {batch} for finance and blocked {yuan} yuan",
    Erasure.NOTHING,
)
SENT_BACK = Kind(
    "benefit.batch_sent_back",
    "{actor} 退回批次 {batch}：{reason}",
    "{actor} sent batch {batch} back: {reason}",
    Erasure.NOTHING,
)
WITHDRAWN = Kind(
    "benefit.batch_withdrawn", "{actor} 撤回批次 {batch}", "{actor} withdrew batch {batch}", Erasure.NOTHING
)
FUNDS_GRANTED = Kind(
    "benefit.funds_granted",
    "{actor} 登记 {programme} 财政拨款 {yuan} 元（{paper}）",
    "{actor} entered {yuan} yuan from the treasury for {programme} ({paper})",
    Erasure.NOTHING,
)
FILE_SEALED = Kind(
    "benefit.file_sealed",
    "{actor} 封存代发文件 {file}：{rows} 笔、{yuan} 元",
    "{actor} sealed payment file {file}: {rows} payments, {yuan} yuan",
    Erasure.NOTHING,
)
FILE_SENT = Kind(
    "benefit.file_sent", "{actor} 发送代发文件 {file}", "{actor} sent payment file {file}", Erasure.NOTHING
)
FILE_IN_DOUBT = Kind(
    "benefit.file_in_doubt",
    "{actor} 代发文件 {file} 到期没有回盘，结果不明，不再发送",
    "{actor} payment file {file} is unanswered past its time; its outcome is unknown and it is not sent again",
    Erasure.NOTHING,
)
ANSWER_TAKEN = Kind(
    "benefit.answer_taken",
    "{actor} 接收代发回盘 {file}：到账 {paid}、失败 {failed}、不明 {unknown}，问题行 {problems}",
    "{actor} took answer {file}: {paid} paid, {failed} failed, {unknown} unknown, {problems} lines with problems",
    Erasure.NOTHING,
)
ANSWER_REFUSED = Kind(
    "benefit.answer_refused",
    "{actor} 未采用代发回盘 {file}：{reason}",
    "{actor} did not take answer {file}: {reason}",
    Erasure.NOTHING,
)
ROW_REPAIRED = Kind(
    "benefit.row_repaired",
    "{actor} 修复批次 {batch} 第 {line} 行，转入重新发放：{how}",
    "{actor} repaired row {line} of batch {batch} to be paid again: {how}",
)
RETURNED = Kind(
    "benefit.returned",
    "{actor} 将批次 {batch} 未发成的 {rows} 笔、{yuan} 元退回财政",
    "{actor} returned {rows} unpaid payments of batch {batch}, {yuan} yuan, to the treasury",
    Erasure.NOTHING,
)
BATCH_SETTLED = Kind(
    "benefit.batch_settled",
    "{actor} 批次 {batch} 办结：到账 {paid} 笔、{yuan} 元",
    "{actor} batch {batch} is settled: {paid} paid, {yuan} yuan",
    Erasure.NOTHING,
)

KINDS = (
    BATCH_DUE,
    BATCH_JUDGED,
    BATCH_REJECTED,
    BATCH_PUBLIC,
    ROW_STOPPED,
    DEPARTMENT_APPROVED,
    FINANCE_APPROVED,
    SENT_BACK,
    WITHDRAWN,
    FUNDS_GRANTED,
    FILE_SEALED,
    FILE_SENT,
    FILE_IN_DOUBT,
    ANSWER_TAKEN,
    ANSWER_REFUSED,
    ROW_REPAIRED,
    RETURNED,
    BATCH_SETTLED,
)
