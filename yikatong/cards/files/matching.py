"""Data matching with the provincial system: who applied, and what the police and the province say about them.

Province counterpart codes for document types differ from ours and are mapped here (domain codes A, J/K, M, D, C).
"""

from __future__ import annotations

from typing import NamedTuple

from yikatong.cards.files.frame import Layout

DOCUMENT_CODES = {
    "citizen_id": "A",
    "passport": "C",
    "foreign_permanent": "D",
    "foreign_permanent_old": "D",
    "hk_macao_taiwan_permit": "M",
}
MATCHED = "0"


class MatchQuestion(NamedTuple):
    order_number: str
    document_code: str
    person_number: str
    name: str
    sex: str
    birth_on: str
    order_kind: str
    region: str


class MatchAnswer(NamedTuple):
    """`result` 0: matched, with the card number the province assigned; anything else: `text` says what is wrong."""

    order_number: str
    person_number: str
    result: str
    text: str
    card_no: str


QUESTIONS = Layout(
    "match-question", MatchQuestion,
    ("受理编号", "证件类型", "社会保障号码", "姓名", "性别", "出生日期", "申请类型", "发卡地区"),
)
ANSWERS = Layout("match-answer", MatchAnswer, ("受理编号", "社会保障号码", "比对结果", "结果说明", "社保卡号"))
