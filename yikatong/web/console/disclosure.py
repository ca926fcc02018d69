"""公开报表 before it is published: the preview, and the workbook, whose export is journalled."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext

from yikatong.basics.refused import Refused
from yikatong.disclosure import queries
from yikatong.disclosure.render import render_html, render_xlsx
from yikatong.office.act import Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.facts import EXPORTED
from yikatong.web.console.doors import actor_of
from yikatong.web.console.page import page, refusal

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NONE = Refused("disclosure.none", "还没有可预览的公开报表。", "There is no table to preview yet.")


@duty(Duty.DISCLOSURE_LOOK)
def tables(request: HttpRequest) -> HttpResponse:
    """The year's table as it would be published; the latest year where none is asked for."""
    offered = queries.sheets()
    if not offered:
        return refusal(request, NONE)
    text = request.GET.get("year", "")
    sheet = queries.performance_sheet(int(text) if text.isdecimal() and len(text) == 4 else offered[0][0])
    if isinstance(sheet, Refused):
        return refusal(request, sheet)
    # Rendered from a template, so already a safe string.
    context = {
        "sheet": sheet,
        "fragment": render_html(sheet, partial(_events, year=sheet.year)),
        "offered": offered,
    }
    return page(request, "disclosure", context)


def _events(code: str, year: int) -> str:
    return reverse("console:events", args=[code, year])


@duty(Duty.DISCLOSURE_LOOK)
def download(request: HttpRequest, year: int) -> HttpResponse:
    """The same table as a workbook. Without a watermark: it holds sums for publication and nothing about anybody, and the
    same sheet always gives the same bytes; the journal says who took it."""
    sheet = queries.performance_sheet(year)
    if isinstance(sheet, Refused):
        return refusal(request, sheet)
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=gettext("公开报表")) as act:
        act.record(EXPORTED, subject=f"sheet:{year}", what=sheet.title, rows=len(sheet.lines))
    return HttpResponse(
        render_xlsx(sheet),
        content_type=WORKBOOK,
        headers={"Content-Disposition": f'attachment; filename="performance-{year}.xlsx"'},
    )
