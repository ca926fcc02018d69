"""`./yk recheck`: computes locked periods again from the journal and compares every digit."""

from __future__ import annotations

from typing import Annotated

import typer

from yikatong.basics.periods import read_period
from yikatong.basics.refused import Refused
from yikatong.cli.environment import house, tables_are_current
from yikatong.cli.speak import or_stop, results, stop


def recheck(
    period: Annotated[
        str, typer.Argument(help="期间，如 2025、2025Q1；不写则全部。 Period; all if left out.")
    ] = "",
) -> None:
    """由日志重算已锁定期间，逐位比对。 Recompute locked periods; exit code 1 where a digit differs."""
    asked = or_stop(read_period(period)) if period else None
    with house():
        if not tables_are_current():
            stop(
                Refused(
                    "recheck.tables", "请先运行 ./yk demo 或 ./yk manage migrate。", "Run ./yk demo first."
                )
            )
        from yikatong.indicators import queries
        from yikatong.indicators.rules import LOCKED

        locked = [row.period for row in queries.periods() if row.state == LOCKED]
        periods = [asked] if asked else locked
        outcomes = [or_stop(queries.recheck(each)) for each in periods]
    for outcome in outcomes:
        sign = "✓" if outcome.same else "✗"
        late = f"  锁定后补记影响 recorded later: {'、'.join(outcome.late)}" if outcome.late else ""
        differing = f"  {'、'.join(outcome.differences)}" if outcome.differences else ""
        results.print(f"{sign} {outcome.period}  SM3 {outcome.digest}{differing}{late}", markup=False)
    if not outcomes:
        results.print("没有已锁定的期间。 No period is locked.")
    if not all(outcome.same for outcome in outcomes):
        raise typer.Exit(1)
