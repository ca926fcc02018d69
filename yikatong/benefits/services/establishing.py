"""Where money is of which the bank said two things: one person says what they found out, another agrees (查实).

Until then its person is not paid, and the money not given back. If it arrived, the payment is paid, by the attempt that
brought it; if it never left, and no statement says that it did, its person may be paid again.
"""

from __future__ import annotations

from typing import Any

from yikatong.basics.refused import Refused
from yikatong.benefits.balances import available
from yikatong.benefits.facts import WHEREABOUTS_AGREED, WHEREABOUTS_DECLINED, WHEREABOUTS_SAID
from yikatong.benefits.gone import GoneLine, gone_line
from yikatong.benefits.models import FileLine, Payment, PaymentBatch, Whereabouts
from yikatong.benefits.rows import PaymentRow, payment_row
from yikatong.benefits.rules import (
    AVAILABLE,
    BLOCKED,
    DONE,
    FAILED,
    FOUND_PROPOSED,
    HELD,
    PAYING,
    PAYMENT,
    VALID,
    WHEREABOUTS,
    another_agrees,
)
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.locked import locked_batch
from yikatong.benefits.services.paying import settle_if_done
from yikatong.benefits.services.reasons import reason_of
from yikatong.benefits.whereabouts import Outcome
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.office.scope import Scope


def establish(
    act: Act, number: str, *, line: int, outcome: str, reason: str, scope: Scope
) -> PaymentRow | Refused:
    """Say where the money of a row is that the bank, by its own word, paid after all; it waits for another person.

    Refused: benefit.unknown, benefit.not_waiting, benefit.not_left (no word of the bank says that it left), benefit.said
    (what was found out waits already), benefit.outcome (none of the two, or a statement says otherwise), benefit.reason.
    """
    found = _in_question(number, line, scope)
    if isinstance(found, Refused):
        return found
    row, payment, gone = found
    if Whereabouts.objects.filter(line_id=gone.line_id, state=FOUND_PROPOSED.code).exists():
        return Refused(
            "benefit.said",
            "这一行的查实结果正在等待审批。",
            "What was found out of this row waits to be agreed to.",
        )
    refused = _no_outcome(outcome, gone)
    if refused is not None:
        return refused
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    Whereabouts.objects.create(
        line_id=gone.line_id,
        region=row.region,
        outlet=row.outlet,
        outcome=outcome,
        reason=said,
        state_since=act.at,
        proposed_by=act.actor.code,
        proposed_name=act.actor.name,
    )
    _record(act, WHEREABOUTS_SAID, row, payment, Outcome(outcome), reason=said)
    return payment_row(payment, row.number)


def agree_established(act: Act, number: str, *, line: int, scope: Scope) -> PaymentRow | Refused:
    """Agree to what another person found out: the row is paid, or may be paid again.

    Refused: benefit.unknown, benefit.not_waiting, benefit.not_left (it came back meanwhile), benefit.not_said,
    benefit.same_person, benefit.outcome (a statement says otherwise since), benefit.funds.
    """
    found = _in_question(number, line, scope)
    if isinstance(found, Refused):
        return found
    row, payment, gone = found
    waits = _waiting(payment, line_id=gone.line_id)
    if isinstance(waits, Refused):
        return waits
    for refused in (another_agrees(act.actor.code, waits.proposed_by), _no_outcome(waits.outcome, gone)):
        if refused is not None:
            return refused
    held, arrived = payment.state == HELD.code, waits.outcome == Outcome.ARRIVED
    if arrived and held and available(row.programme) < payment.fen:
        return Refused(
            "benefit.funds",
            "可用资金不足，不能登记到账。",
            "There is not enough money available to book it as paid.",
        )
    agreed = {"agreed_by": act.actor.code, "agreed_name": act.actor.name}
    advance(waits, WHEREABOUTS, "agree", state_since=act.at, **agreed)
    lines = FileLine.objects.filter(pk=waits.line_id)
    if arrived:
        lines.update(arrived_at=act.at)
        advance(payment, PAYMENT, "arrive", state_since=act.at, stopped_at=None, reason="")
        values = {"batch": row.pk, "payment": payment.pk, "fen": payment.fen}
        rows = "SELECT %(batch)s::bigint, %(payment)s::bigint, %(fen)s::bigint"
        post(act, row.programme, off=AVAILABLE if held else BLOCKED, onto=DONE, rows=rows, values=values)
    else:
        lines.update(said_paid_at=None)
    _record(act, WHEREABOUTS_AGREED, row, payment, Outcome(waits.outcome))
    settle_if_done(act, row)
    return payment_row(payment, row.number)


def decline_established(
    act: Act, number: str, *, line: int, reason: str, scope: Scope
) -> PaymentRow | Refused:
    """Do not agree; it may be found out anew. Refused: benefit.unknown, benefit.not_waiting, benefit.row, benefit.not_said,
    benefit.reason."""
    row = locked_batch(number, scope, PAYING)
    if isinstance(row, Refused):
        return row
    payment = Payment.objects.select_for_update(no_key=True).filter(batch=row, line=line).first()
    if payment is None:
        return Refused("benefit.row", "批次里没有这一行。", "There is no such row in the batch.")
    waits = _waiting(payment)
    if isinstance(waits, Refused):
        return waits
    said = reason_of(reason)
    if isinstance(said, Refused):
        return said
    advance(waits, WHEREABOUTS, "decline", state_since=act.at)
    _record(act, WHEREABOUTS_DECLINED, row, payment, Outcome(waits.outcome), reason=said)
    return payment_row(payment, row.number)


def _in_question(number: str, line: int, scope: Scope) -> tuple[PaymentBatch, Payment, GoneLine] | Refused:
    """The batch and its row, locked, and the line of a file by which the row's money went out."""
    row = locked_batch(number, scope, PAYING)
    if isinstance(row, Refused):
        return row
    payments = Payment.objects.select_for_update(no_key=True).filter(batch=row, line=line)
    payment = payments.filter(state__in=[VALID.code, HELD.code, FAILED.code]).first()
    gone = None if payment is None else gone_line(row.pk, payment.pk)
    if payment is None or gone is None:
        return Refused(
            "benefit.not_left",
            "银行的对账单和回盘都没有说这一行的钱已付出，不需要查实。",
            "Neither a statement nor an answer says that the money of this row went out; there is nothing to find out.",
        )
    return row, payment, gone


def _waiting(payment: Payment, **of: int) -> Whereabouts | Refused:
    rows = Whereabouts.objects.select_for_update(no_key=True, of=("self",))
    row = rows.filter(line__payment=payment, state=FOUND_PROPOSED.code, **of).order_by("pk").first()
    return row or Refused(
        "benefit.not_said", "这一行没有待审批的查实结果。", "Nothing that was found out of this row waits."
    )


def _no_outcome(outcome: str, gone: GoneLine) -> Refused | None:
    if outcome == Outcome.ARRIVED or (outcome == Outcome.NEVER_LEFT and not gone.stated):
        return None
    return Refused(
        "benefit.outcome",
        "请选择查实结果；对账单显示已付出的，只有显示退回的对账单才能证明钱回来了。",
        "Choose what you found out; where a statement shows that it left, only a statement can show that it came back.",
        at="outcome",
    )


def _record(act: Act, kind: Any, row: PaymentBatch, payment: Payment, outcome: Outcome, **more: str) -> None:
    act.record(
        kind,
        subject=f"payment:{payment.pk}",
        person=payment.resident_id,
        region=row.region,
        outlet=row.outlet,
        batch=row.number,
        line=payment.line,
        outcome=outcome.zh,
        outcome_en=outcome.en,
        **more,
    )
