"""Pure: what a card's standing allows, and the sentences for when it does not."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from enum import StrEnum

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.rules import (
    BANK,
    BANK_CLOSED,
    BANK_INACTIVE,
    BANK_NORMAL,
    BANK_STOPPED,
    CARD,
    ENDED,
    LOCKED,
    LOST,
    NORMAL,
    SEALED,
    TEMP_LOST,
)


class Receiver(StrEnum):
    """Who takes the card home."""

    HOLDER = "holder"
    GUARDIAN = "guardian"
    AGENT = "agent"
    POST = "post"

    @property
    def zh(self) -> str:
        return {"holder": "本人", "guardian": "监护人", "agent": "代办人", "post": "邮寄签收"}[self.value]


class Side(StrEnum):
    """Which side of a card a loss report is about: the two are reported and released each for itself."""

    SOCIAL = "social"
    BANK = "bank"
    BOTH = "both"

    @property
    def zh(self) -> str:
        return {"social": "仅社保功能", "bank": "仅金融账户", "both": "社保功能和金融账户"}[self.value]

    @property
    def en(self) -> str:
        return {"social": "social security only", "bank": "bank account only", "both": "both sides"}[
            self.value
        ]


class CallerCheck(StrEnum):
    """How it was made sure who is on the phone (domain.md 2.5: name, number, call-back check)."""

    CALLED_BACK = "called_back"
    UNREACHED = "unreached"

    @property
    def zh(self) -> str:
        return (
            "已回拨登记手机，由本人或监护人接听"
            if self is CallerCheck.CALLED_BACK
            else "登记手机打不通或没有，已核对姓名和号码"
        )

    @property
    def en(self) -> str:
        if self is CallerCheck.CALLED_BACK:
            return "called back at the phone on file, the holder or guardian answered"
        return "no phone on file or no answer; name and number agreed"


class EndReason(StrEnum):
    """Why a card is cancelled (domain.md 2.1 注销). Death and a second card are decided by two people."""

    WISH = "wish"
    EMIGRATED = "emigrated"
    MOVED = "moved"
    DEATH = "death"
    HOUSEHOLD = "household"
    DUPLICATE = "duplicate"
    DESTROYED = "destroyed"
    LOST_IN_POST = "lost_in_post"

    @property
    def zh(self) -> str:
        return {
            "wish": "本人申请",
            "emigrated": "出国定居",
            "moved": "迁出本市",
            "death": "持卡人死亡",
            "household": "户籍注销",
            "duplicate": "重复持卡",
            "destroyed": "未领取销毁",
            "lost_in_post": "邮寄遗失",
        }[self.value]

    @property
    def en(self) -> str:
        return {
            "wish": "the holder's wish",
            "emigrated": "emigrated",
            "moved": "moved away",
            "death": "the holder died",
            "household": "struck off the household register",
            "duplicate": "a second card",
            "destroyed": "destroyed uncollected",
            "lost_in_post": "lost by the courier",
        }[self.value]


BY_TWO = (
    EndReason.DEATH,
    EndReason.HOUSEHOLD,
    EndReason.DUPLICATE,
    EndReason.DESTROYED,
    EndReason.LOST_IN_POST,
)


class ExchangeReason(StrEnum):
    """Why a card that is not lost is made again (domain.md 2.1, 换领)."""

    EXPIRED = "expired"
    DAMAGED = "damaged"
    UNREADABLE = "unreadable"
    PARTICULARS = "particulars"  # name or number, with the police's proof
    BANK = "bank"
    MOVED = "moved"

    @property
    def zh(self) -> str:
        return {
            "expired": "到期换领",
            "damaged": "卡面损坏",
            "unreadable": "无法读卡",
            "particulars": "姓名或号码变更",
            "bank": "更换服务银行",
            "moved": "参保地跨省转移",
        }[self.value]


class StatusPurpose(StrEnum):
    """What a partner may ask about a card; each is one question with a yes or a no."""

    HOLDS = "holds_card"
    SOCIAL_USE = "social_use"
    BANK_PAYMENT = "bank_payment"

    @property
    def zh(self) -> str:
        return {
            "holds_card": "是否持有本市社保卡",
            "social_use": "社保功能能否使用",
            "bank_payment": "金融账户能否收款",
        }[self.value]

    @property
    def en(self) -> str:
        return {
            "holds_card": "holds a card of this city",
            "social_use": "the social security side can be used",
            "bank_payment": "the bank account can receive payments",
        }[self.value]


_STANDS: dict[State, tuple[str, str, str]] = {
    SEALED: (
        "card.sealed",
        "该卡尚未启用，请先领卡并启用。",
        "This card is not enabled yet: collect and enable it first.",
    ),
    NORMAL: ("card.not_lost", "该卡状态正常，没有挂失记录。", "This card is in use and not reported lost."),
    LOST: (
        "card.lost",
        "该卡已正式挂失，请办理补领。",
        "This card is formally reported lost; have it re-issued.",
    ),
    LOCKED: (
        "card.locked",
        "该卡应用已锁定，请先在窗口解锁。",
        "This card is locked; unlock it at a counter first.",
    ),
    TEMP_LOST: (
        "card.temp_lost",
        "该卡已临时挂失，请先解挂或办理正式挂失。",
        "This card is temporarily reported lost: release it or report a formal loss.",
    ),
    ENDED: (
        "card.ended",
        "该卡已注销，不能再办理。",
        "This card is cancelled; nothing more can be done with it.",
    ),
}
_BANK_STANDS: dict[State, tuple[str, str, str]] = {
    BANK_INACTIVE: (
        "bank.inactive",
        "该卡金融账户尚未激活，没有可挂失的。",
        "The bank account was never activated; there is nothing to report.",
    ),
    BANK_NORMAL: (
        "bank.not_lost",
        "该卡金融账户正常，没有挂失记录。",
        "The bank account is in use and not reported lost.",
    ),
    BANK_STOPPED: (
        "bank.stopped",
        "该卡金融账户已挂失停用，无需重复办理。",
        "The bank account is already stopped.",
    ),
    BANK_CLOSED: ("bank.closed", "该卡金融账户已销户。", "The bank account is closed."),
}
_SPECIAL: dict[tuple[str, State], tuple[str, str, str]] = {
    ("lock", LOCKED): ("card.locked", "该卡已是锁定状态。", "This card is locked already."),
    ("unlock", NORMAL): ("card.not_locked", "该卡没有锁定。", "This card is not locked."),
    ("enable", NORMAL): (
        "card.already_enabled",
        "该卡已启用，无需重复办理。",
        "This card is already enabled.",
    ),
    ("report_temporary_loss", TEMP_LOST): (
        "loss.already",
        "该卡已在临时挂失中，无需重复挂失。",
        "This card is already temporarily reported lost.",
    ),
    ("report_formal_loss", LOST): (
        "loss.already",
        "该卡已正式挂失，无需重复挂失。",
        "This card is already formally reported lost.",
    ),
    ("release_formal_loss", TEMP_LOST): (
        "loss.temporary",
        "该卡只是临时挂失，请办理临时挂失的解挂。",
        "This card is only temporarily reported lost; release that instead.",
    ),
}


def first(*checks: Refused | None) -> Refused | None:
    """The first no, None where there is none. (A Refused is falsy, so `or` would pass over it.)"""
    return next((each for each in checks if each is not None), None)


def step_refused(event: str, code: str) -> Refused | None:
    """The sentence where the card machine does not lead on by `event` from state `code`; None where it does."""
    if CARD.target(event, code) is not None:
        return None
    state = CARD.state(code)
    reason, zh, en = _SPECIAL.get((event, state), _STANDS[state])
    return Refused(reason, zh, en, at="card_no")


def bank_step_refused(event: str, code: str) -> Refused | None:
    """The sentence where the bank machine does not lead on by `event` from state `code`; None where it does."""
    if BANK.target(event, code) is not None:
        return None
    reason, zh, en = _BANK_STANDS[BANK.state(code)]
    return Refused(reason, zh, en, at="card_no")


def stands_as(code: str) -> Refused:
    """The sentence that says how a card stands, where its state is the reason for a no."""
    reason, zh, en = _STANDS[CARD.state(code)]
    return Refused(reason, zh, en, at="card_no")


def may_be_exchanged(
    reason: ExchangeReason, valid_until: date, today: date, days_before: int
) -> Refused | None:
    """An exchange for expiry opens `days_before` calendar days before the last valid day; other reasons any time."""
    opens = valid_until - timedelta(days=days_before)
    if reason is ExchangeReason.EXPIRED and today < opens:
        return Refused(
            "exchange.too_early",
            f"该卡有效期至 {valid_until}，{opens} 起可办理到期换领。",
            f"This card is valid until {valid_until}; an exchange for expiry opens on {opens}.",
            at="reason",
        )
    return None


def loss_runs_until(at: datetime, days: int) -> datetime:
    """When a temporary loss reported `at` releases itself: `days` times 24 hours later."""
    return at + timedelta(days=days)
