"""What this room records. Subjects: `resident:<id>`, and `search` for a look-up by words.

Never in a payload: numbers, addresses, phones. An entry says which field changed, not to what.
"""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

# payload: name (masked), source
REGISTERED = Kind("resident.registered", "{actor} 登记人员 {name}", "{actor} registered {name}")
# rows: one per person that came in
IMPORTED = Kind(
    "resident.imported",
    "{actor} 导入人员名单 {file}",
    "{actor} imported the list {file}",
)
# A list's own facts; subject `list:<id>`. Rows are counted, people never named.
LIST_UPLOADED = Kind(
    "resident.list_uploaded",
    "{actor} 上传人员名单 {file}（来源：{source}）",
    "{actor} uploaded the list {file} (source: {source})",
)
# payload: file, new, changed, same, refused
LIST_JUDGED = Kind(
    "resident.list_judged",
    "人员名单 {file} 核验完毕：新增 {new}，更新 {changed}，无变化 {same}，有问题 {refused}",
    "the list {file} was judged: {new} new, {changed} changed, {same} unchanged, {refused} refused",
)
LIST_APPROVED = Kind(
    "resident.list_approved", "{actor} 批准导入人员名单 {file}", "{actor} approved the list {file}"
)
LIST_REFUSED = Kind(
    "resident.list_refused",
    "人员名单 {file} 不予导入：{reason}",
    "the list {file} was refused: {reason}",
)
LIST_WITHDRAWN = Kind(
    "resident.list_withdrawn", "{actor} 撤回人员名单 {file}", "{actor} withdrew the list {file}"
)
LIST_RETURNED = Kind(
    "resident.list_returned",
    "人员名单 {file} 批准后基础库有变动，重新核验待审批",
    "the base library changed after the list {file} was approved; it was judged anew",
)
# payload: file, new, changed, maker, checker
LIST_APPLIED = Kind(
    "resident.list_applied",
    "人员名单 {file} 已导入：新增 {new}，更新 {changed}（{maker} 上传，{checker} 批准）",
    "the list {file} was taken in: {new} new, {changed} changed (uploaded by {maker}, approved by {checker})",
)
# payload: file, rows
LIST_EXPORTED = Kind(
    "resident.list_exported",
    "{actor} 下载人员名单 {file} 的问题表（{rows} 行）",
    "{actor} downloaded the problems of the list {file} ({rows} rows)",
    Erasure.AUDIT_3,
)
LIST_CLEARED = Kind(
    "resident.list_cleared",
    "人员名单 {file} 保存期满，内容已清除",
    "the list {file} was kept long enough; its content was removed",
)
# payload: codes, contacts (how many of each)
CONTACTS_ERASED = Kind(
    "resident.contacts_erased",
    "保存期满，清除登录验证码 {codes} 条、被取代的电话和地址 {contacts} 条",
    "kept long enough: {codes} sign-in codes and {contacts} former phones and addresses were erased",
    Erasure.NOTHING,
)
# payload or rows: field, source
CHANGED = Kind(
    "resident.changed",
    "{actor} 更新{field_zh}（来源：{source}）",
    "{actor} changed {field} (source: {source})",
)
DIED = Kind(
    "resident.died", "{actor} 登记死亡（来源：{source}）", "{actor} recorded the death (source: {source})"
)
DEATH_WITHDRAWN = Kind(
    "resident.death_withdrawn",
    "{actor} 更正误登的死亡（依据：{source}）",
    "{actor} withdrew a death recorded in error (source: {source})",
)
# payload: event, event_zh, event_en, on, source
LIFE_CHANGED = Kind(
    "resident.life_changed",
    "{actor} {event_zh}（{on}，来源：{source}）",
    "{actor}: {event_en} ({on}; source: {source})",
)
# payload: was, was_en, source
LIFE_CORRECTED = Kind(
    "resident.life_corrected",
    "{actor} 更正误登的“{was}”（依据：{source}）",
    "{actor} corrected the state “{was_en}”, recorded in error (source: {source})",
)
# payload: type, type_en, number (masked), former
DOCUMENT_SHOWN = Kind(
    "resident.document_shown",
    "{actor} 登记证件 {type} {number}",
    "{actor} recorded the document {type_en} {number}",
)
# payload: what, what_en, why, why_en, before, after (masked), proof
CORRECTION_ASKED = Kind(
    "resident.correction_asked",
    "{actor} 申请更正{what}（{why}，凭据：{proof}）",
    "{actor} asked to correct the {what_en} ({why_en}; proof: {proof})",
)
CORRECTED = Kind(
    "resident.corrected",
    "{actor} 审核更正{what}：{before} → {after}（{why}，凭据：{proof}）",
    "{actor} approved the correction of the {what_en}: {before} → {after} ({why_en}; proof: {proof})",
)
CORRECTION_RETURNED = Kind(
    "resident.correction_returned",
    "{actor} 退回{what}更正申请：{note}",
    "{actor} sent the correction of the {what_en} back: {note}",
)
CORRECTION_WITHDRAWN = Kind(
    "resident.correction_withdrawn",
    "{actor} 撤回{what}更正申请",
    "{actor} withdrew the correction of the {what_en}",
)
# rows: one per person of a pair that was found
DUPLICATES_FOUND = Kind(
    "resident.duplicates_found", "发现疑似重复人员", "found to look like another person on file"
)
# payload: pair, other (id), why
TOLD_APART = Kind(
    "resident.told_apart",
    "{actor} 核定疑似重复的两人不是同一人（{why}）",
    "{actor} found that two records are two people ({why})",
)
MERGE_ASKED = Kind(
    "resident.merge_asked",
    "{actor} 提请合并重复登记（{why}）",
    "{actor} asked to merge two records of one person ({why})",
)
MERGE_SENT_BACK = Kind(
    "resident.merge_sent_back",
    "{actor} 退回合并申请（{why}）",
    "{actor} sent a merge back ({why})",
)
MERGED = Kind(
    "resident.merged", "{actor} 批准合并重复登记（{why}）", "{actor} merged two records of one person ({why})"
)
UNMERGED = Kind("resident.unmerged", "{actor} 撤销合并（{why}）", "{actor} undid a merge ({why})")
# payload: guardian (masked), relation, document (its type), proof
GUARDED = Kind(
    "resident.guarded", "{actor} 登记监护人 {guardian}（{relation}）", "{actor} recorded guardian {guardian}"
)
LOOKED_UP = Kind(
    "resident.looked_up",
    "{actor} 查看资料，用途：{purpose}",
    "{actor} looked at the record for {purpose}",
    Erasure.AUDIT_3,
    read=True,
)
# payload: purpose (the duty); once a day for each member of staff, person and duty
SEEN = Kind(
    "resident.seen",
    "{actor} 在办理页面上看到资料（号码已遮盖），办理：{purpose}",
    "{actor} saw the particulars (number masked) on a page of work: {purpose}",
    Erasure.AUDIT_3,
    read=True,
)
# payload: list, list_en, people, shown (ids of the people in the list that was shown)
LISTED = Kind(
    "resident.listed",
    "{actor} 查看清单“{list}”，其中 {people} 人",
    "{actor} looked at the list “{list_en}” of {people} people",
    Erasure.AUDIT_3,
)
# payload: by, by_en, hits, shown (ids of the people in the list that was shown)
SEARCHED = Kind(
    "resident.searched",
    "{actor} 按{by}查询人员，得 {hits} 条，用途：{purpose}",
    "{actor} searched by {by_en}: {hits} hits, for {purpose}",
    Erasure.AUDIT_3,
)
CODE_SENT = Kind("resident.code_sent", "发送登录验证码", "a sign-in code was sent", Erasure.AUDIT_3)
SIGN_IN_FAILED = Kind(
    "resident.sign_in_failed", "登录验证码输入错误", "a wrong sign-in code was entered", Erasure.AUDIT_3
)
PHONE_CODE_SENT = Kind(
    "resident.phone_code_sent",
    "{actor} 更换手机号，向新号码发送验证码",
    "{actor} wants another phone; a code was sent to it",
    Erasure.AUDIT_3,
)
PHONE_CODE_WRONG = Kind(
    "resident.phone_code_wrong",
    "更换手机号的验证码输入错误",
    "a wrong code was entered for a new phone",
    Erasure.AUDIT_3,
)
SIGNED_IN = Kind(
    "resident.signed_in", "{actor} 登录居民窗口", "{actor} signed in to the portal", Erasure.AUDIT_3
)
KINDS = (
    REGISTERED,
    IMPORTED,
    LIST_UPLOADED,
    LIST_JUDGED,
    LIST_APPROVED,
    LIST_REFUSED,
    LIST_WITHDRAWN,
    LIST_RETURNED,
    LIST_APPLIED,
    LIST_EXPORTED,
    LIST_CLEARED,
    CONTACTS_ERASED,
    CHANGED,
    DIED,
    DEATH_WITHDRAWN,
    LIFE_CHANGED,
    LIFE_CORRECTED,
    DOCUMENT_SHOWN,
    CORRECTION_ASKED,
    CORRECTED,
    CORRECTION_RETURNED,
    CORRECTION_WITHDRAWN,
    DUPLICATES_FOUND,
    TOLD_APART,
    MERGE_ASKED,
    MERGE_SENT_BACK,
    MERGED,
    UNMERGED,
    GUARDED,
    LOOKED_UP,
    SEEN,
    LISTED,
    SEARCHED,
    CODE_SENT,
    SIGN_IN_FAILED,
    PHONE_CODE_SENT,
    PHONE_CODE_WRONG,
    SIGNED_IN,
)
