"""导出: a list that leaves the house carries who took it, when and what for, and can be traced back by its bytes.

Each export has a running number that stands in the file itself, in a sheet of its own and in the heads of the pages
(XLSX) or across every page (PDF). The journal keeps the number with the SM3 of the bytes: whoever holds a copy can lay
it before `trace` and reads who made it. What is more than one person may take out alone is asked for and approved by
another: `approvals`.
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
    person take out alone; narrow the question, or ask: see `approvals`), export.form.
    """
    refused = unfit(form=form, purpose=act.purpose, rows=len(table.rows))
    if refused is not None:
        return refused
    most = whole("export.most_rows", act.today)
    if len(table.rows) > most:
        return Refused(
            "export.too_many",
            f"一人一次最多导出 {most} 行，本次有更多；请缩小时间或对象范围后分次导出，或提交审批，由另一人批准后导出。",
            f"One person takes out at most {most} rows at once; narrow days or subjects and export in parts, or ask: "
            "another person approves it.",
        )
    return hand_out(act, table, form=form, subject=subject, person=person)


def unfit(*, form: str, purpose: str, rows: int) -> Refused | None:
    """Why nothing is exported like this, however little it is: export.form, export.purpose, export.empty."""
    if form not in TYPES:
        return Refused("export.form", "只能导出 XLSX 或 PDF。", "Only XLSX and PDF are exported.", at="form")
    if not purpose.strip():
        return Refused(
            "export.purpose", "请先填写导出用途。", "Say first what the export is for.", at="purpose"
        )
    if not rows:
        return Refused("export.empty", "没有可导出的内容。", "There is nothing to export.")
    return None


def hand_out(
    act: Act, table: Table, *, form: str, subject: str, person: int | None = None, request: str = ""
) -> Exported:
    """Mark the table and record that it left, whatever its size; `request` is the number of its approved request."""
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
        **({"request": request} if request else {}),
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
