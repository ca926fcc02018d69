"""数据质量: the five figures with targets and months, by county, each down to the rows behind it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse

from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.queries import regions
from yikatong.office.scope import Scope, outside
from yikatong.quality import measuring
from yikatong.quality.figure import figures
from yikatong.residents.queries import names_of
from yikatong.web.console.differences import owner_name
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.templatetags.house import english, named

AT_ONCE = 50


@duty(Duty.QUALITY_LOOK)
def quality(request: HttpRequest) -> HttpResponse:
    """The five figures as last counted, with their targets, by county."""
    standings = measuring.standings(scope_of(request))
    counties: dict[str, dict[str, measuring.Share]] = {}
    for each in standings:
        for region, share in each.counties:
            counties.setdefault(region, {})[each.figure.code] = share
    context = {
        "standings": standings,
        "counties": [
            (region, [(each.figure, shares.get(each.figure.code)) for each in standings])
            for region, shares in sorted(counties.items())
        ],
    }
    return page(request, "quality", context)


@duty(Duty.QUALITY_LOOK)
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """One figure: what it counts, its months, why rows are not right and which they are."""
    found = figures().get(code)
    if found is None:
        return refusal(request, Refused("figure.unknown", "没有这个指标。", "There is no such figure."))
    scope = _narrowed(request)
    if isinstance(scope, Refused):
        return refusal(request, scope)
    reason = request.GET.get("reason", "")
    start = start_of(request)
    today = clock.today()
    rows = measuring.faults(
        found, scope, today, reason=reason if reason in found.reasons else "", limit=AT_ONCE + 1, start=start
    )
    names = names_of(row.person for row in rows if row.person is not None)
    standing = next((each for each in measuring.standings(scope) if each.figure is found), None)
    counts = measuring.reason_counts(found, scope, today)
    context = {
        "figure": found,
        "standing": standing,
        "chart": _chart(standing) if standing else None,
        "regions": [each for each in regions() if scope_of(request).covers(each.code)],
        "region": request.GET.get("region", ""),
        "reason": reason,
        "counts": [(each, _word(found.reasons[each]), count) for each, count in counts.items()],
        "rows": [
            (
                row,
                names.get(row.person or 0, ""),
                [_word(found.reasons[each]) for each in row.reasons],
                _who(row),
            )
            for row in rows[:AT_ONCE]
        ],
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "quality_figure", context)


def _narrowed(request: HttpRequest) -> Scope | Refused:
    scope = scope_of(request)
    region = request.GET.get("region", "")
    if not region:
        return scope
    if not any(each.code == region for each in regions()) or not scope.covers(region):
        return outside(region[:6])
    return Scope(region, scope.outlet)


def _word(both: tuple[str, str]) -> str:
    return both[1] if english() else both[0]


def _who(row: measuring.Fault) -> str:
    """Whose row it is, where it is no person's."""
    return owner_name(row.subject) if row.subject.startswith("staff:") else ""


def _chart(standing: measuring.Standing) -> dict[str, Any]:
    values = [(f"{month:%Y-%m}", share) for month, share in standing.months if share.denominator]
    return {
        "title": named(standing.figure),
        "names": [name for name, _ in values],
        "values": [(share.thousandths or 0) / 10 for _, share in values],
        "labels": [f"{share.percent}%" for _, share in values],
        "unit": "%",
        "target": standing.target / 10,
        "target_label": f"{standing.target / 10}%",
        "lying": False,
    }
