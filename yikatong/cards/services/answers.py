# ruff: noqa: S608 - only names of our own tables are put into the text; values go as parameters
"""Answer files of province and banks: how one is begun, rejected, and brought home row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yikatong.basics.kinds import Kind
from yikatong.basics.masking import Sensitive
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.codebook import agreed
from yikatong.cards.facts import FILE_REJECTED
from yikatong.cards.files.answer import Answer
from yikatong.cards.files.codes import GOOD, WORDS, CodeTable, Subject
from yikatong.cards.files.frame import FIRST_ROW_LINE, Layout
from yikatong.cards.messages import Step
from yikatong.cards.models import Order
from yikatong.cards.rows import FileReport
from yikatong.cards.rules import CANCELLED, ORDER
from yikatong.cards.services.outcomes import keep_problems, keep_result
from yikatong.cards.services.staging import (
    fact_rows,
    judged,
    lock_orders,
    of_row,
    report_strangers,
    staged,
    taken,
)
from yikatong.cards.services.telling import tell_orders
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import IllegalStep, advance_all
from yikatong.office.post import ReceivedFile
from yikatong.office.sealing import lookup, seal
from yikatong.residents.queries import number_key


@dataclass(frozen=True)
class Errand:
    """One thing asked of others: who waits for it, what a good and a bad answer do, where the value is kept.

    `told` is what the applicant hears of a bad one. With `sensitive` the value is kept sealed, its key in `<column>_key`.
    """

    layout: Layout[Answer]
    results: Subject
    waiting: State
    good_event: str
    bad_event: str
    problem: str
    column: str
    kind: Kind
    told: Step
    value_wrong: Callable[[str], str]
    refusals: str
    joins: str = ""
    sensitive: Sensitive | None = None


def begin(act: Act, file: ReceivedFile, rows: int) -> Refused | None:
    """Take the file as ours to apply. Refuses `file.already_taken` where somebody else has applied or rejected it."""
    try:
        post.settle(act, file, rows=rows)
    except IllegalStep:
        return Refused(
            "file.already_taken",
            f"文件 {file.name} 已处理过，未重复处理。",
            f"{file.name} has already been dealt with.",
        )
    return None


def reject(act: Act, file: ReceivedFile, refused: Refused) -> Refused:
    """Reject a file as a whole: nothing of it is applied, and the journal says why."""
    try:
        post.settle(act, file, rows=0, refused=refused)
    except IllegalStep:
        return Refused(
            "file.already_taken",
            f"文件 {file.name} 已处理过，未重复处理。",
            f"{file.name} has already been dealt with.",
        )
    act.record(
        FILE_REJECTED, file=file.name, counterpart=file.counterpart, code=refused.code, reason=refused.zh
    )
    return refused


def take_answer(act: Act, file: ReceivedFile, errand: Errand) -> FileReport | Refused:
    """Bring the answers home: each order in its turn forward or to its problem state, strangers reported.

    The order of the rows never matters: a file that says two things of one order is believed in neither. Results are
    read in the codes agreed for the file's own day; a row with any other code is reported and not taken.
    """
    parsed = errand.layout.read(file.content)
    if isinstance(parsed, Refused):
        return reject(act, file, parsed)
    codes = agreed(file.counterpart, errand.results, parsed.on)
    if isinstance(codes, Refused):
        return reject(act, file, codes)
    already = begin(act, file, len(parsed.rows))
    if already is not None:
        return already
    columns = (
        "line int",
        "number text",
        "person bytea",
        "result text",
        "good boolean",
        "text text",
        "value text",
        "sealed bytea",
        "problem text",
    )
    rows = (
        (line, a.order_number, number_key(a.person_number), *_read(a, codes, errand))
        for line, a in enumerate(parsed.rows, start=FIRST_ROW_LINE)
    )
    with staged(columns, rows) as stage:
        lock_orders(f"o.number IN (SELECT number FROM {stage})", {})
        question = {"waiting": errand.waiting.code, "asked": parsed.answers, "counterpart": file.counterpart}
        with judged(_judgement(stage, errand), question) as verdict:
            good = advance_all(
                taken(verdict, good=True),
                ORDER,
                errand.good_event,
                state_since=act.at,
                asked="",
                problem_code="",
                problem_text="",
                **_brought(verdict, errand),
            )
            unfit = taken(verdict, good=False)
            bad = advance_all(
                unfit,
                ORDER,
                errand.bad_event,
                state_since=act.at,
                asked="",
                problem_code=of_row(verdict, f"'{errand.problem}.' || j.result"),
                problem_text=of_row(verdict, "j.text"),
            )
            act.record_rows(
                errand.kind,
                fact_rows(f"{verdict} j", "jsonb_build_object('result', j.result, 'text', j.text)"),
                {},
                file=file.name,
            )
            tell_orders(act, errand.told, list(unfit.values_list("pk", flat=True)))
            keep_problems(act, file, verdict, stage="j.result", reason="left(j.text, 120)")
            wrong = report_strangers(act, verdict, file.name)
    asked = Order.objects.filter(state=errand.waiting.code, asked=parsed.answers)
    left = asked.count() if parsed.answers else 0
    report = FileReport(file.name, len(parsed.rows), good, bad, wrong, left)
    return keep_result(act, file, report, answers=parsed.answers)


def _read(row: Answer, codes: CodeTable, errand: Errand) -> tuple[object, ...]:
    """result, good, text, value, sealed and problem of a row as they are staged."""
    result = codes.ours(row.result)
    value = _value(row.value, errand.sensitive)
    if result is None:
        return (row.result[:20], False, row.text[:120], *value, "row.result_unknown")
    if result == GOOD:
        return (result, True, row.text[:120], *value, errand.value_wrong(row.value))
    return (result, False, row.text[:120] or WORDS[errand.results][result].zh, *value, "")


def _value(value: str, sensitive: Sensitive | None) -> tuple[str, bytes]:
    """A value as it is staged: as it is, or its key in hex beside the sealed one."""
    return (lookup(sensitive, value).hex(), seal(sensitive, value)) if sensitive else (value, b"")


def _brought(verdict: str, errand: Errand) -> dict[str, Any]:
    if not errand.sensitive:
        return {errand.column: of_row(verdict, "j.value")}
    return {
        errand.column: of_row(verdict, "j.sealed"),
        f"{errand.column}_key": of_row(verdict, "decode(j.value, 'hex')"),
    }


def _judgement(stage: str, errand: Errand) -> str:
    """Each staged row with its order and, where it is not taken, the reason.

    The errand's `refusals` are further WHEN lines over its `joins`, each of which meets a row at most once. They are
    joins and not EXISTS on purpose: in a CASE those would run row by row, and without an index for each, for hours.
    """
    return f"""
