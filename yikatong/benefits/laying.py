# ruff: noqa: S608 - only this module's own texts are put into the statements; values go as parameters
"""Rows of a roster laid beside people, cards and what was paid before: judged in a few statements, for one transaction.

Temporary tables: `roster` (the rows: from the file, or those of a batch once more), `benefit_found` (with whom and what
they are about) and, but for a roster that just came, `benefit_judged` (every finding, the level, the reason). The same
statements judge a roster when it comes, a batch again, and at the last moment what of it may have changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper

from yikatong.basics.hands import Share
from yikatong.basics.periods import Period
from yikatong.benefits.checks import BY_HAND, CHECKS, OF_THE_ROW, Level
from yikatong.benefits.gone import GONE_OF_PERIOD
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.roster import Roster
from yikatong.benefits.rules import PAID, TAKES_THE_PLACE
from yikatong.benefits.terms import ANY_BASIS, Terms
from yikatong.benefits.weighing import COPY, weighed
from yikatong.cards.meanings import Standing, meaning, words
from yikatong.cards.rules import BANK, CARD, ENDED
from yikatong.office.copying import copied
from yikatong.office.rulebook import whole
from yikatong.office.sealing import index_key
from yikatong.residents.rules import LIFE

MANY = 1_000
_ROOM = "SET LOCAL work_mem = '128MB'"
"""So that a million rows are joined in memory; for this transaction."""
_ROSTER = """
CREATE TEMP TABLE roster (line integer, payment_id bigint, number_key bytea, number_masked text, name text, folded text,
                          basis text, fen bigint, own text[], said jsonb) ON COMMIT DROP
"""
_AGAIN = """
INSERT INTO roster
SELECT p.line, p.id, p.number_key, '', '', p.folded, p.basis, p.fen,
       CASE WHEN p.checks = '{{}}' THEN '{{}}' ELSE ARRAY(SELECT c FROM unnest(p.checks) c WHERE c = ANY(%(kept)s)) END,
       CASE WHEN p.said = '{{}}' THEN '{{}}'
            ELSE (SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(p.said) WHERE key = ANY(%(kept)s)) END
  FROM benefits_payment p WHERE p.batch_id = %(batch)s AND p.state = ANY(%(states)s)
   AND (%(line)s::integer IS NULL OR p.line = %(line)s::integer) {only}
"""
_WITH_CARD = """
       p.id AS resident_id, p.name_folded, p.state AS life, p.died_on, p.birth_on, p.region, p.phone_key, c.id AS card_id,
       c.state AS card, c.bank_state AS bank, c.collected_at IS NOT NULL OR c.state <> %(fresh)s AS collected
"""
# A person is known by today's number, or by the number of an older document; a second record stands for its survivor.
# Nearly all are found by today's number, so the others are looked for by themselves: everybody is joined once.
_FOUND = f"""
CREATE TEMP TABLE benefit_found ON COMMIT DROP AS
SELECT s.*, {_WITH_CARD}, p.merged_into_id AS survivor,
       CASE WHEN p.id IS NOT NULL THEN 'r' || p.id WHEN s.number_key <> '' THEN encode(s.number_key, 'hex') END AS who
  FROM roster s
  LEFT JOIN residents_resident p ON p.number_key = s.number_key AND s.number_key <> ''
  LEFT JOIN cards_card c ON c.resident_id = p.id AND c.state <> %(ended)s
"""
_OTHERS = f"""
UPDATE benefit_found f
   SET resident_id = o.resident_id, name_folded = o.name_folded, life = o.life, died_on = o.died_on, birth_on = o.birth_on,
       region = o.region, phone_key = o.phone_key, card_id = o.card_id, card = o.card, bank = o.bank, collected = o.collected,
       who = 'r' || o.resident_id
  FROM (SELECT s.line, {_WITH_CARD}
          FROM (SELECT line, coalesce(survivor, (
                         SELECT coalesce(r.merged_into_id, r.id)
                           FROM residents_identitydocument d JOIN residents_resident r ON r.id = d.resident_id
                          WHERE d.number_key = benefit_found.number_key ORDER BY d.id LIMIT 1)) AS person
                  FROM benefit_found WHERE survivor IS NOT NULL OR (resident_id IS NULL AND number_key <> '')) s
          JOIN residents_resident p ON p.id = s.person
          LEFT JOIN cards_card c ON c.resident_id = p.id AND c.state <> %(ended)s) o
 WHERE o.line = f.line
