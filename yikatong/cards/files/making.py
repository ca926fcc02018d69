"""The making file (制卡数据): what the maker prints and writes into the chips of one batch.

The file's number is the batch's number. The same batch always gives the same bytes, so that what was assembled can
be compared with what is released.
"""

from __future__ import annotations

from typing import NamedTuple

from yikatong.cards.files.frame import Layout


class MakingRow(NamedTuple):
    """Fields of the making data in domain.md 2.4; dates yyyymmdd. What the name field of the chip
    does not hold of a long name stands in its extension."""

    position: str
    card_no: str
    person_number: str
    name: str
    name_extension: str
    sex: str
    ethnicity: str
    birth_on: str
    order_kind: str
    reason: str
    bank_code: str
    bank_pan: str
    issued_on: str
    valid_until: str
    region: str
    outlet: str
    phone: str


MAKING = Layout(
    "making",
    MakingRow,
    (
        "序号",
        "社保卡号",
        "社会保障号码",
        "姓名",
        "姓名扩展",
        "性别",
        "民族",
        "出生日期",
        "申请类型",
        "补换原因",
        "服务银行",
        "银行卡号",
        "发卡日期",
        "卡有效期",
        "发卡地区",
        "领卡网点",
        "联系手机",
    ),
)