SELECT f.*, o.id AS order_id, f.number AS named,
       CASE WHEN o.id IS NULL THEN 'row.unknown'
            WHEN r.number_key <> f.person THEN 'row.other_person'
            WHEN o.state = '{CANCELLED.code}' THEN 'row.cancelled'
            WHEN o.state = %(waiting)s AND o.asked <> '' AND o.asked <> %(asked)s THEN 'row.late'
            WHEN o.state <> %(waiting)s OR o.asked = '' THEN {_settled(errand)}
            WHEN f.contradicted THEN 'row.contradicts_itself'
            WHEN f.nth > 1 THEN 'row.repeated'
            WHEN f.problem <> '' THEN f.problem
            WHEN f.good AND f.holders > 1 THEN 'row.value_repeated'
            {errand.refusals}
            ELSE '' END AS refusal
  FROM (SELECT n.*, count(*) FILTER (WHERE n.good AND n.nth = 1) OVER (PARTITION BY n.value) AS holders,
               min(n.said) OVER (PARTITION BY n.number, n.person)
                   <> max(n.said) OVER (PARTITION BY n.number, n.person) AS contradicted
          FROM (SELECT s.*, row_number() OVER (PARTITION BY s.number, s.person ORDER BY s.line) AS nth,
                       CASE WHEN s.good THEN 'good ' || s.value ELSE 'bad ' || s.result END AS said
                  FROM {stage} s) AS n
       ) AS f
  LEFT JOIN cards_order o ON o.number = f.number
  LEFT JOIN residents_resident r ON r.id = o.resident_id
  {errand.joins}"""


def _settled(errand: Errand) -> str:
    """What a row is that answers a question nobody asks any more: the same once more, something else, or neither."""
    kept = f"encode(o.{errand.column}_key, 'hex')" if errand.sensitive else f"o.{errand.column}"
    problem = f"'{errand.problem}.' || f.result"
    return f"""CASE
                 WHEN f.good AND {kept} = f.value OR NOT f.good AND o.problem_code = {problem} THEN 'row.same_again'
                 WHEN {kept} <> '' OR o.problem_code LIKE '{errand.problem}.%%' THEN 'row.contradicts'
                 ELSE 'row.not_waiting' END"""
