# ruff: noqa: S608, S611 - only this package's own texts are put into the statements; values go as parameters
"""What a bank says of a file comes home: each line to its payment, sets at a time; a strange line never stops the rest."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import BooleanField
from django.db.models.expressions import RawSQL

from yikatong.basics.copied import escaped
from yikatong.basics.refused import Refused
from yikatong.benefits.bankfiles.exchange import read
from yikatong.benefits.bankfiles.lines import AnswerLine, Answers, Verdict
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.bankfiles.said import decisive
from yikatong.benefits.banks import counterpart, profile_of
from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.events import Told
from yikatong.benefits.facts import ANSWER_REFUSED, ANSWER_TAKEN
from yikatong.benefits.laying import known_to_the_planner
from yikatong.benefits.models import Answer, BankFile, FileLine, Payment, PaymentBatch, StatementEntry
from yikatong.benefits.rules import (
    BANK_FILE,
    BLOCKED,
    DONE,
    NO_ANSWER,
    PAYMENT,
    STILL_OPEN,
    TRANSIT,
)
from yikatong.benefits.services.differences import Found, found
from yikatong.benefits.services.enquiring import note_answer, was_asked
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.paying import settle_if_done
from yikatong.benefits.services.telling import tell_department
from yikatong.benefits.terms import bank_profiles
from yikatong.office import post as wires
from yikatong.office.act import Act
from yikatong.office.copying import copied
from yikatong.office.lifecycle import IllegalStep, advance, advance_all
from yikatong.office.post import ReceivedFile

NOTHING = r"\N"
MOST_DIGITS = 18
"""Of a payment's number; what has more is none of ours."""
SLICE = 5_000
PROBLEMS_KEPT = 200
_SAID = """
CREATE TEMP TABLE said (place integer, payment_id bigint, result text, bank_code text, bank_text text, at timestamptz,
                        serial text, fen bigint) ON COMMIT DROP
"""
_COPY = "COPY said FROM STDIN"
_OF_OTHERS = """
INSERT INTO said SELECT sequence, payment_id, %(result)s, %(code)s, %(text)s, NULL, '', NULL
  FROM benefits_fileline WHERE file_id = %(file)s
   AND payment_id NOT IN (SELECT payment_id FROM said WHERE payment_id IS NOT NULL)
"""
# Each row comes once: what a file says of it twice is settled where it is read (`bankfiles.said.once`).
_JUDGED = """
CREATE TEMP TABLE taken ON COMMIT DROP AS
SELECT s.place, s.result, s.bank_code, s.bank_text, s.at, s.serial, l.id AS line_id, l.payment_id, l.fen,
       CASE WHEN l.id IS NULL THEN 'stranger'
            WHEN s.fen IS NOT NULL AND s.fen <> l.fen THEN 'amount'
            WHEN l.result = s.result THEN 'again'
            WHEN l.returned_at IS NOT NULL AND s.result NOT IN ('00', '98') THEN 'again'
            WHEN NOT l.result = ANY(%(open)s) THEN 'contradicts' ELSE '' END AS refusal
  FROM said s LEFT JOIN benefits_fileline l ON l.file_id = %(file)s AND l.payment_id = s.payment_id
"""
_WRITE = """
UPDATE benefits_fileline l SET result = t.result, bank_result = left(t.bank_code, 20), bank_text = left(t.bank_text, 140),
       bank_serial = left(t.serial, 40), bank_at = t.at, answered_at = %(at)s
  FROM taken t WHERE l.id = t.line_id AND t.refusal = ''
"""
_SAID_PAID = """
UPDATE benefits_fileline l SET said_paid_at = coalesce(l.said_paid_at, %(at)s)
  FROM taken t WHERE l.id = t.line_id AND t.refusal = 'contradicts' AND t.result = '00'
"""
_MOVED = "SELECT %(batch)s::bigint, payment_id, fen FROM taken WHERE refusal = '' AND "
_GOOD, _OPEN = "result = '00'", "result = '98'"
_BAD = "result NOT IN ('00', '98')"
_COUNTED = f"""
SELECT count(*) FILTER (WHERE refusal = 'again'), count(*) FILTER (WHERE refusal = '' AND {_GOOD}),
       count(*) FILTER (WHERE refusal = '' AND {_BAD}), count(*) FILTER (WHERE refusal = '' AND {_OPEN}) FROM taken
"""
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
}

