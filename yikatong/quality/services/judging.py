"""A list is compared: differences opened, refreshed and closed, people who agree confirmed; sets all the way."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

from django.db import connection

from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.office import rulebook
from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.scope import stem
from yikatong.office.sealing import ready, seal
from yikatong.quality import side_by_side
from yikatong.quality.facts import COMPARISON_JUDGED, OPENED, VANISHED
from yikatong.quality.models import Comparison, Difference
from yikatong.quality.queries import ComparisonRow, comparison_row
from yikatong.quality.rules import (
    CLAIMS,
    COMPARISON,
    DIFFERENCE,
    RECEIVED,
    TYPES,
    UNSETTLED,
    Claim,
    DifferenceType,
    verified_days,
)
from yikatong.quality.services.receiving import not_waiting
from yikatong.quality.source import Source, sources
from yikatong.quality.statements import RowProblem, Statements

PROBLEMS_KEPT = 500

_THEIR_NUMBERS = "CREATE TEMP TABLE their_numbers (line integer, number bytea) ON COMMIT DROP"
_STANDING = """
CREATE TEMP TABLE standing ON COMMIT DROP AS
SELECT d.id, d.type, coalesce('r' || d.resident_id, 'n' || encode(d.their_number_key, 'hex')) AS who,
       d.state = ANY(%(unsettled)s) AS unsettled, d.theirs, d.their_number_key AS number_key, d.region, d.resident_id
  FROM quality_difference d
 WHERE d.source = %(source)s
   AND (d.state = ANY(%(unsettled)s) OR (d.state IN ('kept', 'reported') AND d.valid_until >= %(as_of)s))
   FOR NO KEY UPDATE
"""
# Settled against the source before, and it still says the same.
_REMEMBERED = """
DELETE FROM found f USING standing t
 WHERE NOT t.unsettled AND t.type = f.type AND t.who = f.who AND t.theirs = f.theirs
   AND (f.type <> 'number' OR t.number_key = f.number_key)
"""
_REFRESH = """
UPDATE quality_difference d
   SET comparison_id = %(id)s, as_of = %(as_of)s, region = f.region, ours = f.ours, theirs = f.theirs,
       their_name = f.their_name, their_number = coalesce(n.number, ''::bytea),
       their_number_key = CASE WHEN n.line IS NULL THEN ''::bytea ELSE f.number_key END,
       happened_on = f.happened_on, certain = f.certain, other_id = f.other_id
  FROM found f JOIN standing t ON t.unsettled AND t.type = f.type AND t.who = f.who
  LEFT JOIN their_numbers n ON n.line = f.line
 WHERE d.id = t.id
"""
_OPEN = """
INSERT INTO quality_difference
       (comparison_id, source, type, resident_id, other_id, region, ours, theirs, their_name, their_number,
        their_number_key, happened_on, certain, as_of, state, state_since, opened_at, due_on, owner, decided_by, proof)
SELECT %(id)s, %(source)s, f.type, f.resident_id, f.other_id, f.region, f.ours, f.theirs, f.their_name,
       coalesce(n.number, ''::bytea), CASE WHEN n.line IS NULL THEN ''::bytea ELSE f.number_key END, f.happened_on,
       f.certain, %(as_of)s, 'open', %(at)s, %(at)s, (%(due)s::jsonb ->> f.type)::date, '', '', ''
  FROM found f LEFT JOIN their_numbers n ON n.line = f.line
 WHERE NOT EXISTS (SELECT FROM standing t WHERE t.unsettled AND t.type = f.type AND t.who = f.who)
 ORDER BY f.region, f.line
"""
# What this list can speak of and does not say any more.
_SILENT = """
SELECT t.id FROM standing t
 WHERE t.unsettled AND t.type = ANY(%(types)s) AND NOT EXISTS (SELECT FROM found f WHERE f.type = t.type AND f.who = t.who)
   AND {within}
