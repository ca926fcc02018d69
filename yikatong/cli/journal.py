"""`./yk journal verify`: recomputes the whole journal and names whatever is not as it was written."""

from __future__ import annotations

import os

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.environment import MARK, house, tables_are_current
from yikatong.cli.speak import results, stop
from yikatong.setup.places import data_folder

app = typer.Typer(help="业务流水。 The journal.", no_args_is_help=True, pretty_exceptions_enable=False)


@app.callback()
def journal() -> None:
    """业务流水。 The journal."""


@app.command("verify")
def verify() -> None:
    """核对流水：有没有被改、被删、被加的记录。 Find changed, removed or added entries; exit code 1 if any."""
    if not os.environ.get("DATABASE_URL") and not (data_folder() / MARK).exists():
        stop(
            Refused(
                "journal.no_city",
                f"{data_folder()} 里还没有城市。请先运行 ./yk demo，或用 YK_DATA、DATABASE_URL 指明在哪里。",
                f"There is no city in {data_folder()} yet. Run ./yk demo first, or name it by YK_DATA or DATABASE_URL.",
            )
        )
    with house():
        if not tables_are_current():
            stop(
                Refused(
                    "journal.tables",
                    "数据库的表还不是这个版本的，流水无法核对。请先运行 ./yk demo 或 ./yk manage migrate。",
                    "The tables are not those of this version, so the journal cannot be verified. "
                    "Run ./yk demo or ./yk manage migrate first.",
                )
            )
        from yikatong.office.journal import prove

        proof = prove()
    for finding in proof.findings:
        results.print(f"✗ {finding.where}  {finding.zh}  {finding.en}", markup=False)
    results.print(
        f"流水 {proof.entries:,} 条，明细 {proof.rows:,} 行，封印 {proof.seals:,} 个，未封 {proof.unsealed:,} 条。 "
        f"{proof.entries:,} entries, {proof.rows:,} rows, {proof.seals:,} seals, {proof.unsealed:,} not yet sealed."
    )
    if not proof.sound:
        results.print(f"发现 {len(proof.findings):,} 处不符。 {len(proof.findings):,} findings.")
        raise typer.Exit(1)
    results.print("全部相符。 All as it was written.")
