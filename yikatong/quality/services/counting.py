"""The five figures counted and kept as rows, county by county, each night."""

from __future__ import annotations

from django.db import connection

from yikatong.office import journal
from yikatong.office.act import Act
from yikatong.quality.facts import COUNTED
from yikatong.quality.figure import figures
from yikatong.quality.measuring import parameters

_COUNT = """
INSERT INTO quality_figurevalue (figure, region, day, numerator, denominator)
SELECT %(figure)s, q.region, %(today)s, count(*) FILTER (WHERE cardinality(q.reasons) = 0), count(*)
  FROM ({select}) AS q GROUP BY q.region
    ON CONFLICT (figure, region, day)
    DO UPDATE SET numerator = excluded.numerator, denominator = excluded.denominator
"""
_TOTALS = """
SELECT figure, sum(numerator), sum(denominator) FROM quality_figurevalue WHERE day = %s GROUP BY figure
"""


def count_figures(act: Act) -> dict[str, tuple[int, int]]:
    """Count all figures as they stand today and keep them; a second count of a day replaces the first.

    Returns numerator and denominator of the whole city by figure; a figure with nothing to count is left out.
    """
    values = parameters(act.today)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM quality_figurevalue WHERE day = %s", [act.today])
        for figure in figures().values():
            cursor.execute(_COUNT.format(select=figure.select), {**values, "figure": figure.code})
        cursor.execute(_TOTALS, [act.today])
        found = {figure: (int(good), int(all_)) for figure, good, all_ in cursor.fetchall()}
    shares: dict[str, journal.Json] = {code: f"{good}/{all_}" for code, (good, all_) in found.items()}
    act.record(COUNTED, subject="quality", shares=shares)
    return found
