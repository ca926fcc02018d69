"""What this room records. Subjects: `benefit:<batch number>`, `payment:<id>`, `bankfile:<number>`.

A step of a batch is one entry with the digest of its rows; a person's own history stands in the payments.
"""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

BATCH_DUE = Kind(
    "benefit.batch_due",
    "{actor} 提交 {programme} {period} 清册 {file}：申报 {rows} 人、{yuan} 元",
    "{actor} brought the roster {file} of {programme_en} {period}: {rows} people, {yuan} yuan declared",
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
    "{actor} did not accept batch {batch}: {reason_en}",
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
ROW_CORRECTED = Kind(
    "benefit.row_corrected",
    "{actor} 更正批次 {batch} 第 {line} 行，转为第 {new_line} 行（{state}）：{reason}",
    "{actor} corrected row {line} of batch {batch}, now row {new_line}: {reason}",
)
ROW_DROPPED = Kind(
    "benefit.row_dropped",
    "{actor} 剔除批次 {batch} 第 {line} 行：{reason}",
    "{actor} left row {line} of batch {batch} out: {reason}",
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
RESULTS_TAKEN = Kind(
    "benefit.results_taken",
    "{actor} 取走批次 {batch} 第 {first} 至 {last} 行中 {rows} 行的结果",
    "{actor} took the results of {rows} rows of batch {batch}, lines {first} to {last}",
    Erasure.NOTHING,
)
FUNDS_GRANTED = Kind(
    "benefit.funds_granted",
    "{actor} 登记 {programme} 财政拨款 {yuan} 元（{paper}）",
    "{actor} entered {yuan} yuan from the treasury for {programme_en} ({paper})",
    Erasure.NOTHING,
)
FILE_SEALED = Kind(
    "benefit.file_sealed",
    "{actor} 封存代发文件 {file}：{rows} 笔、{yuan} 元",
    "{actor} sealed payment file {file}: {rows} payments, {yuan} yuan",
    Erasure.NOTHING,
)
SEALING_ASKED = Kind(
    "benefit.sealing_asked",
    "{actor} 要求封存批次 {batch} 的代发文件",
    "{actor} asked that the payment files of batch {batch} be sealed",
    Erasure.NOTHING,
)
SEALING_REFUSED = Kind(
    "benefit.sealing_refused",
    "{actor} 批次 {batch} 没有封存：{reason}",
    "{actor} did not seal batch {batch}: {reason_en}",
    Erasure.NOTHING,
)
FILE_SENT = Kind(
    "benefit.file_sent", "{actor} 发送代发文件 {file}", "{actor} sent payment file {file}", Erasure.NOTHING
)
FILE_WITHDRAWN = Kind(
    "benefit.file_withdrawn",
    "{actor} 撤回代发文件 {file}：{reason}",
    "{actor} took back payment file {file}: {reason}",
    Erasure.NOTHING,
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
    "{actor} did not take answer {file}: {reason_en}",
    Erasure.NOTHING,
)
ROW_REPAIRED = Kind(
    "benefit.row_repaired",
    "{actor} 修复批次 {batch} 第 {line} 行，转入重新发放：{how}",
    "{actor} repaired row {line} of batch {batch} to be paid again: {how}",
)
WHEREABOUTS_SAID = Kind(
    "benefit.whereabouts_said",
    "{actor} 查实批次 {batch} 第 {line} 行的钱{outcome}，待审批：{reason}",
    "{actor} found out of row {line} of batch {batch}: {outcome_en}; it waits to be agreed to ({reason})",
)
WHEREABOUTS_AGREED = Kind(
    "benefit.whereabouts_agreed",
    "{actor} 同意查实结果：批次 {batch} 第 {line} 行的钱{outcome}",
    "{actor} agreed to what was found out of row {line} of batch {batch}: {outcome_en}",
)
WHEREABOUTS_DECLINED = Kind(
    "benefit.whereabouts_declined",
    "{actor} 不同意查实结果（批次 {batch} 第 {line} 行{outcome}）：{reason}",
    "{actor} did not agree to what was found out of row {line} of batch {batch} ({outcome_en}): {reason}",
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
BATCH_REPLIED = Kind(
    "benefit.batch_replied",
    "{actor} 批次 {batch} 的回盘已收齐（{programme} {period}，应于 {due_on} 前）",
    "{actor} every payment of batch {batch} is answered ({programme_en} {period}, due by {due_on})",
    Erasure.NOTHING,
)
DEADLINE_MISSED = Kind(
    "benefit.deadline_missed",
    "{actor} {programme} {period} 到期（{due_on}）没有发放完毕：{why}",
    "{actor} {programme_en} {period} was not paid by {due_on}: {why_en}",
    Erasure.NOTHING,
)
BATCH_COVERED = Kind(
    "benefit.batch_covered",
    "{actor} 批次 {batch} 办结，该地区应发 {due} 人次、入卡 {paid} 人次",
    "{actor} batch {batch} is settled; of this region {due} were due and {paid} were paid onto the card",
    Erasure.NOTHING,
)
# payload: kinds (clues by kind)
CLUES_RAISED = Kind(
    "benefit.clues_raised",
    "{actor} 基金监管比对批次 {batch}：新线索 {clues} 条",
    "{actor} looked batch {batch} over for fund supervision: {clues} new clues",
    Erasure.NOTHING,
)
CLUE_TAKEN = Kind(
    "benefit.clue_taken",
    "{actor} 接手监管线索：{what}（批次 {batch}）",
    "{actor} took up a clue: {what_en} (batch {batch})",
    Erasure.NOTHING,
)
CLUE_PUT_BACK = Kind(
    "benefit.clue_put_back",
    "{actor} 放回监管线索：{what}（批次 {batch}）",
    "{actor} put back a clue: {what_en} (batch {batch})",
    Erasure.NOTHING,
)
CLUE_CLOSED = Kind(
    "benefit.clue_closed",
    "{actor} 办结监管线索：{what}（批次 {batch}）——{outcome}：{note}",
    "{actor} closed a clue: {what_en} (batch {batch}), {outcome_en}: {note}",
)

STATEMENT_TAKEN = Kind(
    "benefit.statement_taken",
    "{actor} 接收银行 {bank} 第 {number} 号对账单 {file}：{entries} 笔",
    "{actor} took statement {number} of bank {bank} in {file}: {entries} entries",
    Erasure.NOTHING,
)
STATEMENT_REFUSED = Kind(
    "benefit.statement_refused",
    "{actor} 未采用银行对账单 {file}：{reason}",
    "{actor} did not take statement {file}: {reason_en}",
    Erasure.NOTHING,
)
PAYMENT_BOUNCED = Kind(
    "benefit.payment_bounced",
    "银行对账单显示批次 {batch} 第 {line} 行已付的钱退回",
    "the bank's statement shows that what was paid for row {line} of batch {batch} came back",
)
BATCH_SETTLED_AGAIN = Kind(
    "benefit.batch_settled_again",
    "{actor} 批次 {batch} 重新打开后再次办结：到账 {paid} 笔、{yuan} 元",
    "{actor} batch {batch}, opened again, is settled again: {paid} paid, {yuan} yuan",
    Erasure.NOTHING,
)
BATCH_REOPENED = Kind(
    "benefit.batch_reopened",
    "{actor} 批次 {batch} 有 {rows} 笔退回，重新打开",
    "{actor} batch {batch} is open again: {rows} payments came back",
    Erasure.NOTHING,
)
DISCREPANCY_FOUND = Kind(
    "benefit.discrepancy_found",
    "{actor} 发现对账差错 {number}：{what}",
    "{actor} found difference {number}: {what_en}",
    Erasure.NOTHING,
)
DISCREPANCY_TAKEN = Kind(
    "benefit.discrepancy_taken",
    "{actor} 认领对账差错 {number}",
    "{actor} looks into difference {number}",
    Erasure.NOTHING,
)
DISCREPANCY_CLOSED = Kind(
    "benefit.discrepancy_closed",
    "{actor} 处理完对账差错 {number}：{outcome}",
    "{actor} closed difference {number}: {outcome}",
)
DISCREPANCY_VANISHED = Kind(
    "benefit.discrepancy_vanished",
    "{actor} 对账差错 {number} 已经平了：{outcome}",
    "{actor} difference {number} is equal again: {outcome}",
    Erasure.NOTHING,
)
RECONCILED = Kind(
    "benefit.reconciled",
    "{actor} 对账 {batches} 个批次：差异 {differences} 项，新差错 {new} 项",
    "{actor} reconciled {batches} batches: {differences} differences, {new} of them new",
    Erasure.NOTHING,
)
BANK_ASKED = Kind(
    "benefit.bank_asked",
    "{actor} 就代发文件 {file} 向银行查询（{enquiry}）",
    "{actor} asked the bank about payment file {file} ({enquiry})",
    Erasure.NOTHING,
)
FILE_MISSED = Kind(
    "benefit.file_missing",
    "{actor} 银行查询答复：没有收到代发文件 {file}",
    "{actor} the bank, asked, says it never received payment file {file}",
    Erasure.NOTHING,
)
RESEND_ASKED = Kind(
    "benefit.resend_asked",
    "{actor} 申请再次发送代发文件 {file}：{reason}",
    "{actor} asked that payment file {file} be sent once more: {reason}",
)
FILE_RESENT = Kind(
    "benefit.file_resent",
    "{actor} 放行再次发送代发文件 {file}（{asked} 申请），内容与首次相同",
    "{actor} released payment file {file} to be sent once more, as {asked} asked; its bytes are the same",
    Erasure.NOTHING,
)
RECOVERY_OPENED = Kind(
    "benefit.recovery_opened",
    "{actor} 列入追回：批次 {batch} 第 {line} 行",
    "{actor} flagged row {line} of batch {batch} to be had back",
)
RECOVERY_LAPSED = Kind(
    "benefit.recovery_lapsed",
    "{actor} 批次 {batch} 第 {line} 行（或重复的另一笔）没有付成，不再追回",
    "{actor} row {line} of batch {batch}, or the other of two, was not paid after all; it is not asked back",
)
RECOVERY_ASKED = Kind(
    "benefit.recovery_asked",
    "{actor} 追回批次 {batch} 第 {line} 行（追回 {number}）",
    "{actor} asked for row {line} of batch {batch} back (item {number})",
)
RECOVERY_RECEIVED = Kind(
    "benefit.recovery_received",
    "{actor} 登记追回 {number} 退回 {yuan} 元（{paper}）：批次 {batch} 第 {line} 行",
    "{actor} entered {yuan} yuan back for item {number} ({paper}): row {line} of batch {batch}",
)
RECOVERY_PROPOSAL = Kind(
    "benefit.recovery_proposed",
    "{actor} 提出了结追回 {number}：{ends}（{reason}）",
    "{actor} proposed to end item {number}: {ends_en} ({reason})",
)
RECOVERY_AGREED = Kind(
    "benefit.recovery_agreed",
    "{actor} 同意了结追回 {number}：{ends}（{reason}）",
    "{actor} agreed to end item {number}: {ends_en} ({reason})",
)
RECOVERY_DECLINED = Kind(
    "benefit.recovery_declined",
    "{actor} 不同意了结追回 {number}：{reason}",
    "{actor} did not agree to end item {number}: {reason}",
)

KINDS = (
    RECOVERY_OPENED,
    RECOVERY_LAPSED,
    RECOVERY_ASKED,
    RECOVERY_RECEIVED,
    RECOVERY_PROPOSAL,
    RECOVERY_AGREED,
    RECOVERY_DECLINED,
    BATCH_DUE,
    BATCH_JUDGED,
    BATCH_REJECTED,
    BATCH_PUBLIC,
    ROW_STOPPED,
    ROW_CORRECTED,
    ROW_DROPPED,
    DEPARTMENT_APPROVED,
    FINANCE_APPROVED,
    SENT_BACK,
    WITHDRAWN,
    RESULTS_TAKEN,
    FUNDS_GRANTED,
    SEALING_ASKED,
    SEALING_REFUSED,
    FILE_SEALED,
    FILE_SENT,
    FILE_WITHDRAWN,
    FILE_IN_DOUBT,
    ANSWER_TAKEN,
    ANSWER_REFUSED,
    ROW_REPAIRED,
    WHEREABOUTS_SAID,
    WHEREABOUTS_AGREED,
    WHEREABOUTS_DECLINED,
    RETURNED,
    BATCH_SETTLED,
    BATCH_SETTLED_AGAIN,
    STATEMENT_TAKEN,
    STATEMENT_REFUSED,
    PAYMENT_BOUNCED,
    BATCH_REOPENED,
    DISCREPANCY_FOUND,
    DISCREPANCY_TAKEN,
    DISCREPANCY_CLOSED,
    DISCREPANCY_VANISHED,
    RECONCILED,
    BANK_ASKED,
    FILE_MISSED,
    RESEND_ASKED,
    FILE_RESENT,
    BATCH_REPLIED,
    DEADLINE_MISSED,
    BATCH_COVERED,
    CLUES_RAISED,
    CLUE_TAKEN,
    CLUE_PUT_BACK,
    CLUE_CLOSED,
)
