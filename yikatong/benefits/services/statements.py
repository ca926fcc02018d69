# ruff: noqa: S608, S611 - only this package's own texts are put into the statements; values go as parameters
"""A bank's statement of our account comes home: each entry to its file or payment, sets at a time.

What a statement shows to have come back is a failed payment whatever was answered before; what it shows to have left one
by one is paid. An entry that is nobody's stops nobody else's, and becomes a difference that a named person looks into.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.exchange import read_statement
from yikatong.benefits.bankfiles.lines import Booking, Statement
from yikatong.benefits.banks import counterpart, profile_of
from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.events import Told
from yikatong.benefits.facts import BATCH_REOPENED, PAYMENT_BOUNCED, STATEMENT_REFUSED, STATEMENT_TAKEN
from yikatong.benefits.models import AccountStatement, BankFile, FileLine, Payment, PaymentBatch
from yikatong.benefits.rules import (
    BANK_FILE,
    BENEFIT_BATCH,
    BLOCKED,
    DONE,
    PAYMENT,
    SETTLED,
    STILL_OPEN,
    TRANSIT,
)
from yikatong.benefits.services.differences import (
    Found,
    close_broken,
    close_gaps,
    found,
    found_entries,
    gaps,
    left_though_refused,
)
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.paying import settle_if_done
from yikatong.benefits.services.telling import tell_department
from yikatong.benefits.statement_rows import StatementRow, statement_row
from yikatong.benefits.terms import payer
from yikatong.office import post as wires
from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.lifecycle import IllegalStep, advance, advance_all
from yikatong.office.post import ReceivedFile
from yikatong.office.turns import take_turn

PROBLEMS_KEPT = 200
_BOOKED = """
CREATE TEMP TABLE booked (place integer, line integer, said_file text, said_row text, fen bigint, at_day date,
                          serial text, text text, back boolean) ON COMMIT DROP
"""
# What each entry is to us. `first` tells of one statement, the entries joined of those that came before.
_WEIGHED = """
CREATE TEMP TABLE weighed ON COMMIT DROP AS
SELECT k.*, f.id AS file_id, f.batch_id, l.id AS line_id, l.payment_id, p.programme,
       CASE WHEN l.arrived_at IS NULL THEN l.result ELSE '00' END AS result, NULL::text AS meaning, false AS acts
  FROM (SELECT b.*, min(place) OVER (PARTITION BY said_file, said_row, fen) AS first FROM booked b) k
  LEFT JOIN benefits_bankfile f ON f.number = k.said_file AND f.bank_code = %(bank)s AND k.said_file <> ''
  LEFT JOIN benefits_fileline l ON l.file_id = f.id AND k.said_row <> '' AND l.payment_id::text = k.said_row
  LEFT JOIN benefits_payment p ON p.id = l.payment_id
"""
_JUDGED = """
UPDATE weighed w SET meaning = CASE
  WHEN EXISTS (SELECT FROM benefits_statemententry e JOIN benefits_accountstatement s ON s.id = e.statement_id
                WHERE s.id = ANY(%(before)s) AND (e.said_file, e.said_row, e.fen, e.serial, e."on")
                      = (w.said_file, w.said_row, w.fen, left(w.serial, 40), w.at_day)) THEN 'again'
  WHEN w.file_id IS NULL THEN 'foreign'
  WHEN f.sent_at IS NULL THEN 'unsent'
  WHEN w.said_row <> '' AND w.line_id IS NULL THEN 'stranger'
  WHEN w.line_id IS NULL AND w.fen >= 0 THEN 'foreign'
  WHEN abs(w.fen) <> coalesce(l.fen, f.fen) THEN 'amount'
  WHEN w.place <> w.first THEN 'twice'
  WHEN w.line_id IS NULL THEN
       CASE WHEN EXISTS (SELECT FROM benefits_statemententry e WHERE e.file_id = w.file_id AND e.meaning IN ('debit', 'paid'))
              OR EXISTS (SELECT FROM booked s WHERE s.said_file = w.said_file AND s.said_row <> '' AND s.fen < 0)
            THEN 'twice' ELSE 'debit' END
  WHEN w.fen < 0 THEN
       CASE WHEN EXISTS (SELECT FROM benefits_statemententry e WHERE e.file_id = w.file_id
                          AND (e.meaning = 'debit' OR e.meaning = 'paid' AND e.file_line_id = w.line_id))
            THEN 'twice' ELSE 'paid' END
  WHEN EXISTS (SELECT FROM benefits_statemententry e WHERE e.file_line_id = w.line_id AND e.meaning = 'returned')
       THEN 'twice' ELSE 'returned' END
  FROM weighed o LEFT JOIN benefits_bankfile f ON f.id = o.file_id LEFT JOIN benefits_fileline l ON l.id = o.line_id
 WHERE o.place = w.place
