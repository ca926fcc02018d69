"""`./yk recheck`: computes locked periods again from the journal and compares every digit.

With `--payments` it proves instead that everybody approved was paid at most once: from the stored bytes of what was sent and
of what banks answered and stated, and from the journal.
"""

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
    payments: Annotated[
        bool,
        typer.Option(
            "--payments",
            help="由原始文件和日志证明每人至多付一次。 Prove that everybody was paid at most once.",
        ),
    ] = False,
) -> None:
    """由日志重算已锁定期间，逐位比对。 Recompute locked periods; exit code 1 where a digit differs."""
    if payments:
        _prove_payments()
        return
    asked = or_stop(read_period(period)) if period else None
    with house():
        _tables()
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


def _prove_payments() -> None:
    with house():
        _tables()
        from yikatong.benefits.proof import approved_batches, prove

        proofs = []
        for number in approved_batches():
            proof = prove(number)
            proofs.append(proof)
            sign = "✗" if proof.contradictions else "✓"
            results.print(
                f"{sign} {proof.batch}  文件 files {proof.files:,}  明细 lines {proof.lines:,}  到账 paid {proof.paid:,}",
                markup=False,
            )
            for each in proof.contradictions[:20]:
                results.print(f"  {each.where}  {each.zh}  {each.en}", markup=False)
    if not proofs:
        results.print("没有审批过的发放批次。 No batch was approved.")
    if any(proof.contradictions for proof in proofs):
        raise typer.Exit(1)


def _tables() -> None:
    if not tables_are_current():
        stop(Refused("recheck.tables", "请先运行 ./yk demo 或 ./yk manage migrate。", "Run ./yk demo first."))
