"""The proof that each approved row was paid at most once, computed anew from bytes and journal, not from our tables.

What was sent is read from the sealed files by the bank's own reading of the agreement, what came of it from the stored bytes
of answers and statements; the tables and the journal have to say the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import F, Q, Sum

from yikatong.basics.crypto import sm3
from yikatong.benefits.approved import approvable
from yikatong.benefits.bankfiles.exchange import read, read_statement
from yikatong.benefits.bankfiles.played import NotTaken
from yikatong.benefits.bankfiles.profiles import Profile
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.bankfiles.simulator import taking
from yikatong.benefits.banks import profile_of
from yikatong.benefits.facts import FILE_SEALED, FINANCE_APPROVED
from yikatong.benefits.models import (
    AccountStatement,
    Answer,
    BankFile,
    FileLine,
    Payment,
    PaymentBatch,
    Posting,
    Recovery,
    StatementEntry,
    Whereabouts,
)
from yikatong.benefits.rules import APPROVED, BUDGET, DONE, FOUND_AGREED, PAID
from yikatong.benefits.whereabouts import Outcome
from yikatong.office import post
from yikatong.office.readers import look_up


@dataclass(frozen=True)
class Contradiction:
    """What does not say the same: where, and in what, in Chinese and English."""

    where: str
    zh: str
    en: str


@dataclass(frozen=True)
class Proof:
    """A batch proven: files and lines read again, people paid by what the banks' bytes say, and what contradicts."""

    batch: str
    files: int
    lines: int
    paid: int
    contradictions: tuple[Contradiction, ...]


def approved_batches() -> tuple[str, ...]:
    """Every batch that finance approved, in the order in which they came."""
    rows = PaymentBatch.objects.filter(state__in=[state.code for state in APPROVED]).order_by("pk")
    return tuple(rows.values_list("number", flat=True))


def prove(number: str) -> Proof:
    """Prove one batch that finance approved."""
    row = PaymentBatch.objects.get(number=number)
    found = list(_approval(row))
    payments = dict(Payment.objects.filter(batch=row).values_list("pk", "fen"))
    paid: Counter[int] = Counter()
    lines = 0
    files = BankFile.objects.filter(batch=row).order_by("pk")
    for file in files.iterator(chunk_size=1):
        sent, wrong = _sent(file)
        found += wrong
        lines += len(sent)
        found += [
            _says(
                file.number, f"第 {payment} 笔不是审批的金额", f"payment {payment} is not what was approved"
            )
            for payment, fen in sent.items()
            if payments.get(payment) != fen
        ]
        credited, wrong = _credited(file, sent)
        found += wrong
        paid.update(credited)
    found += [
        _says(number, f"第 {payment} 笔付了 {times} 次", f"payment {payment} was paid {times} times")
        for payment, times in paid.items()
        if times > 1
    ]
    ours = set(Payment.objects.filter(batch=row, state=PAID.code).values_list("pk", flat=True))
    found += [
        _says(
            number,
            f"第 {payment} 笔：银行文件与台账说法不同",
            f"payment {payment}: the bank's bytes say otherwise",
        )
        for payment in sorted(ours ^ set(paid))
    ]
    back = Posting.objects.filter(batch=row, off=DONE, onto=BUDGET).order_by().values("payment_id")
    given = dict(back.annotate(sum=Sum("fen")).values_list("payment_id", "sum"))
    said = dict(
        Recovery.objects.filter(payment__batch=row, returned_fen__gt=0).values_list(
            "payment_id", "returned_fen"
        )
    )
    found += [
        _says(
            number,
            f"第 {payment} 笔：追回与账务说法不同",
            f"payment {payment}: the ledger says otherwise of what was had back",
        )
        for payment in sorted(given.keys() | said.keys())
        if given.get(payment) != said.get(payment)
    ]
    return Proof(number, len(files), lines, len(paid), tuple(found))


