"""打印交接单: every copy is numbered, and a further one says why."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards.collective_facts import SHEET_PRINTED
from yikatong.cards.models import ListHandOver
from yikatong.cards.receipts.sheet import sheet_of
from yikatong.office.act import Act
from yikatong.office.scope import Scope


def print_sheet(act: Act, number: str, *, reason: str = "", scope: Scope) -> bytes | Refused:
    """The sheet of a list's hand-over as PDF. Refused: sheet.unknown, receipt.reason_missing (not the first copy)."""
    row = (
        ListHandOver.objects.select_for_update(no_key=True, of=("self",))
        .select_related("application_list__unit", "application_list__outlet")
        .defer("application_list__content")
        .filter(number=number.strip().upper())
        .first()
    )
    if row is None or not scope.covers(row.application_list.region, row.application_list.outlet.code):
        return Refused(
            "sheet.unknown", f"没有编号为 {number[:12]} 的交接单。", f"There is no sheet {number[:12]}."
        )
    reason = reason.strip()[:60]
    if row.copies and not reason:
        return Refused(
            "receipt.reason_missing", "请填写补打原因。", "Say why it is printed again.", at="reason"
        )
    row.copies += 1
    row.save(update_fields=["copies"])
    act.record(
        SHEET_PRINTED,
        subject=f"application_list:{row.application_list_id}",
        region=row.application_list.region,
        outlet=row.application_list.outlet.code,
        number=row.number,
        copy=row.copies,
        reason=reason,
    )
    return sheet_of(row, copy=row.copies, reason=reason, at=act.at)
