"""A copy of a document with each finding at its place: PDF with highlights, DOCX and XLSX with comments, others as a page."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.findings import Finding, Grade, Report
from yikatong.disclosure.audit.parts import documents_of
from yikatong.disclosure.audit.reading import read_document
from yikatong.disclosure.audit.reading.apart import Copy
from yikatong.disclosure.audit.reporting import GRADES
from yikatong.disclosure.audit.webpage import as_webpage

AUTHOR = "文本审核"


@dataclass(frozen=True, slots=True)
class Remark:
    """What is to be written where: page (sheet) and line from 1, the words printed there, the whole line, and the finding."""

    page: int
    line: int
    printed: str
    context: str
    grade: Grade
    said: str


def annotate(file: str, content: bytes) -> Copy | Refused:
    """Read, audit and annotate. Refused: what the readers refuse."""
    document = read_document(file, content)
    if isinstance(document, Refused):
        return document
    return copy_of(content, document, [(part, audit(part)) for part in documents_of(document)])


def copy_of(content: bytes, document: Document, audited: Sequence[tuple[Document, Report]]) -> Copy:
    """The copy of a document that was read from `content` and audited."""
    remarks = list(_remarks(document, audited))
    path = PurePath(document.file)
    if b"%PDF-" in content[:1024]:
        from yikatong.disclosure.audit.annotated.pdf import annotate_pdf

        return Copy(f"{path.stem}-审核.pdf", annotate_pdf(content, remarks))
    parts = _parts(content)
    if "word/document.xml" in parts:
        from yikatong.disclosure.audit.annotated.word import annotate_docx

        return Copy(f"{path.stem}-审核.docx", annotate_docx(content, remarks))
    if "xl/workbook.xml" in parts:
        from yikatong.disclosure.audit.annotated.workbook import annotate_xlsx

        return Copy(f"{path.stem}-审核.xlsx", annotate_xlsx(content, remarks))
    return Copy(f"{path.stem}-审核.html", as_webpage(audited).encode())


def _remarks(document: Document, audited: Sequence[tuple[Document, Report]]) -> Iterator[Remark]:
    texts = {document.where(line): text for line, text in document.texts()}
    for _, report in audited:
        for each in report.findings:
            for place in each.places or (each.place,):
                at = (place.page, place.line)
                yield Remark(*at, each.printed, texts.get(at, ""), each.grade, _said(each))


def _said(finding: Finding) -> str:
    shown = f"\n{finding.arithmetic}" if finding.arithmetic else ""
    return f"【{GRADES[finding.grade]}】{finding.zh}{shown}\n{finding.fix}".strip()


def _parts(content: bytes) -> set[str]:
    if not content.startswith(b"PK"):
        return set()
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return set(packed.namelist())
