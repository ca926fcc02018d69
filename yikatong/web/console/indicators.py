"""The board of figures, the events behind each, what a measure counts, and closing a period."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.periods import Period, read_period
from yikatong.basics.refused import Refused
from yikatong.indicators import queries, services
from yikatong.indicators.rows import PeriodRow
from yikatong.office import clock
from yikatong.office import queries as office
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.scope import outside
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import page, refusal, start_of
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.templatetags.house import english, measure_name, named, period_name

AT_ONCE = 100
NO_MEASURE = Refused("measure.unknown", "没有这个计量。", "There is no such measure.")


def _offered() -> list[Period]:
    """This year and last with their quarters, and whatever else was ever computed; latest first."""
    this = Period.year_of(clock.today())
    last = Period((this.start.year - 1, 1), 12)
    known = {this, last, *(row.period for row in queries.periods())}
    known |= {Period.quarter_of(month.start) for year in (this, last) for month in year.months()}
    return sorted(known, reverse=True)


def _asked(request: HttpRequest) -> Period | Refused:
    text = request.GET.get("period", "")
    if text:
        return read_period(text)
    computed = queries.periods()
    years = [row.period for row in computed if row.period.length == 12]
    return max(years) if years else Period.year_of(clock.today())


@duty(Duty.INDICATOR_LOOK)
def board(request: HttpRequest) -> HttpResponse:
    """Targets beside figures, by period, region and table; every figure leads to its events."""
    period = _asked(request)
    if isinstance(period, Refused):
        return refusal(request, period)
    region = request.GET.get("region", "")
    tables = queries.tables(period.start.year)
    table = request.GET.get("table", tables[0].code if tables else "")
    context = {
        "period": period,
        "period_row": queries.period_of(period),
        "periods": _offered(),
        "region": region,
        "regions": office.regions(),
        "tables": tables,
        "table": table,
        "rows": queries.board(period, region or None, table=table),
    }
    return page(request, "board", context)


@duty(Duty.INDICATOR_LOOK)
def events(request: HttpRequest, measure: str, period: str) -> HttpResponse:
    """The journal entries behind one figure."""
    asked = read_period(period)
    found = queries.definition(measure)
    if isinstance(asked, Refused) or found is None:
        return refusal(request, asked if isinstance(asked, Refused) else NO_MEASURE)
    scope = scope_of(request)
    centre = office.centre()
    city = centre.region if centre else ""
    region = request.GET.get("region", "") or ("" if scope.region == city else scope.region)
    if not (len(region or city) == 6 and scope.covers(region or city)):
        return refusal(request, outside(region))
    start = start_of(request)
    rows = queries.events(measure, asked, region or None, limit=AT_ONCE + 1, offset=start)
    if isinstance(rows, Refused):
        return refusal(request, rows)
    context = {
        "measure": found,
        "period": asked,
        "region": region,
        "rows": rows[:AT_ONCE],
        "start": start,
        "later": start + AT_ONCE if len(rows) > AT_ONCE else None,
    }
    return page(request, "events", context)


@duty(Duty.INDICATOR_LOOK)
def definition(request: HttpRequest, measure: str) -> HttpResponse:
    """What a measure counts, in words and as the statement that counts it."""
    found = queries.definition(measure)
    if found is None:
        return refusal(request, NO_MEASURE)
    return page(request, "definition", {"measure": found})


@duty(Duty.PERIOD_PREPARE)
def prepare(request: HttpRequest, period: str) -> HttpResponse:
    """Declare a period's figures ready for review."""
    return _close(
        request,
        period,
        _("编报期间指标"),
        services.prepare,
        gettext("已编报，等待审核锁定。"),
        _("确认编报"),
        "",
    )


@duty(Duty.PERIOD_LOCK)
def lock(request: HttpRequest, period: str) -> HttpResponse:
    """Review and lock: by somebody else than who prepared."""
    return _close(
        request,
        period,
        _("审核锁定期间"),
        services.lock,
        gettext("已锁定，公开报表以此为准。"),
        _("确认锁定"),
        _("锁定后数字不再变动；编报人不能锁定自己编报的期间。"),
    )


def _close(
    request: HttpRequest,
    text: str,
    title: Any,
    service: Callable[[Act, Period], PeriodRow | Refused],
    said: str,
    button: Any,
    warning: Any,
) -> HttpResponse:
    period = read_period(text)
    if isinstance(period, Refused):
        return refusal(request, period)
    row = queries.period_of(period)
    back = f"{reverse('console:board')}?period={period}"

    def work(act: Act, given: dict[str, Any]) -> PeriodRow | Refused:
        return service(act, period)

    def done(closed: PeriodRow) -> HttpResponse:
        tell(request, said)
        return redirect(back)

    figures: tuple[Answer, ...] = tuple(
        (
            measure_name(each),
            f"{each.actual.normalize():f} {each.unit}"
            if each.actual is not None
            else (each.mark_en if english() else each.mark),
        )
        for each in queries.board(period)
        if each.version is not None
    )
    facts: tuple[Answer, ...] = (
        (_("期间"), period_name(period)),
        (_("状态"), named(row.state) if row else gettext("尚未计算")),
        (_("摘要（SM3）"), row.digest if row and row.digest else "—"),
        *figures,
    )
    return run(
        request,
        Task(title, work, done, facts=facts, button=button, warning=warning, back=back, purpose=str(title)),
    )