"""
# A payment that left and came back in one statement came back.
_ACTING = """
UPDATE weighed w SET acts = w.meaning = 'returned' OR w.meaning = 'paid' AND NOT EXISTS (
  SELECT FROM weighed o WHERE o.line_id = w.line_id AND o.meaning = 'returned')
"""
_STORE = """
INSERT INTO benefits_statemententry
       (statement_id, place, line, fen, "on", serial, text, said_file, said_row, meaning, file_id, file_line_id)
SELECT %(statement)s, place, line, fen, at_day, left(serial, 40), left(text, 140), said_file, said_row,
       CASE WHEN meaning = ANY(%(ours)s) THEN meaning ELSE '' END, file_id,
       CASE WHEN meaning IN ('paid', 'returned') THEN line_id END
  FROM weighed ORDER BY place
"""
_ANSWERED = """
UPDATE benefits_fileline l
   SET result = CASE WHEN l.result = ANY(%(open)s) THEN CASE w.meaning WHEN 'paid' THEN '00' ELSE '99' END ELSE l.result END,
       bank_text = CASE WHEN l.result = ANY(%(open)s) THEN left(w.text, 140) ELSE l.bank_text END,
       bank_serial = CASE WHEN l.result = ANY(%(open)s) THEN left(w.serial, 40) ELSE l.bank_serial END,
       answered_at = CASE WHEN l.result = ANY(%(open)s) THEN %(at)s ELSE l.answered_at END,
       returned_at = CASE w.meaning WHEN 'returned' THEN %(at)s END
  FROM weighed w
 WHERE l.id = w.line_id AND w.acts AND (w.meaning = 'returned' OR w.meaning = 'paid' AND l.result = ANY(%(open)s))
"""
_OURS = ("debit", "paid", "returned", "again")
_OPEN = "result IN ('', '98')"
_LEFT = f"acts AND meaning = 'paid' AND {_OPEN}"
_FAILED = f"meaning = 'returned' AND {_OPEN}"
_BOUNCED = "meaning = 'returned' AND result = '00'"
_MOVED = "SELECT batch_id, payment_id, abs(fen) FROM weighed WHERE programme = %(programme)s AND "
_WHO_BOUNCED = """
SELECT 'payment:' || p.id, p.resident_id, p.region, '',
       jsonb_build_object('batch', b.number, 'line', p.line, 'file', w.said_file)
  FROM weighed w JOIN benefits_payment p ON p.id = w.payment_id JOIN benefits_paymentbatch b ON b.id = p.batch_id
 WHERE w.meaning = 'returned' AND w.result = '00'
