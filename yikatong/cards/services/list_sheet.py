"""打印交接单: every copy is numbered, a further one says why, and one too many waits for somebody else's release."""

from __future__ import annotations

from uuid import UUID

from yikatong.basics.refused import Refused
from yikatong.cards.collective_facts import SHEET_PRINTED
from yikatong.cards.copies import ASKED
from yikatong.cards.models import ListHandOver
from yikatong.cards.receipts import SHEET
from yikatong.cards.receipts.sheet import sheet_of
from yikatong.cards.services.copies import Copy, Named, next_copy
from yikatong.office.act import Act
from yikatong.office.scope import Scope

_THE_SHEET = UUID(int=0)
"""A sheet is the paper of one hand-over alone: there is no act to tell it by."""


def print_sheet(act: Act, number: str, *, reason: str = "", scope: Scope) -> Copy | Refused:
    """The sheet of a list's hand-over as PDF, or a copy beyond the rule asked for (`card.receipt_prints`).

    Refused: sheet.unknown, receipt.reason_missing (not the first copy), receipt.waits.
    """
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
    region, outlet = row.application_list.region, row.application_list.outlet.code
    named = Named(f"{SHEET}{row.pk}", row.number, None)
    copy = next_copy(act, named, _THE_SHEET, reason, region=region, outlet=outlet)
    if isinstance(copy, Refused):
        return copy
    if copy.state == ASKED.code:
        return Copy(copy.number, b"")
    row.copies = copy.number
    row.save(update_fields=["copies"])
    act.record(
        SHEET_PRINTED,
        subject=f"application_list:{row.application_list_id}",
        region=region,
        outlet=outlet,
        number=row.number,
        copy=copy.number,
        reason=copy.reason,
    )
    return Copy(copy.number, sheet_of(row, copy=copy.number, reason=copy.reason, at=act.at))
