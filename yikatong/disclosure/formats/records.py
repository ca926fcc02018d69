"""A publication for machines: JSON of everything with what each amount is about, CSV of the amounts, one a row."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

from yikatong.disclosure.audit.region import Region
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


def as_json(publication: Publication) -> str:
    """Sentences and tables; an amount has its printed text, its exact fen and its region by dimension."""
    return json.dumps(
        {
            "title": publication.title,
            "family": publication.family,
            "fiscal_year": publication.year,
            "agency_code": publication.unit,
            "agency_name": publication.unit_name,
            "catalogue": [
                {"table": name, "empty": empty == "是", "reason": reason}
                for name, empty, reason in publication.catalogue
            ],
            "tables": [
                {
                    "number": table.number,
                    "title": table.title,
                    "unit": table.unit,
                    "head": table.head,
                    "rows": [[_cell(slot.text, slot.about, slot.fen) for slot in row] for row in table.rows],
                    "note": table.note,
                }
                for table in publication.tables
            ],
            "text": [
                [_cell(span.text, span.about, span.fen) for span in words.spans]
                for words in publication.words
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _cell(text: str, about: Region | None, fen: int) -> Any:
    return text if about is None else {"text": text, "fen": fen, "about": dict(sorted(about))}


def as_csv(publication: Publication) -> str:
    """The amounts of all tables: table, row, a column for each dimension, text as printed, exact yuan."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(("fiscal_year", "agency_code", "table", "row", *DIMENSIONS, "printed", "amount"))
    for table in publication.tables:
        for number, row in enumerate(table.rows, 1):
            for slot in row:
                if slot.about is None:
                    continue
                about = dict(slot.about)
                yuan = f"{'-' if slot.fen < 0 else ''}{abs(slot.fen) // 100}.{abs(slot.fen) % 100:02}"
                members = [about.get(dimension, "") for dimension in DIMENSIONS]
                writer.writerow(
                    (publication.year, publication.unit, table.number, number, *members, slot.text, yuan)
                )
    return out.getvalue()
