"""What the office itself records."""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

DOOR_REFUSED = Kind(
    "office.door_refused",
    "{actor} 无权进入 {path}（需要 {duty}）",
    "{actor} was refused at {path} (needs {duty})",
    Erasure.AUDIT_3,
)
STAFF_APPOINTED = Kind(
    "office.staff_appointed",
    "{actor} 任命 {username}：{roles}",
    "{actor} appointed {username}: {roles}",
    Erasure.AUDIT_3,
)
STAFF_DISMISSED = Kind(
    "office.staff_dismissed",
    "{actor} 停用 {username}：{reason}",
    "{actor} dismissed {username}: {reason}",
    Erasure.AUDIT_3,
)
PARTNER_WITHDRAWN = Kind(
    "office.partner_withdrawn",
    "{actor} 停用合作单位 {partner} 的密钥：{reason}",
    "{actor} withdrew the key of partner {partner}: {reason}",
    Erasure.NOTHING,
)
EVENTS_WANTED = Kind(
    "office.events_wanted",
    "{actor} 登记事件接收地址（{host}），{partner} 的事件发往该处",
    "{actor} gave an address at {host} for the events of {partner}",
    Erasure.NOTHING,
)
EVENTS_ENDED = Kind(
    "office.events_ended",
    "{actor} 取消 {partner} 的事件接收地址",
    "{actor} took back the address for the events of {partner}",
    Erasure.NOTHING,
)
EVENT_REPLAYED = Kind(
    "office.event_replayed",
    "{actor} 要求重发事件 {event}（{about}）",
    "{actor} asked for event {event} about {about} once more",
    Erasure.NOTHING,
)
PARTNER_ADMITTED = Kind(
    "office.partner_admitted",
    "{actor} 接入合作单位 {partner}（用途：{purposes}）",
    "{actor} admitted partner {partner} for {purposes}",
    Erasure.NOTHING,
)
CENTRE_OPENED = Kind(
    "office.centre_opened",
    "{centre} 开办",
    "{centre} opened",
    Erasure.NOTHING,
)
# payload: rules (how many), codes, years (of the calendar)
RULES_ADDED = Kind(
    "office.rules_added",
    "随新版本补入 {rules} 条规则（节假日年份 {years}）",
    "a new version brought {rules} rules (holidays of {years})",
    Erasure.NOTHING,
)
POPULATION_ENTERED = Kind(
    "office.population_entered",
    "{actor} 登记 {region} 常住人口 {residents} 人（{source}）",
    "{actor} entered {residents} residents for {region} ({source})",
    Erasure.NOTHING,
)
MESSAGES_ERASED = Kind(
    "office.messages_erased",
    "保存期满，清除短信 {messages} 条",
    "kept long enough: {messages} short messages were erased",
    Erasure.NOTHING,
)
EXPORTED = Kind(
    "office.exported",
    "{actor} 导出 {what}（{rows} 行）",
    "{actor} exported {what} ({rows} rows)",
    Erasure.AUDIT_3,
    read=True,
)
# payload: request (its number), what, rows, source, form, digest (SM3 of what is asked: see `asked_digest`)
EXPORT_ASKED = Kind(
    "office.export_asked",
    "{actor} 申请导出 {what}（{rows} 行，申请 {request}）",
    "{actor} asked to export {what} ({rows} rows, request {request})",
    Erasure.AUDIT_3,
)
# payload: request, what, rows, digest, until (the last day on which it may be taken)
EXPORT_APPROVED = Kind(
    "office.export_approved",
    "{actor} 批准导出 {what}（{rows} 行，申请 {request}，有效至 {until}）",
    "{actor} approved the export of {what} ({rows} rows, request {request}, until {until})",
    Erasure.AUDIT_3,
)
# payload: request, what, note
EXPORT_SENT_BACK = Kind(
    "office.export_sent_back",
    "{actor} 退回导出申请 {request}：{note}",
    "{actor} sent the request to export {request} back: {note}",
    Erasure.AUDIT_3,
)
# payload: request, what
EXPORT_WITHDRAWN = Kind(
    "office.export_withdrawn",
    "{actor} 撤回导出申请 {request}",
    "{actor} withdrew the request to export {request}",
    Erasure.AUDIT_3,
)
# payload: asked (never a number somebody typed: `resident:12`, a subject, a kind, days), hits (entries shown), start
JOURNAL_ASKED = Kind(
    "office.journal_asked",
    "{actor} 查阅日志（{asked}），看到 {hits} 条",
    "{actor} looked into the journal ({asked}) and saw {hits} entries",
    Erasure.AUDIT_3,
    read=True,
)
FILE_REFUSED = Kind(
    "office.file_refused",
    "{counterpart} 的文件 {file} 未收：{reason}",
    "the file {file} of {counterpart} was not taken: {reason}",
    Erasure.NOTHING,
)
# payload: counterpart, sendings (how often it went out before), digest (SM3 of its bytes)
FILE_RESENT = Kind(
    "office.file_resent",
    "{actor} 重发文件 {file}（此前已发 {sendings} 次）",
    "{actor} sent {file} once more (sent {sendings} times before)",
    Erasure.NOTHING,
)
DATA_KEY_MADE = Kind(
    "office.data_key_made",
    "{actor} 启用新的数据密钥 {number}",
    "{actor} made data key {number}",
    Erasure.NOTHING,
)
DATA_KEYS_REWRAPPED = Kind(
    "office.data_keys_rewrapped",
    "{actor} 用信封密钥 {envelope} 重新包装 {keys} 个数据密钥",
    "{actor} wrapped {keys} data keys with envelope key {envelope}",
    Erasure.NOTHING,
)
VALUES_RESEALED = Kind(
    "office.values_resealed",
    "{actor} 用新密钥换封 {moved} 个值（尚余 {left} 个）",
    "{actor} sealed {moved} values with the new key ({left} to go)",
    Erasure.NOTHING,
)
DATA_KEYS_DROPPED = Kind(
    "office.data_keys_dropped",
    "{actor} 删除 {keys} 个不再使用的数据密钥",
    "{actor} dropped {keys} data keys that seal nothing any more",
    Erasure.NOTHING,
)
KINDS = (
    DATA_KEY_MADE,
    DATA_KEYS_REWRAPPED,
    VALUES_RESEALED,
    DATA_KEYS_DROPPED,
    FILE_REFUSED,
    FILE_RESENT,
    DOOR_REFUSED,
    STAFF_APPOINTED,
    STAFF_DISMISSED,
    PARTNER_ADMITTED,
    PARTNER_WITHDRAWN,
    EVENTS_WANTED,
    EVENTS_ENDED,
    EVENT_REPLAYED,
    CENTRE_OPENED,
    POPULATION_ENTERED,
    EXPORTED,
    EXPORT_ASKED,
    EXPORT_APPROVED,
    EXPORT_SENT_BACK,
    EXPORT_WITHDRAWN,
    JOURNAL_ASKED,
)
