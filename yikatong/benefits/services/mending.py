# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Who was not paid is mended, one person at a time, and paid in a later file; or the money goes back."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from django.db import connection

from yikatong.basics.money import print_yuan
from yikatong.basics.periods import Period
from yikatong.basics.refused import Refused
from yikatong.benefits.balances import available
from yikatong.benefits.facts import RETURNED as GIVEN_BACK
from yikatong.benefits.facts import ROW_REPAIRED
from yikatong.benefits.gone import gone, gone_line, money_left
from yikatong.benefits.laying import Question, judged, staged_again
from yikatong.benefits.models import Payment, PaymentBatch
from yikatong.benefits.programme import programmes
from yikatong.benefits.queries import brought_answers_of
from yikatong.benefits.rows import BatchRow, PaymentRow, batch_row, payment_row
from yikatong.benefits.rules import (
    AVAILABLE,
    BLOCKED,
    BUDGET,
    FAILED,
    HELD,
    PAYING,
    PAYMENT,
    RETURNED,
    another_mends,
)
from yikatong.benefits.services.ledger import post
from yikatong.benefits.services.locked import alone, locked_batch
from yikatong.benefits.services.paying import settle_if_done
from yikatong.benefits.services.reasons import reason_of
from yikatong.benefits.terms import terms_of
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance, advance_all
from yikatong.office.scope import Scope

_ROW = "SELECT resident_id, card_id, region, level, codes, said FROM benefit_judged WHERE payment_id = %s"
_GONE_BACK = """
SELECT batch_id, id, fen FROM benefits_payment WHERE batch_id = %(batch)s AND state = %(returned)s AND state_since = %(now)s
"""


def repair_row(act: Act, number: str, *, line: int, how: str, scope: Scope) -> PaymentRow | Refused:
    """Let one person who was not paid be paid in a later file, once everything about them is in order again.

    For a failed row, and for one that was held after its approval. The row is asked everything anew. Refused:
    benefit.unknown, benefit.not_waiting, benefit.reason (say how it was mended), benefit.row, benefit.left (by the bank's
    word its money went out), benefit.same_person (who brought the answer), benefit.not_mended (with the finding),
    benefit.funds.
    """
    mended = reason_of(how, at="how", what=("怎样处理的", "how it was mended"))
    if isinstance(mended, Refused):
        return mended
    row = locked_batch(number, scope, PAYING)
    if isinstance(row, Refused):
        return row
    payment = _to_repair(act, row, line)
    if isinstance(payment, Refused):
        return payment
    alone(row.programme)
    programme = programmes()[row.programme]
    period = Period.parse(row.period)
    asked = Question(row.pk, programme, period, terms_of(programme, period.start), act.today)
    with (
        staged_again(row.pk, [payment.state], line=line),
        judged(asked),
        connection.cursor() as cursor,
    ):
        cursor.execute(_ROW, [payment.pk])
        resident, card, region, level, codes, said = cursor.fetchone()
    found = {
        "resident_id": resident,
        "card_id": card,
        "region": region,
        "level": level,
        "checks": codes,
        "said": json.loads(said),
    }
    if level in ("hold", "block"):
        return _not_mended(payment, found)
    held = payment.state == HELD.code
    if held and available(row.programme) < payment.fen:
        return Refused(
            "benefit.funds", "可用资金不足，不能重新发放。", "There is not enough money available."
        )
    advance(
        payment,
        PAYMENT,
        "release" if held else "repair",
        state_since=act.at,
        stopped_at=None,
        reason="",
        **found,
    )
    if held:
        values = {"batch": row.pk, "payment": payment.pk, "fen": payment.fen}
        rows = "SELECT %(batch)s::bigint, %(payment)s::bigint, %(fen)s::bigint"
        post(act, row.programme, off=AVAILABLE, onto=BLOCKED, rows=rows, values=values)
    act.record(
        ROW_REPAIRED,
        subject=f"payment:{payment.pk}",
        person=payment.resident_id,
        batch=row.number,
        line=line,
        how=mended,
    )
    return payment_row(payment, row.number)


def _to_repair(act: Act, row: PaymentBatch, line: int) -> Payment | Refused:
    """The row of this line, locked: it failed, or was held after its approval, and no statement shows its money as gone."""
    payments = Payment.objects.select_for_update(no_key=True).filter(batch=row, line=line)
    payment = payments.filter(state__in=[FAILED.code, HELD.code]).first()
    if payment is None or (payment.state == HELD.code and payment.stopped_at is None):
        return Refused(
            "benefit.row",
            "批次里没有这一行，或者它没有发放失败。",
            "There is no such row in the batch, or it has not failed.",
            at="line",
        )
    if gone_line(row.pk, payment.pk) is not None:
        return money_left()
    refused = another_mends(act.actor.code, brought_answers_of(payment.pk))
    return payment if refused is None else refused


def return_to_treasury(act: Act, number: str, *, scope: Scope) -> BatchRow | Refused:
    """Return the money of who could not be paid for as long as rule benefit.<programme>.treasury_days says; what they are
    owed stays on record. Refused: benefit.unknown, benefit.not_waiting, benefit.nothing_to_return.
    """
    row = locked_batch(number, scope, PAYING)
    if isinstance(row, Refused):
        return row
    days = terms_of(programmes()[row.programme], act.today).treasury_days
    failed = Payment.objects.filter(batch=row, stands_out=True, state=FAILED.code)
    late = failed.filter(state_since__lte=act.at - timedelta(days=days)).exclude(pk__in=gone(row.pk))
    count = advance_all(late, PAYMENT, "give_back", state_since=act.at)
    if not count:
        return Refused(
            "benefit.nothing_to_return",
            f"没有发放失败满{days}天的行，暂不退回。",
            f"No row has failed for {days} days; nothing is returned yet.",
        )
    values: dict[str, Any] = {"batch": row.pk, "returned": RETURNED.code, "now": act.at}
    post(act, row.programme, off=BLOCKED, onto=BUDGET, rows=_GONE_BACK, values=values)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT sum(fen)::bigint FROM ({_GONE_BACK}) AS back", values)
        fen = int(cursor.fetchone()[0])
    act.record(
        GIVEN_BACK,
        subject=f"benefit:{row.number}",
        batch=row.number,
        rows=count,
        fen=fen,
        yuan=print_yuan(fen, thousands=True),
    )
    settle_if_done(act, row)
    return batch_row(row)


def _not_mended(payment: Payment, found: dict[str, object]) -> Refused:
    for name, value in found.items():
        setattr(payment, name, value)
    worst = next(each for each in payment_row(payment, "").findings if not each.level.payable)
    return Refused(
        "benefit.not_mended",
        f"还不能重新发放：{worst.zh}。{worst.next_zh}",
        f"It cannot be paid yet: {worst.en}. {worst.next_en}",
        at="line",
    )
