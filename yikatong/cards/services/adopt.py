# ruff: noqa: S608 - only the name of our own staging table is put into the text; values go as parameters
"""存量卡: cards that were in use before this house opened, taken over as a set with one entry for all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import connection

from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.rows import RowProblem
from yikatong.cards.rules import BANK_NORMAL, ENDED, NORMAL
from yikatong.cards.services.staging import staged
from yikatong.office.act import Act
from yikatong.office.sealing import seal
from yikatong.residents.queries import number_key
from yikatong.residents.rules import ALIVE

MOST_PROBLEMS = 1_000


class ExistingCard(NamedTuple):
    """One card as the province's list gives it. `number` is its holder's social security number."""

    number: str
    card_no: str
    region: str
    outlet: str
    bank_code: str
    bank_pan: str
    issued_on: date
    valid_until: date
    card_identifier: str = ""


@dataclass(frozen=True)
class Adoption:
    """What became of a list: `rows` in it, `taken` over, and the `problems` of the rest (the first thousand)."""

    rows: int
    taken: int
    refused: int
    problems: tuple[RowProblem, ...]


def adopt_cards(act: Act, *, source: str, rows: Iterable[ExistingCard]) -> Adoption | Refused:
    """Take over cards in use (state 1, bank normal): COPY, one statement judges, one stores, one records.

    A card in a merged record's number is its survivor's. A row is left out where its card number is malformed or known, its holder is unknown, dead, holds another card or
    stands in the list twice, or its dates run backwards; it never blocks the others. Refused: `adopt.empty`.
    """
    lines = (_staged(line, row) for line, row in enumerate(rows, start=1))
    with staged(_COLUMNS, lines) as stage, connection.cursor() as cursor:
        cursor.execute(_JUDGE.format(stage=stage), {"alive": ALIVE.code, "ended": ENDED.code})
        count = cursor.rowcount
        cursor.execute(
            _STORE.format(stage=stage), {"normal": NORMAL.code, "bank_normal": BANK_NORMAL.code, "at": act.at}
        )
        taken = cursor.rowcount
        act.record_rows(facts.ADOPTED, _FACTS.format(stage=stage), {}, file=source)
        cursor.execute(
            f"SELECT line, card_no, problem FROM {stage} WHERE problem <> '' ORDER BY line LIMIT %s",
            [MOST_PROBLEMS],
        )
        problems = tuple(
            RowProblem(line, card_no, Refused(problem, *_WORDS[problem]))
            for line, card_no, problem in cursor.fetchall()
        )
    if count == 0:
        return Refused("adopt.empty", "名单中没有卡。", "There is no card in the list.")
    return Adoption(count, taken, count - taken, problems)


def _staged(line: int, row: ExistingCard) -> tuple[object, ...]:
    number, *place, bank_pan, issued_on, valid_until, card_identifier = row
    sealed = (number_key(number), seal(Sensitive.ACCOUNT, bank_pan))
    return (line, *sealed, *place, issued_on, valid_until, card_identifier, None, "")


_COLUMNS = (
    "line integer",
    "number_key bytea",
    "bank_pan bytea",
    "card_no text",
    "region text",
    "outlet text",
    "bank_code text",
    "issued_on date",
    "valid_until date",
    "card_identifier text",
    "resident_id bigint",
    "problem text",
)

_JUDGE = """
UPDATE {stage} SET resident_id = judged.resident_id, problem = judged.problem
  FROM (
    SELECT a.line, r.id AS resident_id,
           CASE WHEN a.card_no !~ '^[A-Z0-9]{{9}}$' THEN 'adopt.card_no'
                WHEN a.valid_until < a.issued_on THEN 'adopt.dates'
                WHEN r.id IS NULL THEN 'adopt.unknown_person'
                WHEN r.state <> %(alive)s THEN 'adopt.deceased'
                WHEN count(*) OVER (PARTITION BY a.card_no) > 1 THEN 'adopt.card_twice'
                WHEN count(*) OVER (PARTITION BY r.id) > 1 THEN 'adopt.person_twice'
                WHEN known.id IS NOT NULL THEN 'adopt.card_known'
                WHEN held.id IS NOT NULL THEN 'adopt.has_card'
                ELSE '' END AS problem
      FROM {stage} a
      LEFT JOIN residents_resident named ON named.number_key = a.number_key
      LEFT JOIN residents_resident r ON r.id = coalesce(named.merged_into_id, named.id)
      LEFT JOIN cards_card known ON known.card_no = a.card_no
      LEFT JOIN LATERAL (SELECT c.id FROM cards_card c WHERE c.state <> %(ended)s
                            AND (c.resident_id = r.id OR c.resident_id IN
                                 (SELECT m.id FROM residents_resident m WHERE m.merged_into_id = r.id))
                          LIMIT 1) held ON true
  ) AS judged
 WHERE judged.line = {stage}.line
"""

_STORE = """
INSERT INTO cards_card (card_no, resident_id, region, outlet, bank_code, bank_pan, card_identifier, card_reset, box_slot,
                        issued_on, valid_until, state, state_since, bank_state, collected_by)
SELECT card_no, resident_id, region, outlet, bank_code, bank_pan, card_identifier, '', '',
       issued_on, valid_until, %(normal)s, %(at)s, %(bank_normal)s, ''
  FROM {stage} WHERE problem = '' ORDER BY line
"""

_FACTS = """
SELECT 'card:' || c.id, c.resident_id, c.region, c.outlet, '{{}}'::jsonb
  FROM cards_card c JOIN {stage} a ON a.card_no = c.card_no WHERE a.problem = ''
"""

_WORDS = {
    "adopt.card_no": ("卡号应为 9 位大写字母或数字。", "A card number is nine capitals or digits."),
    "adopt.dates": ("卡有效期早于发卡日期。", "The card's validity ends before its issue."),
    "adopt.unknown_person": (
        "基础库中没有此人，请先登记。",
        "Nobody of this number is on file; register them first.",
    ),
    "adopt.deceased": ("此人已登记死亡或注销户籍。", "This person is recorded as deceased or struck off."),
    "adopt.card_twice": ("同一卡号在名单中出现多次。", "This card number stands in the list more than once."),
    "adopt.person_twice": ("同一人在名单中有多张卡。", "This person stands in the list more than once."),
    "adopt.card_known": ("该卡号已在库中。", "This card number is already on file."),
    "adopt.has_card": ("此人已持有效卡。", "This person already holds a valid card."),
}
