"""Batches, rows, files and answers as others may see them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Q, Sum
from django.utils import timezone

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.states import State
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.checks import CHECKS, Check
from yikatong.benefits.models import (
    Answer,
    BankFile,
    Enquiry,
    FileLine,
    Payment,
    PaymentBatch,
    RowCorrection,
)
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.rows import BatchRow, FileRow, PaymentRow, batch_row, file_row, payment_row
from yikatong.benefits.rules import (
    DEPARTMENT,
    FAILED,
    FILE_WITHDRAWN,
    JUDGED,
    PAYING,
    PAYMENT,
    PUBLIC,
    REPLACED,
    STANDS_OUT,
    UPLOADED,
    VALID,
)
from yikatong.benefits.terms import publicity_days, terms_of
from yikatong.office.scope import Scope
from yikatong.residents.queries import names_of


@dataclass(frozen=True)
class StateCount:
    """How many rows of a batch stand so, and their fen."""

    state: State
    rows: int
    fen: int


@dataclass(frozen=True)
class ReasonCount:
    """How many rows are held for this."""

    check: Check
    rows: int
    fen: int


@dataclass(frozen=True)
class AnswerRow:
    """One answer that came; `problems` are (line, Chinese, English)."""

    file: str
    name: str
    taken_at: datetime
    complete: bool
    paid: int
    failed: int
    unknown: int
    again: int
    problems: tuple[tuple[int, str, str], ...]
    problem_rows: int


@dataclass(frozen=True)
class Attempt:
    """One attempt to pay a row: the file it went in and what the bank said; nothing, where the file was taken back."""

    file: str
    bank_code: str
    withdrawn: bool
    sent_at: datetime | None
    result: Result | None
    bank_text: str
    bank_serial: str
    answered_at: datetime | None
    said_paid: bool
    """The bank said later, unlike before, that it was paid."""
    arrived: bool
    """Two people found out that it arrived all the same."""


@dataclass(frozen=True)
class Shown:
    """One line of a batch in public view: all masked."""

    line: int
    name: str
    number: str
    region: str
    basis: str
    fen: int


@dataclass(frozen=True)
class Approver:
    """Whoever may approve, by their code, for the department and for finance; empty where they may not."""

    department: str
    finance: str
    today: date


def batches(
    scope: Scope,
    limit: int,
    start: int = 0,
    *,
    state: str = "",
    programme: str = "",
    period: str = "",
    waiting_for: Approver | None = None,
) -> tuple[BatchRow, ...]:
    """The batches of a scope, the newest first; of a state, a programme, a period, or those that wait for somebody."""
    rows = scope.narrow(PaymentBatch.objects.all(), outlet="outlet").order_by("-id")
    said = {"state": state, "programme": programme, "period": period}
    rows = rows.filter(**{name: value for name, value in said.items() if value})
    if waiting_for is not None:
        rows = rows.filter(_for_department(waiting_for) | _for_finance(waiting_for))
    return tuple(map(batch_row, rows[start : start + limit]))


def batch(number: str, scope: Scope) -> BatchRow | None:
    """One batch of the scope."""
    row = PaymentBatch.objects.filter(number=number).first()
    if row is None or not scope.covers(row.region, row.outlet):
        return None
    return batch_row(row)


def waiting(scope: Scope, approver: Approver) -> tuple[int, int]:
    """How many batches wait for this person's approval for the department, and for finance."""
    rows = scope.narrow(PaymentBatch.objects.all(), outlet="outlet")
    return rows.filter(_for_department(approver)).count(), rows.filter(_for_finance(approver)).count()


def to_publish(scope: Scope, maker: str, today: date) -> int:
    """How many batches wait for who brought them to put them in public view."""
    shown = [code for code, each in programmes().items() if publicity_days(each, today)]
    rows = PaymentBatch.objects.filter(state=JUDGED.code, maker=maker, programme__in=shown)
    return scope.narrow(rows, outlet="outlet").count()


def ready_for_department(batch: BatchRow, today: date) -> bool:
    """Whether the department may approve it by now: it need not be in public view, or has been for as long as it must."""
    if batch.state is PUBLIC:
        return batch.public_until is not None and batch.public_until < today
    return batch.state is JUDGED and not publicity_days(batch.programme, today)


def _for_department(approver: Approver) -> Q:
    if not approver.department:
        return Q(pk__in=[])
    unshown = [code for code, each in programmes().items() if not publicity_days(each, approver.today)]
    ready = Q(state=JUDGED.code, programme__in=unshown) | Q(
        state=PUBLIC.code, public_until__lt=approver.today
    )
    return ready & ~Q(maker=approver.department)


