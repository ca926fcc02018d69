"""The department that brought a batch by its own system is told what becomes of it: counts, never people."""

from __future__ import annotations

from yikatong.benefits.events import Told
from yikatong.benefits.models import PaymentBatch
from yikatong.benefits.queries import state_counts
from yikatong.office.act import Act
from yikatong.office.events import queue_event
from yikatong.office.journal import Json


def tell_department(act: Act, row: PaymentBatch, what: Told, **more: Json) -> None:
    """Queue an event for whoever brought the batch by interface; nothing for one that came over the desk."""
    door, _, number = row.maker.partition(":")
    if door != "partner":
        return
    states: list[Json] = [
        {"state": each.state.code, "rows": each.rows, "fen": each.fen} for each in state_counts(row.pk)
    ]
    data: dict[str, Json] = {
        "batch": row.number,
        "programme": row.programme,
        "period": row.period,
        "state": row.state,
        "declared_rows": row.declared_rows,
        "declared_fen": row.declared_fen,
        "states": states,
    }
    queue_event(act, partner=int(number), kind=what.value, subject=row.number, data={**data, **more})
