"""Blank stock at the pages: written by one, confirmed by another, drawn, counted blind, explained by a third."""

from __future__ import annotations

import re

from tests.cards.factories import CENTRE_OUTLET
from tests.web.console.desks import refusals
from yikatong.cards.models import Blank, StockCount

PAPER = {
    "kind": "delivery",
    "letters": "xy",
    "first": "1",
    "last": "20",
    "source": "",
    "target": CENTRE_OUTLET,
}
HERE = {"region": "610402", "outlet": CENTRE_OUTLET}


def test_from_the_delivery_to_an_explained_difference(clerk, desk_of):
    other, manager = desk_of("outlet_clerk", **HERE), desk_of("outlet_manager", **HERE)
    assert "XY" in clerk.check("blanks/paper/", **PAPER).upper()
    page = clerk.confirm("blanks/paper/", **PAPER)
    number = re.search(r"blanks/paper/(K\d+)/withdraw/", page)[1]
    assert f"{number}/confirm/" not in page and "等另一人确认" in page
    assert refusals(clerk.confirm(f"blanks/paper/{number}/confirm/"))
    assert "已办理" in other.confirm(f"blanks/paper/{number}/confirm/")
    assert Blank.objects.count() == 20
    assert "XY00000001" in clerk.confirm("blanks/draw/", outlet_code=CENTRE_OUTLET, count="2")
    assert "作废" in clerk.confirm("blanks/spoil/", serial="XY00000001", reason="打印模糊")
    assert "已交回 1 张" in clerk.confirm("blanks/give-back/", outlet_code=CENTRE_OUTLET)
    assert refusals(clerk.confirm("blanks/use/", serial="XY00000001", order_number="S1"))
    page = clerk.confirm("blanks/count/", outlet_code=CENTRE_OUTLET, counted="17")
    assert "待第二人盘点" in page and "17" not in re.sub(
        r"<head>.*?</head>|\d{4,}", "", page.split("counts-title")[1], flags=re.DOTALL
    )
    assert "须由另一人清点" in page and "我来清点" not in page
    assert f'blanks/count/?outlet={CENTRE_OUTLET}">我来清点' in other.see("blanks/")
    assert f'value="{CENTRE_OUTLET}" selected' in other.see(f"blanks/count/?outlet={CENTRE_OUTLET}")
    assert refusals(clerk.confirm("blanks/count/", outlet_code=CENTRE_OUTLET, counted="17"))
    assert "不符待说明" in other.confirm("blanks/count/", outlet_code=CENTRE_OUTLET, counted="19")
    row = StockCount.objects.get()
    path = f"blanks/count/{row.pk}/explain/"
    other.see(path, status=403)
    assert "差异说明已登记" in manager.confirm(path, explanation="两张夹在箱缝，已找到")


def test_a_paper_written_wrongly_is_withdrawn(clerk):
    page = clerk.confirm("blanks/paper/", **PAPER)
    number = re.search(r"blanks/paper/(K\d+)/withdraw/", page)[1]
    assert "已办理" in clerk.confirm(f"blanks/paper/{number}/withdraw/")
    clerk.see(f"blanks/paper/{number}/confirm/", status=404)


def test_another_outlet_does_not_see_this_stock(clerk, desk_of):
    clerk.confirm("blanks/paper/", **PAPER)
    far = desk_of("outlet_clerk", region="610404", outlet="61040401")
    assert "没有待确认的单子" in far.see("blanks/")
