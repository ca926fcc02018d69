"""What this room records. Subjects: `comparison:<number>`, `difference:<id>`, `quality`.

Never in a payload: numbers, names, phones. A difference says of what kind it is, not what the two values are.
"""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

COMPARISON_RECEIVED = Kind(
    "quality.received",
    "{actor} 提交{source}{claim} {file}（截至 {as_of}）",
    "{actor} brought the list {file} of {source_en} as of {as_of}",
)
COMPARISON_JUDGED = Kind(
    "quality.judged",
    "比对名单 {file}：{rows} 行，相符 {agreed} 人，新差异 {opened} 条，消除 {gone} 条",
    "list {file} compared: {rows} rows, {agreed} people agree, {opened} new differences, {gone} gone",
)
COMPARISON_UNREADABLE = Kind(
    "quality.unreadable", "名单 {file} 无法比对：{why}", "the list {file} could not be compared: {why_en}"
)
# rows: one per difference
OPENED = Kind("quality.opened", "与{source}名单不一致：{type}", "{source_en} says otherwise: {type_en}")
VANISHED = Kind(
    "quality.vanished",
    "与{source}的差异已消除：{type}",
    "the difference with {source_en} is gone: {type_en}",
)
# A difference is taken by looking at the person's data, so this is a look too.
TAKEN = Kind(
    "quality.taken",
    "{actor} 领取差异“{type}”核实，用途：{purpose}",
    "{actor} took up the difference “{type_en}” and looked at the record for {purpose}",
    Erasure.AUDIT_3,
    read=True,
)
PUT_BACK = Kind("quality.put_back", "{actor} 退回差异“{type}”", "{actor} put the difference “{type_en}” back")
ASSIGNED = Kind(
    "quality.assigned",
    "{actor} 把差异“{type}”指派给 {owner}",
    "{actor} gave the difference “{type_en}” to {owner}",
)
DECIDED = Kind(
    "quality.decided",
    "{actor} 核实差异“{type}”：{verdict}（依据：{proof}）",
    "{actor} settled the difference “{type_en}”: {verdict_en} (proof: {proof})",
)
# rows: one per difference
REPORTED_BACK = Kind(
    "quality.reported_back",
    "{source}记录有误，已反馈：{type}（文件 {file}）",
    "{source_en} is wrong and was told so: {type_en} (file {file})",
)
DEATHS_APPLIED = Kind(
    "quality.deaths_applied",
    "{actor} 审核{source}死亡名单，登记死亡 {count} 人",
    "{actor} approved the deaths of {source_en}: {count} recorded",
)
COUNTED = Kind("quality.counted", "统计数据质量", "the quality figures were counted", Erasure.NOTHING)

KINDS = (
    COMPARISON_RECEIVED,
    COMPARISON_JUDGED,
    COMPARISON_UNREADABLE,
    OPENED,
    VANISHED,
    TAKEN,
    PUT_BACK,
    ASSIGNED,
    DECIDED,
    REPORTED_BACK,
    DEATHS_APPLIED,
    COUNTED,
)
