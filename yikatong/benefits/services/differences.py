"""What differs between the banks and us: kept once, taken by a named person, and closed by that person with an outcome."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.facts import (
    DISCREPANCY_CLOSED,
    DISCREPANCY_FOUND,
    DISCREPANCY_TAKEN,
    DISCREPANCY_VANISHED,
)
from yikatong.benefits.models import AccountStatement, Answer, Discrepancy, StatementEntry
from yikatong.benefits.rules import (
    DISCREPANCY,
    FILE_WITHDRAWN,
    NOBODYS,
    ONE_ATTEMPT,
    TAKEN,
    UNSETTLED,
    not_its_owner,
)
from yikatong.benefits.services.reasons import personal
from yikatong.benefits.statement_rows import DiscrepancyRow, discrepancy_row
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.queries import centre
from yikatong.office.scope import Scope

_FROM_ENTRIES = """
INSERT INTO benefits_discrepancy
       (mark, kind, region, bank_code, batch_id, file_id, statement_id, line, rows, fen, zh, en, found_at, state,
        state_since, owner, owner_name, outcome)
SELECT 'entry:' || %(statement)s || ':' || w.place, w.meaning, coalesce(b.region, %(region)s), %(bank)s, w.batch_id,
       w.file_id, %(statement)s, w.line, 1, w.fen, '', '', %(at)s, %(state)s, %(at)s, '', '', ''
  FROM weighed w LEFT JOIN benefits_paymentbatch b ON b.id = w.batch_id
 WHERE w.meaning NOT IN ('debit', 'paid', 'returned', 'again') ORDER BY w.place
"""
_LAST = """
SELECT id, number, "on", opening_fen, before FROM (
  SELECT id, number, "on", opening_fen,
         lag(closing_fen) OVER (PARTITION BY bank_code, account ORDER BY "on", id) AS before,
         row_number() OVER (PARTITION BY bank_code, account ORDER BY "on", id) AS place
    FROM benefits_accountstatement WHERE bank_code = %s AND account = %s AND complete) s
 WHERE place > 1 AND opening_fen IS DISTINCT FROM before ORDER BY "on", id
"""


@dataclass(frozen=True)
class Found:
    """A difference as it is found. `mark` is what differs: the same is kept once, whether it is open or closed."""

    kind: Differs
    mark: str
    zh: str
    en: str
    region: str = ""
    bank: str = ""
    batch: int | None = None
    file: int | None = None
    statement: int | None = None
    line: int = 0
    rows: int = 1
    fen: int = 0


def found(act: Act, these: Iterable[Found]) -> int:
    """Keep what was found and is not known yet; returns how many are new."""
    rows = [
        Discrepancy(
            mark=each.mark,
            kind=each.kind.value,
            region=each.region or _region(),
            bank_code=each.bank,
            batch_id=each.batch,
            file_id=each.file,
            statement_id=each.statement,
            line=each.line,
            rows=each.rows,
            fen=each.fen,
            zh=each.zh[:300],
            en=each.en[:300],
            found_at=act.at,
            state_since=act.at,
        )
        for each in these
    ]
    known = set(
        Discrepancy.objects.filter(mark__in=[row.mark for row in rows]).values_list("mark", flat=True)
    )
    new = [row for row in rows if row.mark not in known]
    for row in Discrepancy.objects.bulk_create(new):
        act.record(
            DISCREPANCY_FOUND,
            subject=f"discrepancy:{row.pk}",
            region=row.region,
            number=row.pk,
            what=Differs(row.kind).zh,
            what_en=Differs(row.kind).en,
        )
    return len(new)


def found_entries(act: Act, row: AccountStatement) -> int:
    """Keep every entry of a statement that is nobody's, or is not what was sent; they stand staged in `weighed`."""
    values: dict[str, Any] = {
        "statement": row.pk,
        "region": _region(),
        "bank": row.bank_code,
        "at": act.at,
        "state": NOBODYS.code,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FROM_ENTRIES, values)
        count = int(cursor.rowcount)
    if count:
        act.record(
            DISCREPANCY_FOUND,
            subject=f"statement:{row.pk}",
            number=count,
            what="对账单分录",
            what_en="entries of a statement",
        )
    return count


def gaps(bank: str, account: str) -> list[Found]:
    """Where a statement does not open with what the one before it closed with: one is missing, or one is wrong."""
    return [
        Found(
            Differs.GAP,
            f"gap:{pk}",
            f"{on} 第 {number} 号对账单的期初余额与上一份的期末余额不同，可能缺一份",
            f"statement {number} of {on} does not open with the last closing balance; one may be missing",
            bank=bank,
            statement=pk,
            fen=opening - before,
        )
        for pk, number, on, opening, before in _broken(bank, account)
    ]


