"""What this room records. Subjects: `order:<id>`, `card:<id>`, `batch:<id>`. Indicators are computed from these.

Entries about sets carry one row per order: `checked`, `account_asked`, `account_opened`, `kept_out`, `batched`, `released`,
`made`, `make_failed`, `stocked`, `adopted`, `row_left`.
"""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind
from yikatong.cards import collective_facts, fee_facts

# payload: number, order_kind, mode, channel, promised_on
APPLIED = Kind("card.applied", "{actor} 受理制卡申请 {number}", "{actor} took application {number}")
# payload: code, case_number; a partner learnt why this person could not be applied for
APPLICATION_REFUSED = Kind(
    "card.application_refused",
    "{actor} 申请未受理（{code}，业务流水号 {case_number}）",
    "{actor} was refused an application ({code}, their case {case_number})",
    Erasure.AUDIT_3,
    read=True,
)
ORDER_CANCELLED = Kind(
    "card.order_cancelled", "{actor} 撤销申请：{reason}", "{actor} cancelled the order: {reason}"
)
RESUBMITTED = Kind("card.resubmitted", "{actor} 更正后重新提交", "{actor} resubmitted after correction")
SENT_TO_MATCH = Kind("card.sent_to_match", "送省平台数据比对（{file}）", "sent to be matched ({file})")
# rows: result (our word for their code; good = matched), text
CHECKED = Kind("card.checked", "数据比对结果：{text}", "matching result: {text}")
# payload: counterpart, code, reason
KEPT_OUT = Kind("card.kept_out", "未送出：{reason}", "kept out of the file: {reason}")
ACCOUNT_ASKED = Kind(
    "card.account_asked", "送银行预开户（{file}）", "sent to the bank for an account ({file})"
)
# rows: result (our word for their code; good = opened), text
ACCOUNT_OPENED = Kind("card.account_opened", "银行预开户结果：{text}", "account pre-opening: {text}")
BATCHED = Kind("card.batched", "{actor} 编入批次 {batch}", "{actor} put it in batch {batch}")
BATCH_DISSOLVED = Kind("card.batch_dissolved", "{actor} 撤销批次 {batch}", "{actor} dissolved batch {batch}")
RELEASED = Kind(
    "card.released", "{actor} 审核下发批次 {batch} 制卡", "{actor} released batch {batch} to the maker"
)
# rows: card (id)
MADE = Kind("card.made", "制卡完成（批次 {batch}）", "made (batch {batch})")
# rows: stage, reason
MAKE_FAILED = Kind("card.make_failed", "制卡失败：{stage} {reason}", "making failed: {stage} {reason}")
RETRIED = Kind("card.retried", "{actor} 安排重新制卡", "{actor} sent it to be made again")
# rows: applied_on, promised_on, days (calendar days from application to ready)
STOCKED = Kind(
    "card.stocked", "{actor} 在 {outlet_name} 入库，可领卡", "{actor} put it in stock at {outlet_name}"
)
# payload: expected, counted, stocked; subject `batch:<id>`
BOX_COUNTED = Kind(
    "card.box_counted",
    "{actor} 清点批次 {batch} 的 {box} 号箱，{counted} 张相符",
    "{actor} counted box {box} of {batch}: {counted}",
)
BOX_DIFFERS = Kind(
    "card.box_differs",
    "{actor} 清点批次 {batch} 的 {box} 号箱，应有 {expected} 张、实点 {counted} 张，入库 {stocked} 张",
    "{actor} counted {counted} instead of {expected} in box {box} of {batch}; {stocked} went in stock",
)
SLOTS_OPENED = Kind(
    "card.slots_opened",
    "{actor} 设卡位 {first} 至 {last}",
    "{actor} opened slots {first} to {last}",
    Erasure.NOTHING,
)
# rows: number
SLOTTED = Kind("card.slotted", "{actor} 放入卡位 {slot}", "{actor} put it in slot {slot}")
# payload: number, fee_fen; never where to
POST_WISHED = Kind("card.post_wished", "{actor} 登记邮寄", "{actor} noted that it is to be posted")
POST_WITHDRAWN = Kind("card.post_withdrawn", "{actor} 改为自取", "{actor} noted that it will be collected")
# payload: number, before and after (names of outlets)
OUTLET_CHANGED = Kind(
    "card.outlet_changed",
    "{actor} 改领卡网点：{before} 改为 {after}",
    "{actor} changed where it is collected from {before} to {after}",
)
# payload: why, why_en
POST_OVER = Kind("card.post_over", "不再邮寄：{why}", "not to be posted any more: {why_en}")
POSTED = Kind(
    "card.posted", "{actor} 交{company}寄出，运单 {waybill}", "{actor} gave it to {company}, {waybill}"
)
POST_CAME_BACK = Kind(
    "card.post_came_back", "邮件 {waybill} 退回网点：{note}", "parcel {waybill} came back: {note}"
)
POST_LOST = Kind("card.post_lost", "邮件 {waybill} 寄失：{note}", "parcel {waybill} was lost: {note}")
# payload: order (id), order_kind, receiver (masked), receiver_role, receiver_number (masked), letter,
# signature and receiver_photo (SM3 of the picture, or why there is none)
COLLECTED = Kind("card.collected", "{actor} 发卡，{receiver} 领取", "{actor} handed the card to {receiver}")
ENABLED = Kind("card.enabled", "{actor} 启用社保功能", "{actor} enabled the card")
ENABLE_TRIED = Kind(
    "card.enable_tried",
    "{actor} 网上启用时填错银行卡号",
    "{actor} gave a wrong bank card number to enable the card online",
    Erasure.AUDIT_3,
)
BANK_ACTIVATED = Kind(
    "card.bank_activated", "{actor} 登记金融账户激活", "{actor} recorded the bank activation"
)
TEMP_LOST = Kind(
    "card.temp_lost",
    "{actor} 办理临时挂失，有效至 {until}",
    "{actor} reported a temporary loss until {until}",
)
# payload: how, how_en
CALLER_CHECKED = Kind(
    "card.caller_checked", "{actor} 核实来电人：{how}", "{actor} checked the caller: {how_en}"
)
LOST = Kind("card.lost", "{actor} 办理正式挂失", "{actor} reported a formal loss")
LOSS_RELEASED = Kind(
    "card.loss_released", "{actor} 解除挂失（{how}）", "{actor} released the loss report ({how})"
)
BANK_LOSS_RELEASED = Kind(
    "card.bank_loss_released",
    "{actor} 登记金融账户解挂（{how}）",
    "{actor} recorded the bank-side release ({how})",
)
BANK_LOST = Kind("card.bank_lost", "{actor} 登记金融账户挂失", "{actor} recorded the bank-side loss")
# payload: service, role, agent and agent_number and holder_number (masked), relation, letter, reason, document, proof
BY_AGENT = Kind(
    "card.by_agent",
    "{service}由{role} {agent} 办理（证件 {agent_number}）",
    "{service_en} done by {role_en} {agent} (document {agent_number})",
)
ACCOUNT_CLOSED = Kind(
    "card.account_closed", "{actor} 登记金融账户销户", "{actor} recorded that the account was closed"
)
ORDER_FROZEN = Kind(
    "card.order_frozen", "申请冻结：{why}", "order frozen: the holder is recorded as deceased"
)
ORDER_THAWED = Kind("card.order_thawed", "死亡登记更正，申请解冻", "the death was withdrawn, order goes on")
ORDER_STOPPED = Kind(
    "card.order_stopped", "{actor} 停办申请：{reason}", "{actor} stopped the order: {reason}"
)
REMINDED = Kind(
    "card.reminded", "提醒领卡（已等候 {days} 天）", "reminded after {days} days to collect the card"
)
RETAINED = Kind("card.retained", "超过 {days} 天未领，转为滞留卡", "not collected for {days} days: retained")
TAKEN_BACK = Kind("card.taken_back", "{actor} 将未领的卡退回中心", "{actor} took the card back to the centre")
LAID_OUT = Kind("card.laid_out", "{actor} 将卡发回网点待领", "{actor} laid the card out at the outlet again")
# payload: card (id), where, witness, second
DESTROYED = Kind(
    "card.destroyed",
    "{witness}、{second} 现场见证销毁成品卡（{where}）",
    "{witness} and {second} witnessed the card's destruction ({where})",
)
CASE_OPENED = Kind("card.case_opened", "建议{what}：{reason}", "suggested to {what_en}: {reason}")
CASE_PROPOSED = Kind(
    "card.case_proposed", "{actor} 提出{what}（{paper}）", "{actor} proposed to {what_en} ({paper})"
)
CASE_DONE = Kind("card.case_done", "{actor} 复核同意{what}", "{actor} confirmed to {what_en}")
CASE_RETURNED = Kind(
    "card.case_returned", "{actor} 退回{what}：{note}", "{actor} sent back to {what_en}: {note}"
)
CASE_DROPPED = Kind(
    "card.case_dropped", "{actor} 不予{what}：{note}", "{actor} decided not to {what_en}: {note}"
)
CASE_LIFTED = Kind(
    "card.case_lifted", "人员状态已更正，解除{what}", "the record was corrected: no need to {what_en}"
)
LOCKED = Kind("card.locked", "{actor} 登记应用锁定：{why}", "{actor} recorded that the card is locked: {why}")
# payload: request (its id), what, what_en; subject of all five the card, never a PIN
PIN_ASKED = Kind(
    "card.pin_asked", "{actor} 向卡密网关申请{what}", "{actor} asked the card gateway for {what_en}"
)
PIN_FAILED = Kind("card.pin_failed", "{what}未成：{why}", "{what_en} failed: {why_en}")
PIN_IN_DOUBT = Kind(
    "card.pin_in_doubt", "{what}结果不明，待再次查询", "the outcome of {what_en} is not known yet"
)
# payload: request, receipt (the gateway's number)
PIN_RESET = Kind(
    "card.pin_reset",
    "{actor} 重置社保密码（网关回执 {receipt}）",
    "{actor} reset the PIN (receipt {receipt})",
)
# payload: request, receipt, used (unlocks so far, this one with them)
UNLOCKED = Kind(
    "card.unlocked",
    "{actor} 解锁社保功能（第{used}次，网关回执 {receipt}）",
    "{actor} unlocked the card (unlock {used}, receipt {receipt})",
)
# payload: reason (in words), reason_code (replaced | wish, death …)
ENDED = Kind("card.ended", "{actor} 注销社保卡：{reason}", "{actor} cancelled the card: {reason}")
# rows: nothing more; cards in use before this house opened
ADOPTED = Kind("card.adopted", "{actor} 导入存量卡 {file}", "{actor} took over existing cards {file}")
# payload: collected_on, days (calendar days from collection to confirmation), what
ERROR_CONFIRMED = Kind(
    "card.error_confirmed", "{actor} 确认发卡差错：{what}", "{actor} confirmed an issuing error: {what}"
)
STATUS_ASKED = Kind(
    "card.status_asked",
    "{actor} 查询卡状态，用途：{purpose}（业务流水号 {case_number}）",
    "{actor} asked for the card's status for {purpose} (their case {case_number})",
    Erasure.AUDIT_3,
    read=True,
)
FILE_REJECTED = Kind(
    "card.file_rejected",
    "{actor} 退回文件 {file}：{reason}",
    "{actor} rejected {file}: {reason}",
    Erasure.NOTHING,
)
# rows: line (1 = header), code, reason; the subject is empty where the row names no order of ours
ROW_LEFT = Kind(
    "card.row_left", "文件 {file} 第{line}行未采用：{reason}", "{file}, line {line} was left alone: {reason}"
)
RECEIPT_PRINTED = Kind(
    "card.receipt_printed", "{actor} 打印凭条 {number}", "{actor} printed receipt {number}"
)
# payload: number, title, copy (which print it is), reason
RECEIPT_REPRINTED = Kind(
    "card.receipt_reprinted",
    "{actor} 补打凭条 {number}（第 {copy} 次）：{reason}",
    "{actor} printed receipt {number} again (copy {copy}): {reason}",
)
RECEIPT_ASKED = Kind(
    "card.receipt_asked",
    "{actor} 申请补打凭条 {number}（第 {copy} 次）：{reason}",
    "{actor} asked for copy {copy} of receipt {number}: {reason}",
)
RECEIPT_RELEASED = Kind(
    "card.receipt_released",
    "{actor} 放行补打凭条 {number}（第 {copy} 次）",
    "{actor} released copy {copy} of receipt {number}",
)
# rows: staff (user name), before (user name of the last owner, empty where there was none)
ASSIGNED = Kind("card.assigned", "{actor} 交由 {name} 办理", "{actor} gave the order to {name}")
UNASSIGNED = Kind(
    "card.unassigned", "{actor} 收回指派，回到公共队列", "{actor} put the order back into the common queue"
)
# payload: channel, digest (SM3 of the photo), bytes
PHOTO_TAKEN = Kind("card.photo_taken", "{actor} 采集照片", "{actor} took the photo")
PHOTO_LOOKED = Kind(
    "card.photo_looked",
    "{actor} 查看照片，用途：{purpose}",
    "{actor} looked at the photo for {purpose}",
    Erasure.AUDIT_3,
    read=True,
)
# payload: photos, people (how many of each)
PHOTOS_ERASED = Kind(
    "card.photos_erased",
    "保存期满，清除 {people} 人的照片 {photos} 张",
    "kept long enough: {photos} photos of {people} people were erased",
    Erasure.NOTHING,
)
# payload: how many proofs of a hand-over, agents, postings, and of how many cards and orders the accounts went
CARDS_ERASED = Kind(
    "card.closed_erased",
    "保存期满，清除已注销卡和已办结申请的个人信息：卡 {cards}、申请 {orders}、领卡凭证 {proofs}、代办 {agents}、单位经办人 {list_agents}、邮寄 {postings}",
    "kept long enough: of ended cards and closed orders were erased {cards} cards' and {orders} orders' accounts, "
    "{proofs} proofs, {agents} agents, {list_agents} agents of units, {postings} postings",
    Erasure.NOTHING,
)
PROOF_LOOKED = Kind(
    "card.proof_looked",
    "{actor} 查看领卡签名与照片，用途：{purpose}",
    "{actor} looked at the receiver's signature and photo for {purpose}",
    Erasure.AUDIT_3,
    read=True,
)
# payload: paper, paper_kind, prefix, first, last, count; subject `paper:<id>`
PAPER_WRITTEN = Kind(
    "stock.paper_written",
    "{actor} 填写空白卡{paper_kind}单 {paper}：{range}，{count} 张",
    "{actor} wrote stock paper {paper}: {range}, {count} blanks",
    Erasure.NOTHING,
)
PAPER_CONFIRMED = Kind(
    "stock.paper_confirmed",
    "{actor} 确认空白卡{paper_kind}单 {paper}，{count} 张",
    "{actor} confirmed stock paper {paper}, {count} blanks",
    Erasure.NOTHING,
)
PAPER_WITHDRAWN = Kind(
    "stock.paper_withdrawn",
    "{actor} 撤回空白卡{paper_kind}单 {paper}",
    "{actor} withdrew stock paper {paper}",
    Erasure.NOTHING,
)
BLANKS_DRAWN = Kind(
    "stock.drawn", "{actor} 领用空白卡 {count} 张", "{actor} drew {count} blanks", Erasure.NOTHING
)
BLANKS_GIVEN_BACK = Kind(
    "stock.given_back", "{actor} 交回空白卡 {count} 张", "{actor} gave back {count} blanks", Erasure.NOTHING
)
BLANK_USED = Kind(
    "stock.used", "{actor} 用空白卡 {serial} 制成 {number}", "{actor} made {number} on blank {serial}"
)
BLANK_SPOILT = Kind(
    "stock.spoilt",
    "{actor} 作废空白卡 {serial}：{reason}",
    "{actor} spoilt blank {serial}: {reason}",
    Erasure.NOTHING,
)
# payload: counted, expected (the first count says neither, it is blind until the second is in)
STOCK_COUNT_BEGUN = Kind(
    "stock.count_begun", "{actor} 盘点空白卡（第一人）", "{actor} counted the blanks (first)", Erasure.NOTHING
)
STOCK_COUNTED = Kind(
    "stock.counted",
    "{actor} 盘点空白卡（第二人）：{result}",
    "{actor} counted the blanks (second): {result}",
    Erasure.NOTHING,
)
STOCK_EXPLAINED = Kind(
    "stock.explained",
    "{actor} 说明盘点差异：{explanation}",
    "{actor} explained the difference: {explanation}",
    Erasure.NOTHING,
)

