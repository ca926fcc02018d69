"""Reads: cards that go by courier."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from yikatong.basics.states import State
from yikatong.cards.models import Posting
from yikatong.cards.posting import POSTING, SENT, WISHED
from yikatong.cards.rules import LYING
from yikatong.office.prepared import Given, Prepared
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
