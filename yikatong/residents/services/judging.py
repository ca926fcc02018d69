# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Judging a list: every cell, then every row against the base, in slices that can be watched and begun anew.

Nothing of it is stored for good: a worker that dies in the middle leaves a list that is being judged, and the next one
begins it again. The file itself holds the values; the rows beside it hold keys and what came of them.
"""

from __future__ import annotations

import json
from typing import Any

from django.db import connection

from yikatong.basics.crypto import sm3
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.lifecycle import advance
from yikatong.office.scope import outside, stem
from yikatong.office.sealing import index_key
from yikatong.residents.facts import LIST_JUDGED, LIST_REFUSED
from yikatong.residents.headings import Columns
from yikatong.residents.lists import ListRow, limits_on, list_row
from yikatong.residents.models import ImportList, ImportRow
from yikatong.residents.roster import SLICE, CellProblem, Reading, read_list
from yikatong.residents.rules import IMPORT_LIST, JUDGING, UPLOADED, Outcome
from yikatong.residents.services.comparing import COMPARED
from yikatong.residents.services.register import name_differs
from yikatong.residents.weighing import COPY, Opened, Scales, Weighed, problem_text, told

# One look at each person serves everything that is asked of them: who it is, the name, the region, and whether anything
# differs. `who` is the same in two rows of one person, also of one whom nobody knows yet.
_FOUND = """
CREATE TEMP TABLE import_found ON COMMIT DROP AS
SELECT s.line, s.warned, p.id AS resident_id, NOT starts_with(p.region, %(stem)s) AS away,
       p.name_folded <> s.folded AS renamed, coalesce(int8send(p.id), s.number_key) AS who,
       s.phone_key <> p.phone_key AND s.phone_key <> '' OR s.address <> p.address AND s.address <> ''
       OR s.region <> p.region OR s.ethnicity <> p.ethnicity AND s.ethnicity <> '' AS differs
  FROM residents_importrow s
  LEFT JOIN residents_resident r ON r.number_key = s.number_key
  LEFT JOIN residents_resident p ON p.id = CASE WHEN r.id IS NOT NULL THEN coalesce(r.merged_into_id, r.id)
       ELSE (SELECT coalesce(o.merged_into_id, o.id)
               FROM residents_identitydocument d JOIN residents_resident o ON o.id = d.resident_id
              WHERE d.number_key = s.number_key ORDER BY d.id LIMIT 1) END
 WHERE s.import_list_id = %(list)s AND s.number_key <> ''
"""
_BY_SEVERAL = "SET LOCAL parallel_tuple_cost = 0.001; SET LOCAL parallel_setup_cost = 100"
"""Whoever weighed is done by then: the rows are laid beside the base by more than one process, where cores are free."""
_DIFFERING = """(
SELECT i.*, f.resident_id FROM import_found f
  JOIN residents_importrow i ON i.import_list_id = %(list)s AND i.line = f.line WHERE f.differs)"""
_JUDGED = f"""
CREATE TEMP TABLE import_judged ON COMMIT DROP AS
WITH repeated AS (
  SELECT who FROM import_found GROUP BY who HAVING count(*) > 1
), twin AS (
  SELECT line, (array_agg(line) OVER (PARTITION BY who ORDER BY line ROWS BETWEEN UNBOUNDED PRECEDING
                                      AND UNBOUNDED FOLLOWING))[1:5] AS lines
    FROM import_found JOIN repeated USING (who)
), compared AS (
  SELECT line, array_agg(field ORDER BY field) FILTER (WHERE taken) AS changes, bool_or(NOT taken) AS kept
    FROM ({COMPARED.format(rows=_DIFFERING)}) AS differing GROUP BY line
)
SELECT f.line, f.resident_id, f.warned, t.lines,
       CASE WHEN t.lines IS NOT NULL THEN 'repeated'
            WHEN f.resident_id IS NULL THEN 'new'
            WHEN f.away THEN 'outside'
            WHEN f.renamed THEN 'name'
            WHEN c.changes IS NOT NULL THEN 'changed' ELSE 'same' END AS outcome,
       coalesce(c.changes, '{{}}') AS changes, coalesce(c.kept, false) AS kept
  FROM import_found f
  LEFT JOIN twin t ON t.line = f.line
  LEFT JOIN compared c ON c.line = f.line
