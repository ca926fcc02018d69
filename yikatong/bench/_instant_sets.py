"""即时制卡 in a walk: one order taken on by whoever stands at the counter, and confirmed by a second person."""

from __future__ import annotations

from django.db import connection

from yikatong.bench._desks import CLERK, DESKS
from yikatong.bench._life import Life
from yikatong.bench._sets import SetDrawing, SetWork
from yikatong.cards.services import instant

AT_THE_COUNTER = ("submitted", "bank_opening", "ready", "make_failed", "batched", "made")


def go_on(draw: SetDrawing) -> SetWork | None:
    """One step further, wherever the order stands now."""
    likely = [pair for pair in draw.orders(*AT_THE_COUNTER) if pair[1].mode == "instant" and pair[1].number]
    every = (
        likely
        if likely and draw.random.random() < 0.9
        else [p for p in draw.orders("submitted", "ready") if p[1].number]
    )
    if not every:
        return None
    person, order = draw.random.choice(every)
    desk = draw.random.choice((CLERK, *DESKS))
    number, stands, batch = order.number, order.stands, order.batch
    rests = order.frozen and stands in ("submitted", "ready", "make_failed")
    rests = rests or (order.stopped and stands in ("ready", "make_failed"))
    refused = not desk.reaches(order.region, order.outlet) or order.mode != "instant" or rests

    def effect(life: Life) -> None:
        if refused or life.order is None:
            return
        if stands == "made" and life.order.batch == batch and life.order.outlet == order.outlet:
            life.move(draw.at, ("made",), "at_outlet")
        if life.id != person.id:
            return
        if life.move(draw.at, ("submitted",), "checking") or (
            stands == "bank_opening" and not life.order.frozen
        ):
            life.order.asked = True
        life.move(draw.at, ("ready", "make_failed"), "batched")

    return SetWork(
        f"go_on_{stands}", desk, effect, lambda act: instant.go_on(act, number, scope=desk.scope), refused=refused
    )  # fmt: skip


def confirm(draw: SetDrawing) -> SetWork | None:
    """The outlet's second person sends a batch of one to be made."""
    waiting = [
        pair for pair in draw.orders("batched", "ready") if pair[1].mode == "instant" and pair[1].number
    ]
    if not waiting:
        return None
    person, order = draw.random.choice(waiting)
    desk, number = draw.random.choice(DESKS), order.number
    with connection.cursor() as cursor:
        cursor.execute("SELECT orders, assembled_by FROM cards_batch WHERE number = %s", [order.batch])
        size, by = cursor.fetchone() or (0, "")
    refused = order.stands != "batched" or size != 1 or by == desk.actor.code or order.mended
    refused = refused or not desk.reaches(order.region, order.outlet)

    def effect(life: Life) -> None:
        if not refused and life.id == person.id:
            life.move(draw.at, ("batched",), "making")

    return SetWork(
        "confirm_instant", desk, effect, lambda act: instant.confirm(act, number, scope=desk.scope), refused=refused
    )  # fmt: skip
