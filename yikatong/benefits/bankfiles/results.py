"""Our result codes (domain: 付款结果代码): what became of a payment, whatever the bank's own code is. Pure."""

from __future__ import annotations

from enum import StrEnum


class Step(StrEnum):
    """What has to happen before money moves for this row again."""

    NONE = "none"
    CORRECT = "correct"
    REPLACE = "replace"
    HOLD = "hold"
    ENQUIRE = "enquire"

    @property
    def zh(self) -> str:
        return _STEPS[self][0]

    @property
    def en(self) -> str:
        return _STEPS[self][1]


_STEPS = {
    Step.NONE: ("已付，无需处理", "paid, nothing to do"),
    Step.CORRECT: ("更正姓名、账号等数据", "correct the data"),
    Step.REPLACE: ("联系持卡人更换账户", "ask the holder for another account"),
    Step.HOLD: ("暂缓，核实后处理", "hold until it is looked into"),
    Step.ENQUIRE: ("向银行查询结果，查明前不得重发", "ask the bank; not sent again before it answers"),
}


class Result(StrEnum):
    """The result of one payment; the codes are ours, each bank's are mapped to them by its profile."""

    PAID = "00"
    NO_ACCOUNT = "01"
    NAME_DIFFERS = "02"
    CLOSED = "03"
    FROZEN = "04"
    LOST = "05"
    STOPPED = "06"
    NOT_ACTIVATED = "07"
    LIMITED = "08"
    DORMANT = "09"
    DUPLICATE = "10"
    FORMAT = "11"
    NOT_RECEIVED = "97"
    UNKNOWN = "98"
    OTHER = "99"

    @property
    def zh(self) -> str:
        return _RESULTS[self][0]

    @property
    def en(self) -> str:
        return _RESULTS[self][1]

    @property
    def step(self) -> Step:
        return _RESULTS[self][2]


_RESULTS = {
    Result.PAID: ("已入账", "paid", Step.NONE),
    Result.NO_ACCOUNT: ("账号不存在", "account not found", Step.CORRECT),
    Result.NAME_DIFFERS: ("户名不符", "name differs", Step.CORRECT),
    Result.CLOSED: ("账户已销户", "account closed", Step.REPLACE),
    Result.FROZEN: ("账户已冻结", "account frozen", Step.HOLD),
    Result.LOST: ("银行卡已挂失", "card reported lost", Step.REPLACE),
    Result.STOPPED: ("账户止付或异常", "account stopped or abnormal", Step.REPLACE),
    Result.NOT_ACTIVATED: ("账户未激活", "account not activated", Step.REPLACE),
    Result.LIMITED: ("账户受限或超过限额", "account limited or over its limit", Step.HOLD),
    Result.DORMANT: ("账户久悬", "account dormant", Step.REPLACE),
    Result.DUPLICATE: ("重复付款，银行未再付", "duplicate, not paid again", Step.HOLD),
    Result.FORMAT: ("数据格式不符", "format not accepted", Step.CORRECT),
    Result.NOT_RECEIVED: ("银行没有收到", "never received by the bank", Step.HOLD),
    Result.UNKNOWN: ("结果不明", "outcome unknown", Step.ENQUIRE),
    Result.OTHER: ("其他原因未付", "not paid for another reason", Step.HOLD),
}
