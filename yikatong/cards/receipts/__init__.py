"""凭条: what a person takes home, as PDF by typst.

The page is A5, portrait: it prints on the counter's small printer and two-up on A4. It shows the number masked, as a
receipt may be lost, and the day promised or the hand-over, whichever is true of the order.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import typst
from django.conf import settings
from django.utils import timezone

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.cards.facts import RECEIPT_PRINTED
from yikatong.cards.models import Card
from yikatong.cards.rows import OrderRow
from yikatong.cards.rules import CANCELLED, COLLECTED
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.queries import centre
from yikatong.residents.queries import person

TEMPLATE = Path(__file__).with_name("receipt.typ")


@cache
def _fonts() -> typst.Fonts:
    # Reading the font files takes most of the time of a page; a process does it once.
    return typst.Fonts(include_system_fonts=False, font_paths=[settings.FONTS_FOLDER])


def receipt_pdf(order: OrderRow) -> bytes:
    """The receipt of one order as PDF bytes: taken, collected or withdrawn."""
    return typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"receipt": json.dumps(_contents(order))}, font_paths=_fonts()
    )


def print_receipt(act: Act, order: OrderRow) -> bytes:
    """The receipt as PDF, with the print in the journal."""
    content = receipt_pdf(order)
    act.record(
        RECEIPT_PRINTED,
        subject=f"order:{order.id}",
        person=order.resident_id,
        region=order.region,
        outlet=order.outlet,
        number=order.number,
    )
    return content


def _contents(order: OrderRow) -> dict[str, object]:
    holder, house = person(order.resident_id), centre()
    if holder is None or house is None:
        raise LookupError(f"order {order.id} has no resident or no centre")
    title, advice = (
        "社会保障卡业务受理凭条",
        "请凭本凭条和有效身份证件到领卡网点领卡；他人代领须另带委托书和双方证件。",
    )
    rows = [
        ("受理编号", order.number),
        ("申请人", mask(Sensitive.NAME, holder.name)),
        ("社会保障号码", mask(Sensitive.IDENTITY_NUMBER, holder.number)),
        ("办理业务", f"{order.kind.zh}（{order.mode.zh}）"),
        ("受理时间", f"{timezone.localtime(order.applied_at):%Y-%m-%d %H:%M}"),
        ("承诺日期", f"{order.promised_on:%Y-%m-%d} 前可领卡"),
        ("领卡网点", order.outlet_name),
        ("工本费", f"{print_yuan(order.fee_fen)} 元"),
    ]
    if order.state is COLLECTED:
        title, advice = (
            "社会保障卡领卡凭条",
            "请尽快启用社保功能，并到服务银行激活金融账户。遗失请拨打 12333 临时挂失。",
        )
        rows += [("社保卡号", order.card_no), ("领卡", _collected(order))]
    elif order.state is CANCELLED:
        title, advice = "社会保障卡申请撤销凭条", "该申请已撤销，需要时可重新申领。"
    return {
        "centre": house.name,
        "title": title,
        "rows": rows,
        "advice": advice,
        "demo": house.demo,
        "printed": f"{timezone.localtime(clock.now()):%Y-%m-%d %H:%M}",
    }


def _collected(order: OrderRow) -> str:
    card = Card.objects.filter(order_id=order.id).first()
    if card is None or card.collected_at is None:
        raise LookupError(f"order {order.id} is collected but has no collected card")
    return f"{timezone.localtime(card.collected_at):%Y-%m-%d %H:%M}"
