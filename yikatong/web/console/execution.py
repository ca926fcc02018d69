"""预算执行与双监控: the year's money beside what was spent of it, and beside how far the goals are."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from yikatong.basics.periods import Period
from yikatong.disclosure import documents
from yikatong.disclosure.execution import Executed, Watched, altogether, executed
from yikatong.indicators import queries as indicators
from yikatong.office import clock, rulebook
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.spending import queries as spending
from yikatong.spending.rules import CATEGORIES
from yikatong.web.console.page import page, start_of, turns

AT_ONCE = 50


@duty(Duty.EXPENSE_LOOK)
def execution(request: HttpRequest) -> HttpResponse:
    """One unit's year: every use of its budget with what was posted, and money beside goals."""
    today = clock.today()
    published = tuple(row for row in documents.published(today) if not row.final)
    wanted = request.GET.get("document", "")
    chosen = next(
        (row for row in published if str(row.document) == wanted), published[0] if published else None
    )
    ledger = documents.ledger_of(chosen.id) if chosen else None
    if chosen is None or ledger is None:
        return page(request, "execution", {"chosen": None})
    rows = executed(ledger.lines, spending.spent(chosen.year, today))
    allowed = rulebook.whole("execution.drift_points", today)
    project, whole = altogether(rows, "项目"), altogether(rows)
    year = Period((chosen.year, 1), 12)
    context = {
        "chosen": chosen,
        "published": published,
        "groups": [(altogether(rows, each), _below(rows, each)) for each in CATEGORIES],
        "whole": whole,
        "watched": [
            # A project's table watches the project's money, the unit's own table all of it.
            Watched(
                each.code,
                each.title,
                (whole if any(target.code.startswith("XU") for target in each.targets) else project).rate,
                indicators.progress(year, each.code),
                allowed,
            )
            for each in indicators.tables(chosen.year)
        ],
        "allowed": allowed,
    }
    return page(request, "execution", context)


def _below(rows: tuple[Executed, ...], category: str) -> list[Executed]:
    return [row for row in rows if row.use.category == category and row.use.project]


@duty(Duty.EXPENSE_LOOK)
def posted(request: HttpRequest, year: int) -> HttpResponse:
    """The posted lines behind one use of the budget."""
    start = start_of(request)
    category, project = request.GET.get("category", ""), request.GET.get("project", "")
    found = spending.posted(year, category, project, AT_ONCE + 1, start)
    kept = request.GET.copy()
    kept.pop("from", None)
    context = {
        "year": year,
        "category": category,
        "project": project,
        "lines": found[:AT_ONCE],
        "kept": kept.urlencode(),
        **turns(start, AT_ONCE, found),
    }
    return page(request, "vouchers_posted", context)
