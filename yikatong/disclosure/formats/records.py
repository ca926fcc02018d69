"""A publication as JSON: sentences and tables, every amount with what it is about."""

from __future__ import annotations

import json
from typing import Any

from yikatong.disclosure.audit.region import Region
from yikatong.disclosure.formats import Format
from yikatong.disclosure.publication import Publication


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
                    "facts": [
                        [_cell(slot.text, slot.about, slot.fen) for slot in row] for row in table.facts
                    ],
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
            "charts": [
                {
                    "title": words.drawing.title,
                    "unit": words.drawing.unit,
                    "bars": [
                        {"name": name, "amount": _cell(slot.text, slot.about, slot.fen), "share": share}
                        for name, slot, share in words.drawing.bars
                    ],
                }
                for words in publication.words
                if words.drawing is not None
            ],
        },
        ensure_ascii=False,
        indent=1,
    )


def _cell(text: str, about: Region | None, fen: int) -> Any:
    return text if about is None else {"text": text, "fen": fen, "about": dict(sorted(about))}


ENTRY = Format(
    "json",
    "全文 JSON",
    "Everything, JSON",
    "json",
    "application/json",
    lambda publication, _: as_json(publication).encode(),
    rank=6,
)