"""


def bring_statement(act: Act, *, bank_code: str, name: str, content: bytes) -> StatementRow | Refused:
    """Take in a statement that somebody brought by hand. Refused: file.repeated, file.name_taken, and what
    `take_statement` refuses."""
    file = wires.store_received(counterpart(bank_code), name.strip()[-100:] or "statement", content, act.at)
    if isinstance(file, Refused):
        return Refused(file.code, file.zh, file.en, at="file")
    return take_statement(act, file)


def take_statement(act: Act, file: ReceivedFile) -> StatementRow | Refused:
    """Bring a statement home. Refused, and open as a difference: benefit.statement_unreadable,
    benefit.statement_account (it is not of our account), benefit.statement_repeated (the bank gave another under its
    number); file.already_taken.

    One payment back: it failed, its money is blocked again. One payment out: it is paid. A file's sum out: the bank has
    the file. What does not add up, what breaks off and what is not ours is a difference each, and stops nothing.
    """
    bank = file.counterpart.removeprefix("pay-")
    take_turn(f"statement.{bank}")
    profile = profile_of(bank, act.today)
    said = read_statement(profile, file.content) if profile and profile.statements else None
    refused = _not_ours(bank, said, act.today)
    try:
        wires.settle(act, file, rows=len(said.bookings) if said else 0, refused=refused)
    except IllegalStep:
        return Refused(
            "file.already_taken",
            f"文件 {file.name} 已处理过，未重复处理。",
            f"{file.name} has already been dealt with.",
        )
    if refused is not None or said is None:
        return _turned_away(act, bank, file, refused)
    row = _kept(act, bank, said, file)
    _bring_home(act, row, said)
    _problems(act, row, said)
    found(act, gaps(bank, row.account))
    close_gaps(act, bank, row.account)
    close_broken(act, row)
    act.record(
        STATEMENT_TAKEN,
        subject=f"statement:{row.pk}",
        file=file.name,
        bank=bank,
        number=row.number,
        entries=row.entries,
        complete=row.complete,
    )
    return statement_row(row)


def _not_ours(bank: str, said: Statement | None, today: date) -> Refused | None:
    if said is None or not said.account or not (said.bookings or said.closing_fen is not None):
        return Refused(
            "benefit.statement_unreadable",
            "这不是该银行约定的对账单，没有采用，请与银行核实。",
            "This is no statement as agreed with the bank; nothing was taken. Ask the bank.",
            at="file",
        )
    if said.account != payer(said.on or today).account:
        return Refused(
            "benefit.statement_account",
            "这不是本中心代发账户的对账单，没有采用。",
            "This is no statement of the centre's own account; nothing was taken.",
            at="file",
        )
    on = said.on or today
    if AccountStatement.objects.filter(
        bank_code=bank, account=said.account, on=on, number=said.number[:35], complete=True
    ).exists():
        return Refused(
            "benefit.statement_repeated",
            f"{on} 的第 {said.number[:35]} 号对账单已经收过，这一份内容不同，没有采用，请与银行核实。",
            f"Statement {said.number[:35]} of {on} came before with other content; this one was not taken. Ask the bank.",
            at="file",
        )
    return None


def _kept(act: Act, bank: str, said: Statement, file: ReceivedFile) -> AccountStatement:
    return AccountStatement.objects.create(
        bank_code=bank,
        account=said.account,
        number=said.number[:35],
        on=said.on or act.today,
        opening_fen=said.opening_fen or 0,
        closing_fen=said.closing_fen or 0,
        entries=len(said.bookings),
        complete=said.complete,
        problem_rows=len(said.problems),
        wire_file=file.id,
        name=file.name,
        taken_at=act.at,
    )


def _bring_home(act: Act, row: AccountStatement, said: Statement) -> None:
    bank = row.bank_code
    values: dict[str, Any] = {
        "bank": bank,
        "before": list(row.broken_before().values_list("pk", flat=True)),
        "statement": row.pk,
        "ours": list(_OURS),
        "open": list(STILL_OPEN),
        "at": act.at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_BOOKED)
        with copied(cursor, "COPY booked FROM STDIN") as copy:
            for place, each in enumerate(said.bookings, start=1):
                copy.write_row(_staged(place, each))
        cursor.execute("ANALYZE booked")
        files = _locked(bank, [each.number for each in said.bookings])
        cursor.execute(_WEIGHED, values)
        cursor.execute("ANALYZE weighed")
        cursor.execute(_JUDGED, values)
        cursor.execute(_ACTING)
        cursor.execute(_STORE, values)
        cursor.execute(_ANSWERED, values)
        _move(act)
        found_entries(act, row)
        cursor.execute("SELECT DISTINCT file_id FROM weighed WHERE meaning <> 'unsent'")
        touched = {pk for (pk,) in cursor.fetchall()}
        act.record_rows(PAYMENT_BOUNCED, _WHO_BOUNCED, {}, subject=f"statement:{row.pk}", bank=bank)
        cursor.execute("DROP TABLE weighed, booked")
    found(act, left_though_refused(row))
    _progress(act, [file for file in files if file.pk in touched])


def _staged(place: int, each: Booking) -> tuple[object, ...]:
    return (
        place,
        each.line,
        each.number,
        each.row_id,
        each.fen,
        each.on,
        each.serial,
        each.text.replace("\x00", ""),
        each.returned,
    )


def _locked(bank: str, numbers: list[str]) -> list[BankFile]:
    """The files that are spoken of, locked, and their batches after them: as answers lock them."""
    rows = BankFile.objects.select_for_update(no_key=True)
    files = list(rows.filter(bank_code=bank, number__in=set(numbers)).order_by("pk"))
    batches = PaymentBatch.objects.select_for_update(no_key=True).order_by("pk")
    held = {row.pk: row for row in batches.filter(pk__in={file.batch_id for file in files})}
    for file in files:
        file.batch = held[file.batch_id]
    return files


def _move(act: Act) -> None:
    """Payments and ledger follow: what was open or paid and came back is blocked again, what left is paid."""
    for event, which in (("pay", _LEFT), ("fail", _FAILED), ("bounce", _BOUNCED)):
        chosen = RawSQL(
            f"benefits_payment.id IN (SELECT payment_id FROM weighed WHERE {which})", [], BooleanField()
        )
        advance_all(Payment.objects.filter(chosen), PAYMENT, event, state_since=act.at)
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT programme FROM weighed WHERE programme IS NOT NULL ORDER BY 1")
        programmes = [name for (name,) in cursor.fetchall()]
    for programme in programmes:
        for off, onto, which in (
            (TRANSIT, DONE, _LEFT),
            (TRANSIT, BLOCKED, _FAILED),
            (DONE, BLOCKED, _BOUNCED),
        ):
            post(act, programme, off=off, onto=onto, rows=_MOVED + which, values={"programme": programme})


def _progress(act: Act, files: list[BankFile]) -> None:
    """A file that the bank speaks of was taken by it; a batch of which money came back is open again."""
    for file in files:
        if BANK_FILE.target("acknowledge", file.state) is not None:
            advance(file, BANK_FILE, "acknowledge", state_since=act.at)
        open_lines = FileLine.objects.filter(file=file, result__in=STILL_OPEN)
        if BANK_FILE.target("settle", file.state) is not None and not open_lines.exists():
            advance(file, BANK_FILE, "settle", state_since=act.at)
        returned = FileLine.objects.filter(file=file, returned_at=act.at).count()
        if returned:
            tell_department(act, file.batch, Told.FAILED, file=file.number, failed=returned)
    for batch in {file.batch_id: file.batch for file in files}.values():
        back = Payment.objects.filter(batch=batch, state="failed", state_since=act.at)
        if batch.state == SETTLED.code and back.exists():
            advance(batch, BENEFIT_BATCH, "reopen", state_since=act.at)
            act.record(
                BATCH_REOPENED, subject=f"benefit:{batch.number}", batch=batch.number, rows=back.count()
            )
            tell_department(act, batch, Told.REOPENED)
        settle_if_done(act, batch)


def _problems(act: Act, row: AccountStatement, said: Statement) -> None:
    """Each line that could not be read, and what is wrong with the whole, as differences."""
    found(
        act,
        [
            Found(
                Differs.UNREADABLE if each.line else Differs.UNBALANCED,
                f"statement:{row.pk}:{place}",
                each.zh,
                each.en,
                bank=row.bank_code,
                statement=row.pk,
                line=each.line,
            )
            for place, each in enumerate(said.problems[:PROBLEMS_KEPT], start=1)
        ],
    )
    rest = len(said.problems) - PROBLEMS_KEPT
    if rest > 0:
        found(
            act,
            [
                Found(
                    Differs.UNREADABLE,
                    f"statement:{row.pk}:rest",
                    f"另有 {rest} 处问题未逐条列出",
                    f"{rest} more problems are not listed",
                    bank=row.bank_code,
                    statement=row.pk,
                    rows=rest,
                )
            ],
        )


def _turned_away(act: Act, bank: str, file: ReceivedFile, refused: Refused | None) -> Refused:
    assert refused is not None
    act.record(STATEMENT_REFUSED, file=file.name, code=refused.code, reason=refused.zh, reason_en=refused.en)
    found(
        act,
        [
            Found(
                Differs.TURNED_AWAY,
                f"wire:{file.id}",
                f"{file.name}：{refused.zh}",
                f"{file.name}: {refused.en}",
                bank=bank,
            )
        ],
    )
    return refused
