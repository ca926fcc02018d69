"""A school, an employer or a bank brings a list: everyone who may apply is taken in one set, and the others are named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.lives import Effect, stopped_by, stopping
from yikatong.cards.messages import Step
from yikatong.cards.rules import ENDED, OPEN_STATES, SUBMITTED, Mode, OrderKind
from yikatong.cards.services.admission import (
    deceased,
    fee_fen,
    guardian_needed,
    has_card,
    has_open_order,
    just_taken,
    place_for,
    promise,
    unknown_person,
)
from yikatong.cards.services.fee_ends import begin_fees
from yikatong.cards.services.staging import settle_keys
from yikatong.cards.services.telling import tell_orders
from yikatong.office.act import Act
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope
from yikatong.residents import services as residents
from yikatong.residents.rules import DEAD, LIFE

OPEN = ", ".join(f"'{code}'" for code in OPEN_STATES)
"""The open states of an order, as a list in SQL."""


@dataclass(frozen=True)
class LeftOut:
    """Somebody of the list who was not taken, and why: the same no as at the counter. Merged records are one person."""

    resident_id: int
    refused: Refused


@dataclass(frozen=True)
class ManyTaken:
    """`taken` orders were made; with `left_out` everybody of the list is accounted for, each person once."""

    taken: int
    left_out: tuple[LeftOut, ...]


# The same noes in the same order as for one person, of all records that are theirs. The detail is what the sentence names.
_JUDGE = """
SELECT p.id, CASE WHEN r.id IS NULL THEN 'order.unknown_person'
                  WHEN r.state = %(dead)s THEN 'order.deceased'
                  WHEN r.state = ANY(%(stopped)s) THEN 'life.' || r.state
                  WHEN r.birth_on + make_interval(years => %(of_age)s) > %(today)s AND NOT EXISTS
                       (SELECT 1 FROM residents_guardian g WHERE g.resident_id = r.id) THEN 'order.guardian_needed'
                  WHEN o.number IS NOT NULL THEN 'order.open'
                  WHEN c.card_no IS NOT NULL THEN 'order.has_card'
                  ELSE '' END,
       coalesce(o.number, ''), coalesce(o.state, ''), coalesce(c.card_no, '')
  FROM (SELECT DISTINCT coalesce(a.merged_into_id, q.id) AS id FROM unnest(%(people)s::bigint[]) AS q (id)
          LEFT JOIN residents_resident a ON a.id = q.id) p
  LEFT JOIN residents_resident r ON r.id = p.id
  CROSS JOIN LATERAL (SELECT array_append(ARRAY(SELECT m.id FROM residents_resident m WHERE m.merged_into_id = p.id),
                                          p.id) AS ids) AS every
  LEFT JOIN LATERAL (SELECT o.number, o.state FROM cards_order o
                      WHERE o.resident_id = ANY(every.ids) AND o.state IN ({open}) LIMIT 1) AS o ON true
  LEFT JOIN LATERAL (SELECT c.card_no FROM cards_card c
                      WHERE c.resident_id = ANY(every.ids) AND c.state <> %(ended)s LIMIT 1) AS c ON true
 ORDER BY p.id
"""

# Two lists at once meet in the unique index, and the second leaves the person out.
_TAKE = """
INSERT INTO cards_order (number, resident_id, kind, mode, reason, channel, region, outlet_id, bank_code, fee_fen,
                         applied_at, promised_on, state, state_since, problem_code, problem_text, card_no, bank_pan,
                         bank_pan_key, asked)
SELECT office_next_number('S'), p.id, %(kind)s, %(mode)s, '', %(channel)s, %(region)s, %(outlet)s, %(bank)s, %(fee)s,
       %(at)s, %(promised)s, %(state)s, %(at)s, '', '', '', '', '', ''
  FROM unnest(%(people)s::bigint[]) AS p (id)
 ORDER BY p.id
ON CONFLICT (resident_id) WHERE state IN ({open}) DO NOTHING
RETURNING id, resident_id
"""


def apply_for_many(
    act: Act,
    *,
    resident_ids: Sequence[int],
    mode: Mode,
    outlet_code: str,
    bank_code: str,
    channel: str,
    scope: Scope | None = None,
) -> ManyTaken | Refused:
    """Take first-card applications for everyone of the list who may apply, and say of everybody else why not.

    Refused as a whole: `order.outlet_unknown`, `scope.outside`, `order.not_instant`, `order.other_bank`,
    `order.bank_unknown`. One by one: `order.unknown_person`, `order.deceased`, `order.household_cancelled`,
    `order.guardian_needed`, `order.open`, `order.has_card`.
    """
    place = place_for(act, outlet_code, bank_code, mode, scope)
    if isinstance(place, Refused):
        return place
    residents.hold(resident_ids)
    good, left_out = who_may_apply(act, resident_ids)
    promised, cost = promise(mode, act.today), fee_fen(OrderKind.NEW, act.today)
    with connection.cursor() as cursor:
        cursor.execute(
            _TAKE.format(open=OPEN),
            {
                "kind": OrderKind.NEW.value,
                "mode": mode.value,
                "channel": channel,
                "region": place.region,
                "outlet": place.id,
                "bank": bank_code,
                "fee": cost,
                "at": act.at,
                "promised": promised,
                "state": SUBMITTED.code,
                "people": good,
            },
        )
        rows = cursor.fetchall()
    settle_keys()
    born, taken = [row[0] for row in rows], {row[1] for row in rows}
    late = [LeftOut(person, just_taken()) for person in good if person not in taken]
    if born:
        act.record_rows(
            facts.APPLIED,
            "SELECT 'order:' || o.id, o.resident_id, o.region, %(outlet)s, jsonb_build_object('number', o.number) "
            "FROM cards_order o WHERE o.id = ANY(%(born)s::bigint[])",
            {"born": born, "outlet": place.code},
            order_kind=OrderKind.NEW.value,
            mode=mode.value,
            channel=channel,
            promised_on=promised.isoformat(),
        )
        if cost:
            begin_fees(act, born)
        tell_orders(act, Step.APPLIED, born)
    return ManyTaken(len(born), (*left_out, *late))


def who_may_apply(act: Act, resident_ids: Sequence[int]) -> tuple[list[int], list[LeftOut]]:
    """Of these people, each once, who may apply for a first card, and who may not with the reason."""
    of_age = whole("card.guardian_below_age", act.today)
    with connection.cursor() as cursor:
        cursor.execute(
            _JUDGE.format(open=OPEN),
            {
                "people": list(resident_ids),
                "dead": DEAD.code,
                "stopped": [life.code for life in stopping(Effect.APPLY, act.today)],
                "ended": ENDED.code,
                "of_age": of_age,
                "today": act.today,
            },
        )
        rows = cursor.fetchall()
    good = [person for person, code, *_ in rows if not code]
    return good, [
        LeftOut(person, _reason(code, number, state, card_no, of_age))
        for person, code, number, state, card_no in rows
        if code
    ]


def _reason(code: str, number: str, state: str, card_no: str, of_age: int) -> Refused:
    match code:
        case "order.unknown_person":
            return unknown_person()
        case "order.deceased":
            return deceased()
        case _ if code.startswith("life."):
            return stopped_by(Effect.APPLY, LIFE.state(code.removeprefix("life.")), at="resident")
        case "order.guardian_needed":
            return guardian_needed(of_age)
        case "order.open":
            return has_open_order(number, state)
        case _:
            return has_card(card_no)