"""
# Only what somebody has to look at is written down: most rows of most lists are new or as they were. What an earlier
# judging wrote and is no longer so is taken back first; those rows are few, and an index finds them.
_TAKE_BACK = """
UPDATE residents_importrow s SET outcome = '', changes = '{}', problems = '[]'
  FROM import_judged j
 WHERE s.import_list_id = %(list)s AND s.outcome <> '' AND s.number_key <> '' AND j.line = s.line
   AND (s.outcome, s.changes) IS DISTINCT FROM (j.outcome, j.changes::varchar[])
"""
_SETTLE = """
UPDATE residents_importrow s SET outcome = j.outcome, changes = j.changes::varchar[]
  FROM import_judged j
 WHERE j.outcome NOT IN ('new', 'same') AND s.import_list_id = %(list)s AND s.line = j.line AND s.outcome = ''
"""
_TO_TELL = """
SELECT j.line, j.outcome, i.folded, r.name, r.region, j.lines FROM import_judged j
  JOIN residents_importrow i ON i.import_list_id = %(list)s AND i.line = j.line
  LEFT JOIN residents_resident r ON r.id = j.resident_id
 WHERE j.outcome IN ('repeated', 'outside', 'name') ORDER BY j.line
"""
_TELL = """
UPDATE residents_importrow s SET problems = t.problems
  FROM unnest(%(lines)s::int[], %(problems)s::jsonb[]) AS t (line, problems)
 WHERE s.import_list_id = %(list)s AND s.line = t.line
"""
_ALL = """
SELECT line, outcome, resident_id, changes, kept, warned FROM import_judged UNION ALL
SELECT line, outcome, NULL, '{}', false, false FROM residents_importrow
 WHERE import_list_id = %(list)s AND number_key = ''
"""
_DIGEST = f"""
SELECT sha256(convert_to(coalesce(string_agg(concat_ws(':', line, outcome, resident_id, array_to_string(changes, ',')),
                                             E'\\n' ORDER BY line), ''), 'UTF8')) FROM ({_ALL}) AS judged
"""
_COUNTS = f"""
SELECT outcome, count(*), count(*) FILTER (WHERE kept), count(*) FILTER (WHERE warned)
  FROM ({_ALL}) AS judged GROUP BY outcome
"""


def open_list(act: Act, row: ImportList) -> Reading | Refused:
    """Read a list's file again. Refused: what `read_list` refuses."""
    return read_list(row.content or b"", limits_on(act.today))


def begin_judging(act: Act, list_id: int) -> tuple[bytes, Scales] | None:
    """Begin, or begin again, to judge a list: its file, and what it is weighed by.

    None where there is nothing to be judged, or no longer.
    """
    row = (
        ImportList.objects.select_for_update(no_key=True)
        .filter(pk=list_id, state__in=[UPLOADED.code, JUDGING.code])
        .first()
    )
    if row is None:
        return None
    if row.state == UPLOADED.code:
        advance(row, IMPORT_LIST, "judge", state_since=act.at)
    ImportRow.objects.filter(import_list=row).delete()
    return row.content or b"", Scales(row.pk, limits_on(act.today), act.today, row.region, index_key(), SLICE)


def note_opened(act: Act, list_id: int, opened: Opened | Refused) -> Columns | None:
    """Note what the file says of itself, or refuse the list where it cannot be read or its columns are not known.

    Its columns; None where it is refused, or the list is no longer being judged.
    """
    row = _locked_row(list_id)
    if row is None:
        return None
    if isinstance(opened, Refused):
        advance(
            row,
            IMPORT_LIST,
            "refuse",
            state_since=act.at,
            refused_zh=opened.zh[:400],
            refused_en=opened.en[:400],
        )
        act.record(LIST_REFUSED, subject=f"list:{row.pk}", file=row.file_name, reason=opened.code)
        return None
    row.rows_all, row.rows_done = opened.rows, 0
    row.passed_over = list(opened.columns.passed_over)
    row.save(update_fields=["rows_all", "rows_done", "passed_over"])
    return opened.columns


