"""What is late, what soon will be, and whose turn it is: batches by their day, and periods for which nobody came."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from yikatong.basics.periods import Period
from yikatong.basics.states import State
from yikatong.benefits.models import BankFile, Payment, PaymentBatch
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.rules import (
    BENEFIT_BATCH,
    DEPARTMENT,
    FILE_SEALED,
    FUNDED,
    GIVEN_UP,
    JUDGED,
    PAYING,
    PUBLIC,
    SETTLED,
    UPLOADED,
    VALID,
)
from yikatong.benefits.terms import deadline_of
from yikatong.office.duties import Duty
from yikatong.office.rulebook import work_calendar
from yikatong.office.scope import EVERYWHERE, Scope

_PERIODS_BACK = 24
_WAITS: dict[str, tuple[Duty | None, str, str]] = {
    UPLOADED.code: (None, "等待系统核验", "is being judged"),
    JUDGED.code: (Duty.BENEFIT_APPROVE, "等待业务审批或公示", "waits for the department's approval"),
    PUBLIC.code: (
        Duty.BENEFIT_APPROVE,
        "公示期满，等待业务审批",
        "was in public view, waits for the department",
    ),
    DEPARTMENT.code: (Duty.BENEFIT_FUND, "等待财政审批和资金", "waits for finance and its money"),
    FUNDED.code: (Duty.BENEFIT_PAY, "等待封存代发文件", "waits for its files to be sealed"),
}
_IN_VIEW = (None, "公示中", "is in public view")
_TO_SEND = (Duty.BENEFIT_PAY, "有代发文件待封存或待发送", "has files to be sealed or sent")
_TO_ANSWER = (Duty.BENEFIT_PAY, "等待银行回盘", "waits for the bank's answer")


@dataclass(frozen=True)
class LateBatch:
    """A batch whose people have no answer yet: its day, and whose turn it is (`duty` None: the system's)."""

    number: str
    programme: Programme
    period: str
    region: str
    rows: int
    state: State
    due_on: date
    days: int
    """Days past its day; not above nothing where it is still to come."""
    duty: Duty | None
    why: tuple[str, str]


@dataclass(frozen=True)
class Unbrought:
    """A period of a programme that was paid before, for which no roster came by its day."""

    programme: Programme
    period: Period
    due_on: date
    days: int
    why: tuple[str, str] = ("清册没有报送", "no roster came")


def late_batches(today: date, scope: Scope = EVERYWHERE, *, ahead: int = 0) -> tuple[LateBatch, ...]:
    """Batches past their day, the longest first; with `ahead`, also those due within so many days."""
    open_ones = PaymentBatch.objects.filter(
        replied_at=None, due_on__lt=today + timedelta(days=ahead) if ahead else today
    )
    rows = scope.narrow(
        open_ones.exclude(state__in=[*(state.code for state in GIVEN_UP), SETTLED.code]), outlet="outlet"
    )
    return tuple(_late(row, today) for row in rows.order_by("due_on", "id"))


def unbrought(today: date) -> tuple[Unbrought, ...]:
    """Periods past their day for which there is no batch, of programmes that were paid before; the longest first."""
    found: list[Unbrought] = []
    for programme in programmes().values():
        rows = PaymentBatch.objects.filter(programme=programme.code).exclude(
            state__in=[state.code for state in GIVEN_UP]
        )
        brought = {Period.parse(text) for text in rows.order_by().values_list("period", flat=True).distinct()}
        if not brought:
            continue
        now = Period.month_of(today) if programme.cycle.months == 1 else Period.year_of(today)
        for period in _since(min(brought), now):
            deadline = deadline_of(programme, period.start)
            due = deadline.fixed(period, work_calendar()) if deadline else None
            if due is not None and due < today and period not in brought:
                found.append(Unbrought(programme, period, due, (today - due).days))
    return tuple(sorted(found, key=lambda gap: gap.due_on))


def _since(first: Period, last: Period) -> list[Period]:
    """Both and what lies between, at most two dozen back."""
    found = [last]
    while found[-1] > first and len(found) < _PERIODS_BACK:
        before = found[-1].start - timedelta(days=1)
        found.append(Period.month_of(before) if last.length == 1 else Period.year_of(before))
    return [period for period in found if period >= first]


def _late(row: PaymentBatch, today: date) -> LateBatch:
    assert row.due_on is not None
    duty, zh, en = _waits_for(row, today)
    return LateBatch(
        row.number,
        programmes()[row.programme],
        row.period,
        row.region,
        row.approved_rows or row.declared_rows,
        BENEFIT_BATCH.state(row.state),
        row.due_on,
        (today - row.due_on).days,
        duty,
        (zh, en),
    )


def _waits_for(row: PaymentBatch, today: date) -> tuple[Duty | None, str, str]:
    if row.state == PUBLIC.code and row.public_until is not None and today <= row.public_until:
        return _IN_VIEW
    if row.state != PAYING.code:
        return _WAITS[row.state]
    to_send = BankFile.objects.filter(batch=row, state=FILE_SEALED.code).exists()
    return _TO_SEND if to_send or Payment.objects.filter(batch=row, state=VALID.code).exists() else _TO_ANSWER
