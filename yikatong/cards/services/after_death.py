# ruff: noqa: S608 - only our own conditions are put into the text; values go as parameters
"""持卡人死亡、户籍注销: what cards do about it, and undo when it was recorded in error. One person or a list of thousands.

Nothing here ends a card. After a death open orders are frozen where they stand; what the card means follows by itself
(`meanings.py`), and its cancellation is suggested, to be proposed by one person and confirmed by another. So it is
after a household cancellation where the city wants it (`card.life.household_suggests_cancelling`).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import connection

from yikatong.basics.states import State
from yikatong.cards import facts
from yikatong.cards.lives import CASE_OF, suggested
from yikatong.cards.models import Case
from yikatong.cards.rules import (
    CASE,
    COLLECTED,
    ENDED,
    LIFTED,
    OPEN_CASES,
    OPEN_STATES,
    SUGGESTED,
    TAKEN_BACK,
    CaseKind,
)
from yikatong.cards.services.staging import among
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.residents.rules import DEAD

DIED = "持卡人已登记死亡"


def follow_deaths(act: Act, resident_ids: Sequence[int] | None = None) -> int:
    """Bring orders and cases in line with how these people (None: everybody) live by the record.

    Returns how many orders were frozen or thawed and cases opened or lifted. Doing it twice does nothing more. Orders
    and cases that a counter holds at this moment are left for the next run.
    """
    question: dict[str, Any] = {
        "people": list(resident_ids) if resident_ids is not None else None,
        "dead": DEAD.code,
        "open": list(OPEN_STATES),
        "at": act.at,
    }
    done = _freeze(act, question) + _thaw(act, question)
    for kind, life in suggested(act.today):
        done += _suggest(act, question, kind, life)
    for code, life in CASE_OF.items():
        done += _lift(act, question, CaseKind(code), life)
    return done


def freeze(act: Act, resident_id: int) -> int:
    """What follows from one person's death or household cancellation, or its withdrawal, in the act that records it."""
    return follow_deaths(act, [resident_id])


_THESE = "(%(people)s::bigint[] IS NULL OR r.id = ANY(%(people)s::bigint[]))"
_ORDERS = (
    "SELECT 'order:' || o.id, o.resident_id, o.region, p.code, jsonb_build_object('number', o.number) "
    "FROM cards_order o JOIN office_outlet p ON p.id = o.outlet_id WHERE o.id = ANY(%(keys)s::bigint[])"
)
_CASES = (
    "SELECT 'card:' || k.card_id, k.resident_id, k.region, k.outlet, jsonb_build_object('case', k.id) "
    "FROM cards_case k WHERE k.id = ANY(%(keys)s::bigint[])"
)


def _keys(statement: str, question: dict[str, Any]) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(statement, question)
        return [key for (key,) in cursor.fetchall()]


def _freeze(act: Act, question: dict[str, Any]) -> int:
    keys = _keys(
        "SELECT o.id FROM cards_order o JOIN residents_resident r ON r.id = o.resident_id "
        "WHERE o.state = ANY(%(open)s) AND o.frozen_at IS NULL AND r.state = %(dead)s "
        f"AND {_THESE} ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED",
        question,
    )
    if keys:
        among(keys).update(frozen_at=act.at)
        act.record_rows(facts.ORDER_FROZEN, _ORDERS, {"keys": keys}, why=DIED)
    return len(keys)


def _thaw(act: Act, question: dict[str, Any]) -> int:
    keys = _keys(
        "SELECT o.id FROM cards_order o JOIN residents_resident r ON r.id = o.resident_id "
        "WHERE o.state = ANY(%(open)s) AND o.frozen_at IS NOT NULL AND r.state <> %(dead)s "
        f"AND {_THESE} ORDER BY o.id FOR NO KEY UPDATE OF o SKIP LOCKED",
        question,
    )
    if keys:
        # A stop that was marked only because of the death goes with it, unless the card has come back already.
        among(keys).filter(stop_reason=DIED).exclude(state=TAKEN_BACK.code).update(
            stopped_at=None, stop_reason="", stopped_by=""
        )
        among(keys).update(frozen_at=None)
        act.record_rows(facts.ORDER_THAWED, _ORDERS, {"keys": keys})
    return len(keys)


def _suggest(act: Act, question: dict[str, Any], kind: CaseKind, life: State) -> int:
    # A card that lies at the outlet belongs to its order, which is stopped and destroyed as an order.
    keys = _keys(
        f"""
        INSERT INTO cards_case (kind, card_id, resident_id, region, outlet, state, state_since, reason, opened_by,
                                opened_at, card_stood, proposed_by, proposed_name, paper, decided_by, decided_name,
                                note)
        SELECT %(kind)s, c.id, c.resident_id, c.region, c.outlet, %(suggested)s, %(at)s, %(reason)s, %(actor)s,
               %(at)s, '', '', '', '', '', '', ''
          FROM residents_resident r
          JOIN cards_card c ON c.resident_id = r.id AND c.state <> %(ended)s
          LEFT JOIN cards_order o ON o.id = c.order_id
         WHERE r.state = %(life)s AND {_THESE} AND (o.id IS NULL OR o.state = %(collected)s)
           AND NOT EXISTS (SELECT 1 FROM cards_case k
                            WHERE k.card_id = c.id AND k.kind = %(kind)s AND k.state <> %(lifted)s)
         ORDER BY c.id
        ON CONFLICT DO NOTHING
        RETURNING id
        """,
        {
            **question,
            "kind": kind.value,
            "life": life.code,
            "suggested": SUGGESTED.code,
            "reason": DIED if life is DEAD else f"持卡人{life.zh}",
            "actor": act.actor.code,
            "ended": ENDED.code,
            "collected": COLLECTED.code,
            "lifted": LIFTED.code,
        },
    )
    if keys:
        act.record_rows(
            facts.CASE_OPENED,
            _CASES,
            {"keys": keys},
            what=kind.zh,
            what_en=kind.en,
            reason=DIED if life is DEAD else f"持卡人{life.zh}",
        )
    return len(keys)


def _lift(act: Act, question: dict[str, Any], kind: CaseKind, life: State) -> int:
    keys = _keys(
        "SELECT k.id FROM cards_case k JOIN residents_resident r ON r.id = k.resident_id "
        "WHERE k.kind = %(kind)s AND k.state = ANY(%(cases)s) AND r.state <> %(life)s "
        f"AND {_THESE} ORDER BY k.id FOR NO KEY UPDATE OF k SKIP LOCKED",
        {
            **question,
            "kind": kind.value,
            "life": life.code,
            "cases": [state.code for state in OPEN_CASES],
        },
    )
    if keys:
        advance_all(Case.objects.filter(pk__in=keys), CASE, "lift", state_since=act.at)
        act.record_rows(facts.CASE_LIFTED, _CASES, {"keys": keys}, what=kind.zh, what_en=kind.en)
    return len(keys)
