"""What the floors above ask about the centre, its places and its people: frozen rows, and the tables stay private."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yikatong.office.models import Centre, Partner, Region, Staff
from yikatong.office.places import OutletRow, outlet, outlets

__all__ = [
    "CentreRow",
    "OutletRow",
    "PartnerRow",
    "RegionRow",
    "StaffRow",
    "centre",
    "outlet",
    "outlets",
    "partners",
    "region_name",
    "regions",
    "staff_rows",
]


@dataclass(frozen=True)
class CentreRow:
    """The centre this database belongs to; `region` is its city's code."""

    code: str
    name: str
    region: str
    department: str
    target_year: int
    demo: bool


@dataclass(frozen=True)
class RegionRow:
    """The city or one of its counties; the city's `parent` is empty."""

    code: str
    name: str
    parent: str


@dataclass(frozen=True)
class StaffRow:
    """A member of staff; `outlet` is the code of theirs, empty where they work for the whole region."""

    id: int
    username: str
    full_name: str
    roles: tuple[str, ...]
    region: str
    outlet: str
    active: bool


@dataclass(frozen=True)
class PartnerRow:
    """A partner as the register shows it: nothing of its key but the prefix people can tell keys apart by."""

    id: int
    code: str
    name: str
    purposes: tuple[str, ...]
    key_prefix: str
    per_minute: int
    expires_on: date
    active: bool


def centre() -> CentreRow | None:
    """The centre, None before one is opened. Read once per process: every page names it, and it does not change."""
    try:
        return opened_centre()
    except Centre.DoesNotExist:
        return None


@lru_cache(maxsize=1)
def opened_centre() -> CentreRow:
    """The centre as remembered (`rulebook.forget` drops it); Centre.DoesNotExist, never remembered, before one is opened."""
    row = Centre.objects.earliest("pk")
    return CentreRow(row.code, row.name, row.region, row.department, row.target_year, row.demo)


def regions() -> tuple[RegionRow, ...]:
    """The city and its counties, by code."""
    return tuple(RegionRow(row.code, row.name, row.parent) for row in Region.objects.order_by("code"))


def region_name(code: str) -> str:
    """The name of one of our regions; the code itself where it is none of ours."""
    return Region.objects.filter(code=code).values_list("name", flat=True).first() or code


def staff_rows() -> tuple[StaffRow, ...]:
    """Everyone who may log in or could once, by user name."""
    return tuple(
        StaffRow(
            row.pk,
            row.username,
            row.full_name,
            tuple(row.roles),
            row.region,
            row.outlet.code if row.outlet else "",
            row.is_active,
        )
        for row in Staff.objects.select_related("outlet").order_by("username")
    )


def staff_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of those of these actors who are staff (`staff:12`), by their code."""
    keys = {code.removeprefix("staff:") for code in codes if code.startswith("staff:")}
    return {f"staff:{row.pk}": row.full_name for row in Staff.objects.filter(pk__in=keys)}


def partners() -> tuple[PartnerRow, ...]:
    """All partners, by code."""
    return tuple(
        PartnerRow(
            row.pk,
            row.code,
            row.name,
            tuple(row.purposes),
            row.key_prefix,
            row.per_minute,
            row.expires_on,
            row.active,
        )
        for row in Partner.objects.order_by("code")
    )
