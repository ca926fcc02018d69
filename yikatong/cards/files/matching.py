"""Data matching with the provincial system: who applied, and what the police and the province say about them.

Document types, sexes and kinds of order are written in the province's codes (`codes.py`).
"""

from __future__ import annotations

from typing import NamedTuple

from yikatong.cards.files.answer import Answer
from yikatong.cards.files.frame import Layout


class MatchQuestion(NamedTuple):
    order_number: str
    document_code: str
    person_number: str
    name: str
    sex: str
    birth_on: str
    order_kind: str
    region: str


QUESTIONS = Layout(
    "match-question",
    MatchQuestion,
    ("受理编号", "证件类型", "社会保障号码", "姓名", "性别", "出生日期", "申请类型", "发卡地区"),
)
ANSWERS = Layout("match-answer", Answer, ("受理编号", "社会保障号码", "比对结果", "结果说明", "社保卡号"))
