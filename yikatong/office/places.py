"""Where cards are applied for and handed over: frozen rows of outlets for the floors above."""

from __future__ import annotations

from dataclasses import dataclass

from yikatong.office.models import Outlet
from yikatong.office.scope import stem


@dataclass(frozen=True)
class OutletRow:
    """One outlet. `bank_code` is set where a bank runs it; `instant` where it makes cards on the spot."""

    id: int
    code: str
    name: str
    region: str
    bank_code: str
    instant: bool


def outlet(code: str) -> OutletRow | None:
    """The outlet with this code."""
    row = Outlet.objects.filter(code=code.strip()).first()
    return _row(row) if row else None


def outlets(region: str | None = None) -> tuple[OutletRow, ...]:
    """Outlets by code: all of them, or those in a region and below."""
    rows = Outlet.objects.order_by("code")
    if region is not None:
        rows = rows.filter(region__code__startswith=stem(region))
    return tuple(_row(row) for row in rows)


def _row(row: Outlet) -> OutletRow:
    return OutletRow(row.pk, row.code, row.name, row.region_id, row.bank_code, row.instant)
