"""Frozen rows of batches, payments and files: what leaves this package instead of models."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from yikatong.basics.states import State
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.checks import CHECKS, Check, Level
from yikatong.benefits.models import BankFile, Payment, PaymentBatch
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.rules import ASKED_OF, BANK_FILE, BENEFIT_BATCH, FAILED, HELD, PAYMENT


@dataclass(frozen=True)
class BatchRow:
    """One batch; money in fen. `digest` (hex) is what was approved, empty before."""

    id: int
    number: str
    programme: Programme
    period: str
    region: str
    outlet: str
    declared_rows: int
    declared_fen: int
    received_rows: int
    received_fen: int
    file_name: str
    state: State
    since: datetime
    uploaded_at: datetime
    maker: str
    maker_name: str
    judged_at: datetime | None
    public_from: date | None
    public_until: date | None
    digest: str
    approved_rows: int
    approved_fen: int
    department_by: str
    department_name: str
    department_at: datetime | None
    finance_by: str
    finance_name: str
    finance_at: datetime | None
    note_zh: str
    note_en: str
    sealing: str
    """Who asked that its files be sealed, until they are."""

    @property
    def hands(self) -> tuple[str, ...]:
        """Who took a step of it already: none of them takes the next."""
        return tuple(filter(None, (self.maker, self.department_by, self.finance_by)))


def batch_row(row: PaymentBatch) -> BatchRow:
    """A batch as others may see it."""
    return BatchRow(
        row.pk, row.number, programmes()[row.programme], row.period, row.region, row.outlet, row.declared_rows,
        row.declared_fen, row.received_rows, row.received_fen, row.file_name, BENEFIT_BATCH.state(row.state),
        row.state_since, row.uploaded_at, row.maker, row.maker_name, row.judged_at, row.public_from, row.public_until,
        bytes(row.digest or b"").hex(), row.approved_rows, row.approved_fen, row.department_by, row.department_name,
        row.department_at, row.finance_by, row.finance_name, row.finance_at, row.note_zh, row.note_en, row.seal_asked_name if row.seal_asked_at else "",
    )  # fmt: skip


@dataclass(frozen=True)
class PaymentRow:
    """One row of a batch. `number_masked` is all that is ever shown of a number; money in fen."""

    id: int
    line: int
    batch: str
    programme: Programme
    period: str
    resident_id: int | None
    name: str
    number_masked: str
    region: str
    basis: str
    fen: int
    state: State
    since: datetime
    level: Level
    reason: str
    findings: tuple[Check, ...]
    stopped: bool

    @property
    def mendable(self) -> bool:
        """Whether it can be paid in a later file once its cause is gone: it failed, or was held after its approval."""
        return self.state is FAILED or (self.state is HELD and self.stopped)


def payment_row(row: Payment, batch: str, known: str = "") -> PaymentRow:
    """A row as others may see it; `known` is the name on record, masked, which a difference of names is told with."""
    return PaymentRow(
        row.pk,
        row.line,
        batch,
        programmes()[row.programme],
        row.period,
        row.resident_id,
        row.name,
        row.number_masked,
        row.region,
        row.basis,
        row.fen,
        PAYMENT.state(row.state),
        row.state_since,
        Level(row.level),
        row.reason,
        tuple(_finding(code, row.said.get(code) or [known, known]) for code in row.checks),
        row.stopped_at is not None,
    )


def _finding(code: str, said: list[str]) -> Check:
    """The check with what it was found by in its sentences."""
    check, (zh, en) = CHECKS[code], said
    return replace(
        check,
        zh=check.zh.format(zh),
        en=check.en.format(en),
        resident_zh=check.resident_zh.format(zh),
        resident_en=check.resident_en.format(en),
    )


@dataclass(frozen=True)
class FileRow:
    """A bank file and how far it is answered; money in fen, `digest` in hex."""

    id: int
    number: str
    batch: str
    bank_code: str
    sequence: int
    name: str
    rows: int
    fen: int
    digest: str
    sealed_at: datetime
    sealed_by_name: str
    sent_at: datetime | None
    state: State
    since: datetime
    resend_asked_name: str
    resend_reason: str
    results: tuple[tuple[Result | None, int, int], ...]
    asked: bool
    """The bank has been asked about it and has not said yet."""

    @property
    def askable(self) -> bool:
        """Whether something of it is open and the bank can be asked."""
        return (
            self.state in ASKED_OF
            and not self.asked
            and any(result in (None, Result.UNKNOWN) and rows for result, rows, _ in self.results)
        )

    @property
    def unanswered(self) -> int:
        return sum(rows for result, rows, _ in self.results if result is None)


def file_row(
    row: BankFile,
    batch: str,
    results: tuple[tuple[Result | None, int, int], ...] = (),
    *,
    asked: bool = False,
) -> FileRow:
    """A file as others may see it; `results` are (result, rows, fen), None for what is not answered yet."""
    return FileRow(
        row.pk, row.number, batch, row.bank_code, row.sequence, row.name, row.rows, row.fen,
        bytes(row.digest).hex(), row.sealed_at, row.sealed_by_name, row.sent_at, BANK_FILE.state(row.state),
        row.state_since, row.resend_asked_name, row.resend_reason, results, asked,
    )  # fmt: skip