"""
# What was paid to a record that was merged since was paid to its survivor (`second`).
_SECOND = """second AS MATERIALIZED (
  SELECT id, merged_into_id FROM residents_resident WHERE merged_into_id IS NOT NULL
)"""
_OTHER = """other AS (
  SELECT coalesce(m.merged_into_id, p.resident_id) AS resident_id, min(p.programme) AS programme FROM benefits_payment p
    JOIN benefits_paymentbatch b ON b.id = p.batch_id LEFT JOIN second m ON m.id = p.resident_id
   WHERE b.programme = ANY(%(exclusive)s) AND left(b.period, 4) = left(%(period)s, 4)
     AND (b.period = %(period)s OR length(b.period) <> length(%(period)s)) AND p.state = ANY(%(takes)s) /* of few */
   GROUP BY 1
)"""
# Of a row that takes nobody's place any more (left out, or given back) money may have left after all.
_AFTER_ALL = f"""after_all AS (
  SELECT coalesce(m.merged_into_id, p.resident_id) AS resident_id, min(b.number) AS number
    FROM benefits_payment p JOIN benefits_paymentbatch b ON b.id = p.batch_id LEFT JOIN second m ON m.id = p.resident_id
   WHERE p.id IN ({GONE_OF_PERIOD}) GROUP BY 1
)"""
_STANDING = """standing AS (
  SELECT * FROM jsonb_to_recordset(%(standings)s::jsonb) AS w (card text, bank text, collected boolean, social text, pay text)
)"""
# Of the age at the last day of the period: born by this day, and after that one.
_AGED = """aged AS (
  SELECT basis, youngest, oldest, (%(last)s::date - make_interval(years => youngest))::date AS born_by,
         (%(last)s::date - make_interval(years => oldest + 1))::date AS born_after
    FROM jsonb_to_recordset(%(ages)s::jsonb) AS a (basis text, youngest integer, oldest integer)
)"""
JUDGEMENT = f"""
WITH repeated AS (
  SELECT who, array_agg(line ORDER BY line) AS lines FROM benefit_found WHERE who IS NOT NULL
   GROUP BY who HAVING count(*) > 1
), shared AS (
  SELECT phone_key, count(*) AS rows FROM benefit_found WHERE phone_key <> '' GROUP BY phone_key
  HAVING count(*) >= %(shared)s
), {_SECOND}, earlier AS (
  SELECT coalesce(m.merged_into_id, p.resident_id) AS resident_id, min(b.number) AS number
    FROM benefits_payment p JOIN benefits_paymentbatch b ON b.id = p.batch_id LEFT JOIN second m ON m.id = p.resident_id
   WHERE b.programme = %(programme)s AND b.period = %(period)s AND p.state = ANY(%(takes)s)
     AND (b.id <> %(batch)s OR NOT EXISTS (SELECT FROM roster s WHERE s.payment_id = p.id)) /* of few */
   GROUP BY 1
), {_AFTER_ALL}, {_OTHER}, before AS (
  SELECT coalesce(m.merged_into_id, p.resident_id) AS resident_id, sum(p.fen)::bigint AS fen FROM benefits_payment p
    JOIN benefits_paymentbatch b ON b.id = p.batch_id LEFT JOIN second m ON m.id = p.resident_id
   WHERE b.programme = %(programme)s AND b.period = %(before)s AND p.state = %(paid)s /* of few */ GROUP BY 1
), {_STANDING}, {_AGED}, found AS (
  SELECT f.line, f.payment_id, f.number_key, f.number_masked, f.name, f.folded, f.basis, f.fen, f.resident_id, f.card_id,
         coalesce(f.region, '') AS region, f.own, f.said, f.life, f.died_on, r.lines,
         coalesce(e.number, z.number) AS paid_in, o.programme,
         w.social, w.pay, h.rows AS sharing, b.fen AS last_fen, a.youngest, a.oldest,
         extract(year FROM age(%(last)s::date, f.birth_on)) AS years,
         array_remove(ARRAY[
           CASE WHEN f.number_key <> '' AND f.resident_id IS NULL THEN 'C03' END,
           CASE WHEN f.name_folded <> f.folded THEN 'C04' END,
           CASE WHEN f.life = 'dead' AND (f.died_on IS NULL OR f.died_on < %(begins)s) THEN 'C05' END,
           CASE WHEN f.life = 'in_prison' AND 'in_prison' = ANY(%(holds)s) THEN 'C06' END,
           CASE WHEN f.life = ANY(%(away)s) THEN 'C07' END,
           CASE WHEN r.who IS NOT NULL THEN 'C08' END,
           CASE WHEN e.resident_id IS NOT NULL OR z.resident_id IS NOT NULL THEN 'C09' END,
           CASE WHEN f.life = 'dead' AND f.died_on >= %(begins)s THEN 'C0A' END,
           CASE WHEN o.resident_id IS NOT NULL THEN 'C10' END,
           CASE WHEN f.resident_id IS NOT NULL AND coalesce(w.social, 'no_card') <> '' THEN 'C13' END,
           CASE WHEN w.pay <> '' THEN 'C14' END,
           CASE WHEN h.rows IS NOT NULL THEN 'C19' END,
           CASE WHEN abs(f.fen - b.fen) * 100 > b.fen * %(jump)s THEN 'C20' END,
           CASE WHEN f.birth_on > a.born_by OR f.birth_on <= a.born_after THEN 'C21' END], NULL) AS codes
    FROM benefit_found f
    LEFT JOIN repeated r ON r.who = f.who
    LEFT JOIN shared h ON h.phone_key = f.phone_key
    LEFT JOIN earlier e ON e.resident_id = f.resident_id
    LEFT JOIN after_all z ON z.resident_id = f.resident_id
    LEFT JOIN other o ON o.resident_id = f.resident_id
    LEFT JOIN before b ON b.resident_id = f.resident_id
    LEFT JOIN standing w ON w.card = f.card AND w.bank = f.bank AND w.collected = f.collected
    LEFT JOIN aged a ON a.basis = CASE WHEN %(of_any_basis)s THEN '' ELSE f.basis END
)
SELECT f.line, f.payment_id, f.number_key, f.number_masked, f.name, f.folded, f.basis, f.fen, f.resident_id, f.card_id,
       f.region, ordered.codes,
       CASE WHEN cardinality(ordered.codes) = 0 THEN '{{}}'::jsonb ELSE (
         SELECT coalesce(jsonb_object_agg(key, value), '{{}}') FROM jsonb_each(f.said || jsonb_strip_nulls(jsonb_build_object(
           'C05', CASE WHEN f.life = 'dead' THEN to_jsonb(ARRAY[coalesce(f.died_on::text, '日期不详'),
                                                              coalesce(f.died_on::text, 'day unknown')]) END,
           'C0A', CASE WHEN f.life = 'dead' THEN to_jsonb(ARRAY[f.died_on::text, f.died_on::text]) END,
           'C08', CASE WHEN f.lines IS NOT NULL THEN to_jsonb(ARRAY[
                    array_to_string(array_remove(f.lines, f.line), '、'), array_to_string(array_remove(f.lines, f.line), ', ')]) END,
           'C09', CASE WHEN f.paid_in IS NOT NULL THEN to_jsonb(ARRAY[f.paid_in, f.paid_in]) END,
           'C10', %(programmes)s::jsonb -> f.programme,
           'C13', CASE WHEN f.resident_id IS NOT NULL THEN %(words)s::jsonb -> coalesce(f.social, 'no_card') END,
           'C14', %(words)s::jsonb -> f.pay,
           'C19', CASE WHEN f.sharing IS NOT NULL THEN to_jsonb(ARRAY[f.sharing::text, f.sharing::text]) END,
           'C20', CASE WHEN f.last_fen IS NOT NULL THEN to_jsonb(ARRAY[
                    f.last_fen / 100 || '.' || lpad((f.last_fen %% 100)::text, 2, '0') || '元',
                    f.last_fen / 100 || '.' || lpad((f.last_fen %% 100)::text, 2, '0') || ' yuan']) END,
           'C21', CASE WHEN f.youngest IS NOT NULL THEN to_jsonb(ARRAY[
                    '期末' || f.years || '岁，应为' || f.youngest || '至' || f.oldest || '岁',
                    f.years || ' at the end of the period, should be ' || f.youngest || ' to ' || f.oldest]) END)))
          WHERE key = ANY(ordered.codes)) END AS said,
       CASE WHEN cardinality(ordered.codes) = 0 THEN 'pass' WHEN ordered.codes && %(blocks)s THEN 'block'
            WHEN ordered.codes && %(stops)s THEN 'hold' ELSE 'warn' END AS level,
       CASE WHEN cardinality(ordered.codes) = 0 THEN ''
            ELSE coalesce((SELECT min(c) FROM unnest(ordered.codes) c WHERE c = ANY(%(stops)s) OR c = ANY(%(blocks)s)), '')
            END AS reason
  FROM found f
 CROSS JOIN LATERAL (SELECT CASE WHEN cardinality(f.codes) = 0 AND cardinality(f.own) < 2 THEN f.own
       ELSE ARRAY(SELECT c FROM unnest(f.own || f.codes) c ORDER BY c) END AS codes) AS ordered
