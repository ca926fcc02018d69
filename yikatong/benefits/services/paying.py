# ruff: noqa: S608, S611 - only this package's own texts are put into the statements; values go as parameters
"""Approved rows become sealed bank files, once: what is sent is what was approved, less who was stopped since."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BooleanField, CharField, Count, JSONField, Sum
from django.db.models.expressions import RawSQL

from yikatong.basics.crypto import sm3
from yikatong.basics.hands import hands_for, lent
from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits.approved import approvable
from yikatong.benefits.bankfiles import slices
from yikatong.benefits.bankfiles.lines import NotWritten
from yikatong.benefits.banks import content_of, counterpart, profile_of, unwritable
from yikatong.benefits.events import Told
from yikatong.benefits.facts import (
    BATCH_SETTLED,
    BATCH_SETTLED_AGAIN,
    FILE_IN_DOUBT,
    FILE_SEALED,
    FILE_SENT,
    ROW_STOPPED,
)
from yikatong.benefits.gone import money_left
from yikatong.benefits.laying import known_to_the_planner
from yikatong.benefits.leaving import DOUBTED, Part, leaving, overtaken, put_together, settle_doubts
from yikatong.benefits.models import BankFile, Payment, PaymentBatch
from yikatong.benefits.programme import programmes
from yikatong.benefits.rows import FileRow, file_row
from yikatong.benefits.rules import (
    AVAILABLE,
    BANK_FILE,
    BENEFIT_BATCH,
    BLOCKED,
    FILE_SENDING,
    FUNDED,
    HELD,
    OPEN,
    PAID,
    PAYING,
    PAYMENT,
    TRANSIT,
    VALID,
)
from yikatong.benefits.services.deadlines import note_coverage, note_replied
from yikatong.benefits.services.judging import question_of, weigh_again
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.locked import alone, locked_batch, locked_file
from yikatong.benefits.services.telling import tell_department
from yikatong.benefits.terms import payer
from yikatong.office import post as wires
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.numbering import next_number
from yikatong.office.readers import look_up
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope

_STOPPED = """
SELECT batch_id, id, fen FROM benefits_payment
 WHERE batch_id = %(batch)s AND state = %(held)s AND stopped_at = %(now)s
"""
_WHO_STOPPED = """
SELECT 'payment:' || id, resident_id, region, '',
       jsonb_build_object('batch', %(number)s::text, 'line', line, 'reason', said -> reason ->> 0)
  FROM benefits_payment WHERE batch_id = %(batch)s AND state = %(held)s AND stopped_at = %(now)s
"""
_OPEN = [state.code for state in OPEN]
_OF_FILES = (
    "SELECT %(batch)s::bigint, l.payment_id, l.fen FROM benefits_fileline l WHERE l.file_id = ANY(%(files)s)"
)
# The lines of all files in one statement: what a trigger asks of them it asks once, of the whole batch.
_STORE = """
INSERT INTO benefits_fileline
       (file_id, sequence, payment_id, card_id, fen, result, bank_result, bank_text, bank_serial)
SELECT f.id, l.place - f.after, l.payment_id, l.card_id, l.fen, '', '', '', ''
  FROM unnest(%(files)s::bigint[], %(banks)s::text[], %(after)s::integer[], %(rows)s::integer[]) AS f (id, bank, after, rows)
  JOIN (SELECT *, row_number() OVER (PARTITION BY bank_code ORDER BY line) AS place FROM leaving) l
    ON l.bank_code = f.bank AND l.place > f.after AND l.place <= f.after + f.rows
