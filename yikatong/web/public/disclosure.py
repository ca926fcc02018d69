"""The published performance sheets, to read and to take away."""

from __future__ import annotations

from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from yikatong.basics.refused import Refused
from yikatong.disclosure import documents, queries
from yikatong.disclosure.render import render_html, render_xlsx
from yikatong.disclosure.sheet import Sheet
from yikatong.office import clock
from yikatong.office.doors import public
from yikatong.web.public.indicators import measure_address

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@public("which sheets exist is published with them")
@require_safe
def sheets(request: HttpRequest) -> HttpResponse:
    """The budgets that are public and all performance sheets on file, by year."""
    context = {"budgets": documents.published(clock.today()), "sheets": queries.sheets()}
    return render(request, "public/sheets.html", context)


@public("performance sheets are published by law and hold only sums")
@require_safe
def sheet(request: HttpRequest, year: int) -> HttpResponse:
    """One sheet as a page."""
    found = _sheet(year)
    # The fragment is the disclosure floor's own template, rendered with escaping.
    fragment = mark_safe(render_html(found, partial(measure_address, year=year)))  # noqa: S308
    return render(request, "public/sheet.html", {"sheet": found, "fragment": fragment})


@public("performance sheets are published by law and hold only sums")
@require_safe
def sheet_xlsx(request: HttpRequest, year: int) -> HttpResponse:
    """The same sheet as a workbook."""
    found = _sheet(year)
    name = f"{found.title}-{found.year}.xlsx"
    return HttpResponse(
        render_xlsx(found),
        content_type=XLSX,
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )


def _sheet(year: int) -> Sheet:
    found = queries.performance_sheet(year)
    if isinstance(found, Refused):
        raise Http404(found.zh)
    return found