"""
_WITHIN_REGION = "t.region LIKE %(stem)s || '%%'"
_AMONG_NAMED = """(t.resident_id IN (SELECT resident_id FROM matched)
        OR (t.resident_id IS NULL AND t.number_key IN (SELECT number_key FROM stated)))"""
_CONFIRM = """
INSERT INTO quality_verification (resident_id, source, what, verified_on, expires_on)
SELECT r.id, %(source)s, w.what, %(as_of)s, %(expires)s
  FROM matched m JOIN stated s ON s.line = m.line JOIN residents_resident r ON r.id = m.resident_id
 CROSS JOIN LATERAL (SELECT 'person' AS what
                      UNION ALL SELECT 'region' WHERE %(regions)s AND s.region = r.region) AS w
 WHERE m.how = 'number' AND s.folded = r.name_folded AND r.state <> 'dead'
    ON CONFLICT (resident_id, what, source)
    DO UPDATE SET verified_on = excluded.verified_on, expires_on = excluded.expires_on
 WHERE excluded.verified_on >= quality_verification.verified_on
"""
_ROWS = """
SELECT 'difference:' || d.id, d.resident_id, d.region, '',
       jsonb_build_object('type', %(zh)s::jsonb ->> d.type, 'type_en', %(en)s::jsonb ->> d.type)
  FROM quality_difference d WHERE {where}
"""

SPEAKS_OF = {
    Claim.WHOLE: ("missing_here", "missing_there", "alive_there", "name", "number", "region", "duplicate"),
    Claim.CHANGES: ("missing_here", "alive_there", "name", "number", "region"),
    Claim.DEATHS: ("dead_there",),
    Claim.STATUS: ("dead_there", "alive_there", "name", "status"),
}
"""The types of difference a list of each claim can open, and so can close by not showing them any more."""


def judge_list(act: Act, *, number: str, statements: Statements) -> ComparisonRow | Refused:
    """Compare a waiting list with the base library; `statements` is what `reading.read` gave for it.

    Differences new to us are opened with their deadline (rules quality.limit.*), known ones refreshed, those the list
    speaks of and no longer shows closed; one that was settled against the source is remembered until its verdict
    expires. People who agree are confirmed until rule quality.verified_days.<source> runs out. The content is then
    forgotten. Refused: comparison.not_waiting.
    """
    row = Comparison.objects.select_for_update(no_key=True).filter(number=number, state=RECEIVED.code).first()
    if row is None:
        return not_waiting()
    source, claim = sources()[row.source], CLAIMS[row.claim]
    number_of = {each.row: each.number for each in statements.rows}
    with (
        side_by_side.staged(statements.rows),
        side_by_side.matched(number_of),
        side_by_side.told_apart(source, claim, region=row.region, as_of=row.as_of),
    ):
        known, strangers = side_by_side.counts()
        result = _settle(act, row, source, claim, number_of)
    unknown = strangers if claim in (Claim.DEATHS, Claim.STATUS) else 0
    advance(
        row,
        COMPARISON,
        "judge",
        judged_at=act.at,
        content=b"",
        rows=statements.count,
        read_rows=statements.count,
        matched=known,
        unknown=unknown,
        problem_rows=len(statements.problems),
        problems=[_kept(each) for each in statements.problems[:PROBLEMS_KEPT]],
        **result,
    )
    act.record(
        COMPARISON_JUDGED,
        subject=f"comparison:{row.number}",
        region=row.region,
        file=row.file,
        rows=statements.count,
        matched=known,
        problems=len(statements.problems),
        **result,
    )
    return comparison_row(row)


def _settle(
    act: Act, row: Comparison, source: Source, claim: Claim, number_of: dict[int, str]
) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": row.pk,
        "source": source.code,
        "as_of": row.as_of,
        "at": act.at,
        "due": json.dumps({each.code: str(_due(each, act.today)) for each in DifferenceType}),
        "unsettled": list(UNSETTLED),
        "stem": stem(row.region),
        "types": list(SPEAKS_OF[claim]),
    }
    within = _WITHIN_REGION if claim is Claim.WHOLE else _AMONG_NAMED
    with connection.cursor() as cursor:
        _their_numbers(number_of)
        cursor.execute(_STANDING, values)
        cursor.execute("ANALYZE standing")
        cursor.execute(_SILENT.format(within=within), values)
        silent = [key for (key,) in cursor.fetchall()]
        cursor.execute(_REMEMBERED, values)
        remembered = cursor.rowcount
        cursor.execute(_REFRESH, values)
        refreshed = cursor.rowcount
        cursor.execute(_OPEN, values)
        opened = cursor.rowcount
        agreed = _confirm(row, source, claim)
        cursor.execute("DROP TABLE standing, their_numbers")
    words: dict[str, Any] = {"source": source.zh, "source_en": source.en}
    if opened:
        rows = difference_rows("d.comparison_id = %(id)s AND d.opened_at = %(at)s", id=row.pk, at=act.at)
        act.record_rows(OPENED, *rows, region=row.region, **words)
    return {
        "opened": opened,
        "refreshed": refreshed,
        "remembered": remembered,
        "gone": _vanish(act, silent, words),
        "agreed": agreed,
    }


def _vanish(act: Act, keys: list[int], words: dict[str, Any]) -> int:
    """Close differences that no longer are; returns how many."""
    if not keys:
        return 0
    gone = advance_all(
        Difference.objects.filter(pk__in=keys), DIFFERENCE, "vanish", state_since=act.at, decided_at=act.at
    )
    act.record_rows(VANISHED, *difference_rows("d.id = ANY(%(keys)s)", keys=keys), **words)
    return gone


def difference_rows(where: str, **values: Any) -> tuple[str, dict[str, Any]]:
    """A set of differences `d` as the journal's rows: the select and its parameters."""
    zh = json.dumps({code: each.zh for code, each in TYPES.items()}, ensure_ascii=False)
    en = json.dumps({code: each.en for code, each in TYPES.items()})
    return _ROWS.format(where=where), {"zh": zh, "en": en, **values}