"""
_WHY = "(SELECT jsonb_build_object('S02', jsonb_build_array(u.zh, u.en)) FROM unfit u WHERE u.payment_id = benefits_payment.id)"
LINE_BYTES = 100
"""About what a payment takes in a file: to tell whether others lend a hand."""


class FileNotWritten(Exception):
    """A file whose lines were all found fit was refused by its own form: a broken promise of ours."""


def seal_files(act: Act, number: str, *, scope: Scope) -> tuple[FileRow, ...] | Refused:
    """Seal a file for each bank of a batch that is funded, or of what was repaired since in one that is being paid.

    Everything is asked once more at this moment: who died, lost the card or was paid elsewhere since the approval is
    held, and the money free again. Refused: benefit.unknown, benefit.not_waiting, benefit.changed, benefit.nothing_to_send,
    benefit.bank_form (a bank's form cannot carry the head of a file), benefit.left (of all that are left a statement shows
    that their money went; nobody is sent beside that).
    """
    row = locked_batch(number, scope, FUNDED, PAYING)
    if isinstance(row, Refused):
        return row
    alone(row.programme)
    if approvable(row.pk).digest != bytes(row.digest):
        return Refused(
            "benefit.changed",
            "批次的行与审批时不一致，不能发放，请联系管理员核查。",
            "The rows are not those that were approved; nothing is sent. Have it looked into.",
        )
    if not Payment.objects.filter(batch=row, state=VALID.code).exists():
        return Refused(
            "benefit.nothing_to_send", "没有可以送银行的行。", "There is nothing to send to a bank."
        )
    refused = unwritable(row.pk, programmes()[row.programme], payer(act.today), act.today)
    if refused is not None:
        return refused
    begins = row.state == FUNDED.code
    if begins:
        advance(row, BENEFIT_BATCH, "pay", state_since=act.at)
    with leaving(question_of(act, row)) as rows:
        if not rows:
            return money_left()
        with lent(slices.begin, hands_for(rows * LINE_BYTES)) as share:
            weigh_again(act, row, [VALID.code], only=DOUBTED, stopped_at=act.at)
            settle_doubts()
            parts = put_together(programmes()[row.programme], lambda bank: profile_of(bank, act.today), share)
        _leave_out(act, row)
        _free(act, row)
        _move("leaving", row, "send", state_since=act.at)
        files = tuple(_seal(act, row, part) for part in parts)
        _store(act, row, files, parts)
    if begins:
        tell_department(act, row, Told.PAYING)
    settle_if_done(act, row)
    return tuple(file_row(file, row.number) for file in files)


def send_file(act: Act, number: str, *, scope: Scope) -> FileRow | Refused:
    """Send a sealed file, its bytes as they were sealed, if everybody in it may still be paid.

    Refused: benefit.no_file, benefit.file_not_waiting, benefit.file_changed, benefit.file_overtaken.
    """
    row = locked_file(number, scope)
    if isinstance(row, Refused):
        return row
    if BANK_FILE.target("send", row.state) is None:
        state = BANK_FILE.state(row.state)
        return Refused(
            "benefit.file_not_waiting",
            f"文件{state.zh}，不能再发送；同一文件只发一次。",
            f"The file is {state.en} already; a file is sent once.",
        )
    content = bytes(row.content or b"")
    if sm3(content) != bytes(row.digest):
        return Refused(
            "benefit.file_changed",
            "文件内容与封存时不符，不能发送，请联系管理员核查。",
            "The bytes are not those that were sealed; nothing is sent. Have it looked into.",
        )
    refused = still_to_pay(act, row)
    if refused is not None:
        return refused
    wires.queue_file(
        act, counterpart=counterpart(row.bank_code), name=row.name, content=content, rows=row.rows
    )
    advance(row, BANK_FILE, "send", state_since=act.at, sent_at=act.at)
    act.record(
        FILE_SENT,
        subject=f"bankfile:{row.number}",
        file=row.name,
        batch=row.batch.number,
        digest=bytes(row.digest).hex(),
    )
    return file_row(row, row.batch.number)


def still_to_pay(act: Act, row: BankFile) -> Refused | None:
    """Refused where somebody died, lost the card or was paid elsewhere since the file was sealed: benefit.file_overtaken."""
    count = overtaken(question_of(act, row.batch), row.pk)
    if not count:
        return None
    return Refused(
        "benefit.file_overtaken",
        f"封存以后有{count}人不能再照原文件发放（如死亡、挂失、换卡），文件没有发送。请撤回文件后重新封存，其他人照常发放。",
        f"Since it was sealed {count} people may not be paid as the file says (a death, a loss, another card); nothing was "
        "sent. Take the file back and seal anew; everybody else is paid.",
    )


def doubt_files(act: Act) -> int:
    """Mark files whose answer did not come within rule benefit.answer_hours: their outcome is unknown, so that nothing of
    them is sent again until the bank says. Returns how many."""
    before = act.at - timedelta(hours=whole("benefit.answer_hours", act.today))
    waiting = BankFile.objects.select_for_update(no_key=True)
    count = 0
    for row in waiting.filter(state=FILE_SENDING.code, sent_at__lt=before).order_by("id"):
        advance(row, BANK_FILE, "doubt", state_since=act.at)
        act.record(FILE_IN_DOUBT, subject=f"bankfile:{row.number}", file=row.name)
        count += 1
    return count


def settle_if_done(act: Act, row: PaymentBatch) -> None:
    """A batch of which nobody may still be paid is settled; one that was settled before and opened again, once more."""
    note_replied(act, row)
    if row.state != PAYING.code or Payment.objects.filter(batch=row, state__in=_OPEN).exists():
        return
    found = Payment.objects.filter(batch=row, state=PAID.code).aggregate(rows=Count("id"), fen=Sum("fen"))
    advance(row, BENEFIT_BATCH, "settle", state_since=act.at, paid_rows=found["rows"])
    advance_all(Payment.objects.filter(batch=row, state=HELD.code), PAYMENT, "drop", state_since=act.at)
    subject = f"benefit:{row.number}"
    again = bool(look_up(subject=subject, kind=BATCH_SETTLED.code, limit=1))
    act.record(
        BATCH_SETTLED_AGAIN if again else BATCH_SETTLED,
        subject=subject,
        region=row.region,
        outlet=row.outlet,
        batch=row.number,
        programme=row.programme,
        period=row.period,
        paid=found["rows"],
        fen=int(found["fen"] or 0),
        yuan=print_yuan(int(found["fen"] or 0), thousands=True),
        insurance=programmes()[row.programme].insurance,
    )
    tell_department(act, row, Told.SETTLED, again=again)
    note_coverage(act, row)


def _leave_out(act: Act, row: PaymentBatch) -> None:
    """Hold what a bank's form cannot carry, each with what is wrong."""
    _move(
        "unfit",
        row,
        "hold",
        state_since=act.at,
        stopped_at=act.at,
        level="hold",
        reason="S02",
        checks=RawSQL("benefits_payment.checks || ARRAY['S02'::varchar]", [], ArrayField(CharField())),
        said=RawSQL(f"benefits_payment.said || {_WHY}", [], JSONField()),
    )


