"""Entries a second: appended one act at a time, as rows of a set, sealed, and proved."""

from __future__ import annotations

from yikatong.basics.kinds import Kind
from yikatong.bench._report import table, timed
from yikatong.office import journal
from yikatong.office.act import Actor, Door, open_act

KIND = Kind("bench.entry", "测量 {n}", "measured {n}")
ACTS, ROWS = 10_000, 200_000


def run(arguments: list[str]) -> None:
    """`./yk bench journal`"""
    clerk = Actor.system("bench")

    def acts() -> None:
        for number in range(ACTS):
            with open_act(clerk, door=Door.TASK) as act:
                act.record(KIND, subject=f"order:{number}", person=number, n=number, name="某某")

    def rows() -> None:
        with open_act(clerk, door=Door.TASK) as act:
            act.record_rows(
                KIND,
                "SELECT 'order:' || i, i, '610402', '', jsonb_build_object('n', i) FROM generate_series(1, %(rows)s) i",
                {"rows": ROWS},
            )

    lines: list[tuple[str, int, str, str]] = []
    for name, count, work in (
        ("append, one act each", ACTS, acts),
        ("append, rows of one set", ROWS, rows),
        ("seal", ACTS + 1, journal.seal),
    ):
        seconds, _ = timed(work)
        lines.append((name, count, f"{seconds:.2f}", f"{count / seconds:,.0f}"))
    seconds, proof = timed(journal.prove)
    count = proof.entries + proof.rows
    lines.append(
        (
            f"verify, {proof.entries:,} entries with {proof.rows:,} rows",
            count,
            f"{seconds:.2f}",
            f"{count / seconds:,.0f}",
        )
    )
    table("journal", ("stage", "rows", "seconds", "rows/s"), lines)