_SETTLES_NOBODY = (Result.PAID, Result.UNKNOWN, Result.NOT_RECEIVED)
_NOT_BELIEVED = (
    "银行说整个文件重复或不受理，但此前已收下这个文件；各行结果不变，以逐笔回盘为准，请向银行核实",
    "the bank refuses the file as a whole, as a copy of one that it has; no line is settled by this, ask the bank",
)


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
    """Take in an answer that somebody brought by hand. Refused: benefit.answer_of_another (it is another bank's), file.repeated,
    file.name_taken, and what `take_answer` refuses."""
    theirs = _whose(content, act.today)
    if theirs is not None and theirs.bank_code != bank_code:
        return Refused(
            "benefit.answer_of_another",
            f"这是银行{theirs.bank_code}对文件 {theirs.number} 的回盘，请选择这家银行后再上传。",
            f"This is the answer of bank {theirs.bank_code} to file {theirs.number}; choose that bank and bring it again.",
            at="bank",
        )
    file = wires.store_received(counterpart(bank_code), name.strip()[-100:] or "answer", content, act.at)
    if isinstance(file, Refused):
        return Refused(file.code, file.zh, file.en, at="file")
    return take_answer(act, file, brought=True)


def take_answer(act: Act, file: ReceivedFile, *, brought: bool = False) -> Report | Refused:
    """Bring an answer home. Refused: benefit.answer_unreadable (whose answer it is cannot be told), benefit.answer_torn (it is
    cut off before its first line; the whole one may come under its name), file.already_taken.

    A line that says what was known changes nothing; one that says another thing of a settled payment is not believed.
    Paid money leaves the ledger's transit for good, failed money is blocked again for its person; what is unknown stays
    with the bank. A truncated answer is taken as far as it goes. Who `brought` it by hand does not mend what failed by it.
    """
    bank = file.counterpart.removeprefix("pay-")
    answers, row = _read(act, bank, file)
    refused = _unreadable(file.name) if row is None or answers is None else _torn(answers, file.name)
    try:
        wires.settle(act, file, rows=len(answers.lines) if answers else 0, refused=refused)
    except IllegalStep:
        return Refused(
            "file.already_taken",
            f"文件 {file.name} 已处理过，未重复处理。",
            f"{file.name} has already been dealt with.",
        )
    if refused is not None:
        if row is not None and not _never(answers):
            _has_it(act, row)
        return _turned_away(act, bank, file, refused)
    assert row is not None and answers is not None
    batch = PaymentBatch.objects.select_for_update(no_key=True).get(pk=row.batch_id)
    row.batch = batch
    asked = was_asked(row)
    missing = note_answer(act, row, answers, asked=asked)
    answers = decisive(answers, asked=asked)
    report = _bring_home(act, row, batch, answers)
    if not missing:
        _progress(act, row)
    if report.failed:
        tell_department(act, batch, Told.FAILED, file=row.number, failed=report.failed)
    settle_if_done(act, batch)
    _keep(act, row, file, report, answers.verdict, act.actor.code if brought else "")
    return report


def _read(act: Act, bank: str, file: ReceivedFile) -> tuple[Answers | None, BankFile | None]:
    """An answer and the file it speaks of: by the form agreed with the bank today, else by one in which a file was sealed."""
    days = BankFile.objects.filter(bank_code=bank, sent_at__isnull=False).dates("sealed_at", "day", "DESC")
    answers, tried = None, set[str]()
    for day in chain([act.today], days):
        profile = profile_of(bank, day)
        if profile is None or profile.name in tried:
            continue
        tried.add(profile.name)
        answers = read(profile, file.content)
        row = _answered(answers, bank)
        if row is not None:
            return answers, row
    return answers, None


def _whose(content: bytes, today: date) -> BankFile | None:
    """The file that an answer is about, whatever bank it is said to come from."""
    forms = {
        form.name: form for bank in bank_profiles(today) if (form := profile_of(bank, today)) is not None
    }
    for form in forms.values():
        number = read(form, content).number
        row = BankFile.objects.filter(number=number).first() if number else None
        if row is not None:
            return row
    return None


