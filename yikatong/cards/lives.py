"""人员状态与用卡: what a city stops while a holder is struck off the household register, in prison or abroad.

For each of these states a dated rule, `card.life.<state>`, lists the effects; death stops everything everywhere and is
no rule (domain.md 2.3). The partner is never told which of them it is (`meanings.py`).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.rules import CaseKind
from yikatong.office.rulebook import ruling
from yikatong.residents.rules import ABROAD, ALIVE, DEAD, HOUSEHOLD_CANCELLED, IN_PRISON, LIFE


class Effect(StrEnum):
    """What may be stopped."""

    APPLY = "apply"
    HAND_OVER = "hand_over"
    SOCIAL = "social"
    SCENES = "scenes"
    PAY = "pay"

    @property
    def zh(self) -> str:
        return _EFFECTS[self][0]

    @property
    def en(self) -> str:
        return _EFFECTS[self][1]


_EFFECTS = {
    Effect.APPLY: ("受理申请", "applications"),
    Effect.HAND_OVER: ("发卡", "handing over"),
    Effect.SOCIAL: ("社保和就医", "social security and hospitals"),
    Effect.SCENES: ("用卡场景", "buses, libraries and other scenes"),
    Effect.PAY: ("发放到卡", "payments into the account"),
}
RULED = (HOUSEHOLD_CANCELLED, IN_PRISON, ABROAD)
"""The states whose effects are the city's to say."""

REASONS: dict[State, str] = {
    DEAD: "deceased",
    HOUSEHOLD_CANCELLED: "household_cancelled",
    IN_PRISON: "in_prison",
    ABROAD: "abroad",
}
_SENTENCES = {
    DEAD: ("此人已登记死亡", "This person is recorded as deceased"),
    HOUSEHOLD_CANCELLED: ("此人户籍已注销", "This person's household registration was cancelled"),
    IN_PRISON: ("此人正在服刑", "This person is serving a sentence"),
    ABROAD: ("此人已离境", "This person has left the country"),
}


def rule_of(life: State) -> str:
    """The code of the rule that lists what this state stops."""
    return f"card.life.{life.code}"


def stops(life: State, today: date) -> frozenset[Effect]:
    """What is stopped for somebody in this state on that day."""
    if life is ALIVE:
        return frozenset()
    if life is DEAD:
        return frozenset(Effect)
    return frozenset(Effect(each) for each in ruling(rule_of(life), today).value)


def stopping(effect: Effect, today: date) -> tuple[State, ...]:
    """The states that stop this."""
    return tuple(life for life in LIFE if effect in stops(life, today))


def stopped(effect: Effect, life: State, today: date, *, at: str) -> Refused | None:
    """Why this is not done for somebody in this state: `order.<reason>` (`order.deceased`, `order.in_prison` …)."""
    return stopped_by(effect, life, at=at) if effect in stops(life, today) else None


def stopped_by(effect: Effect, life: State, *, at: str) -> Refused:
    """The sentence for a state that stops this."""
    zh, en = _SENTENCES[life]
    return Refused(
        f"order.{REASONS[life]}",
        f"{zh}，按本市规定停止{effect.zh}；登记有误或情况已变的，请先更正人员状态。",
        f"{en}, and this city stops {effect.en} for that; correct the record first where it is wrong or past.",
        at=at,
    )


def suggested(today: date) -> Iterable[tuple[CaseKind, State]]:
    """Which states suggest the cancellation of the card, to be decided by two people."""
    yield CaseKind.DEATH, DEAD
    if ruling("card.life.household_suggests_cancelling", today).value:
        yield CaseKind.HOUSEHOLD, HOUSEHOLD_CANCELLED


CASE_OF: dict[str, State] = {CaseKind.DEATH.value: DEAD, CaseKind.HOUSEHOLD.value: HOUSEHOLD_CANCELLED}
"""The state that a case of this kind is about: where it no longer stands, there is nothing to decide."""
