"""By when people are to have their money (发放时限): the day of a batch, whether it was kept, and whom the card reached."""

from __future__ import annotations

from datetime import date

from yikatong.basics.periods import Period
from yikatong.benefits.facts import BATCH_COVERED, BATCH_REPLIED, DEADLINE_MISSED
from yikatong.benefits.late import late_batches, unbrought
from yikatong.benefits.models import Payment, PaymentBatch
from yikatong.benefits.programme import Programme, programmes
from yikatong.benefits.rules import (
    CARD_REASONS,
    GIVEN_UP,
    PAID,
    PAYING,
    REPLACED,
    RETURNED,
    TO_BE_ANSWERED,
)
from yikatong.benefits.terms import deadline_of
from yikatong.office.act import Act
from yikatong.office.readers import look_up
from yikatong.office.rulebook import whole, work_calendar
from yikatong.office.scope import Scope

_COVERED = """
SELECT 'benefit:' || %(number)s::text, NULL::bigint, region, '', jsonb_build_object(
         'batch', %(number)s::text, 'code', %(code)s::text, 'period', %(period)s::text, 'insurance', %(insurance)s::boolean,
         'due', count(*), 'paid', count(*) FILTER (WHERE state = %(paid)s),
         'fen', coalesce(sum(fen) FILTER (WHERE state = %(paid)s), 0)::bigint)
  FROM benefits_payment
 WHERE batch_id = %(batch)s AND (state = ANY(%(due)s) OR reason = ANY(%(reasons)s) AND state <> %(replaced)s)
 GROUP BY region ORDER BY region
"""


def due_on(act: Act, programme: Programme, period: Period, scope: Scope) -> date | None:
    """By when a batch that comes now is to be paid; None where nobody set a day for its programme."""
    deadline = deadline_of(programme, period.start)
    if deadline is None:
        return None
    there = PaymentBatch.objects.filter(
        programme=programme.code, period=str(period), region=scope.region, outlet=scope.outlet
    )
    return deadline.of_batch(
        period,
        act.today,
        work_calendar(),
        supplement_days=whole("benefit.supplement_days", act.today),
        supplement=there.exclude(state__in=[state.code for state in GIVEN_UP]).exists(),
    )


def note_replied(act: Act, row: PaymentBatch) -> None:
    """The first time at which nobody of a batch waits for an answer any more."""
    if row.state != PAYING.code or row.replied_at is not None:
        return
    if Payment.objects.filter(batch=row, state__in=[state.code for state in TO_BE_ANSWERED]).exists():
        return
    row.replied_at = act.at
    row.save(update_fields=["replied_at"])
    programme = programmes()[row.programme]
    act.record(
        BATCH_REPLIED,
        subject=f"benefit:{row.number}",
        region=row.region,
        outlet=row.outlet,
        batch=row.number,
        programme=programme.zh,
        programme_en=programme.en,
        code=programme.code,
        period=row.period,
        due_on=f"{row.due_on:%Y-%m-%d}" if row.due_on else "",
        kept=row.due_on is None or act.today <= row.due_on,
        insurance=programme.insurance,
    )


def note_coverage(act: Act, row: PaymentBatch) -> None:
    """Of a batch that is settled, by region: to how many people money was due, and how many got it onto the card.

    Due are those who were paid, whose money went back, and who were held for their card alone; whoever was not to be
    paid at all (dead, twice, excluded, a wrong amount) is not.
    """
    programme = programmes()[row.programme]
    act.record_rows(
        BATCH_COVERED,
        _COVERED,
        {
            "batch": row.pk,
            "number": row.number,
            "code": row.programme,
            "period": row.period,
            "insurance": programme.insurance,
            "paid": PAID.code,
            "due": [PAID.code, RETURNED.code],
            "reasons": list(CARD_REASONS),
            "replaced": REPLACED.code,
        },
        subject=f"benefit:{row.number}",
        batch=row.number,
    )


def note_missed(act: Act) -> int:
    """Note, once each, the batches and the periods without any whose day has passed; returns how many."""
    missed = 0
    for late in late_batches(act.today):
        row = PaymentBatch.objects.select_for_update(no_key=True).get(number=late.number)
        if row.missed_at is not None or row.replied_at is not None:
            continue
        row.missed_at = act.at
        row.save(update_fields=["missed_at"])
        _note(act, f"benefit:{row.number}", late.programme, row.period, late.due_on, late.why, row.region)
        missed += 1
    for gap in unbrought(act.today):
        subject = f"benefit_due:{gap.programme.code}:{gap.period}"
        if not look_up(subject=subject, kind=DEADLINE_MISSED.code, limit=1):
            _note(act, subject, gap.programme, str(gap.period), gap.due_on, gap.why, "")
            missed += 1
    return missed


def _note(
    act: Act,
    subject: str,
    programme: Programme,
    period: str,
    due: date,
    why: tuple[str, str],
    region: str,
) -> None:
    act.record(
        DEADLINE_MISSED,
        subject=subject,
        region=region,
        programme=programme.zh,
        programme_en=programme.en,
        code=programme.code,
        period=period,
        due_on=f"{due:%Y-%m-%d}",
        insurance=programme.insurance,
        why=why[0],
        why_en=why[1],
    )
