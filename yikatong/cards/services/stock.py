# ruff: noqa: S608 - only names of our own tables are put into the text; values go as parameters
"""成品卡入库: a box arrives at its outlet, its cards can be collected, and their holders are told."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.messages import Step, sql
from yikatong.cards.models import Batch
from yikatong.cards.rules import AT_OUTLET, MADE, ORDER
from yikatong.cards.services.staging import judged, lock_orders, taken
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.office.places import outlet
from yikatong.office.scope import Scope, outside


def receive_box(
    act: Act, *, outlet_code: str, batch_number: str | None = None, scope: Scope | None = None
) -> int | Refused:
    """Put the finished cards of an outlet on its shelf (those of one batch, where it is named); returns how many.

    Each holder with a phone is told by short message. Refused: `box.outlet_unknown`, `scope.outside`, `box.batch_unknown`.
    """
    place = outlet(outlet_code)
    if place is None:
        return Refused(
            "box.outlet_unknown",
            f"没有编号为 {outlet_code} 的网点。",
            f"There is no outlet {outlet_code}.",
            at="outlet",
        )
    if scope is not None and not scope.covers(place.region, place.code):
        return outside(place.region)
    batch = None
    if batch_number:
        batch = Batch.objects.filter(number=batch_number.strip()).first()
        if batch is None:
            return Refused(
                "box.batch_unknown",
                f"没有批次 {batch_number}。",
                f"There is no batch {batch_number}.",
                at="batch",
            )
    due = {"outlet": place.id, "made": MADE.code, "batch": batch.pk if batch else None}
    where = "o.outlet_id = %(outlet)s AND o.state = %(made)s" + (
        " AND o.batch_id = %(batch)s" if batch else ""
    )
    if lock_orders(where, due) == 0:
        return 0
    chosen = f"SELECT o.id AS order_id, true AS good, '' AS refusal FROM cards_order o WHERE {where}"
    with judged(chosen, due) as box:
        count = advance_all(taken(box, good=True), ORDER, "stock", state_since=act.at)
        _record(act, box, place.name)
        _tell(act, box, place.name)
    return count


def _record(act: Act, box: str, outlet_name: str) -> None:
    act.record_rows(
        facts.STOCKED,
        f"""
        SELECT 'order:' || o.id, o.resident_id, o.region, p.code,
               jsonb_build_object('applied_on', d.applied_on, 'promised_on', o.promised_on,
                                  'days', %(today)s - d.applied_on, 'order_kind', o.kind, 'mode', o.mode)
          FROM {box} j JOIN cards_order o ON o.id = j.order_id JOIN office_outlet p ON p.id = o.outlet_id,
               LATERAL (SELECT (o.applied_at AT TIME ZONE 'Asia/Shanghai')::date AS applied_on) AS d
         WHERE o.state = %(state)s
        """,
        {"today": act.today, "state": AT_OUTLET.code},
        outlet_name=outlet_name,
    )


def _tell(act: Act, box: str, outlet_name: str) -> None:
    post.queue_messages(
        act,
        f"SELECT r.phone, {sql(Step.AT_OUTLET, number='o.number', outlet='%(outlet)s')}, r.id, "
        f"'order:' || o.id FROM {box} j JOIN cards_order o ON o.id = j.order_id "
        "JOIN residents_resident r ON r.id = o.resident_id",
        {"outlet": outlet_name},
    )
