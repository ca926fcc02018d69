# ruff: noqa: S608 - only names of our own tables are put into the text; values go as parameters
"""成品卡入库: cards stand at their outlet and can be collected, and their holders are told.

A counter takes a box in by counting it (`boxes.py`); a whole outlet at once is for what was made on the spot.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.collective_facts import UNIT_TOLD
from yikatong.cards.messages import Step, text
from yikatong.cards.models import ApplicationList, Batch, ListLine, Posting
from yikatong.cards.posting import WISHED
from yikatong.cards.rules import AT_OUTLET, MADE, ORDER
from yikatong.cards.services.staging import judged, lock_orders, taken
from yikatong.cards.services.telling import tell_orders
from yikatong.cards.stages import STAGES, Stage
from yikatong.cards.unit_lists import due_on
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.office.places import OutletRow, outlet
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope, outside


def receive_box(
    act: Act, *, outlet_code: str, batch_number: str | None = None, scope: Scope | None = None
) -> int | Refused:
    """Put the finished cards of an outlet on its shelf (those of one batch, where it is named); returns how many.

    Each holder with a phone is told by short message, and each unit whose list has cards there. Refused: `box.outlet_unknown`, `scope.outside`, `box.batch_unknown`.
    """
    place = outlet_of(outlet_code, scope)
    if isinstance(place, Refused):
        return place
    if not batch_number:
        return len(put_in_stock(act, place, "true", {}))
    batch = batch_of(batch_number)
    if isinstance(batch, Refused):
        return batch
    return len(put_in_stock(act, place, "o.batch_id = %(batch)s", {"batch": batch.pk}))


def outlet_of(code: str, scope: Scope | None) -> OutletRow | Refused:
    """Refused: `box.outlet_unknown`, `scope.outside`."""
    place = outlet(code)
    if place is None:
        return Refused(
            "box.outlet_unknown",
            f"没有编号为 {code} 的网点。",
            f"There is no outlet {code}.",
            at="outlet_code",
        )
    if scope is not None and not scope.covers(place.region, place.code):
        return outside(place.region)
    return place


def batch_of(number: str) -> Batch | Refused:
    """Refused: `box.batch_unknown`."""
    batch = Batch.objects.filter(number=number.strip().upper()).first()
    if batch is not None:
        return batch
    return Refused(
        "box.batch_unknown", f"没有批次 {number}。", f"There is no batch {number}.", at="batch_number"
    )


def put_in_stock(act: Act, place: OutletRow, which: str, parameters: Mapping[str, Any]) -> list[int]:
    """Take the finished orders of an outlet (and a condition over `o`) in; returns their keys."""
    due = {**parameters, "outlet": place.id, "made": MADE.code}
    where = f"o.outlet_id = %(outlet)s AND o.state = %(made)s AND ({which})"
    if lock_orders(where, due) == 0:
        return []
    chosen = f"SELECT o.id AS order_id, true AS good, '' AS refusal FROM cards_order o WHERE {where}"
    with judged(chosen, due) as box:
        stocked = taken(box, good=True)
        advance_all(stocked, ORDER, "stock", state_since=act.at)
        _record(act, box, place.name)
        keys = list(stocked.values_list("pk", flat=True))
        _tell(act, keys)
        _tell_units(act, box)
    return keys


def _tell(act: Act, keys: list[int]) -> None:
    """Tell each holder that the card is there: to be collected, to be posted, or to be collected by their unit."""
    posted = set(Posting.objects.filter(order__in=keys, state=WISHED.code).values_list("order_id", flat=True))
    by_unit = set(ListLine.objects.filter(order__in=keys).values_list("order_id", flat=True)) - posted
    tell_orders(act, Step.AT_OUTLET, [key for key in keys if key not in posted | by_unit])
    tell_orders(act, Step.AT_OUTLET_FOR_UNIT, sorted(by_unit))
    tell_orders(act, Step.TO_BE_POSTED, sorted(posted))


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


def _tell_units(act: Act, box: str) -> None:
    """Tell each unit whose list has cards in the box how many wait for its agents, and until when."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT l.application_list_id, count(*) FROM cards_listline l JOIN cards_order o ON o.id = l.order_id "
            "WHERE o.state = ANY(%(here)s) AND l.application_list_id IN "
            f"(SELECT b.application_list_id FROM cards_listline b JOIN {box} j ON j.order_id = b.order_id) GROUP BY 1",
            {"here": list(STAGES[Stage.AT_OUTLET])},
        )
        here = dict(cursor.fetchall())
    rows = ApplicationList.objects.select_for_update(no_key=True, of=("self",)).select_related(
        "unit", "outlet"
    )
    for row in rows.filter(pk__in=here).order_by("pk"):
        row.told_at = act.at
        row.save(update_fields=["told_at"])
        due = due_on(act.at)
        assert due is not None
        said = text(
            Step.UNIT_TOLD,
            list=row.number,
            cards=str(here[row.pk]),
            outlet=row.outlet.name,
            agents=str(whole("card.list_agents", act.today)),
            due=due.isoformat(),
        )
        subject = f"application_list:{row.pk}"
        act.record(
            UNIT_TOLD,
            subject=subject,
            region=row.region,
            outlet=row.outlet.code,
            number=row.number,
            unit=row.unit.name,
            cards=here[row.pk],
            due_on=due.isoformat(),
        )
        post.queue_message(act, to=row.unit.phone, text=said, subject=subject)
