"""The workbook of a list's problems, for who corrects them."""

from __future__ import annotations

from collections.abc import Iterator

from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.scope import Scope
from yikatong.residents.facts import LIST_EXPORTED
from yikatong.residents.models import ImportList, ImportRow
from yikatong.residents.rules import Outcome
from yikatong.residents.services.importing import unknown_list
from yikatong.residents.services.judging import open_list
from yikatong.residents.workbooks import Told, problem_workbook


def export_problems(act: Act, list_id: int, *, scope: Scope) -> bytes | Refused:
    """An XLSX of the refused rows: what is wrong with each, and the rows themselves to be corrected and sent again.

    The download stands in the journal. Refused: list.unknown, list.cleared (nothing is kept of it any more), file.*.
    """
    row = ImportList.objects.filter(pk=list_id).first()
    if row is None or not scope.covers(row.region, row.outlet):
        return unknown_list()
    if row.cleared_at is not None:
        return Refused(
            "list.cleared",
            "名单的内容已清除，不能再下载。",
            "The content of this list was removed; it can no longer be downloaded.",
        )
    reading = open_list(act, row)
    if isinstance(reading, Refused):
        return reading
    bad = [each.value for each in Outcome if not each.good]
    rows = ImportRow.objects.filter(import_list=row, outcome__in=bad).order_by("line")
    told = [
        Told(line, tuple((said["column"], said["shown"], said["zh"]) for said in problems))
        for line, problems in rows.values_list("line", "problems")
    ]
    act.record(
        LIST_EXPORTED,
        subject=f"list:{row.pk}",
        region=row.region,
        outlet=row.outlet,
        file=row.file_name,
        rows=len(told),
    )
    wanted = {each.line for each in told}

    def cells() -> Iterator[list[str]]:
        return (found for line, found in reading.sheet.rows if line in wanted)

    return problem_workbook(reading.sheet.headings, told, cells())