def _answered(answers: Answers | None, bank: str) -> BankFile | None:
    if answers is None or not answers.number:
        return None
    rows = BankFile.objects.select_for_update(no_key=True)
    row = rows.filter(number=answers.number, bank_code=bank).first()
    return None if row is None or row.sent_at is None else row


def _bring_home(act: Act, row: BankFile, batch: PaymentBatch, answers: Answers) -> Report:
    values: dict[str, Any] = {"file": row.pk, "batch": batch.pk, "open": list(STILL_OPEN), "at": act.at}
    said = answers.verdict
    refused_whole = not answers.lines and _refused_whole(row, said)
    with connection.cursor() as cursor:
        cursor.execute(_SAID)
        _stage(cursor, row, answers, whole=said if refused_whole or _paid_whole(said) else None)
        cursor.execute("ANALYZE said (payment_id)")
        cursor.execute(_JUDGED, values)
        cursor.execute("CREATE INDEX ON taken (payment_id)")
        cursor.execute("ANALYZE taken (line_id, payment_id, refusal, result)")
        cursor.execute(_WRITE, values)
        cursor.execute(_SAID_PAID, values)
        cursor.execute(_COUNTED)
        again, good, bad, still_open = map(int, cursor.fetchone())
        paid = _moved(act, "pay", _GOOD) if good else 0
        failed = _moved(act, "fail", _BAD) if bad else 0
        unknown = _moved(act, "doubt", _OPEN) if still_open else 0
        for onto, which, count in ((DONE, _GOOD, good), (BLOCKED, _BAD, bad)):
            if count:
                values = {"batch": batch.pk}
                post(act, batch.programme, off=TRANSIT, onto=onto, rows=_MOVED + which, values=values)
        known_to_the_planner(cursor, "benefits_payment", "batch_id", "state", rows=paid + failed + unknown)
        cursor.execute(
            "SELECT place, refusal FROM taken WHERE refusal NOT IN ('', 'again') ORDER BY place LIMIT %s",
            [PROBLEMS_KEPT],
        )
        strange = [(place, *_SENTENCES[why]) for place, why in cursor.fetchall()]
        cursor.execute("DROP TABLE taken, said")
    problems = [(each.line, each.zh, each.en) for each in answers.problems]
    if said and said.result not in _SETTLES_NOBODY and not refused_whole:
        problems.append((0, *_NOT_BELIEVED))
    return Report(row.number, paid, failed, unknown, again, (*problems, *strange), answers.complete)


def _refused_whole(row: BankFile, said: Verdict | None) -> bool:
    """Whether the bank moved no money for the whole file, so that every line of it has failed.

    A number that it has had before decides nothing: the first file of that number was paid, or is being paid. Neither
    does a refusal after the bank has told of single payments: it took the file, so this is about another copy of it; nor
    one of a file that went twice, as we know or the bank said before: which copy it speaks of is not known.
    """
    if said is None or said.result in (*_SETTLES_NOBODY, Result.DUPLICATE) or row.resent_at is not None:
        return False
    return not (
        FileLine.objects.filter(file=row).exclude(result=NO_ANSWER).exists()
        or StatementEntry.objects.filter(file=row).exists()
        or Answer.objects.filter(file=row, verdict=Result.DUPLICATE.value).exists()
    )


def _paid_whole(said: Verdict | None) -> bool:
    return said is not None and said.result is Result.PAID


def _stage(cursor: CursorWrapper, row: BankFile, answers: Answers, *, whole: Verdict | None) -> None:
    """What is said, line by line; where the bank speaks of the file as a `whole`, every row without a line of its own."""
    with copied(cursor, _COPY) as copy:
        lines = enumerate(answers.lines, start=1)
        while some := list(islice(lines, SLICE)):
            copy.write("".join(_laid_out(place, line) for place, line in some))
    if whole is not None:
        told: dict[str, Any] = {"file": row.pk, "result": whole.result.value}
        cursor.execute(_OF_OTHERS, {**told, "code": whole.bank_code, "text": whole.bank_text})


