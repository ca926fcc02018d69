"""Reads: cards that go by courier, and whether one may."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.models import Posting
from yikatong.cards.posting import POSTING, SENT, WISHED
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import CLOSED, IN_POST, LYING, Mode
from yikatong.office.prepared import Given, Prepared
from yikatong.office.rulebook import ruling
from yikatong.office.scope import Scope


@dataclass(frozen=True)
class ParcelRow:
    """One posting with where it goes; `ready` once its card lies at the outlet, `frozen` where its holder died."""

    order: str
    resident_id: int
    outlet_name: str
    state: State
    state_since: datetime
    name: str
    phone: str
    address: str
    fee_fen: int
    company: str
    waybill: str
    signed_by: str
    signed_on: date | None
    ready: bool
    frozen: bool


def parcel_of(order_id: int) -> ParcelRow | None:
    """The posting of an order; None where the card is to be collected."""
    row = _OF_ORDER.first(order=order_id)
    return _row(row) if row else None


_OF_ORDER = Prepared(lambda: Posting.objects.select_related("order__outlet").filter(order=Given("order")))


def to_be_posted(scope: Scope, limit: int = 100) -> tuple[ParcelRow, ...]:
    """Cards that lie at their outlet and wait for the courier, the longest waiting first."""
    return _rows(scope, limit, state=WISHED.code, order__state__in=LYING, order__frozen_at=None)


def under_way(scope: Scope, limit: int = 100) -> tuple[ParcelRow, ...]:
    """Cards with the courier, the longest under way first."""
    return _rows(scope, limit, state=SENT.code)


def _rows(scope: Scope, limit: int, **which: object) -> tuple[ParcelRow, ...]:
    rows = Posting.objects.select_related("order__outlet").filter(**which)
    narrowed = scope.narrow(rows, region="order__region", outlet="order__outlet__code")
    return tuple(map(_row, narrowed.order_by("state_since", "pk")[:limit]))


def _row(row: Posting) -> ParcelRow:
    order = row.order
    return ParcelRow(
        order.number,
        order.resident_id,
        order.outlet.name,
        POSTING.state(row.state),
        row.state_since,
        row.name,
        row.phone,
        row.address,
        row.fee_fen,
        row.company,
        row.waybill,
        row.signed_by,
        row.signed_on,
        order.state in LYING,
        order.frozen_at is not None,
    )


def not_offered(mode: str, today: date) -> Refused | None:
    """Why a card made this way is not posted: `post.not_offered` (`card.post_offered`), `post.instant`."""
    if not ruling("card.post_offered", today).value:
        return Refused(
            "post.not_offered", "本市暂不办理邮寄领卡。", "Cards are not posted in this city.", at="collect"
        )
    if mode == Mode.INSTANT.value:
        return Refused(
            "post.instant",
            "即时制卡当场领取，不办理邮寄。",
            "A card made on the spot is taken home at once.",
            at="collect",
        )
    return None


def not_to_be_posted(order: OrderRow, today: date) -> Refused | None:
    """Why the card of this order is not posted, or not any more: as above, and `post.too_late`."""
    refused = not_offered(order.mode, today)
    if refused is not None:
        return refused
    if order.state in (*CLOSED, IN_POST) or order.stopped_at is not None or order.frozen_at is not None:
        return Refused(
            "post.too_late",
            f"申请 {order.number} 目前为“{order.state.zh}”，不能再改为邮寄。",
            f"Order {order.number} is {order.state.en}; its card is not posted any more.",
            at="order_number",
        )
    return None