"""
"""Of each row in `benefit_found` all that is found, how bad it is, and the first that stops it: a select."""
FEW = 10_000
_OF_FEW = JUDGEMENT.replace("/* of few */", "AND p.resident_id IN (SELECT id FROM few)")
"""The same of few rows, which asks what was paid to their people and not to everybody."""
_THOSE_FEW = """
CREATE TEMP TABLE few ON COMMIT DROP AS
SELECT resident_id AS id FROM benefit_found WHERE resident_id IS NOT NULL
 UNION SELECT r.id FROM residents_resident r JOIN benefit_found f ON f.resident_id = r.merged_into_id
"""


HOLDING = f"{_SECOND}, {_AFTER_ALL}, {_OTHER}, {_STANDING}, {_AGED}"
STILL_RIGHT = """
p.level IN ('pass', 'warn') AND r.number_key = p.number_key AND r.name_folded = p.folded AND r.region = p.region
AND r.state = %(alive)s AND r.merged_into_id IS NULL AND r.id NOT IN (SELECT merged_into_id FROM second)
AND c.resident_id = r.id AND r.id NOT IN (SELECT resident_id FROM other)
AND r.id NOT IN (SELECT resident_id FROM after_all)
AND (c.state, c.bank_state, c.collected_at IS NOT NULL OR c.state <> %(fresh)s)
 IN (SELECT card, bank, collected FROM standing WHERE social = '' AND pay = '')
