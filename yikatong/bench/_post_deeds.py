"""Deeds about where a card is collected, and about one that goes by courier: wished for, sent, delivered, brought back, lost."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from yikatong.bench._desks import OUTLETS, Desk
from yikatong.bench._drawing import Deed, Draw, Drawing
from yikatong.bench._life import Life
from yikatong.bench._order_deeds import destination
from yikatong.cards.services import pick_up, posting
from yikatong.office.act import Act

COMPANY = "邮政速递"
_waybills = count(1)


def wish_post(draw: Drawing, life: Life, desk: Desk) -> Deed:
    to = destination(draw)
    return draw.order(
        "wish_post", life, desk, lambda one: bool(to.address.strip()) and one.wish_post(),
        lambda act, number: posting.wish_post(
            act, number, name=to.name, phone=to.phone, address=to.address, scope=desk.scope
        ),
    )  # fmt: skip


def change_outlet(draw: Drawing, life: Life, desk: Desk) -> Deed:
    code = "61049999" if draw.rarely() else draw.random.choice([*OUTLETS])
    return draw.order(
        "change_outlet", life, desk, lambda one: code in OUTLETS and one.collect_at(code, OUTLETS[code][0]),
        lambda act, number: pick_up.change_outlet(act, number, outlet_code=code, scope=desk.scope),
    )  # fmt: skip


def withdraw_post(draw: Drawing, life: Life, desk: Desk) -> Deed:
    return draw.order(
        "withdraw_post", life, desk, Life.collect_after_all,
        lambda act, number: posting.withdraw_post(act, number, scope=desk.scope),
    )  # fmt: skip


def send_post(draw: Drawing, life: Life, desk: Desk) -> Deed:
    company, waybill = "没有的快递" if draw.rarely() else COMPANY, f"EA{next(_waybills):09d}CN"
    return draw.order(
        "hand_to_courier", life, desk, lambda one: company == COMPANY and one.post(draw.at, waybill),
        lambda act, number: posting.hand_to_courier(act, number, company=company, waybill=waybill, scope=desk.scope),
    )  # fmt: skip


def _of_parcel(
    name: str,
    life: Life,
    desk: Desk,
    foretold: Callable[[Life, str], bool],
    call: Callable[[Act, str], object],
) -> Deed:
    """The courier's word: it is the waybill that says whose card it is."""
    waybill = (life.order.waybill if life.order is not None else "") or "EA000000000CN"

    def reached(one: Life) -> bool:
        order = one.order
        return order is not None and desk.reaches(order.region, order.outlet) and foretold(one, waybill)

    return Deed(name, reached, lambda act: call(act, waybill))


def deliver(draw: Drawing, life: Life, desk: Desk) -> Deed:
    signed, day = draw.blank("收件人"), draw.at.date()
    on = day + timedelta(days=1) if draw.rarely() else day
    return _of_parcel(
        "confirm_delivered", life, desk,
        lambda one, waybill: bool(signed.strip()) and on == day and one.delivered(draw.at, waybill),
        lambda act, waybill: posting.confirm_delivered(act, waybill=waybill, signed_by=signed, on=on, scope=desk.scope),
    )  # fmt: skip


def bring_back(draw: Drawing, life: Life, desk: Desk) -> Deed:
    note = draw.blank("查无此人")
    return _of_parcel(
        "bring_back", life, desk,
        lambda one, waybill: bool(note.strip()) and one.brought_back(draw.at, waybill),
        lambda act, waybill: posting.bring_back(act, waybill=waybill, note=note, scope=desk.scope),
    )  # fmt: skip


def write_off(draw: Drawing, life: Life, desk: Desk) -> Deed:
    note = draw.blank("途中遗失")
    return _of_parcel(
        "write_off", life, desk,
        lambda one, waybill: bool(note.strip()) and one.lost_in_post(draw.at, waybill),
        lambda act, waybill: posting.write_off(act, waybill=waybill, note=note, scope=desk.scope),
    )  # fmt: skip


DRAWS: dict[str, Draw] = {
    "change_outlet": change_outlet,
    "wish_post": wish_post,
    "withdraw_post": withdraw_post,
    "send_post": send_post,
    "deliver": deliver,
    "bring_back": bring_back,
    "write_off": write_off,
}
