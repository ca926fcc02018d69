"""How a fee begins and ends with its order. For the services of this folder: the orders are locked."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from yikatong.cards import fee_facts
from yikatong.cards.fees import BEFORE_HAND_OVER, DUE, FEE, PAID
from yikatong.cards.models import Fee
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.office.rulebook import ruling

_BORN = """
INSERT INTO cards_fee (order_id, amount_fen, first, state, state_since, asked_by, receipt, paid_by, reason, decided_by,
                       refund_receipt)
SELECT o.id, o.fee_fen, %(first)s, %(due)s, %(at)s, %(by)s, '', '', '', '', ''
  FROM cards_order o WHERE o.id = ANY(%(orders)s::bigint[]) AND o.fee_fen > 0 ORDER BY o.id
RETURNING order_id
"""
_OF_ORDERS = """
SELECT 'order:' || o.id, o.resident_id, o.region, p.code,
       jsonb_build_object('number', o.number, 'amount_fen', f.amount_fen)
  FROM cards_fee f JOIN cards_order o ON o.id = f.order_id JOIN office_outlet p ON p.id = o.outlet_id
 WHERE f.order_id = ANY(%(orders)s::bigint[])
"""


def begin_fees(act: Act, orders: Sequence[int]) -> None:
    """Note what these new orders cost; nothing, where they are free."""
    first = ruling("card.fee.before", act.today).value == BEFORE_HAND_OVER
    given = {"first": first, "due": DUE.code, "at": act.at, "by": act.actor.code, "orders": list(orders)}
    with connection.cursor() as cursor:
        cursor.execute(_BORN, given)
        born = [key for (key,) in cursor.fetchall()]
    if born:
        act.record_rows(fee_facts.FEE_DUE, _OF_ORDERS, {"orders": born})


def end_fees(act: Act, orders: Sequence[int], *, owe: bool = True) -> None:
    """These orders are about to close: what was due is not any more, and what was paid is owed to the payer (`owe`)."""
    for state, event, kind in ((DUE, "lapse", fee_facts.FEE_OVER), (PAID, "owe", fee_facts.FEE_OWED)):
        if state is PAID and not owe:
            continue
        rows = Fee.objects.filter(order__in=orders, state=state.code)
        keys = list(
            rows.select_for_update(no_key=True).order_by("order_id").values_list("order_id", flat=True)
        )
        if keys:
            advance_all(Fee.objects.filter(order__in=keys), FEE, event, state_since=act.at)
            act.record_rows(kind, _OF_ORDERS, {"orders": keys})
