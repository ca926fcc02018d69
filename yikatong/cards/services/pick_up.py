"""改领卡网点: the holder would rather collect the card elsewhere, and says so before it is taken into a batch.

From then on what is made and boxed for which outlet is what somebody else approved (`batch.py`), and stays.
"""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.messages import Step
from yikatong.cards.models import Order
from yikatong.cards.pick_up import not_to_be_moved
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.services.assign import take_out_of_reach
from yikatong.cards.services.locked import locked_order, record_of_order
from yikatong.cards.services.telling import tell_orders
from yikatong.office.act import Act
from yikatong.office.places import OutletRow, outlet
from yikatong.office.scope import Scope


def change_outlet(
    act: Act, order_number: str, *, outlet_code: str, scope: Scope | None = None
) -> OrderRow | Refused:
    """Have the card of an open order collected at another outlet of the city; the holder is told.

    The order goes to that outlet's clerks: whoever works on it and cannot reach it there gives it up. Its promised day
    stays. Refused: `order.unknown`, `scope.outside`, `outlet.instant`, `outlet.too_late` (rule
    `card.outlet_change_states`), `outlet.by_list` (collected by its unit), `order.outlet_unknown`, `outlet.same`.
    """
    order = locked_order(order_number, scope)
    if isinstance(order, Refused):
        return order
    refused = not_to_be_moved(order_row(order), act.today)
    if refused is not None:
        return refused
    to = outlet(outlet_code)
    if to is None:
        return Refused(
            "order.outlet_unknown",
            f"没有编号为 {outlet_code} 的网点，请重新选择领卡网点。",
            f"There is no outlet {outlet_code}; choose where the card is collected.",
            at="outlet_code",
        )
    if to.id == order.outlet_id:
        return Refused(
            "outlet.same",
            f"申请 {order.number} 本来就在{to.name}领卡，请选择别的网点。",
            f"The card of {order.number} is collected at {to.name} already; choose another outlet.",
            at="outlet_code",
        )
    return _moved(act, order, to)


def _moved(act: Act, order: Order, to: OutletRow) -> OrderRow:
    before = order.outlet.name
    order.outlet_id, order.region = to.id, to.region
    order.save(update_fields=["outlet", "region"])
    record_of_order(act, facts.OUTLET_CHANGED, order, before=before, after=to.name)
    take_out_of_reach(act, order)
    tell_orders(act, Step.OUTLET_CHANGED, [order.pk])
    return order_row(order)
