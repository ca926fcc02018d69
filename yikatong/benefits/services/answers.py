# ruff: noqa: S608, S611 - only this package's own texts are put into the statements; values go as parameters
"""What a bank says of a file comes home: each line to its payment, sets at a time; a strange line never stops the rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.exchange import read
from yikatong.benefits.bankfiles.lines import Answers
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.banks import counterpart, profile_of
from yikatong.benefits.facts import ANSWER_REFUSED, ANSWER_TAKEN
from yikatong.benefits.models import Answer, BankFile, FileLine, Payment, PaymentBatch
from yikatong.benefits.rules import (
    BANK_FILE,
    BLOCKED,
    DONE,
    PAYMENT,
    STILL_OPEN,
    TRANSIT,
)
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.paying import settle_if_done
from yikatong.office import post as wires
from yikatong.office.act import Act
from yikatong.office.lifecycle import IllegalStep, advance, advance_all
from yikatong.office.post import ReceivedFile

BEIJING = ZoneInfo("Asia/Shanghai")
PROBLEMS_KEPT = 200
_SAID = """
CREATE TEMP TABLE said (place integer, row_id text, result text, bank_code text, bank_text text, at timestamptz,
                        serial text, fen bigint) ON COMMIT DROP
"""
_JUDGED = """
CREATE TEMP TABLE taken ON COMMIT DROP AS
SELECT s.place, s.row_id, s.result, s.bank_code, s.bank_text, s.at, s.serial, l.id AS line_id, l.payment_id, l.fen,
       CASE WHEN l.id IS NULL THEN 'stranger'
            WHEN s.fen IS NOT NULL AND s.fen <> l.fen THEN 'amount'
            WHEN t.says > 1 THEN 'contradicts_itself'
            WHEN l.result = s.result THEN 'again'
            WHEN NOT l.result = ANY(%(open)s) THEN 'contradicts'
            WHEN s.place <> t.first THEN 'again' ELSE '' END AS refusal
  FROM said s
  LEFT JOIN benefits_fileline l ON l.file_id = %(file)s AND l.payment_id::text = s.row_id
  JOIN (SELECT row_id, min(place) AS first, count(DISTINCT result) AS says FROM said GROUP BY row_id) t
    ON t.row_id = s.row_id
"""
_WRITE = """
UPDATE benefits_fileline l SET result = t.result, bank_result = left(t.bank_code, 20), bank_text = left(t.bank_text, 140),
       bank_serial = left(t.serial, 40), bank_at = t.at, answered_at = %(at)s
  FROM taken t WHERE l.id = t.line_id AND t.refusal = ''
