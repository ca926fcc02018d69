"""导出: a list that leaves the house carries who took it, when and what for, and can be traced back by its bytes.

Each export has a running number that stands in the file itself, in a sheet of its own and in the heads of the pages
(XLSX) or across every page (PDF). The journal keeps the number with the SM3 of the bytes: whoever holds a copy can lay
it before `trace` and reads who made it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.exports.paper import render_pdf
from yikatong.office.exports.workbook import render_xlsx
from yikatong.office.facts import EXPORTED
from yikatong.office.numbering import next_number
from yikatong.office.readers import FactRow, look_up
from yikatong.office.rulebook import whole

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
}
_RENDER: dict[str, Callable[..., bytes]] = {"xlsx": render_xlsx, "pdf": render_pdf}


@dataclass(frozen=True)
class Table:
    """What is exported: a title, the columns, and rows of texts as wide as these."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Mark:
    """What the watermark says."""

    number: str
    who: str
    at: datetime
    purpose: str

    @property
    def text(self) -> str:
        return f"{self.number} · {self.who} · {timezone.localtime(self.at):%Y-%m-%d %H:%M} · {self.purpose}"


@dataclass(frozen=True)
class Exported:
    """A file that leaves the house; `digest` is the SM3 of its bytes in hex."""

    number: str
    name: str
    content: bytes
    content_type: str
    digest: str


def export(
    act: Act, table: Table, *, form: str, subject: str, person: int | None = None
) -> Exported | Refused:
    """The table as `xlsx` or `pdf`, marked and recorded; the act's purpose is the export's.

    Refused: export.purpose (the act says none), export.empty, export.too_many (more rows than the dated rule lets one
    person take out; narrow the question), export.form.
    """
    if form not in TYPES:
        return Refused("export.form", "只能导出 XLSX 或 PDF。", "Only XLSX and PDF are exported.", at="form")
    if not act.purpose.strip():
        return Refused(
            "export.purpose", "请先填写导出用途。", "Say first what the export is for.", at="purpose"
        )
    if not table.rows:
        return Refused("export.empty", "没有可导出的内容。", "There is nothing to export.")
    most = whole("export.most_rows", act.today)
    if len(table.rows) > most:
        return Refused(
            "export.too_many",
            f"一次最多导出 {most} 行，本次有更多；请缩小时间或对象范围后分次导出，每次各有用途和编号。"
            "这一上限是中心有文号的规则（export.most_rows），任何人都不能单独放宽。",
            f"At most {most} rows leave the house at once; narrow days or subjects and export in parts, each with its "
            "own purpose and number. The limit is a rule of the centre (export.most_rows); nobody lifts it alone.",
        )
    mark = Mark(next_number("X"), act.actor.name, act.at, act.purpose.strip())
    content = _RENDER[form](table, mark)
    digest = sm3(content).hex()
    act.record(
        EXPORTED,
        subject=subject,
        person=person,
        what=table.title,
        rows=len(table.rows),
        number=mark.number,
        form=form,
        digest=digest,
    )
    return Exported(mark.number, f"{mark.number}.{form}", content, TYPES[form], digest)


def trace(content: bytes) -> FactRow | None:
    """The journal's entry of the export with these very bytes; None where no export of ours is the same.

    A copy that was saved anew has other bytes: then the number in its watermark leads to the entry.
    """
    return _found("digest", sm3(content).hex())


def export_numbered(number: str) -> FactRow | None:
    """The entry of the export with this running number (as it stands in the watermark)."""
    return _found("number", number.strip().upper())


def _found(particular: str, value: str) -> FactRow | None:
    start = 0
    while rows := look_up(kind=EXPORTED.code, limit=1_000, offset=start):
        found = next((row for row in rows if value and row.payload.get(particular) == value), None)
        if found is not None:
            return found
        start += len(rows)
    return None
