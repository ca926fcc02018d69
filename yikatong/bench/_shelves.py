"""Boxes counted at their outlet and cards put into slots, told a second time."""

from __future__ import annotations

from itertools import count

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.bench._desks import DESKS, OUTLETS
from yikatong.bench._drawing import LYING
from yikatong.bench._life import Life
from yikatong.bench._sets import SetDrawing, SetWork
from yikatong.cards.services.boxes import count_box
from yikatong.cards.services.slots import open_slots, put_in_slot
from yikatong.office.act import Act

# Those whose history has ended have cards in boxes, too.
_AWAITED = """
SELECT b.number, p.code, split_part(c.box_slot, '-', 1), count(*)
  FROM cards_order o JOIN cards_card c ON c.order_id = o.id JOIN cards_batch b ON b.id = o.batch_id
  JOIN office_outlet p ON p.id = o.outlet_id
 WHERE o.state = 'made' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""
_cabinets = count(1)


def count_a_box(draw: SetDrawing) -> SetWork | None:
    """A box is counted: right, and its cards lie at the outlet; wrong, and nothing moves."""
    with connection.cursor() as cursor:
        cursor.execute(_AWAITED)
        awaited = cursor.fetchall()
    if not awaited:
        return None
    batch, outlet, box, there = draw.random.choice(awaited)
    desk = draw.random.choice(DESKS)
    counted = there + draw.random.choice((0, 0, 0, 0, 1, -1))
    here = desk.reaches(OUTLETS[outlet][0], outlet)

    def effect(life: Life) -> None:
        order = life.order
        if here and counted == there and order is not None and (order.batch, order.outlet) == (batch, outlet):
            life.move(draw.at, ("made",), "at_outlet")

    return SetWork(
        "count_box", desk, effect,
        lambda act: count_box(
            act, outlet_code=outlet, batch_number=batch, box=box, counted=counted, scope=desk.scope
        ),
        refused=not here,
    )  # fmt: skip


def fill_slot(draw: SetDrawing) -> SetWork:
    """A new slot, and more cards for it than it has room for, some of which do not lie there at all."""
    outlet, desk = draw.random.choice([*OUTLETS]), draw.random.choice(DESKS)
    cabinet, capacity = f"W{next(_cabinets):05d}", draw.random.randint(1, 3)
    code, here = f"{cabinet}-01", desk.reaches(OUTLETS[outlet][0], outlet)
    lying = [pair for pair in draw.orders(*LYING) if pair[1].outlet == outlet and pair[1].number]
    others = [
        (life, life.order) for life in draw.lives.values() if life.order is not None and life.order.number
    ]
    wanted = draw.random.sample(lying, min(len(lying), capacity + 1))
    wanted += [pair for pair in draw.random.sample(others, min(len(others), 2)) if pair not in wanted]
    fits = [
        (life, order)
        for life, order in wanted
        if order.stands in LYING and order.outlet == outlet and desk.reaches(order.region, order.outlet)
    ][:capacity]
    placed = {order.number for _, order in fits} if here else set()

    def call(act: Act) -> object:
        opened = open_slots(
            act, outlet_code=outlet, cabinet=cabinet, first=1, last=1, capacity=capacity, scope=desk.scope
        )
        if isinstance(opened, Refused):
            return opened
        for _, order in wanted:
            done = put_in_slot(act, order.number, slot=code, scope=desk.scope)
            came = not isinstance(done, Refused)
            assert came is (order.number in placed), f"{order.number} into {code}: {done}"
        return opened

    def effect(life: Life) -> None:
        if life.order is not None and life.order.number in placed:
            life.order.slot = code

    return SetWork("fill_slot", desk, effect, call, refused=not here)