def left_though_refused(row: AccountStatement) -> list[Found]:
    """What left by this statement and has not come back, though the bank had said that it did not pay it, had refused its
    file, or never got it and that was taken back."""
    line = Q(meaning="paid", file_line__returned_at=None) & ~Q(file_line__result__in=ONE_ATTEMPT)
    refused = Answer.objects.filter(file=OuterRef("file"), failed=OuterRef("file__rows")).exclude(
        verdict__in=["", Result.PAID, Result.DUPLICATE, Result.NOT_RECEIVED, Result.UNKNOWN]
    )
    file = Q(meaning="debit") & (Q(file__state=FILE_WITHDRAWN.code) | Exists(refused))
    entries = StatementEntry.objects.filter(line | file, statement=row)
    return [
        Found(
            Differs.CONTRADICTS,
            f"left:{line_id}" if line_id else f"left:file:{file}",
            "回盘说未付，对账单显示已扣款" if line_id else "文件已撤回或被银行整体拒收，对账单显示已扣款",
            "refused, said the answer, but it left"
            if line_id
            else "the file was taken back, or refused as a whole, but its sum left",
            bank=row.bank_code,
            batch=batch,
            file=file,
            statement=row.pk,
            line=line,
            rows=1 if line_id else rows,
            fen=fen,
        )
        for line_id, batch, file, rows, line, fen in entries.order_by("place").values_list(
            "file_line_id", "file__batch_id", "file_id", "file__rows", "line", "fen"
        )
    ]


def close_gaps(act: Act, bank: str, account: str) -> None:
    """What was a gap and is none any more, since the statement that was missing came, closes by itself."""
    still = {pk for pk, *_ in _broken(bank, account)}
    rows = Discrepancy.objects.select_for_update(no_key=True, of=("self",)).filter(
        kind=Differs.GAP.value,
        bank_code=bank,
        statement__account=account,
        state__in=[state.code for state in UNSETTLED],
    )
    vanish(
        act,
        [row for row in rows.order_by("pk") if row.statement_id not in still],
        "缺少的对账单已收到，余额衔接",
    )


def close_broken(act: Act, row: AccountStatement) -> None:
    """Once the whole statement came, what was wrong with the broken one of its number closes by itself."""
    if row.complete:
        rows = Discrepancy.objects.select_for_update(no_key=True, of=("self",)).filter(
            kind__in=[Differs.UNREADABLE.value, Differs.UNBALANCED.value],
            statement__in=row.broken_before(),
            state__in=[state.code for state in UNSETTLED],
        )
        vanish(act, rows.order_by("pk"), "完整的对账单已收到")


def vanish(act: Act, rows: Iterable[Discrepancy], outcome: str) -> None:
    """Close what is equal again; it has nobody's name beside it but the house's."""
    for row in rows:
        advance(
            row,
            DISCREPANCY,
            "vanish",
            state_since=act.at,
            owner=row.owner or act.actor.code,
            owner_name=row.owner_name or act.actor.name,
            outcome=outcome,
        )
        act.record(
            DISCREPANCY_VANISHED,
            subject=f"discrepancy:{row.pk}",
            region=row.region,
            number=row.pk,
            outcome=outcome,
        )


def take_discrepancy(act: Act, number: int, *, scope: Scope) -> DiscrepancyRow | Refused:
    """Take a difference on, or over from somebody else. Refused: benefit.no_discrepancy, benefit.discrepancy_closed."""
    row = _open_one(number, scope)
    if isinstance(row, Refused):
        return row
    advance(row, DISCREPANCY, "take", state_since=act.at, owner=act.actor.code, owner_name=act.actor.name)
    act.record(DISCREPANCY_TAKEN, subject=f"discrepancy:{row.pk}", region=row.region, number=row.pk)
    return discrepancy_row(row)


def close_discrepancy(act: Act, number: int, *, outcome: str, scope: Scope) -> DiscrepancyRow | Refused:
    """Say what came of a difference that one took on. Refused: benefit.no_discrepancy, benefit.discrepancy_closed,
    benefit.discrepancy_of_another, benefit.discrepancy_outcome, benefit.reason (a number that is somebody's)."""
    row = _open_one(number, scope)
    if isinstance(row, Refused):
        return row
    refused = _not_taken() if row.state != TAKEN.code else not_its_owner(act.actor.code, row.owner)
    if refused is not None:
        return refused
    outcome = outcome.strip()
    if not 4 <= len(outcome) <= 200:
        return Refused(
            "benefit.discrepancy_outcome",
            "请用 4 至 200 个字写明核实的结果。",
            "Say in 4 to 200 signs what was found.",
            at="outcome",
        )
    if (refused := personal(outcome, at="outcome")) is not None:
        return refused
    advance(row, DISCREPANCY, "close", state_since=act.at, outcome=outcome)
    act.record(
        DISCREPANCY_CLOSED, subject=f"discrepancy:{row.pk}", region=row.region, number=row.pk, outcome=outcome
    )
    return discrepancy_row(row)


def _open_one(number: int, scope: Scope) -> Discrepancy | Refused:
    row = Discrepancy.objects.select_for_update(no_key=True).filter(pk=number).first()
    if row is None or not scope.covers(row.region):
        return Refused("benefit.no_discrepancy", "没有这条差错。", "There is no such difference.")
    if row.state not in {state.code for state in UNSETTLED}:
        return Refused(
            "benefit.discrepancy_closed",
            "这条差错已经处理完，不能再改。",
            "This difference is closed and stays as it is.",
        )
    return row


def _not_taken() -> Refused:
    return Refused(
        "benefit.discrepancy_of_another",
        "请先认领这条差错，再写处理结果。",
        "Take the difference on before you say what came of it.",
    )


def _broken(bank: str, account: str) -> list[tuple[int, str, date, int, int]]:
    with connection.cursor() as cursor:
        cursor.execute(_LAST, [bank, account])
        return list(cursor.fetchall())


def _region() -> str:
    here = centre()
    return here.region if here else ""
