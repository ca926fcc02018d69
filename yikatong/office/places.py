"""Where cards are applied for and handed over: frozen rows of outlets for the floors above."""

from __future__ import annotations

from dataclasses import dataclass

from yikatong.office.models import Outlet


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


def outlets() -> tuple[OutletRow, ...]:
    """All outlets, by code."""
    return tuple(_row(row) for row in Outlet.objects.order_by("code"))


def _row(row: Outlet) -> OutletRow:
    return OutletRow(row.pk, row.code, row.name, row.region_id, row.bank_code, row.instant)
