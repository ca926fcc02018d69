"""Published budget documents: to read, to take away, and to follow from any amount down to the lines behind it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_safe

from yikatong.basics.refused import Refused
from yikatong.disclosure import documents
from yikatong.disclosure.behind import amount_at, behind
from yikatong.disclosure.binding import Printed, print_out
from yikatong.disclosure.documents import VersionRow
from yikatong.disclosure.formats import formats
from yikatong.disclosure.formats.hypertext import as_html
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.publication import Publication
from yikatong.office import clock
from yikatong.office.doors import public
from yikatong.web.public.indicators import measure_address


@dataclass(frozen=True)
class Shown:
    """A published version, the newest one of its document, and what is printed."""

    version: VersionRow
    newest: VersionRow
    versions: tuple[VersionRow, ...]
    ledger: Ledger
    printed: Printed
    publication: Publication


def _shown(unit: str, year: int, kind: str, number: int) -> Shown:
    versions = documents.published_versions(unit, year, kind, clock.today())
    row = next((each for each in versions if each.number == number), None)
    ledger = documents.ledger_of(row.id) if row else None
    if row is None or ledger is None:
        raise Http404
    printed = print_out(ledger, row.family)
    if isinstance(printed.publication, Refused):
        raise Http404(printed.publication.zh)
    return Shown(row, versions[0], versions, ledger, printed, printed.publication)


@public("budgets are published by law (预算法 §14) and hold only sums")
@require_safe
def document(request: HttpRequest, unit: str, year: int, kind: str, number: int) -> HttpResponse:
    """One version of a budget as a page; every amount is a link to its lines, every target to its indicator."""
    shown = _shown(unit, year, kind, number)
    html = as_html(
        shown.publication,
        lambda place: reverse("public:budget_behind", args=[unit, year, kind, number, place]),
        partial(measure_address, year=year),
    )
    context = {
        "shown": shown,
        "version": shown.version,
        "as_approved": shown.printed.digest == shown.version.digest,
        "formats": formats().values(),
        # Everything in it was escaped where it was written.
        "fragment": mark_safe(html),  # noqa: S308
    }
    return render(request, "public/budget.html", context)


@public("what a published amount is made of is part of publishing it")
@require_safe
def lines_behind(
    request: HttpRequest, unit: str, year: int, kind: str, number: int, place: str
) -> HttpResponse:
    """What an amount is about, and the base lines that sum to it."""
    shown = _shown(unit, year, kind, number)
    amount = amount_at(shown.publication, place)
    if amount is None:
        raise Http404
    context = {
        "version": shown.version,
        "publication": shown.publication,
        "behind": behind(shown.ledger, amount),
    }
    return render(request, "public/budget_behind.html", context)


@public("budgets are published by law (预算法 §14) and hold only sums")
@require_safe
def file(request: HttpRequest, unit: str, year: int, kind: str, number: int, code: str) -> HttpResponse:
    """The document in one of its formats."""
    shown, chosen = _shown(unit, year, kind, number), formats().get(code)
    if chosen is None:
        raise Http404
    name = chosen.file_name(shown.publication)
    return HttpResponse(
        chosen.render(shown.publication, shown.ledger),
        content_type=chosen.media_type,
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