def _locked_row(list_id: int) -> ImportList | None:
    """A list that is being judged, without its file."""
    rows = ImportList.objects.select_for_update(no_key=True)
    return rows.filter(pk=list_id, state=JUDGING.code).first()


def stage_rows(act: Act, list_id: int, columns: Columns, weighed: Weighed) -> bool:
    """Lay out a slice of rows that are weighed; how far the list has come is seen as soon as the act ends.

    False where the list is no longer being judged (it was withdrawn meanwhile).
    """
    row = _locked_row(list_id)
    if row is None:
        return False
    with connection.cursor() as cursor, copied(cursor, COPY) as copy:
        copy.write(weighed.text)
        for line, region in weighed.strays:
            problem = CellProblem(line, columns.headings["region"], region, outside(region))
            copy.write(problem_text(list_id, line, Outcome.OUTSIDE, [problem]))
    row.rows_done = weighed.last - 1
    row.save(update_fields=["rows_done"])
    return True


def settle_judging(act: Act, list_id: int) -> ListRow | None:
    """All cells are judged: compare the rows with the base and lay the list before its approver.

    None where the list is no longer being judged.
    """
    row = _locked_row(list_id)
    if row is None:
        return None
    digest, counts = judge_rows(row)
    advance(row, IMPORT_LIST, "settle", state_since=act.at, judgement=digest, counts=counts)
    settled = list_row(row)
    act.record(
        LIST_JUDGED,
        subject=f"list:{row.pk}",
        region=row.region,
        outlet=row.outlet,
        file=row.file_name,
        new=settled.count(Outcome.NEW),
        changed=settled.count(Outcome.CHANGED),
        same=settled.count(Outcome.SAME),
        refused=settled.refused_rows,
    )
    return settled


def judge_rows(row: ImportList) -> tuple[bytes, dict[str, int]]:
    """Compare the staged rows with the base as it stands: the judgement over all of them, and how many came to what.

    The temporary table `import_judged` has line, resident_id and outcome of every row whose cells are good; it and
    `import_found` are narrow, for what stands in the rows and in the base is there to be looked up.
    """
    values: dict[str, Any] = {"list": row.pk, "trust": row.trust, "stem": stem(row.region)}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS import_found, import_judged")
        cursor.execute("ANALYZE residents_importrow (import_list_id, line, number_key)")
        cursor.execute(_BY_SEVERAL)
        cursor.execute(_FOUND, values)
        cursor.execute("ANALYZE import_found (line, resident_id, who, differs)")
        cursor.execute(_JUDGED, values)
        cursor.execute("ANALYZE import_judged (line, outcome)")
        cursor.execute(_TAKE_BACK, values)
        cursor.execute(_SETTLE, values)
        cursor.execute(_TO_TELL, values)
        problems = [(found[0], told([_problem(*found)])) for found in cursor.fetchall()]
        if problems:
            lines, texts = zip(*problems, strict=True)
            cursor.execute(_TELL, {**values, "lines": list(lines), "problems": list(texts)})
        cursor.execute(_DIGEST, values)
        digest = bytes(cursor.fetchone()[0])
        cursor.execute(_COUNTS, values)
        found = cursor.fetchall()
    counts = {outcome: count for outcome, count, _, _ in found}
    counts["kept"] = sum(kept for _, _, kept, _ in found)
    counts["warned"] = sum(warned for *_, warned in found)
    choices = json.dumps([row.source, row.trust, row.only_good, row.region, row.outlet], ensure_ascii=False)
    return sm3(bytes(row.digest), choices.encode(), digest), counts


def _problem(
    line: int, outcome: str, folded: str, known: str, known_region: str, lines: list[int]
) -> CellProblem:
    who = mask(Sensitive.NAME, folded)
    match Outcome(outcome):
        case Outcome.REPEATED:
            return CellProblem(line, "", who, _again(lines))
        case Outcome.OUTSIDE:
            return CellProblem(line, "", who, outside(known_region))
        case _:
            return CellProblem(line, "姓名", who, name_differs(known))


def _again(lines: list[int]) -> Refused:
    zh, en = "、".join(map(str, lines)), ", ".join(map(str, lines))
    return Refused(
        "row.repeated",
        f"同一人出现在第{zh}行，请只留一行。",
        f"The same person stands in rows {en}; keep one of them.",
    )