def _for_finance(approver: Approver) -> Q:
    if not approver.finance:
        return Q(pk__in=[])
    return Q(state=DEPARTMENT.code) & ~Q(maker=approver.finance) & ~Q(department_by=approver.finance)


def count_of(scope: Scope, state: State) -> int:
    """How many batches of a scope stand so."""
    return scope.narrow(PaymentBatch.objects.filter(state=state.code), outlet="outlet").count()


def to_mend(scope: Scope) -> int:
    """How many people of a scope wait for their payment to be mended and paid again."""
    batches = scope.narrow(PaymentBatch.objects.filter(state=PAYING.code), outlet="outlet")
    return Payment.objects.filter(batch__in=batches.values("pk"), stands_out=True, state=FAILED.code).count()


def to_judge() -> tuple[str, ...]:
    """The batches that wait to be judged, longest waiting first (for this package's tasks)."""
    rows = PaymentBatch.objects.filter(state=UPLOADED.code).order_by("id")
    return tuple(rows.values_list("number", flat=True))


def state_counts(batch_id: int) -> tuple[StateCount, ...]:
    """How the rows of a batch stand, in the order of the way."""
    found = {
        state: (rows, fen)
        for state, rows, fen in Payment.objects.filter(batch_id=batch_id)
        .order_by()
        .values("state")
        .annotate(rows=Count("id"), fen=Sum("fen"))
        .values_list("state", "rows", "fen")
    }
    return tuple(StateCount(state, *found[state.code]) for state in PAYMENT if state.code in found)


def reason_counts(batch_id: int) -> tuple[ReasonCount, ...]:
    """Why rows of a batch are held, in the order of the checks."""
    found = {
        reason: (rows, fen)
        for reason, rows, fen in Payment.objects.filter(batch_id=batch_id)
        .exclude(reason="")
        .exclude(state=REPLACED.code)
        .order_by()
        .values("reason")
        .annotate(rows=Count("id"), fen=Sum("fen"))
        .values_list("reason", "rows", "fen")
    }
    return tuple(ReasonCount(check, *found[code]) for code, check in CHECKS.items() if code in found)


def payments(
    batch: BatchRow,
    limit: int,
    start: int = 0,
    *,
    state: str = "",
    reason: str = "",
    lines: tuple[int, ...] | None = None,
) -> tuple[PaymentRow, ...]:
    """Rows of a batch in the order of the roster, those of one state or one reason where that is named."""
    rows = Payment.objects.filter(batch_id=batch.id).order_by("line")
    if state:
        rows = rows.filter(state=state)
    if state in {each.code for each in STANDS_OUT}:
        rows = rows.filter(stands_out=True)
    if reason:
        rows = rows.filter(checks__contains=[reason]).exclude(state=REPLACED.code)
    if lines is not None:
        rows = rows.filter(line__in=lines)
    return payment_rows(list(rows[start : start + limit]), {batch.id: batch.number})


def payment(batch: BatchRow, line: int) -> PaymentRow | None:
    """One row of a batch."""
    row = Payment.objects.filter(batch_id=batch.id, line=line).first()
    return None if row is None else payment_rows([row], {batch.id: batch.number})[0]


@dataclass(frozen=True)
class CorrectionRow:
    """A held row that was corrected: the lines of the old row and of the new one in its place, why, by whom and when."""

    old_line: int
    new_line: int
    reason: str
    by_name: str
    at: datetime


def corrections_of(payment_id: int) -> tuple[CorrectionRow, ...]:
    """The corrections that a row came from, and that it was replaced by."""
    rows = RowCorrection.objects.filter(Q(old=payment_id) | Q(new=payment_id)).order_by("pk")
    return tuple(
        CorrectionRow(*each) for each in rows.values_list("old__line", "new__line", "reason", "by_name", "at")
    )


def attempts(payment_id: int) -> tuple[Attempt, ...]:
    """Every file a row went in, in order, and what the bank said."""
    rows = FileLine.objects.filter(payment_id=payment_id).select_related("file").order_by("id")
    return tuple(
        Attempt(
            each.file.number,
            each.file.bank_code,
            withdrawn := each.file.state == FILE_WITHDRAWN.code,
            each.file.sent_at,
            Result(each.result) if each.result and not withdrawn else None,
            each.bank_text,
            each.bank_serial,
            each.answered_at,
            each.said_paid_at is not None,
            each.arrived_at is not None,
        )
        for each in rows.defer("file__content")
    )


