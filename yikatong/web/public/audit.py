"""A published budget document looked over for whoever brings it. Nothing of an upload is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Document, Grid, Line
from yikatong.disclosure.audit.engine import audit as look_over
from yikatong.disclosure.audit.findings import Finding, Grade, Report
from yikatong.disclosure.audit.reading.apart import read_apart
from yikatong.office.doors import public
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english

LARGEST = 20_000_000
"""Bytes taken from the public: a document of hundreds of pages has less."""
GRADES = (
    (Grade.ERROR, _("错误")),
    (Grade.ROUNDING, _("尾差")),
    (Grade.FORMAT, _("格式")),
    (Grade.TYPO, _("文字")),
)


class Brought(Questions):
    """The document."""

    file = forms.FileField(
        label=_("公开文本"),
        help_text=_("部门、单位预算或决算公开的全文：PDF、XLSX、DOCX、TXT、MD，不超过 20 MB"),
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Refused where it is larger than a document."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB。请只传公开文本，不要传附件包。"))
        return file


@dataclass(frozen=True)
class Shown:
    """A finding with the line it stands in, cut where what is printed begins and ends."""

    finding: Finding
    said: str
    before: str
    marked: str
    after: str


@public("whoever publishes a budget may have it looked over; nothing of the upload is kept")
@require_http_methods(["GET", "HEAD", "POST"])
def audit(request: HttpRequest) -> HttpResponse:
    """Upload a document, read what was found, place by place."""
    form = Brought(request.POST, request.FILES) if request.method == "POST" else Brought()
    context: dict[str, object] = {"form": form}
    if form.is_bound and form.is_valid():
        file: UploadedFile[Any] = form.cleaned_data["file"]
        document = read_apart(file.name or "", file.read())
        if isinstance(document, Refused):
            form.refuse(Refused(document.code, document.zh, document.en, at="file"))
        else:
            context |= _told(look_over(document), document)
    return render(request, "public/audit.html", context)


def _told(report: Report, document: Document) -> dict[str, object]:
    texts = {document.where(line): text for line, text in _lines(document)}
    shown = [_shown(each, texts.get((each.place.page, each.place.line), "")) for each in report.findings]
    parts = [(name, [each for each in shown if each.finding.grade is grade]) for grade, name in GRADES]
    missed = [(each, each.en if english() else each.zh) for each in report.not_checked]
    return {"report": report, "parts": parts, "not_checked": missed}


def _shown(finding: Finding, text: str) -> Shown:
    before, marked, after = text.partition(finding.printed) if finding.printed else (text, "", "")
    said = finding.en if english() else finding.zh
    return (
        Shown(finding, said, before[-40:], marked, after[:40])
        if marked
        else Shown(finding, said, text[:80], "", "")
    )


def _lines(document: Document) -> Iterator[tuple[int, str]]:
    """Each line's text, tables' rows with their cells apart."""
    for block in document.blocks:
        if isinstance(block, Line):
            yield block.number, block.text
        elif isinstance(block, Grid):
            for row in block.rows:
                yield row[0].line, "  ".join(cell.text for cell in row if cell.text)
        else:
            for line in block.lines:
                yield line.number, line.text
