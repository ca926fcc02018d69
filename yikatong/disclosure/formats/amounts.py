"""The amounts of a publication as CSV, one a row, with what each is about in columns."""

from __future__ import annotations

import csv
import io

from yikatong.basics.money import print_yuan
from yikatong.disclosure.formats import Format
from yikatong.disclosure.publication import Publication

DIMENSIONS = (
    "flow",
    "phase",
    "function",
    "economic",
    "government",
    "category",
    "fund",
    "carry",
    "item",
    "project",
)


def as_csv(publication: Publication) -> str:
    """The amounts of all tables: table, row, a column for each dimension, text as printed, exact yuan."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("fiscal_year", "agency_code", "table", "row", *DIMENSIONS, "printed", "amount"))
    for table in publication.tables:
        for number, row in enumerate((*table.facts, *table.rows), 1):
            for slot in row:
                if slot.about is None:
                    continue
                about = dict(slot.about)
                members = [about.get(dimension, "") for dimension in DIMENSIONS]
                writer.writerow(
                    (
                        publication.year,
                        publication.unit,
                        table.number,
                        number,
                        *members,
                        slot.text,
                        print_yuan(slot.fen),
                    )
                )
    return out.getvalue()


ENTRY = Format(
    "csv",
    "表内数据 CSV",
    "Amounts of the tables, CSV",
    "csv",
    "text/csv; charset=utf-8",
    # Spreadsheets take CSV for UTF-8 only where it begins with this mark.
    lambda publication, _: as_csv(publication).encode("utf-8-sig"),
    rank=7,
)
