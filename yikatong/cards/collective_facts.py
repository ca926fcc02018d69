"""What is recorded of units and their lists. Subjects: `unit:<id>`, `application_list:<id>`, `list_hand_over:<id>`.

Each order of a list has its own facts, as any other: `card.applied`, `card.stocked`, `card.collected`.
"""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

# payload: code, name, unit_kind; the contact's phone is never among it
UNIT_REGISTERED = Kind(
    "card.unit_registered",
    "{actor} 登记申领单位 {name}（{code}）",
    "{actor} registered the unit {name} ({code})",
    Erasure.NOTHING,
)
UNIT_CHANGED = Kind(
    "card.unit_changed",
    "{actor} 更正申领单位 {name}：{what}",
    "{actor} corrected the unit {name}: {what_en}",
    Erasure.NOTHING,
)
UNIT_CLOSED = Kind(
    "card.unit_closed",
    "{actor} 停用申领单位 {name}：{reason}",
    "{actor} closed the unit {name}: {reason}",
    Erasure.NOTHING,
)
UNIT_REOPENED = Kind(
    "card.unit_reopened",
    "{actor} 恢复申领单位 {name}",
    "{actor} reopened the unit {name}",
    Erasure.NOTHING,
)
# payload: number, unit, file, digest (SM3 of the file), judgement, good, refused
LIST_JUDGED = Kind(
    "card.list_judged",
    "{actor} 上传集体申领名单 {number}（{unit}）：可受理 {good} 人，有问题 {refused} 行",
    "{actor} brought list {number} of {unit}: {good} may be taken, {refused} rows may not",
    Erasure.NOTHING,
)
LIST_JUDGED_AGAIN = Kind(
    "card.list_judged_again",
    "{actor} 重新核验集体申领名单 {number}：可受理 {good} 人，有问题 {refused} 行",
    "{actor} had list {number} judged again: {good} may be taken, {refused} rows may not",
    Erasure.NOTHING,
)
LIST_TAKEN = Kind(
    "card.list_taken",
    "{actor} 批准受理集体申领名单 {number}（{unit}），{taken} 人",
    "{actor} took list {number} of {unit}, {taken} people",
    Erasure.NOTHING,
)
LIST_REFUSED = Kind(
    "card.list_refused",
    "{actor} 不予受理集体申领名单 {number}：{reason}",
    "{actor} turned list {number} down: {reason}",
    Erasure.NOTHING,
)
LIST_WITHDRAWN = Kind(
    "card.list_withdrawn",
    "{actor} 撤回集体申领名单 {number}",
    "{actor} withdrew list {number}",
    Erasure.NOTHING,
)
LIST_PROBLEMS_TAKEN = Kind(
    "card.list_problems_taken",
    "{actor} 下载集体申领名单 {number} 的问题表（{rows} 行）",
    "{actor} downloaded the problems of list {number} ({rows} rows)",
    Erasure.NOTHING,
)
LIST_CLEARED = Kind(
    "card.list_cleared",
    "集体申领名单 {number} 的文件已到期清除",
    "the file of list {number} was removed when its time was over",
    Erasure.NOTHING,
)
# payload: number, unit, cards, due_on
UNIT_TOLD = Kind(
    "card.unit_told",
    "通知 {unit}：名单 {number} 有 {cards} 张卡可领，{due_on} 前领取",
    "told {unit}: {cards} cards of list {number} are there, to be collected by {due_on}",
    Erasure.NOTHING,
)
# payload: number (of the hand-over), list, unit, cards, left_out, agents (masked), letter
LIST_HANDED_OVER = Kind(
    "card.list_handed_over",
    "{actor} 向 {unit} 集体发卡 {cards} 张（交接单 {number}，经办人 {agents}，介绍信 {letter}）",
    "{actor} handed {cards} cards to {unit} (sheet {number}, agents {agents}, letter {letter})",
)
SHEET_PRINTED = Kind(
    "card.sheet_printed",
    "{actor} 打印集体领卡交接单 {number}（第 {copy} 次）",
    "{actor} printed hand-over sheet {number} (copy {copy})",
    Erasure.NOTHING,
)

KINDS = (
    UNIT_REGISTERED,
    UNIT_CHANGED,
    UNIT_CLOSED,
    UNIT_REOPENED,
    LIST_JUDGED,
    LIST_JUDGED_AGAIN,
    LIST_TAKEN,
    LIST_REFUSED,
    LIST_WITHDRAWN,
    LIST_PROBLEMS_TAKEN,
    LIST_CLEARED,
    UNIT_TOLD,
    LIST_HANDED_OVER,
    SHEET_PRINTED,
)
