"""`./yk audit`: look a published budget document over. Needs no database and no city."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.speak import stop
from yikatong.disclosure.audit.document import Document


class Format(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    HTML = "html"


def audit(
    files: Annotated[
        list[Path],
        typer.Argument(help="预决算公开文本（PDF、XLSX、DOCX、TXT、MD）。 Documents to look over."),
    ],
    form: Annotated[Format, typer.Option("--format", help="报告格式。 How to report.")] = Format.TEXT,
    last_year: Annotated[
        Path | None,
        typer.Option("--last-year", help="上年公开文本，用来核对上年数和增减。 Last year's document."),
    ] = None,
    annotated: Annotated[
        Path | None,
        typer.Option(
            help="把问题写进原文件的副本（只能审一份文件时用）。 Write a copy with the findings in it."
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option(help="报告写入文件。 Write the report there.")] = None,
) -> None:
    """审核预决算公开文本：勾稽、单位、编码、权重、错字。 Exit 0: no errors; 1: errors; 2: a file could not be read."""
    from yikatong.disclosure.audit.engine import audit as look_over
    from yikatong.disclosure.audit.parts import documents_of
    from yikatong.disclosure.audit.reporting import as_text
    from yikatong.disclosure.audit.webpage import as_webpage

    if annotated is not None and len(files) != 1:
        zh = "--annotated 每次写一份副本，请只给一份文件。"
        stop(Refused("audit.annotated", zh, "--annotated writes one copy: give one file."), code=2)
    last = _read(last_year)[1] if last_year is not None else None
    audited = []
    for path in files:
        content, document = _read(path)
        own = [(part, look_over(part, last)) for part in documents_of(document)]
        audited += own
        if annotated is not None:
            from yikatong.disclosure.audit.annotated import copy_of

            annotated.write_bytes(copy_of(content, document, own).content)
    reports = [report for _, report in audited]
    if form is Format.JSON:
        written = json.dumps([report.as_json() for report in reports], ensure_ascii=False, indent=1)
    elif form is Format.HTML:
        written = as_webpage(audited)
    else:
        written = "\n".join(as_text(report) for report in reports)
    if out is None:
        typer.echo(written)
    else:
        out.write_text(written + "\n", encoding="utf-8")
    raise typer.Exit(1 if any(report.errors for report in reports) else 0)


def _read(path: Path) -> tuple[bytes, Document]:
    """The bytes and the document of a file; what is too large is not even opened. Ends the command where it cannot be read."""
    from yikatong.disclosure.audit.reading import LARGEST, read_document, too_large

    try:
        size = path.stat().st_size
        if size > LARGEST:
            stop(too_large(path.name, size, LARGEST), code=2)
        content = path.read_bytes()
    except OSError as error:
        stop(Refused("audit.file", f"读不了 {path}：{error.strerror}。", f"Cannot read {path}."), code=2)
    document = read_document(path.name, content)
    if isinstance(document, Refused):
        stop(document, code=2)
    return content, document