def _due(type_: DifferenceType, today: date) -> date:
    return rulebook.work_calendar().add(today, rulebook.whole(type_.limit, today))


def _their_numbers(number_of: dict[int, str]) -> None:
    """Seal the numbers that must be kept; a list of deaths or of agreeing people leaves none behind."""
    lines = side_by_side.shown_numbers()
    ready()
    with connection.cursor() as cursor:
        cursor.execute(_THEIR_NUMBERS)
        with copied(cursor, "COPY their_numbers FROM STDIN") as copy:
            for line in lines:
                copy.write_row((line, seal(Sensitive.IDENTITY_NUMBER, number_of[line])))
        cursor.execute("ANALYZE their_numbers")


def _confirm(row: Comparison, source: Source, claim: Claim) -> int:
    """Confirm the people who agree, living ones, by a list that says they live; returns how many."""
    if claim not in (Claim.WHOLE, Claim.CHANGES):
        return 0
    expires = row.as_of + timedelta(days=rulebook.whole(verified_days(source.code), row.as_of))
    with connection.cursor() as cursor:
        cursor.execute(
            _CONFIRM,
            {
                "source": source.code,
                "as_of": row.as_of,
                "expires": expires,
                "regions": source.confirms_region,
            },
        )
        cursor.execute(
            "SELECT count(*) FROM quality_verification WHERE source = %s AND what = 'person' AND verified_on = %s "
            "AND resident_id IN (SELECT resident_id FROM matched)",
            [source.code, row.as_of],
        )
        agreed: int = cursor.fetchone()[0]
    return agreed


def _kept(problem: RowProblem) -> dict[str, str | int]:
    return {
        "row": problem.row,
        "column": problem.column,
        "shown": problem.shown,
        "zh": problem.refused.zh,
        "en": problem.refused.en,
    }