def _approval(row: PaymentBatch) -> Iterator[Contradiction]:
    """The rows are those whose digest the journal holds."""
    digest = approvable(row.pk).digest.hex()
    facts = look_up(subject=f"benefit:{row.number}", kind=FINANCE_APPROVED.code, limit=2)
    said = {str(each.payload.get("digest", "")) for each in facts}
    if said != {digest} or bytes(row.digest).hex() != digest:
        yield _says(
            row.number, "名单与日志中审批的摘要不符", "the rows are not those of the digest in the journal"
        )


def _sent(file: BankFile) -> tuple[dict[int, int], list[Contradiction]]:
    """What the sealed bytes pay: payment -> fen, read as the bank reads it; and what of it our tables say otherwise."""
    content = bytes(file.content or b"")
    facts = look_up(subject=f"bankfile:{file.number}", kind=FILE_SEALED.code, limit=2)
    said = {str(each.payload.get("digest", "")) for each in facts}
    digest = sm3(content).hex()
    if said != {digest} or bytes(file.digest).hex() != digest:
        return {}, [
            _says(
                file.number, "文件内容与日志中的摘要不符", "the bytes are not those of the journal's digest"
            )
        ]
    profile = profile_of(file.bank_code, file.sealed_at.date())
    try:
        order = taking(_agreed(profile), content)
    except NotTaken:
        return {}, [_says(file.number, "文件不能再读", "the file cannot be read again")]
    sent = {int(each.row_id): each.fen for each in order.payments}
    ours = dict(FileLine.objects.filter(file=file).values_list("payment_id", "fen"))
    if sent != ours or len(order.payments) != file.rows:
        return sent, [_says(file.number, "文件内容与明细表不符", "the bytes are not what our lines say")]
    return sent, []


def _credited(file: BankFile, sent: dict[int, int]) -> tuple[set[int], list[Contradiction]]:
    """Whose money arrived by this file and did not come back, by the stored bytes of answers and statements, and where those
    say two things by what two people found out."""
    said: set[int] = set()
    wrong = []
    for wire, name in Answer.objects.filter(file=file).order_by("pk").values_list("wire_file", "name"):
        answers = read(_agreed(profile_of(file.bank_code, file.sealed_at.date())), post.content_of(wire))
        if answers.number != file.number:
            wrong.append(_says(name, "回盘说的是别的文件", "the answer speaks of another file"))
            continue
        whole = answers.verdict is not None and answers.verdict.result is Result.PAID
        lines = {line.row_id: line for line in answers.lines}
        for payment, fen in sent.items():
            line = lines.get(str(payment))
            told = line.result is Result.PAID and line.fen in (None, fen) if line else whole
            if told:
                said.add(payment)
    ours = FileLine.objects.filter(file=file)
    never = Whereabouts.objects.filter(
        line__in=ours.filter(said_paid_at=None), outcome=Outcome.NEVER_LEFT.value, state=FOUND_AGREED.code
    )
    said -= set(never.values_list("line__payment_id", flat=True))
    returned: set[int] = set()
    for statement in _statements(file):
        profile = _agreed(profile_of(file.bank_code, statement.taken_at.date()))
        for each in read_statement(profile, post.content_of(statement.wire_file)).bookings:
            if each.number != file.number or not each.row_id.isdigit():
                continue
            payment = int(each.row_id)
            if sent.get(payment) == -each.fen:
                said.add(payment)
            elif sent.get(payment) == each.fen:
                returned.add(payment)
    arrived = ours.filter(Q(returned_at=None) | Q(returned_at__lt=F("arrived_at")), arrived_at__isnull=False)
    return said - returned | set(arrived.values_list("payment_id", flat=True)), wrong


def _statements(file: BankFile) -> Iterator[AccountStatement]:
    keys = StatementEntry.objects.filter(file=file).values_list("statement_id", flat=True).distinct()
    yield from AccountStatement.objects.filter(pk__in=keys).order_by("pk")


def _agreed(profile: Profile | None) -> Profile:
    assert profile is not None, "a file was sent to a bank without an agreement"
    return profile


def _says(where: str, zh: str, en: str) -> Contradiction:
    return Contradiction(where, zh, en)