KINDS = (
    APPLIED,
    APPLICATION_REFUSED,
    ORDER_CANCELLED,
    RESUBMITTED,
    SENT_TO_MATCH,
    CHECKED,
    KEPT_OUT,
    ACCOUNT_ASKED,
    ACCOUNT_OPENED,
    BATCHED,
    BATCH_DISSOLVED,
    RELEASED,
    MADE,
    MAKE_FAILED,
    RETRIED,
    STOCKED,
    BOX_COUNTED,
    BOX_DIFFERS,
    SLOTS_OPENED,
    SLOTTED,
    POST_WISHED,
    POST_WITHDRAWN,
    OUTLET_CHANGED,
    POST_OVER,
    POSTED,
    POST_CAME_BACK,
    POST_LOST,
    *fee_facts.KINDS,
    COLLECTED,
    ENABLED,
    ENABLE_TRIED,
    BANK_ACTIVATED,
    TEMP_LOST,
    CALLER_CHECKED,
    LOST,
    LOSS_RELEASED,
    BANK_LOST,
    BANK_LOSS_RELEASED,
    BY_AGENT,
    ACCOUNT_CLOSED,
    LOCKED,
    PIN_ASKED,
    PIN_FAILED,
    PIN_IN_DOUBT,
    PIN_RESET,
    UNLOCKED,
    ORDER_FROZEN,
    ORDER_THAWED,
    ORDER_STOPPED,
    REMINDED,
    RETAINED,
    TAKEN_BACK,
    LAID_OUT,
    DESTROYED,
    CASE_OPENED,
    CASE_PROPOSED,
    CASE_DONE,
    CASE_RETURNED,
    CASE_DROPPED,
    CASE_LIFTED,
    ENDED,
    ADOPTED,
    ERROR_CONFIRMED,
    STATUS_ASKED,
    FILE_REJECTED,
    ROW_LEFT,
    RECEIPT_PRINTED,
    RECEIPT_REPRINTED,
    RECEIPT_ASKED,
    RECEIPT_RELEASED,
    ASSIGNED,
    UNASSIGNED,
    PHOTO_TAKEN,
    PHOTO_LOOKED,
    PROOF_LOOKED,
    PHOTOS_ERASED,
    CARDS_ERASED,
    PAPER_WRITTEN,
    PAPER_CONFIRMED,
    PAPER_WITHDRAWN,
    BLANKS_DRAWN,
    BLANKS_GIVEN_BACK,
    BLANK_USED,
    BLANK_SPOILT,
    STOCK_COUNT_BEGUN,
    STOCK_COUNTED,
    STOCK_EXPLAINED,
    *collective_facts.KINDS,
)
