"""The person a service works on, locked; and whose a number is."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.residents.models import IdentityDocument, Resident
from yikatong.residents.queries import by_number, number_key


def locked(resident_id: int) -> Resident | None:
    """The person's row, locked until the act ends; None for a stranger, and for a record merged into another."""
    return Resident.objects.select_for_update().filter(pk=resident_id, merged_into__isnull=True).first()


def unknown() -> Refused:
    """`resident.unknown`."""
    return Refused("resident.unknown", "没有这个人员,请重新查询。", "There is no such person; search again.")


def owner_of(number: str) -> Resident | None:
    """Who uses this number now, as their own or on another document; a former number is nobody's."""
    row = by_number(number).first()
    if row is None:
        shown = IdentityDocument.objects.filter(number_key=number_key(number), until__isnull=True)
        document = shown.select_related("resident").first()
        row = document.resident if document else None
    return row
