"""The return file (制卡回盘): what became of each card of a batch. `answers` in its header is the batch's number."""

from __future__ import annotations

import re
from datetime import date
from typing import NamedTuple

from yikatong.basics.ids import CardIdentifier, read_card_identifier
from yikatong.basics.refused import Refused
from yikatong.cards.files.frame import Layout, read_day

_RESET = re.compile(r"[0-9A-Fa-f]{26}")


class ReturnRow(NamedTuple):
    """One card, made or not: a row with `failed_stage` failed there for `failed_reason`."""

    position: str
    card_no: str
    person_number: str
    name: str
    issued_on: str
    valid_until: str
    card_identifier: str
    card_reset: str
    bank_code: str
    bank_pan: str
    personal_account: str
    box_slot: str
    failed_stage: str
    failed_reason: str


RETURNS = Layout(
    "making-return",
    ReturnRow,
    (
        "序号",
        "社保卡号",
        "社会保障号码",
        "姓名",
        "发卡日期",
        "卡有效期",
        "卡识别码",
        "卡复位码",
        "服务银行",
        "银行卡号",
        "个人帐户",
        "装箱位置",
        "失败环节",
        "失败原因",
    ),
)


class Made(NamedTuple):
    """What a good row says of the finished card."""

    issued_on: date
    valid_until: date
    card_identifier: str
    card_reset: str


def read_made(row: ReturnRow) -> Made | Refused:
    """The particulars of a made card. Refused: row.dates, row.reset, and those of the card identifier."""
    issued, until = read_day(row.issued_on), read_day(row.valid_until)
    if issued is None or until is None or until <= issued:
        return Refused(
            "row.dates",
            "发卡日期或卡有效期不正确，请制卡方更正。",
            "The issue date or the validity is wrong.",
            at="发卡日期",
        )
    identifier = read_card_identifier(row.card_identifier)
    if not isinstance(identifier, CardIdentifier):
        return identifier
    if not _RESET.fullmatch(row.card_reset):
        return Refused(
            "row.reset",
            "卡复位码应为26位十六进制字符，请制卡方更正。",
            "The card reset information has 26 hexadecimal characters.",
            at="卡复位码",
        )
    return Made(issued, until, identifier.number, row.card_reset.upper())
