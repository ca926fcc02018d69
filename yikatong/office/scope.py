"""Whose rows a person may see: everything is hidden until a region or an outlet opens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from yikatong.basics import regions
from yikatong.basics.refused import Refused
from yikatong.basics.regions import within
from yikatong.office.models import Staff


@dataclass(frozen=True)
class Scope:
    """What a member of staff may see: rows of `region` and below, and only of `outlet` and of `bank` where those are set."""

    region: str
    outlet: str = ""
    bank: str = ""

    @classmethod
    def of(cls, staff: Staff) -> Scope:
        return cls(staff.region, staff.outlet.code if staff.outlet else "", staff.own_bank)

    def covers(self, region: str, outlet: str = "", bank: str = "") -> bool:
        """Whether a row of this region (outlet, bank) may be seen; a row without a region by nobody."""
        return self.refuses(region, outlet, bank) is None

    def refuses(self, region: str, outlet: str = "", bank: str = "") -> Refused | None:
        """Why a row of this region (outlet, bank) may not be seen: `scope.outside`, `scope.other_bank`."""
        if not self.region or not region or not within(region, self.region):
            return outside(region)
        if self.outlet and outlet and outlet != self.outlet:
            return outside(region)
        return _OTHER_BANK if self.of_another_bank(bank) else None

    def of_another_bank(self, bank: str) -> bool:
        """Whether this bank's rows are no business of a member of staff who works for a bank."""
        return bool(self.bank and bank and bank != self.bank)

    def narrow(
        self, rows: QuerySet[Any], *, region: str = "region", outlet: str = "", bank: str = ""
    ) -> QuerySet[Any]:
        """Only the rows that may be seen. `region`/`outlet`/`bank` are the names of the columns that hold the codes."""
        if not self.region:
            return rows.none()
        rows = rows.filter(**{f"{region}__startswith": stem(self.region)}).exclude(**{region: ""})
        if outlet and self.outlet:
            rows = rows.filter(Q(**{outlet: self.outlet}) | Q(**{outlet: ""}))
        if bank and self.bank:
            rows = rows.filter(Q(**{bank: self.bank}) | Q(**{bank: ""}))
        return rows


_OTHER_BANK = Refused(
    "scope.other_bank",
    "该卡的金融账户不在贵行，贵行不能办理；请持卡人到该卡的服务银行或社保卡服务窗口办理。",
    "This card's account is with another bank; send the holder to that bank or to the centre's own counter.",
    at="card_no",
)
EVERYWHERE = Scope("000000")


def stem(region: str) -> str:
    """The digits that every code below this region begins with: 610400 -> 6104, 610402 -> 610402, 000000 -> ''."""
    while region.endswith("00"):
        region = region[:-2]
    return region


def outside(region: str) -> Refused:
    """The answer to a clerk who reaches outside their region."""
    known = regions.region(region)
    if known is None:
        return Refused(
            "scope.outside",
            f"区划代码 {region} 不在您的经办范围内，请核对代码；确属外地的，由当地办理。",
            f"The region {region} is outside your area; check the code, or leave it to the place in charge.",
        )
    return Refused(
        "scope.outside",
        f"该记录由{known.name}的其他网点经办，不在您的经办范围内；请转由所属网点办理。",
        f"This record belongs to another outlet of {known.name}, outside your area; pass it to the outlet in charge.",
    )
