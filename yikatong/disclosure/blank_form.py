"""The workbook in which base lines are brought: empty to begin with, or with the lines a version has, to be mended."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime

from xlsxwriter import Workbook

from yikatong.basics.money import yuan
from yikatong.disclosure.intake import HEADINGS
from yikatong.disclosure.lines import CARRIES, CATEGORIES, FUNDS, PHASES, PURCHASES, BaseLine

_MADE = datetime(2020, 1, 1, tzinfo=UTC)  # the same lines give the same bytes
_ROWS = 2_000  # as far as the lists of what may be chosen reach
_CHOICES = {
    "exp_category": CATEGORIES,
    "fund_type": FUNDS,
    "phase": PHASES,
    "carry": CARRIES,
    "purchase": tuple(filter(None, PURCHASES)),
}
_NOTES = {
    "fiscal_year": "预算年度，四位；上年的行也写预算年度，在“阶段”写上年",
    "agency_code": "预算单位编码，与文本一致",
    "exp_func_code": "支出功能分类科目，7 位；上年的行不知道的可空",
    "dep_bgt_eco_code": "部门预算支出经济分类科目，5 位；上年的行可空",
    "gov_bgt_eco_code": "政府预算支出经济分类科目，3 位或 5 位；上年的行可空",
    "exp_category": "从列表中选",
    "pro_name": "项目支出写项目名称，其他可空",
    "fund_type": "从列表中选",
    "phase": "空为年初；调整写增减的数，减少为负；决算写执行；上年的数写上年，用来算增减",
    "carry": "空为本年；上年结转的钱写结转",
    "purchase": "属政府采购的写采购货物、采购工程或采购服务",
    "amount": "以元为单位，最多两位小数；减少可为负数",
}


def lines_workbook(lines: Iterable[BaseLine] = ()) -> bytes:
    """Sheet 基础行 with a row for each line, amounts in yuan; sheet 填写说明 tells what each column wants."""
    held = io.BytesIO()
    with Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"created": _MADE})
        head = book.add_format({"bold": True, "bg_color": "#EEF2F6", "num_format": "@", "border": 1})
        text = book.add_format({"num_format": "@"})
        money = book.add_format({"num_format": "#,##0.00"})
        wrap = book.add_format({"text_wrap": True, "valign": "top"})
        sheet = book.add_worksheet("基础行")
        sheet.freeze_panes(1, 0)
        for place, (name, heading) in enumerate(HEADINGS.items()):
            sheet.set_column(place, place, 18, money if name == "amount" else text)
            sheet.write_string(0, place, heading, head)
            if name in _CHOICES:
                sheet.data_validation(
                    1, place, _ROWS, place, {"validate": "list", "source": list(_CHOICES[name])}
                )
        for row, line in enumerate(lines, 1):
            for place, (name, value) in enumerate(_cells(line).items()):
                if name == "amount":
                    sheet.write_number(row, place, yuan(line.fen), money)
                else:
                    sheet.write_string(row, place, value, text)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 20)
        notes.set_column(1, 2, 60, wrap)
        for place, title in enumerate(("列", "怎样填", "可以写")):
            notes.write_string(0, place, title, head)
        for row, (name, heading) in enumerate(HEADINGS.items(), 1):
            notes.write_string(row, 0, heading, wrap)
            notes.write_string(row, 1, _NOTES[name], wrap)
            notes.write_string(row, 2, "、".join(_CHOICES.get(name, ())), wrap)
    return held.getvalue()


def _cells(line: BaseLine) -> dict[str, str]:
    return {
        "fiscal_year": str(line.year),
        "agency_code": line.unit,
        "exp_func_code": line.function,
        "dep_bgt_eco_code": line.economic,
        "gov_bgt_eco_code": line.government,
        "exp_category": line.category,
        "pro_name": line.project,
        "fund_type": line.fund,
        "phase": line.phase,
        "carry": line.carry,
        "purchase": line.purchase,
        "amount": "",
    }
