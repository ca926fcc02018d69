"""The workbook of a unit's wrong rows, for the unit to correct and send again."""

from __future__ import annotations

from collections.abc import Iterator

from yikatong.basics.refused import Refused
from yikatong.cards import collective_facts as facts
from yikatong.cards.collective import Outcome
from yikatong.cards.models import ApplicationList, ListLine
from yikatong.cards.roll import open_roll
from yikatong.cards.services.list_judging import limits
from yikatong.cards.unit_lists import unknown_list
from yikatong.office.act import Act
from yikatong.office.scope import Scope
from yikatong.residents.workbooks import Told, problem_workbook


def export_list_problems(act: Act, number: str, *, scope: Scope) -> bytes | Refused:
    """An XLSX of the lines that were not taken: what is wrong with each, and the rows themselves to be corrected.

    The download stands in the journal. Refused: list.unknown, list.cleared (the file is kept no longer), file.*.
    """
    row = ApplicationList.objects.select_related("outlet").filter(number=number.strip().upper()).first()
    if row is None or not scope.covers(row.region, row.outlet.code):
        return unknown_list(number)
    if row.cleared_at is not None:
        return Refused(
            "list.cleared",
            "名单的文件已清除，不能再下载。",
            "The file of this list was removed; it can no longer be downloaded.",
        )
    opened = open_roll(row.content or b"", limits(act))
    if isinstance(opened, Refused):
        return opened
    sheet, _ = opened
    rows = ListLine.objects.filter(application_list=row).exclude(outcome=Outcome.GOOD.value).order_by("line")
    told = [
        Told(line, tuple((said["column"], said["shown"], said["zh"]) for said in problems))
        for line, problems in rows.values_list("line", "problems")
    ]
    act.record(
        facts.LIST_PROBLEMS_TAKEN,
        subject=f"application_list:{row.pk}",
        region=row.region,
        outlet=row.outlet.code,
        number=row.number,
        rows=len(told),
    )
    wanted = {each.line for each in told}

    def cells() -> Iterator[list[str]]:
        return (found for line, found in sheet.rows if line in wanted)

    return problem_workbook(sheet.headings, told, cells())
