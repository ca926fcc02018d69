"""Comments in a DOCX, at the paragraph or the cell that prints what was found."""

from __future__ import annotations

import io
from collections.abc import Generator, Sequence

import docx
from docx.document import Document as Word
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from yikatong.disclosure.audit.annotated import AUTHOR, Remark


def annotate_docx(content: bytes, remarks: Sequence[Remark]) -> bytes:
    """The DOCX with a comment for each remark."""
    word = docx.Document(io.BytesIO(content))
    places = dict(_places(word))
    for each in remarks:
        paragraph = _paragraph(places.get(each.line, []), each.printed)
        if paragraph is not None:
            word.add_comment(paragraph.runs, each.said, AUTHOR, "审")
    held = io.BytesIO()
    word.save(held)
    return held.getvalue()


def _paragraph(those: Sequence[Paragraph], printed: str) -> Paragraph | None:
    """The paragraph that holds what is printed, else the first with words; None where none has any."""
    wanted = "".join(printed.split())
    written = [each for each in those if each.runs]
    holding = (each for each in written if wanted and wanted in "".join(each.text.split()))
    return next(holding, written[0] if written else None)


def _places(word: Word) -> Generator[tuple[int, list[Paragraph]], None, int]:
    """The paragraphs of each line, counted as the reader counts lines."""
    number = 1
    for item in word.iter_inner_content():
        if isinstance(item, Table):
            number = yield from _rows(item, number)
            continue
        for _ in item.text.splitlines() or [""]:
            yield number, [item]
            number += 1
    return number


def _rows(table: Table, number: int) -> Generator[tuple[int, list[Paragraph]], None, int]:
    inner: list[Table] = []
    for row in table.rows:
        yield (
            number,
            [paragraph for tc in row._tr.tc_lst for paragraph in _Cell(tc, table).paragraphs],
        )
        inner += [Table(each, table) for tc in row._tr.tc_lst for each in tc.tbl_lst]
        number += 1
    for each in inner:
        number = yield from _rows(each, number)
    return number