def _move(table: str, row: PaymentBatch, event: str, **also: Any) -> None:
    """Take a step with the payments of a batch that stand in a temporary table."""
    there = RawSQL(f"benefits_payment.id IN (SELECT payment_id FROM {table})", [], BooleanField())
    advance_all(Payment.objects.filter(there, batch=row), PAYMENT, event, **also)


def _free(act: Act, row: PaymentBatch) -> None:
    """The money of who was held just now is available again, and the journal names them."""
    values = {"batch": row.pk, "held": HELD.code, "now": act.at}
    post(act, row.programme, off=BLOCKED, onto=AVAILABLE, rows=_STOPPED, values=values)
    act.record_rows(
        ROW_STOPPED,
        _WHO_STOPPED,
        {**values, "number": row.number},
        subject=f"benefit:{row.number}",
        batch=row.number,
    )


def _seal(act: Act, row: PaymentBatch, part: Part) -> BankFile:
    number = next_number("P")
    programme = programmes()[row.programme]
    content = content_of(part, number=number, programme=programme, payer=payer(act.today), on=act.today)
    if isinstance(content, NotWritten):
        raise FileNotWritten(f"{number}: {[each.code for each in content.problems[:5]]}")
    file = BankFile.objects.create(
        number=number,
        batch=row,
        bank_code=part.bank_code,
        sequence=BankFile.objects.filter(batch=row, bank_code=part.bank_code).count() + 1,
        name=f"pay-{number}.txt",
        rows=part.rows,
        fen=part.fen,
        digest=sm3(content),
        content=content,
        sealed_at=act.at,
        sealed_by=act.actor.code,
        sealed_by_name=act.actor.name,
        state_since=act.at,
    )
    act.record(
        FILE_SEALED,
        subject=f"bankfile:{number}",
        file=file.name,
        batch=row.number,
        bank=part.bank_code,
        rows=file.rows,
        fen=file.fen,
        yuan=print_yuan(file.fen, thousands=True),
        digest=bytes(file.digest).hex(),
    )
    return file


def _store(act: Act, row: PaymentBatch, files: tuple[BankFile, ...], parts: list[Part]) -> None:
    """The lines of the files, and their money on its way to the banks."""
    keys = [file.pk for file in files]
    values: dict[str, Any] = {
        "files": keys,
        "banks": [part.bank_code for part in parts],
        "after": [part.after for part in parts],
        "rows": [part.rows for part in parts],
    }
    with connection.cursor() as cursor:
        cursor.execute(_STORE, values)
        rows = sum(part.rows for part in parts)
        known_to_the_planner(cursor, "benefits_fileline", "file_id", "payment_id", "result", rows=rows)
    moved: dict[str, Any] = {"batch": row.pk, "files": keys}
    post(act, row.programme, off=BLOCKED, onto=TRANSIT, rows=_OF_FILES, values=moved)