"""
_MOVED = "SELECT %(batch)s::bigint, payment_id, fen FROM taken WHERE refusal = '' AND "
_GOOD, _OPEN = "result = '00'", "result = '98'"
_BAD = "result NOT IN ('00', '98')"
_SENTENCES = {
    "stranger": ("不是这个文件里的行", "is no line of this file"),
    "amount": (
        "金额与所送文件不同，未采用，请与银行核实",
        "names another amount than was sent; not used, ask the bank",
    ),
    "contradicts": (
        "与此前已采用的结果不同，未采用，请与银行核实",
        "differs from what was taken before; ask the bank",
    ),
    "contradicts_itself": (
        "同一文件对这一行给出不同结果，均未采用，请与银行核实",
        "is spoken of in two ways; neither was used, ask the bank",
    ),
}


@dataclass(frozen=True)
class Report:
    """What an answer brought: rows by outcome, lines that said what was known, and what could not be used."""

    file: str
    paid: int
    failed: int
    unknown: int
    again: int
    problems: tuple[tuple[int, str, str], ...]
    complete: bool


def bring_answer(act: Act, *, bank_code: str, name: str, content: bytes) -> Report | Refused:
    """Take in an answer that somebody brought by hand. Refused: file.repeated, file.name_taken, and what `take_answer`
    refuses."""
    file = wires.store_received(counterpart(bank_code), name.strip()[-100:] or "answer", content, act.at)
    if isinstance(file, Refused):
        return Refused(file.code, file.zh, file.en, at="file")
    return take_answer(act, file)


def take_answer(act: Act, file: ReceivedFile) -> Report | Refused:
    """Bring an answer home. Refused: benefit.answer_unreadable (whose answer it is cannot be told), file.already_taken.

    A line that says what was known changes nothing; one that says another thing of a settled payment is not believed.
    Paid money leaves the ledger's transit for good, failed money is blocked again for its person; what is unknown stays
    with the bank. A truncated answer is taken as far as it goes.
    """
    bank = file.counterpart.removeprefix("pay-")
    profile = profile_of(bank, act.today)
    answers = read(profile, file.content) if profile else None
    row = _answered(answers, bank)
    try:
        refused = None if row else _unreadable(file.name)
        wires.settle(act, file, rows=len(answers.lines) if answers else 0, refused=refused)
    except IllegalStep:
        return Refused(
            "file.already_taken",
            f"文件 {file.name} 已处理过，未重复处理。",
            f"{file.name} has already been dealt with.",
        )
    if row is None or answers is None:
        return _turned_away(act, file)
    batch = PaymentBatch.objects.select_for_update(no_key=True).defer("content").get(pk=row.batch_id)
    report = _bring_home(act, row, batch, answers)
    _progress(act, row, answers)
    settle_if_done(act, batch)
    _keep(act, row, file, report)
    return report


def _answered(answers: Answers | None, bank: str) -> BankFile | None:
    if answers is None or not answers.number:
        return None
    rows = BankFile.objects.select_for_update(no_key=True).defer("content")
    row = rows.filter(number=answers.number, bank_code=bank).first()
    return None if row is None or row.sent_at is None else row


def _bring_home(act: Act, row: BankFile, batch: PaymentBatch, answers: Answers) -> Report:
    values: dict[str, Any] = {"file": row.pk, "batch": batch.pk, "open": list(STILL_OPEN), "at": act.at}
    with connection.cursor() as cursor:
        cursor.execute(_SAID)
        with cursor.copy("COPY said FROM STDIN") as copy:
            for place, line in enumerate(_whole(row, answers), start=1):
                copy.write_row((place, *line))
        cursor.execute("ANALYZE said")
        cursor.execute(_JUDGED, values)
        cursor.execute("ANALYZE taken")
        cursor.execute(_WRITE, values)
        paid = _moved(act, "pay", _GOOD)
        failed = _moved(act, "fail", _BAD)
        unknown = _moved(act, "doubt", _OPEN)
        for onto, which in ((DONE, _GOOD), (BLOCKED, _BAD)):
            post(
                act, batch.programme, off=TRANSIT, onto=onto, rows=_MOVED + which, values={"batch": batch.pk}
            )
        cursor.execute("SELECT count(*) FROM taken WHERE refusal = 'again'")
        again = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT place, refusal FROM taken WHERE refusal NOT IN ('', 'again') ORDER BY place LIMIT %s",
            [PROBLEMS_KEPT],
        )
        strange = [(place, *_SENTENCES[why]) for place, why in cursor.fetchall()]
        cursor.execute("DROP TABLE taken, said")
    told = [(each.line, each.zh, each.en) for each in answers.problems]
    return Report(row.number, paid, failed, unknown, again, (*told, *strange), answers.complete)


def _whole(row: BankFile, answers: Answers) -> Sequence[tuple[object, ...]]:
    """The lines as they are staged; where the bank speaks of the file as a whole, every line of it says the same."""
    if answers.verdict is None or answers.verdict.result in (Result.PAID, Result.UNKNOWN):
        return [
            (
                line.row_id,
                line.result.value,
                line.bank_code,
                line.bank_text,
                line.at.replace(tzinfo=BEIJING) if line.at else None,
                line.serial,
                line.fen,
            )
            for line in answers.lines
        ]
    said = answers.verdict
    payments = FileLine.objects.filter(file=row).order_by("sequence").values_list("payment_id", flat=True)
    return [
        (str(payment), said.result.value, said.bank_code, said.bank_text, None, "", None)
        for payment in payments
    ]


def _moved(act: Act, event: str, which: str) -> int:
    payments = Payment.objects.filter(
        RawSQL(
            f"benefits_payment.id IN (SELECT payment_id FROM taken WHERE refusal = '' AND {which})",
            [],
            BooleanField(),
        )
    )
    return advance_all(payments, PAYMENT, event, state_since=act.at)


def _progress(act: Act, row: BankFile, answers: Answers) -> None:
    if BANK_FILE.target("acknowledge", row.state) is not None:
        advance(row, BANK_FILE, "acknowledge", state_since=act.at)
    open_lines = FileLine.objects.filter(file=row, result__in=STILL_OPEN)
    if BANK_FILE.target("settle", row.state) is not None and not open_lines.exists():
        advance(row, BANK_FILE, "settle", state_since=act.at)


def _keep(act: Act, row: BankFile, file: ReceivedFile, report: Report) -> None:
    Answer.objects.create(
        file=row,
        wire_file=file.id,
        name=file.name,
        taken_at=act.at,
        complete=report.complete,
        paid=report.paid,
        failed=report.failed,
        unknown=report.unknown,
        again=report.again,
        problems=[list(each) for each in report.problems[:PROBLEMS_KEPT]],
        problem_rows=len(report.problems),
    )
    act.record(
        ANSWER_TAKEN,
        subject=f"bankfile:{row.number}",
        file=file.name,
        paid=report.paid,
        failed=report.failed,
        unknown=report.unknown,
        again=report.again,
        problems=len(report.problems),
        complete=report.complete,
    )


def _turned_away(act: Act, file: ReceivedFile) -> Refused:
    refused = _unreadable(file.name)
    act.record(ANSWER_REFUSED, file=file.name, code=refused.code, reason=refused.zh)
    return refused


def _unreadable(name: str) -> Refused:
    return Refused(
        "benefit.answer_unreadable",
        f"文件 {name} 不是已发送的代发文件的回盘，没有采用，请与银行核实。",
        f"{name} does not answer any payment file that was sent; nothing was taken. Ask the bank.",
    )
