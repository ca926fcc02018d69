"""What became of a batch and of each of its rows, as the department that brought it reads it by its own system."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.models import FileLine, Payment, PaymentBatch
from yikatong.benefits.queries import payment_rows
from yikatong.benefits.rows import BatchRow, PaymentRow, batch_row
from yikatong.benefits.rules import UPLOADED, Hand, hand
from yikatong.benefits.terms import terms_of


@dataclass(frozen=True)
class Said:
    """What a bank said of the last attempt to pay a row; `result` is None until it has."""

    file: str
    result: Result | None
    answered_at: datetime | None


@dataclass(frozen=True)
class Outcome:
    """One row, and the last attempt to pay it; None where it never was in a file."""

    row: PaymentRow
    said: Said | None


def brought_by(actor: str, limit: int, *, before: str = "") -> tuple[BatchRow, ...]:
    """The batches that this actor brought, the newest first, those older than the batch `before` where one is named."""
    rows = PaymentBatch.objects.filter(maker=actor).order_by("-id")
    if before:
        rows = rows.filter(id__lt=PaymentBatch.objects.filter(number=before).values("id")[:1])
    return tuple(map(batch_row, rows[:limit]))


def own_batch(actor: str, number: str) -> BatchRow | None:
    """A batch that this actor brought; that there are others is not told."""
    row = PaymentBatch.objects.filter(number=number, maker=actor).first()
    return None if row is None else batch_row(row)


def outcomes(batch: BatchRow, limit: int, *, after: int = 0, state: str = "") -> tuple[Outcome, ...]:
    """Rows of a batch in the order of the roster, from below line `after`, with what the banks said last."""
    rows = Payment.objects.filter(batch_id=batch.id, line__gt=after).order_by("line")
    if state:
        rows = rows.filter(state=state)
    found = list(rows[:limit])
    said = said_of([row.pk for row in found])
    return tuple(Outcome(row, said.get(row.id)) for row in payment_rows(found, {batch.id: batch.number}))


def waits_for(batch: BatchRow, today: date) -> Hand:
    """Whose hand a batch waits for today."""
    in_view = batch.public_until is not None and today <= batch.public_until
    days = 0 if batch.state is UPLOADED else terms_of(batch.programme, today).publicity_days
    return hand(batch.state, publicity=days > 0, in_view=in_view)


def said_of(payments: list[int]) -> dict[int, Said]:
    """What the banks said last of these payments, of those that were in a file."""
    lines = (
        FileLine.objects.filter(payment_id__in=payments)
        .order_by("payment_id", "-id")
        .distinct("payment_id")
        .values_list("payment_id", "file__number", "result", "answered_at")
    )
    return {
        payment: Said(file, Result(result) if result else None, answered_at)
        for payment, file, result, answered_at in lines
    }
