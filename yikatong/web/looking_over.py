"""A published budget document looked over for whoever brings it, in the public window and in the console. Nothing of an upload is kept."""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.engine import audit as look_over
from yikatong.disclosure.audit.findings import Finding, Grade, NotChecked, Report
from yikatong.disclosure.audit.parts import documents_of
from yikatong.disclosure.audit.reading.apart import annotate_apart, read_apart
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english

LARGEST = 20_000_000
"""Bytes taken from anybody: a document of hundreds of pages has less."""
GRADES = (
    (Grade.ERROR, _("错误")),
    (Grade.ROUNDING, _("尾差")),
    (Grade.FORMAT, _("格式")),
    (Grade.TYPO, _("文字")),
)


class Brought(Questions):
    """The document, and last year's beside it."""

    file = forms.FileField(
        label=_("公开文本"),
        help_text=_("部门、单位预算或决算公开的全文：PDF、XLSX、DOCX、TXT、MD，不超过 20 MB"),
    )
    last = forms.FileField(
        label=_("上年公开文本"),
        help_text=_("可不选；选了就用它核对增减和上年数"),
        required=False,
    )

    def clean_file(self) -> UploadedFile[Any]:
        """Refused where it is larger than a document."""
        return self._small("file")

    def clean_last(self) -> UploadedFile[Any] | None:
        """As the document itself."""
        return self._small("last") if self.cleaned_data["last"] else None

    def _small(self, name: str) -> UploadedFile[Any]:
        file: UploadedFile[Any] = self.cleaned_data[name]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB。请只传公开文本，不要传附件包。"))
        return file

    def read(self, name: str) -> Document | None:
        """What was brought under that name, read apart; None where nothing was, or where it could not be read, which is said."""
        file: UploadedFile[Any] | None = self.cleaned_data.get(name)
        if file is None:
            return None
        read = read_apart(file.name or "", file.read())
        if isinstance(read, Refused):
            self.refuse(Refused(read.code, read.zh, read.en, at=name))
            return None
        return read


@dataclass(frozen=True)
class Shown:
    """A finding with the line it stands in, cut where what is printed begins and ends."""

    finding: Finding
    said: str
    before: str
    marked: str
    after: str


@dataclass(frozen=True)
class Told:
    """One document's report as a page shows it."""

    report: Report
    parts: Sequence[tuple[str | Promise, Sequence[Shown]]]
    not_checked: Sequence[tuple[NotChecked, str]]


def looked_over(request: HttpRequest) -> dict[str, object] | HttpResponse:
    """What a page has to show: the form and, after a document was brought, its reports; or the annotated copy as a file."""
    form = Brought(request.POST, request.FILES) if request.method == "POST" else Brought()
    context: dict[str, object] = {"form": form}
    if not form.is_bound or not form.is_valid():
        return context
    if "copy" in request.POST:
        return _copy(form) or context
    document, last = form.read("file"), form.read("last")
    if document is not None and form.is_valid():
        context["reports"] = [_told(part, look_over(part, last)) for part in documents_of(document)]
    return context


def _copy(form: Brought) -> HttpResponse | None:
    """The annotated copy; None where the document was refused, which the form says."""
    file: UploadedFile[Any] = form.cleaned_data["file"]
    copy = annotate_apart(file.name or "", file.read())
    if isinstance(copy, Refused):
        form.refuse(Refused(copy.code, copy.zh, copy.en, at="file"))
        return None
    kind = mimetypes.guess_type(copy.name)[0] or "application/octet-stream"
    return HttpResponse(
        copy.content,
        content_type=kind,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{quote(copy.name, safe='')}"},
    )


def _told(document: Document, report: Report) -> Told:
    texts = {document.where(line): text for line, text in document.texts()}
    shown = [_shown(each, texts.get((each.place.page, each.place.line), "")) for each in report.findings]
    parts = [(name, [each for each in shown if each.finding.grade is grade]) for grade, name in GRADES]
    missed = [(each, each.en if english() else each.zh) for each in report.not_checked]
    return Told(report, parts, missed)


def _shown(finding: Finding, text: str) -> Shown:
    before, marked, after = text.partition(finding.printed) if finding.printed else (text, "", "")
    said = finding.en if english() else finding.zh
    return (
        Shown(finding, said, before[-40:], marked, after[:40])
        if marked
        else Shown(finding, said, text[:80], "", "")
    )
