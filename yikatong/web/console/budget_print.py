"""A budget document as it is printed: the preview, the lines behind each amount, the files that go out."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.safestring import mark_safe

from yikatong.basics.refused import Refused
from yikatong.disclosure.behind import amount_at, behind
from yikatong.disclosure.binding import print_out
from yikatong.disclosure.documents import VersionRow
from yikatong.disclosure.formats import formats
from yikatong.disclosure.formats.hypertext import as_html
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.publication import Publication
from yikatong.indicators import queries as indicators
from yikatong.office.act import Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.facts import EXPORTED
from yikatong.web.console.budgets import PURPOSE, UNKNOWN, found
from yikatong.web.console.doors import actor_of
from yikatong.web.console.page import page, refusal

NO_AMOUNT = Refused("version.no_amount", "文本里没有这个数。", "There is no such amount in the document.")
NO_FORMAT = Refused("version.no_format", "没有这种格式。", "There is no such format.")


def _printed(request: HttpRequest, version_id: int) -> tuple[VersionRow, Ledger, Publication] | Refused:
    both = found(request, version_id)
    if both is None:
        return UNKNOWN
    publication = print_out(both[1], both[0].family).publication
    return publication if isinstance(publication, Refused) else (*both, publication)


@duty(Duty.DISCLOSURE_LOOK)
def preview(request: HttpRequest, version_id: int) -> HttpResponse:
    """The document as it would be published; every amount leads to its lines."""
    printed = _printed(request, version_id)
    if isinstance(printed, Refused):
        return refusal(request, printed)
    row, _ledger, publication = printed
    here = reverse("console:budget_preview", args=[row.id])
    html = as_html(publication, lambda place: f"{here}{place}/", _definition)
    # Everything in it was escaped where it was written.
    context = {"version": row, "fragment": mark_safe(html), "formats": formats().values()}  # noqa: S308
    return page(request, "budget_preview", context)


def _definition(code: str) -> str:
    return reverse("console:definition", args=[code]) if indicators.definition(code) else ""


@duty(Duty.DISCLOSURE_LOOK)
def lines_behind(request: HttpRequest, version_id: int, place: str) -> HttpResponse:
    """What an amount is about, and the base lines that sum to it."""
    printed = _printed(request, version_id)
    if isinstance(printed, Refused):
        return refusal(request, printed)
    row, ledger, publication = printed
    amount = amount_at(publication, place)
    if amount is None:
        return refusal(request, NO_AMOUNT)
    context = {"version": row, "publication": publication, "behind": behind(ledger, amount)}
    return page(request, "budget_behind", context)


@duty(Duty.DISCLOSURE_LOOK)
def file(request: HttpRequest, version_id: int, code: str) -> HttpResponse:
    """The document in a format. It holds nothing about anybody; the journal says who took it."""
    printed = _printed(request, version_id)
    if isinstance(printed, Refused):
        return refusal(request, printed)
    chosen = formats().get(code)
    if chosen is None:
        return refusal(request, NO_FORMAT)
    row, ledger, publication = printed
    name = chosen.file_name(publication)
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        act.record(EXPORTED, subject=f"version:{row.id}", what=name, rows=len(ledger.lines))
    return HttpResponse(
        chosen.render(publication, ledger),
        content_type=chosen.media_type,
        headers={"Content-Disposition": content_disposition_header(True, name) or "attachment"},
    )
