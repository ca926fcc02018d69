"""Fiscal Data Package: base lines and printed amounts as CSV in one ZIP, with a descriptor of what every column is.

After the Fiscal Data Package of frictionlessdata.io (0.3's `model` of measures and dimensions over Tabular Data Resources). The
columns have the names that 预算管理一体化 systems use; `intake.py` reads the lines again. A code that nobody told stays empty:
of funds only that of the general public budget is known from public sources, the bureau's region and project codes are its own.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import Any

from yikatong.basics.money import print_yuan
from yikatong.disclosure.formats import Format
from yikatong.disclosure.formats.amounts import DIMENSIONS, as_csv
from yikatong.disclosure.lines import BaseLine, Ledger
from yikatong.disclosure.packing import packed
from yikatong.disclosure.publication import Publication

_FUND_CODES = {"一般公共预算": "111"}
LINES = {
    "fiscal_year": ("year", "预算年度"),
    "mof_div_code": ("string", "财政区划代码"),
    "agency_code": ("string", "单位编码"),
    "exp_func_code": ("string", "支出功能分类科目编码"),
    "dep_bgt_eco_code": ("string", "部门支出经济分类科目编码"),
    "gov_bgt_eco_code": ("string", "政府支出经济分类科目编码"),
    "exp_category": ("string", "支出类别"),
    "fund_type_code": ("string", "资金性质代码"),
    "fund_type": ("string", "资金性质"),
    "pro_code": ("string", "项目代码"),
    "pro_name": ("string", "项目名称"),
    "phase": ("string", "阶段：年初、调整、执行、上年"),
    "carry": ("string", "本年或结转"),
    "purchase": ("string", "政府采购"),
    "amount": ("number", "金额（元）"),
}
"""Columns of the base lines: type and title."""
_NUMBERS = {"fiscal_year": "year", "row": "integer", "amount": "number"}
CELLS = {
    name: (_NUMBERS.get(name, "string"), title)
    for name, title in (
        ("fiscal_year", "预算年度"), ("agency_code", "单位编码"), ("table", "报表"), ("row", "行"),
        *((each, each) for each in DIMENSIONS), ("printed", "印出的数"), ("amount", "金额（元）"),
    )
}  # fmt: skip
"""Columns of the printed amounts."""


def as_datapackage(publication: Publication, ledger: Ledger) -> bytes:
    """The ZIP: `datapackage.json`, `data/lines.csv`, `data/cells.csv`."""
    lines, cells = _lines(ledger).encode(), as_csv(publication).encode()
    descriptor = {
        "profile": "fiscal-data-package",
        "name": f"budget-{ledger.unit}-{ledger.year}".lower(),
        "title": publication.title,
        "countryCode": "CN",
        "fiscalPeriod": {"start": f"{ledger.year}-01-01", "end": f"{ledger.year}-12-31"},
        "granularity": "aggregated",
        "model": _MODEL,
        "resources": [
            _resource("lines", "预算基础行", lines, LINES),
            _resource("cells", "公开表内各数", cells, CELLS),
        ],
    }
    told = json.dumps(descriptor, ensure_ascii=False, indent=1).encode()
    return packed({"datapackage.json": told, "data/lines.csv": lines, "data/cells.csv": cells})


def _lines(ledger: Ledger) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(LINES)
    writer.writerows(_row(line) for line in ledger.lines)
    return out.getvalue()


def _row(line: BaseLine) -> tuple[object, ...]:
    return (
        line.year, "", line.unit, line.function, line.economic, line.government, line.category,
        _FUND_CODES.get(line.fund, ""), line.fund, "", line.project, line.phase, line.carry, line.purchase,
        print_yuan(line.fen),
    )  # fmt: skip


def _resource(name: str, title: str, content: bytes, columns: dict[str, tuple[str, str]]) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "title": title,
        "path": f"data/{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": len(content),
        "hash": f"sha256:{hashlib.sha256(content).hexdigest()}",
        "schema": {
            "missingValues": [""],
            "fields": [{"name": each, "type": kind, "title": said} for each, (kind, said) in columns.items()],
        },
    }


def _dimension(kind: str, *fields: str, **also: str) -> dict[str, Any]:
    """A dimension of these columns; the first is its key."""
    attributes = {each: {"source": each, "resource": "lines"} for each in fields}
    return {"dimensionType": kind, "primaryKey": [fields[0]], "attributes": attributes, **also}


_MODEL = {
    "measures": {
        "amount": {"source": "amount", "resource": "lines", "currency": "CNY", "direction": "expenditure"}
    },
    "dimensions": {
        "year": _dimension("datetime", "fiscal_year"),
        "agency": _dimension("classification", "agency_code", "mof_div_code", classificationType="administrative"),
        "function": _dimension("classification", "exp_func_code", classificationType="functional"),
        "economic": _dimension("classification", "dep_bgt_eco_code", classificationType="economic"),
        "government": _dimension("classification", "gov_bgt_eco_code", classificationType="economic"),
        "category": _dimension("other", "exp_category"),
        "fund": _dimension("fund", "fund_type", "fund_type_code"),
        "project": _dimension("activity", "pro_name", "pro_code"),
        "phase": _dimension("other", "phase"),
        "carry": _dimension("other", "carry"),
        "purchase": _dimension("other", "purchase"),
    },
}  # fmt: skip

ENTRY = Format(
    "datapackage",
    "财政数据包（CSV，含基础行）",
    "Fiscal Data Package (CSV with the base lines)",
    "zip",
    "application/zip",
    as_datapackage,
    rank=8,
)
