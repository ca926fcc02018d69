"""All figures of a period in all scopes, over one window."""

from __future__ import annotations

from yikatong.indicators import engine
from yikatong.indicators.engine import Figure, Window
from yikatong.indicators.measure import Measure, catalogue
from yikatong.indicators.rows import FillingRow


def rule_codes() -> dict[str, str]:
    """The dated rules that the catalogue needs: parameter -> code."""
    return {parameter: code for measure in catalogue().values() for parameter, code in measure.rules.items()}


def all_fillings(span: Window, *, city: str, scopes: tuple[tuple[str, str], ...]) -> tuple[FillingRow, ...]:
    """Each measure's figure for the city and for `scopes` ((region, outlet), one of them empty).

    A scope in which nothing happened has its row too; a region or outlet that only the journal knows is added.
    """
    return tuple(
        _row(
            measure, figure, engine.sources(measure, span) if not figure.region and not figure.outlet else ""
        )
        for measure in catalogue().values()
        for figure in _everywhere(measure, span, city, scopes)
    )


def _everywhere(
    measure: Measure, span: Window, city: str, scopes: tuple[tuple[str, str], ...]
) -> list[Figure]:
    whole, *parts = engine.figures(measure, span, city=city)
    found = {(figure.region, figure.outlet): figure for figure in (whole, *parts)}
    for region, outlet in scopes:
        if (region, outlet) not in found:
            found[region, outlet] = engine.nothing(measure, span, whole, region=region, outlet=outlet)
    return [found[scope] for scope in sorted(found)]


def _row(measure: Measure, figure: Figure, sources: str) -> FillingRow:
    return FillingRow(
        measure.id,
        measure.version,
        figure.region,
        figure.outlet,
        figure.numerator,
        figure.denominator,
        figure.events,
        figure.p95,
        sources,
    )
