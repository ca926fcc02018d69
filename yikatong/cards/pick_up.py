"""改领卡网点: whether a card under way may still be collected elsewhere."""

from __future__ import annotations

from datetime import date

from yikatong.basics.refused import Refused
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import BEFORE_BATCH, Mode
from yikatong.cards.unit_lists import list_of_order
from yikatong.office.rulebook import ruling


def not_to_be_moved(order: OrderRow, today: date) -> Refused | None:
    """Why the card of this order is not collected elsewhere, or not any more.

    Refused: `outlet.instant`, `outlet.too_late` (rule `card.outlet_change_states`), `outlet.by_list`.
    """
    if order.mode is Mode.INSTANT:
        return Refused(
            "outlet.instant",
            "即时制卡在受理网点当场领取，不能改领卡网点。",
            "A card made on the spot is taken home from where it was applied for.",
            at="outlet_code",
        )
    in_time = order.state.code in BEFORE_BATCH and _in_time_here(order, today)
    if not in_time or order.stopped_at is not None or order.frozen_at is not None:
        return Refused(
            "outlet.too_late",
            f"申请 {order.number} 目前为“{order.state.zh}”，不能再改领卡网点；可在卡到网点后委托他人领取。",
            f"Order {order.number} is {order.state.en}: where its card is collected cannot be changed any more; "
            "somebody else may collect it once it is there.",
            at="outlet_code",
        )
    by_list = list_of_order(order.id)
    if by_list:
        return Refused(
            "outlet.by_list",
            f"这张卡由单位按名单 {by_list} 统一领取，不能单独改领卡网点。",
            f"The unit collects this card with its list {by_list}; it cannot be moved alone.",
            at="outlet_code",
        )
    return None


def _in_time_here(order: OrderRow, today: date) -> bool:
    """Whether this city still lets it: it may end the time earlier, never later."""
    return order.state.code in ruling("card.outlet_change_states", today).value
