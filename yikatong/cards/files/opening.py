"""Account pre-opening with a bank (预开户): whose account, for which card, and the account the bank opened."""

from __future__ import annotations

from typing import NamedTuple

from yikatong.cards.files.answer import Answer
from yikatong.cards.files.frame import Layout


class OpeningQuestion(NamedTuple):
    """What the base library knows of the nine particulars of a bank's customer check."""

    order_number: str
    bank_code: str
    card_no: str
    document_code: str
    person_number: str
    name: str
    sex: str
    birth_on: str
    phone: str
    address: str


QUESTIONS = Layout(
    "opening-question",
    OpeningQuestion,
    (
        "受理编号",
        "服务银行",
        "社保卡号",
        "证件类型",
        "社会保障号码",
        "姓名",
        "性别",
        "出生日期",
        "联系手机",
        "地址",
    ),
)
ANSWERS = Layout("opening-answer", Answer, ("受理编号", "社会保障号码", "开户结果", "结果说明", "银行卡号"))
