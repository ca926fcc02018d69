"""集体领卡交接单: which cards a unit's agents took, by class, with room for each person's signature, as PDF by typst.

Names are masked and cards shown by their last four: the sheet goes through many hands.
"""

from __future__ import annotations

import json
from datetime import datetime
from itertools import groupby
from pathlib import Path

import typst
from django.utils import timezone

from yikatong.basics.masking import Sensitive, mask
from yikatong.cards.models import ListHandOver, ListLine
from yikatong.cards.receipts import fonts
from yikatong.office.queries import centre

TEMPLATE = Path(__file__).with_name("sheet.typ")


def sheet_of(row: ListHandOver, *, copy: int, reason: str, at: datetime) -> bytes:
    """One copy of a hand-over's sheet as PDF bytes; marked 补打 with its reason where it is not the first."""
    house = centre()
    if house is None:
        raise LookupError("no centre is open")
    named = row.application_list
    contents = {
        "centre": house.name,
        "title": "社会保障卡集体领卡交接单",
        "number": row.number,
        "demo": house.demo,
        "copy": f"第 {copy} 次打印",
        "again": f"补打：{reason}" if copy > 1 else "",
        "printed": f"{timezone.localtime(at):%Y-%m-%d %H:%M}",
        "facts": [
            ("交接单编号", row.number),
            ("名单编号", named.number),
            ("单位", named.unit.name),
            ("领卡网点", named.outlet.name),
            ("交接时间", f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}"),
            ("交接张数", f"{row.cards} 张"),
            ("介绍信", row.letter),
            ("网点经办", row.by_name),
            *(
                (f"单位经办人{place}", f"{each.name}（{mask(Sensitive.IDENTITY_NUMBER, each.number)}）")
                for place, each in enumerate(row.agents.order_by("id"), start=1)
            ),
        ],
        "groups": _groups(row),
        "left_out": [(number, zh) for number, zh, _en in row.left_out],
    }
    if len(contents["facts"]) % 2:  # type: ignore[arg-type]
        contents["facts"].append(("", ""))  # type: ignore[attr-defined]
    inputs = {"sheet": json.dumps(contents)}
    return typst.compile(TEMPLATE.read_bytes(), sys_inputs=inputs, font_paths=fonts())


def _groups(row: ListHandOver) -> list[dict[str, object]]:
    lines = (
        ListLine.objects.filter(application_list=row.application_list_id, hand_over=row)
        .order_by("division", "line")
        .values_list("division", "folded", "order__card__card_no", "order__number", "order__card__box_slot")
    )
    serial = 0
    groups = []
    for division, found in groupby(lines, key=lambda line: line[0]):
        rows = []
        for _division, name, card_no, number, slot in found:
            serial += 1
            rows.append((str(serial), mask(Sensitive.NAME, name), card_no[-4:], number, slot or "—", ""))
        groups.append({"name": division or "未分班级或部门", "rows": rows})
    return groups