def _laid_out(place: int, line: AnswerLine) -> str:
    number = line.row_id
    ours = number.isascii() and number.isdigit() and number[0] != "0" and len(number) <= MOST_DIGITS
    payment = number if ours else NOTHING
    at = f"{line.at}+08:00" if line.at else NOTHING
    return (
        f"{place}\t{payment}\t{line.result.value}\t{escaped(line.bank_code)}\t{escaped(line.bank_text)}\t{at}\t"
        f"{escaped(line.serial)}\t{line.fen if line.fen is not None else NOTHING}\n"
    )


def _moved(act: Act, event: str, which: str) -> int:
    payments = Payment.objects.filter(
        RawSQL(
            f"benefits_payment.id IN (SELECT payment_id FROM taken WHERE refusal = '' AND {which})",
            [],
            BooleanField(),
        )
    )
    return advance_all(payments, PAYMENT, event, state_since=act.at)


def _never(answers: Answers | None) -> bool:
    """Whether what is left of an answer may say that the file never came."""
    return answers is not None and answers.verdict is not None and answers.verdict.never


def _has_it(act: Act, row: BankFile) -> None:
    """Who answers a file has it, however little of the answer came."""
    if BANK_FILE.target("acknowledge", row.state) is not None:
        advance(row, BANK_FILE, "acknowledge", state_since=act.at)


def _progress(act: Act, row: BankFile) -> None:
    _has_it(act, row)
    open_lines = FileLine.objects.filter(file=row, result__in=STILL_OPEN)
    if BANK_FILE.target("settle", row.state) is not None and not open_lines.exists():
        advance(row, BANK_FILE, "settle", state_since=act.at)


def _keep(
    act: Act, row: BankFile, file: ReceivedFile, report: Report, verdict: Verdict | None, brought_by: str
) -> None:
    Answer.objects.create(
        file=row,
        wire_file=file.id,
        name=file.name,
        taken_at=act.at,
        brought_by=brought_by,
        complete=report.complete,
        verdict=verdict.result.value if verdict else "",
        paid=report.paid,
        failed=report.failed,
        unknown=report.unknown,
        again=report.again,
        problems=[list(each) for each in report.problems[:PROBLEMS_KEPT]],
        problem_rows=len(report.problems),
    )
    _look_into(act, row, file, report)
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


def _look_into(act: Act, row: BankFile, file: ReceivedFile, report: Report) -> None:
    """Lines that could not be used are a difference: they stop nobody, and somebody asks the bank."""
    if not report.problems:
        return
    count, (_, zh, en) = len(report.problems), report.problems[0]
    these = Found(
        Differs.ANSWER,
        f"answer:{file.id}",
        f"{file.name}：{count} 处，如“{zh}”",
        f"{file.name}: {count} lines, such as “{en}”",
        region=row.batch.region,
        bank=row.bank_code,
        batch=row.batch_id,
        file=row.pk,
        rows=count,
    )
    found(act, [these])


def _turned_away(act: Act, bank: str, file: ReceivedFile, refused: Refused) -> Refused:
    zh, en = f"{file.name}：{refused.zh}", f"{file.name}: {refused.en}"
    found(act, [Found(Differs.TURNED_AWAY, f"answer:{file.id}", zh, en, bank=bank)])
    act.record(ANSWER_REFUSED, file=file.name, code=refused.code, reason=refused.zh, reason_en=refused.en)
    return refused


def _torn(answers: Answers, name: str) -> Refused | None:
    if (
        answers.complete
        or answers.lines
        or (answers.verdict and answers.verdict.result is not Result.UNKNOWN)
    ):
        return None
    return Refused(
        "benefit.answer_torn",
        f"文件 {name} 不完整，没有读到任何一笔的结果，没有采用；请银行把整个文件重传一次，可以用原来的文件名。",
        f"{name} is cut off before its first line; nothing was taken. Have the bank send the whole file again; its name may stay.",
    )


def _unreadable(name: str) -> Refused:
    return Refused(
        "benefit.answer_unreadable",
        f"文件 {name} 不是已发送的代发文件的回盘，没有采用，请与银行核实。",
        f"{name} does not answer any payment file that was sent; nothing was taken. Ask the bank.",
    )
