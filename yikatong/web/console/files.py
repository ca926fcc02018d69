"""One exchanged file: its rows' outcomes, what is still unanswered, sending it again, the bad rows to take away."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import filedesk
from yikatong.cards.codebook import agreements
from yikatong.cards.filedesk import DeskFile
from yikatong.cards.files.codes import WORDS, CodeTable, Label
from yikatong.cards.services.courier_list import COURIER, couriers
from yikatong.cards.services.resend import resend_file
from yikatong.cards.tasks import counterparts
from yikatong.office import clock, exports, post
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.exports.approvals import Question
from yikatong.web.console.exporting import ABOVE_LIMIT, Source, asking, attachment, export
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.people import beyond
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import counterpart

AT_ONCE = 100
UNKNOWN = Refused("file.unknown", "没有这份文件。", "There is no such file.")


def _file(request: HttpRequest, file_id: int) -> DeskFile | Refused:
    refused = beyond(request)
    if refused is not None:
        return refused
    return filedesk.file(file_id, *counterparts(), *couriers(clock.today())) or UNKNOWN


class Purpose(Questions):
    """What the bad rows are taken away for."""

    purpose = forms.CharField(
        label=_("导出用途"), max_length=40, help_text=_("例如：退对方更正。用途会写进文件和日志")
    )


@duty(Duty.CARD_MATCH)
def file(request: HttpRequest, file_id: int) -> HttpResponse:
    """One file, out or in."""
    found = _file(request, file_id)
    if isinstance(found, Refused):
        return refusal(request, found)
    form, ask = Purpose(request.POST or None), ""
    if form.is_bound and form.is_valid():
        question, purpose = {"file": file_id}, form.cleaned_data["purpose"]
        made = export(request, BAD_ROWS, question, form="xlsx", purpose=purpose)
        if not isinstance(made, Refused):
            return attachment(made)
        form.refuse(made)
        ask = asking(BAD_ROWS, question, "xlsx", purpose) if made.code == ABOVE_LIMIT else ""
    start = start_of(request)
    problems = filedesk.problems(file_id, AT_ONCE + 1, start) if not found.outgoing else ()
    context: dict[str, Any] = {
        "file": found,
        "form": form,
        "ask": ask,
        "problems": problems[:AT_ONCE],
        "courier": found.counterpart.startswith(COURIER),
        "answers": [(each, _late(found, each)) for each in filedesk.answers_to(found.number, *counterparts())]
        if found.outgoing
        else (),
        "waiting": filedesk.waiting_for(found.number, AT_ONCE) if found.outgoing else (),
        **turns(start, AT_ONCE, problems),
    }
    return page(request, "file", context)


@duty(Duty.CARD_MATCH)
def codes(request: HttpRequest) -> HttpResponse:
    """代码表: in which codes each counterpart is written to and read today, and where they come from."""
    found = [
        (each, [(table, _lines(table)) for table in each.tables])
        for each in agreements(counterparts(), clock.today())
    ]
    return page(request, "codes", {"agreements": found})


def _lines(table: CodeTable) -> list[tuple[Label, str, Label | None, bool]]:
    """Each word of ours with its code, why it has none, and whether the code is read as another word."""
    return [
        (
            word,
            table.codes.get(ours, ""),
            table.without.get(ours),
            ours in table.codes and table.ours(table.codes[ours]) != ours,
        )
        for ours, word in WORDS[table.of].items()
    ]


def _late(sent: DeskFile, answer: DeskFile) -> bool:
    day: date = timezone.localtime(answer.at).date()
    return sent.due_on is not None and day > sent.due_on


def _bad_rows(request: HttpRequest, question: Question, most: int) -> exports.Table | Refused:
    found = _file(request, question["file"])
    if isinstance(found, Refused):
        return found
    return exports.Table(
        f"{found.name} 未成功的行",
        ("行", "编号", "受理编号", "结果", "失败环节", "原因"),
        [
            (str(row.line), row.named, row.order, "未采用", "", row.refusal.zh)
            if row.refusal is not None
            else (str(row.line), row.named, row.order, "失败", row.stage, row.reason)
            for row in filedesk.problems(found.id, limit=most)
        ],
    )


def _said(question: Question) -> tuple[Answer, ...]:
    found = filedesk.file(question["file"], *counterparts(), *couriers(clock.today()))
    return ((_("文件"), found.name if found else "—"),)


BAD_ROWS = Source(
    "file",
    Duty.CARD_MATCH,
    count=lambda request, question: filedesk.count_problems(question["file"]),
    read=_bad_rows,
    said=_said,
    about=lambda question: (f"file:{question['file']}", None),
    title=lambda question: f"{_said(question)[0][1]} 未成功的行",
)
"""The rows of a file that were not good."""


@duty(Duty.CARD_MATCH)
def resend(request: HttpRequest, file_id: int) -> HttpResponse:
    """重发: the same bytes under the same name, while something is unanswered."""
    found = _file(request, file_id)
    if isinstance(found, Refused):
        return refusal(request, found)

    def work(act: Act, given: dict[str, Any]) -> DeskFile | Refused:
        return resend_file(act, file_id=file_id, counterparts=counterparts())

    def done(row: DeskFile) -> HttpResponse:
        post.send_files()
        tell(request, gettext("已重发 %(name)s，内容与原文件完全相同。") % {"name": row.name})
        return redirect("console:file", file_id)

    task = Task(
        _("重发文件"),
        work,
        done,
        facts=(
            (_("文件"), found.name),
            (_("对方"), counterpart(found.counterpart)),
            (_("已发次数"), found.sendings),
            (_("仍未答复"), found.unanswered),
            (_("文件摘要（SM3）"), found.digest),
        ),
        button=_("确认重发"),
        note=_("按原名原内容再发一次，不重新生成。先与对方确认没有收到，再重发。"),
        back=reverse("console:file", args=[file_id]),
        purpose="重发文件",
    )
    return run(request, task)
