"""`./yk audit`: look a published budget document over. Needs no database and no city."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.speak import stop


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
    out: Annotated[Path | None, typer.Option(help="报告写入文件。 Write the report there.")] = None,
) -> None:
    """审核预决算公开文本：勾稽、单位、编码、权重、错字。 Exit 0: no errors; 1: errors; 2: a file could not be read."""
    from yikatong.disclosure.audit.engine import audit as look_over
    from yikatong.disclosure.audit.reading import read_document
    from yikatong.disclosure.audit.reporting import as_text
    from yikatong.disclosure.audit.webpage import as_webpage

    documents = []
    for path in files:
        try:
            document = read_document(path.name, path.read_bytes())
        except OSError as error:
            stop(Refused("audit.file", f"读不了 {path}：{error.strerror}。", f"Cannot read {path}."), code=2)
        if isinstance(document, Refused):
            stop(document, code=2)
        documents.append(document)
    reports = [look_over(document) for document in documents]
    if form is Format.JSON:
        written = json.dumps([report.as_json() for report in reports], ensure_ascii=False, indent=1)
    elif form is Format.HTML:
        written = as_webpage(list(zip(documents, reports, strict=True)))
    else:
        written = "\n".join(as_text(report) for report in reports)
    if out is None:
        typer.echo(written)
    else:
        out.write_text(written + "\n", encoding="utf-8")
    raise typer.Exit(1 if any(report.errors for report in reports) else 0)