AND NOT EXISTS (SELECT FROM aged a WHERE a.basis = CASE WHEN %(of_any_basis)s THEN '' ELSE p.basis END
                 AND (r.birth_on > a.born_by OR r.birth_on <= a.born_after))
"""
"""Whether a payable row `p` is still right at one look at its person `r` and card `c` (with HOLDING, and `values_of`):
nothing is so that it could be held for, and it need not be judged in full. Nobody is in the batch twice, or paid in
another, because a payable row takes its person's place; of who was merged since that is not so. Not asked is what only
warns (C19, C20): that was told before the approval."""


@dataclass(frozen=True)
class Question:
    """What rows are judged for."""

    batch_id: int
    programme: Programme
    period: Period
    terms: Terms
    today: date


@contextmanager
def staged(roster: Roster, share: Share) -> Iterator[None]:
    """The rows of a file as the table `roster`, for the time of the block; numbers by their keys alone."""
    key = index_key()
    with connection.cursor() as cursor:
        cursor.execute(_ROSTER)
        with copied(cursor, COPY) as copy:
            for text in weighed(roster, key, share):
                copy.write(text)
        cursor.execute("ANALYZE roster (line, number_key)")
    yield
    _drop("roster")


@contextmanager
def staged_again(batch_id: int, states: list[str], line: int | None = None, only: str = "") -> Iterator[None]:
    """The rows of a batch in these states (the one of a line, or `only` those of a select of payments) as the table `roster`,
    with what they show by themselves."""
    again = _AGAIN.format(only=f"AND p.id IN ({only})" if only else "")
    with connection.cursor() as cursor:
        cursor.execute(_ROSTER)
        cursor.execute(
            again, {"batch": batch_id, "states": states, "line": line, "kept": [*OF_THE_ROW, *BY_HAND]}
        )
        cursor.execute("ANALYZE roster (line, number_key)")
    yield
    _drop("roster")


@contextmanager
def judged(question: Question) -> Iterator[None]:
    """What comes of the rows in `roster`, as the table `benefit_judged`."""
    with found(question) as values:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) <= %s FROM benefit_found", [FEW])
            few = bool(cursor.fetchone()[0])
            if few:
                cursor.execute(_THOSE_FEW)
                cursor.execute("ANALYZE few")
            judgement = _OF_FEW if few else JUDGEMENT
            cursor.execute(f"CREATE TEMP TABLE benefit_judged ON COMMIT DROP AS {judgement}", values)
            cursor.execute("CREATE INDEX ON benefit_judged (payment_id)")
            cursor.execute("ANALYZE benefit_judged (payment_id, level)")
            if few:
                cursor.execute("DROP TABLE few")
        yield
        _drop("benefit_judged")


@contextmanager
def found(question: Question) -> Iterator[dict[str, Any]]:
    """With whom and what the rows in `roster` are about, as the table `benefit_found`, for the time of the block; gives what
    JUDGEMENT is asked with."""
    values = values_of(question)
    with connection.cursor() as cursor:
        cursor.execute(_ROOM)
        cursor.execute(_FOUND, values)
        cursor.execute("ANALYZE benefit_found (line, who, phone_key, resident_id, survivor)")
        cursor.execute(_OTHERS, values)
    yield values
    _drop("benefit_found")


def known_to_the_planner(cursor: CursorWrapper, table: str, *columns: str, rows: int) -> None:
    """Let a table tell of the rows it was just given, where they are many.

    Of a batch, a file or a state it has never seen the planner expects a single row, and goes through all of another
    table for it: a hundred thousand times where a hundred thousand have come. (The temporary tables that say which rows
    take a step have an index for the same reason.)
    """
    if rows >= MANY:
        cursor.execute(f"ANALYZE {table} ({', '.join(columns)})")


def _drop(table: str) -> None:
    # Not in a `finally`: after a database error the transaction is lost, and its tables with it.
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE {table}")


def values_of(asked: Question) -> dict[str, Any]:
    """What the statements of this module are asked with."""
    by_level = {level: [c.code for c in CHECKS.values() if c.level is level] for level in Level}
    return {
        "batch": asked.batch_id,
        "ended": ENDED.code,
        "fresh": CARD.firsts[0].code,
        "alive": LIFE.firsts[0].code,
        "programme": asked.programme.code,
        "period": str(asked.period),
        "before": str(_before(asked.period)),
        "begins": asked.period.start,
        "takes": [state.code for state in TAKES_THE_PLACE],
        "paid": PAID.code,
        "exclusive": list(asked.terms.exclusive),
        "holds": list(asked.terms.holds),
        "away": [life for life in ("abroad", "household") if life in asked.terms.holds],
        "shared": whole("benefit.shared_phone_rows", asked.today),
        "jump": whole("benefit.jump_percent", asked.today),
        "last": asked.period.end - timedelta(days=1),
        "of_any_basis": ANY_BASIS in asked.terms.ages,
        "ages": json.dumps(
            [
                {"basis": "" if basis == ANY_BASIS else basis, "youngest": youngest, "oldest": oldest}
                for basis, (youngest, oldest) in asked.terms.ages.items()
            ],
            ensure_ascii=False,
        ),
        "standings": json.dumps(_standings()),
        "words": json.dumps({code: words(code) for code in _said()}, ensure_ascii=False),
        "programmes": json.dumps(
            {code: [each.zh, each.en] for code, each in programmes().items()}, ensure_ascii=False
        ),
        "blocks": by_level[Level.BLOCK],
        "stops": by_level[Level.HOLD],
    }


def _before(period: Period) -> Period:
    year, month = period.first_month
    months = year * 12 + month - 1 - period.length
    return Period((months // 12, months % 12 + 1), period.length)


def _standings() -> list[dict[str, object]]:
    """What every standing of a card means for being paid, as the cards' own table says; how the holder lives is asked
    apart, and the account outlives the plastic."""
    found: list[dict[str, object]] = []
    for card, bank, collected in product(CARD, BANK, (True, False)):
        means = meaning(Standing(card, bank, collected=collected))
        found.append(
            {
                "card": card.code,
                "bank": bank.code,
                "collected": collected,
                "social": means.social,
                "pay": "" if means.pay == "no_card" else means.pay,
            }
        )
    return found


def _said() -> set[str]:
    return {str(each[side]) for each in _standings() for side in ("social", "pay")} | {"no_card"} - {""}
