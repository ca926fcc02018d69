# ruff: noqa: S608 - only names of our own tables are put into the text; values go as parameters
"""成品卡入库: a box arrives at its outlet, its cards can be collected, and their holders are told."""

from __future__ import annotations

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.collective_facts import UNIT_TOLD
from yikatong.cards.messages import Step, sql, text
from yikatong.cards.models import ApplicationList, Batch
from yikatong.cards.rules import AT_OUTLET, MADE, ORDER
from yikatong.cards.services.staging import judged, lock_orders, taken
from yikatong.cards.services.telling import WHOM_TO_TELL, whom_to_tell
from yikatong.cards.unit_lists import STAGES, Stage, due_on
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance_all
from yikatong.office.places import outlet
from yikatong.office.rulebook import whole
from yikatong.office.scope import Scope, outside


def receive_box(
    act: Act, *, outlet_code: str, batch_number: str | None = None, scope: Scope | None = None
) -> int | Refused:
    """Put the finished cards of an outlet on its shelf (those of one batch, where it is named); returns how many.

    Each holder with a phone is told by short message, and each unit whose list has cards in the box. Refused: `box.outlet_unknown`, `scope.outside`, `box.batch_unknown`.
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
        _tell_units(act, box)
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
    """Tell each holder, and of a minor the guardian; whose unit collects for them hears that."""
    alone = sql(Step.AT_OUTLET, number="o.number", outlet="%(outlet)s")
    by_unit = sql(Step.AT_OUTLET_FOR_UNIT, number="o.number", outlet="%(outlet)s", unit="u.name")
    post.queue_messages(
        act,
        f"SELECT {WHOM_TO_TELL}, CASE WHEN u.id IS NULL THEN {alone} ELSE {by_unit} END, r.id, "
        f"'order:' || o.id FROM {box} j JOIN cards_order o ON o.id = j.order_id "
        "JOIN residents_resident r ON r.id = o.resident_id "
        "LEFT JOIN cards_listline l ON l.order_id = o.id "
        "LEFT JOIN cards_applicationlist a ON a.id = l.application_list_id "
        "LEFT JOIN cards_unit u ON u.id = a.unit_id",
        {"outlet": outlet_name, **whom_to_tell(act.today)},
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
    for row in rows.defer("content").filter(pk__in=here).order_by("pk"):
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
