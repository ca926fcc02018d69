"""Totals left out: where a table prints its zeros, a blank beside parts that are not zero is a number that is missing."""

from __future__ import annotations

from collections.abc import Iterator

from yikatong.disclosure.audit.claims import gaps_of
from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.view import View


def look(view: View) -> Iterator[Finding]:
    """Blank totals of tables that print zeros."""
    for table in view.tables:
        seen = set()
        for row, column, parts in gaps_of(table):
            if (row, column) in seen:
                continue
            seen.add((row, column))
            cell = table.grid.rows[row][column]
            side = next(side for side in table.sides if column in side.columns)
            expected = parts[0].printed(sum(part.fen for part in parts) // 100)
            shown = " + ".join(part.text for part in parts if part.fen)
            words = side.rows[row].words
            place = Place(
                view.document.file, cell.page, cell.line, table.name, words, side.columns[column].words
            )
            yield Finding(
                "total.missing", Grade.ERROR, place, "", expected, f"{shown} = {expected}", parts,
                f"{table.name}“{words}”没有印出金额，按各部分之和应为 {expected}。",
                f"The total is missing; its parts sum to {expected}.", f"补填 {expected}。",
            )  # fmt: skip
