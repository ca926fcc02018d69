"""The indicators' timed work: one call each."""

from __future__ import annotations

from yikatong.basics.periods import Period
from yikatong.indicators import queries, services
from yikatong.indicators.rules import LOCKED
from yikatong.office import clock, jobs
from yikatong.office.act import Actor, Door, open_act


@jobs.task("indicators.fill_running", every="40 3 * * *")
def fill_running() -> None:
    """Once a night compute the month, quarter and year that are running, and those of yesterday where not locked."""
    today = clock.today()
    yesterday = today.fromordinal(today.toordinal() - 1)
    wanted = {
        make(day)
        for day in (yesterday, today)
        for make in (Period.month_of, Period.quarter_of, Period.year_of)
    }
    for period in sorted(wanted):
        row = queries.period_of(period)
        if row is None or row.state is not LOCKED:
            with open_act(Actor.system("indicators"), door=Door.TASK, purpose="每日计算指标") as act:
                services.fill(act, period)