def brought_answers_of(payment_id: int) -> frozenset[str]:
    """Who brought, by hand, answers of the bank to files that a row went in."""
    answers = Answer.objects.filter(file__lines__payment=payment_id).exclude(brought_by="")
    return frozenset(answers.values_list("brought_by", flat=True))


def payments_of(resident_id: int, limit: int = 60) -> tuple[PaymentRow, ...]:
    """What a person was to get, the newest first; of batches that were judged."""
    # Said of both kinds, because each has an index of its own.
    either = Q(resident_id=resident_id, takes_the_place=True) | Q(
        resident_id=resident_id, takes_the_place=False
    )
    rows = list(Payment.objects.filter(either).order_by("-id")[:limit])
    numbers = dict(
        PaymentBatch.objects.filter(pk__in={row.batch_id for row in rows}).values_list("pk", "number")
    )
    return payment_rows(rows, numbers)


def files(batch: BatchRow) -> tuple[FileRow, ...]:
    """The files of a batch, with what came of their lines."""
    rows = BankFile.objects.filter(batch_id=batch.id).order_by("id")
    asked = set(Enquiry.objects.filter(file__batch_id=batch.id, verdict="").values_list("file_id", flat=True))
    return tuple(file_row(row, batch.number, _results(row), asked=row.pk in asked) for row in rows)


def file(number: str, scope: Scope) -> FileRow | None:
    """One file of a batch of the scope."""
    row = BankFile.objects.select_related("batch").defer("batch__content").filter(number=number).first()
    if row is None or not scope.covers(row.batch.region, row.batch.outlet):
        return None
    asked = Enquiry.objects.filter(file=row, verdict="").exists()
    return file_row(row, row.batch.number, _results(row), asked=asked)


def answers(batch: BatchRow) -> tuple[AnswerRow, ...]:
    """The answers that came for a batch, the newest first."""
    rows = Answer.objects.filter(file__batch_id=batch.id).order_by("-id").values_list("file__number", "name", "taken_at",
        "complete", "paid", "failed", "unknown", "again", "problems", "problem_rows")  # fmt: skip
    return tuple(
        AnswerRow(*row[:8], tuple((line, zh, en) for line, zh, en in row[8]), row[9]) for row in rows
    )


def in_view(today: date) -> tuple[BatchRow, ...]:
    """The batches in public view today."""
    rows = PaymentBatch.objects.filter(state=PUBLIC.code, public_from__lte=today, public_until__gte=today)
    return tuple(map(batch_row, rows.order_by("public_until", "id")))


def shown(batch: BatchRow, limit: int, start: int = 0) -> tuple[Shown, ...]:
    """The payable rows of a batch as everybody may see them while it is in public view."""
    rows = Payment.objects.filter(batch_id=batch.id, state=VALID.code).order_by("line")
    return tuple(
        Shown(row.line, mask(Sensitive.NAME, row.name), row.number_masked, row.region, row.basis, row.fen)
        for row in rows[start : start + limit]
    )


def programme_list() -> tuple[Programme, ...]:
    """Every programme, in the order of their codes."""
    return tuple(programmes().values())


def returnable(batch: BatchRow, at: datetime) -> bool:
    """Whether somebody of the batch has failed for so long that their money goes back to the treasury."""
    days = terms_of(batch.programme, timezone.localdate(at)).treasury_days
    failed = Payment.objects.filter(batch_id=batch.id, stands_out=True, state=FAILED.code)
    return failed.filter(state_since__lte=at - timedelta(days=days)).exists()


def unsealed(batch: BatchRow) -> bool:
    """Whether somebody of the batch waits to be sent in a file that is not sealed yet."""
    return Payment.objects.filter(batch_id=batch.id, state=VALID.code).exists()


def _results(file: BankFile) -> tuple[tuple[Result | None, int, int], ...]:
    if file.state == FILE_WITHDRAWN.code:
        return ()
    rows = (
        FileLine.objects.filter(file=file)
        .order_by("result")
        .values("result")
        .annotate(rows=Count("id"), fen=Sum("fen"))
        .values_list("result", "rows", "fen")
    )
    return tuple((Result(result) if result else None, count, fen) for result, count, fen in rows)


def payment_rows(rows: list[Payment], numbers: dict[int, str]) -> tuple[PaymentRow, ...]:
    """These rows as others may see them (for this package); `numbers` are those of their batches."""
    differing = [row.resident_id for row in rows if "C04" in row.checks and row.resident_id is not None]
    known = (
        {key: mask(Sensitive.NAME, name) for key, name in names_of(differing).items()} if differing else {}
    )
    return tuple(payment_row(row, numbers[row.batch_id], known.get(row.resident_id or 0, "")) for row in rows)
