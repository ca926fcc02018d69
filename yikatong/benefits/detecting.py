"""A batch laid beside itself, its people and what they were paid before, for fund supervision: sets all the way.

The temporary table `clue_found` holds what was found: a row for each payment behind a clue, `key` telling clues apart
and `evidence` what about the payment (ids and amounts, no numbers). What was raised before is taken out again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.db import connection

from yikatong.basics.masking import Sensitive
from yikatong.benefits.models import Payment
from yikatong.benefits.rules import PAID, SENT, UNKNOWN, VALID
from yikatong.office.copying import copied
from yikatong.office.sealing import lookup, ready
from yikatong.residents.rules import DEAD

AT_ONCE = 10_000
_TABLES = """
CREATE TEMP TABLE clue_found (kind text, key text, evidence text, payment_id bigint, zh text, en text) ON COMMIT DROP;
CREATE TEMP TABLE clue_account (payment_id bigint, account bytea) ON COMMIT DROP
"""
_LIVE = """
WITH live AS (SELECT p.* FROM benefits_payment p WHERE p.batch_id = %(batch)s AND p.state = ANY(%(live)s))
INSERT INTO clue_found
"""
_SHARED_PHONE = """
SELECT 'shared_phone', g.who, g.who || ':' || p.resident_id, p.id, g.people || ' 人', g.people || ' people'
  FROM (SELECT r.phone_key, count(*) AS people, md5(string_agg(r.id::text, ',' ORDER BY r.id)) AS who
          FROM live p JOIN residents_resident r ON r.id = p.resident_id
         WHERE r.phone_key <> '' GROUP BY r.phone_key HAVING count(*) >= %(phone_rows)s) g
  JOIN residents_resident r ON r.phone_key = g.phone_key JOIN live p ON p.resident_id = r.id
"""
_SHARED_ACCOUNT = """
SELECT 'shared_account', g.who, g.who || ':' || p.resident_id, p.id, g.people || ' 人', g.people || ' people'
  FROM (SELECT a.account, count(*) AS people, md5(string_agg(p.resident_id::text, ',' ORDER BY p.resident_id)) AS who
          FROM live p JOIN clue_account a ON a.payment_id = p.id AND a.account <> ''
         GROUP BY a.account HAVING count(*) >= %(account_rows)s) g
  JOIN clue_account a ON a.account = g.account JOIN live p ON p.id = a.payment_id
"""
_JUMP = """
SELECT 'jump', %(stage)s, concat_ws(':', p.programme, p.period, p.resident_id), p.id, '', ''
  FROM live p WHERE 'C20' = ANY(p.checks)
"""
_AFTER_DEATH = """
SELECT 'after_death', %(stage)s, concat_ws(':', p.programme, p.period, p.resident_id), p.id, '', ''
  FROM live p JOIN residents_resident r ON r.id = p.resident_id
 WHERE p.state = %(paid)s AND r.state = %(dead)s AND r.died_on < %(begins)s
"""
_EXCLUSIVE = """
SELECT 'exclusive', %(stage)s, concat_ws(':', left(p.period, 4), p.programme, o.programme, p.resident_id), p.id, '', ''
  FROM live p
  JOIN LATERAL (SELECT o.programme FROM benefits_payment o
                 WHERE o.resident_id = p.resident_id AND o.takes_the_place AND o.state = %(paid)s
                   AND o.programme = ANY(%(exclusive)s) AND left(o.period, 4) = left(p.period, 4) LIMIT 1) o ON TRUE
 WHERE p.state = %(paid)s
"""
_NEW_ACCOUNT = """
SELECT 'new_account', %(stage)s, concat_ws(':', p.resident_id, p.card_id), p.id, '', ''
  FROM live p JOIN cards_card c ON c.id = p.card_id
  JOIN LATERAL (SELECT o.card_id FROM benefits_payment o
                 WHERE o.resident_id = p.resident_id AND o.takes_the_place AND o.id < p.id AND o.state = %(paid)s
                 ORDER BY o.id DESC LIMIT 1) o ON o.card_id <> p.card_id
 WHERE c.collected_at >= %(account_since)s
