"""The person a service works on, locked; and whose a number is.

Every lock of the house is one that foreign keys pass (`FOR NO KEY UPDATE`): the check of a key waits till the end of an
act, when its rows are locked in an order of its own, and two acts would otherwise wait for each other.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.residents.models import IdentityDocument, Resident
from yikatong.residents.queries import by_number, number_key


def locked(resident_id: int) -> Resident | None:
    """The person's row, locked until the act ends; None for a stranger, and for a record merged into another."""
    return (
        Resident.objects.select_for_update(no_key=True)
        .filter(pk=resident_id, merged_into__isnull=True)
        .first()
    )


def hold(resident_ids: Iterable[int]) -> None:
    """Keep these people and those they are merged into as they are until the act ends; others may hold them as well.

    What a floor above decides by somebody's state or records (an application, a merge) stays true until it is done.
    """
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, {"people": list(resident_ids)})


_HOLD = """
SELECT 1 FROM residents_resident r
 WHERE r.id IN (SELECT unnest(ARRAY[p.id, p.merged_into_id]) FROM residents_resident p WHERE p.id = ANY(%(people)s))
 ORDER BY r.id FOR SHARE
"""


def unknown() -> Refused:
    """`resident.unknown`."""
    return Refused("resident.unknown", "没有这个人员，请重新查询。", "There is no such person; search again.")


def owner_of(number: str) -> Resident | None:
    """Who uses this number now, as their own or on another document; a former number is nobody's."""
    row = by_number(number).first()
    if row is None:
        shown = IdentityDocument.objects.filter(number_key=number_key(number), until__isnull=True)
        document = shown.select_related("resident").first()
        row = document.resident if document else None
    return row