"""
_REPEATED = """
SELECT 'repeated', p.programme || ':' || p.fen, concat_ws(':', p.programme, p.fen, p.resident_id, p.period), p.id,
       g.rows || ' 行', g.rows || ' rows'
  FROM (SELECT fen, count(*) AS rows FROM live WHERE fen <> ALL(%(standard)s) GROUP BY fen
        HAVING count(*) >= %(least_rows)s AND count(*) * 100 >= %(repeated_percent)s * (SELECT count(*) FROM live)) g
  JOIN live p ON p.fen = g.fen
"""
_ROUNDED = """
SELECT 'rounded', p.programme || ':' || left(p.period, 4), concat_ws(':', p.programme, p.period, p.resident_id), p.id,
       g.rows || ' 行', g.rows || ' rows'
  FROM (SELECT count(*) AS rows FROM live WHERE fen %% 10000 = 0 AND fen <> ALL(%(standard)s)) g
  JOIN live p ON p.fen %% 10000 = 0 AND p.fen <> ALL(%(standard)s)
 WHERE g.rows >= %(least_rows)s AND g.rows * 100 >= %(rounded_percent)s * (SELECT count(*) FROM live)
"""
_OF_PEOPLE = (_SHARED_PHONE, _SHARED_ACCOUNT, _JUMP, _AFTER_DEATH, _EXCLUSIVE, _NEW_ACCOUNT)
_OF_AMOUNTS = (_REPEATED, _ROUNDED)
_ONE = "INSERT INTO clue_found VALUES (%(kind)s, %(key)s, %(key)s, NULL, %(zh)s, %(en)s)"
_KNOWN = "DELETE FROM clue_found f USING benefits_cluerow r WHERE r.kind = f.kind AND r.evidence = f.evidence"


@dataclass(frozen=True)
class Looked:
    """What a batch is looked at for. `standard` are amounts that the programme itself sets; None where all are."""

    batch_id: int
    stage: str
    begins: date
    exclusive: tuple[str, ...]
    standard: tuple[int, ...] | None
    account_since: datetime
    limits: dict[str, int]
    """phone_rows, account_rows, least_rows, repeated_percent, rounded_percent."""
    odd: tuple[tuple[str, str, str], ...]
    """Steps at odd hours: key, Chinese, English."""


@contextmanager
def found(looked: Looked) -> Iterator[None]:
    """What is new about a batch, as the table `clue_found`, for the time of the block."""
    values = _values(looked)
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)
        _accounts(cursor, looked.batch_id, values["live"])
        for statement in (*_OF_PEOPLE, *(_OF_AMOUNTS if looked.standard is not None else ())):
            cursor.execute(_LIVE + statement, values)
        for key, zh, en in looked.odd:
            cursor.execute(_ONE, {"kind": "odd_hours", "key": key, "zh": zh, "en": en})
        cursor.execute(_KNOWN)
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE clue_found, clue_account")


def _values(looked: Looked) -> dict[str, Any]:
    return {
        "batch": looked.batch_id,
        "stage": looked.stage,
        "begins": looked.begins,
        "exclusive": list(looked.exclusive),
        "standard": list(looked.standard or ()),
        "account_since": looked.account_since,
        "live": [state.code for state in (VALID, SENT, UNKNOWN, PAID)],
        "paid": PAID.code,
        "dead": DEAD.code,
        **looked.limits,
    }


def _accounts(cursor: Any, batch_id: int, live: list[str]) -> None:
    """The account of each payment by its key, so that equal ones meet: accounts are sealed, and each looks different."""
    ready()
    rows = Payment.objects.filter(batch_id=batch_id, state__in=live).order_by()
    accounts = rows.values_list("pk", "card__bank_pan").iterator(AT_ONCE)
    while part := list(islice(accounts, AT_ONCE)):
        with copied(cursor, "COPY clue_account FROM STDIN") as copy:
            for key, account in part:
                copy.write_row((key, lookup(Sensitive.ACCOUNT, account)))
    cursor.execute("ANALYZE clue_account")
