"""支出凭证: a file of vouchers is entered by one person and posted by another."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.lists import limits_on
from yikatong.residents.workbooks import blank_workbook
from yikatong.spending import queries, services
from yikatong.spending.queries import ListRow
from yikatong.spending.vouchers import FORM, Vouchers, read_vouchers
from yikatong.web.console.disclosure import WORKBOOK
from yikatong.web.console.doors import actor_of, staff_of
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import day, english, moment

AT_ONCE = 50
SHOWN = 200
"""So many wrong cells are shown at once; a sheet with more is mended by its first."""
UNKNOWN = Refused("vouchers.unknown", "没有这份凭证清单。", "There is no such list of vouchers.")


class VouchersFile(Questions):
    """A file of vouchers."""

    file = forms.FileField(
        label=_("凭证文件（XLSX 或 CSV）"),
        help_text=_("点选文件，或把文件拖到这里"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "yk-drop"}),
    )


class Seen(Questions):
    """Carries what the checker saw, so that nothing else is posted."""

    digest = forms.CharField(widget=forms.HiddenInput)


class Note(Questions):
    """Why a list is sent back."""

    note = forms.CharField(label=_("退回原因"), max_length=120, help_text=_("提交人会看到"))


@duty(Duty.EXPENSE_LOOK)
def voucher_lists(request: HttpRequest) -> HttpResponse:
    """All lists, and where each stands."""
    start = start_of(request)
    rows = queries.voucher_lists(AT_ONCE + 1, start)
    mine = queries.waiting(but=actor_of(request).code) if staff_of(request).has_duty(Duty.EXPENSE_POST) else 0
    context = {"rows": rows[:AT_ONCE], "waiting": mine, **turns(start, AT_ONCE, rows)}
    return page(request, "voucher_lists", context)


@duty(Duty.EXPENSE_LOOK)
def voucher_list(request: HttpRequest, number: str) -> HttpResponse:
    """One list with its lines."""
    row = queries.voucher_list(number)
    if row is None:
        return refusal(request, UNKNOWN)
    start = start_of(request)
    found = queries.vouchers(number, AT_ONCE + 1, start)
    context = {
        "list": row,
        "facts": list_facts(row),
        "lines": found[:AT_ONCE],
        "own": row.maker == actor_of(request).code,
        **turns(start, AT_ONCE, found),
    }
    return page(request, "voucher_list", context)


def list_facts(row: ListRow) -> tuple[Answer, ...]:
    """A list as its page and its tasks show it."""
    return (
        (_("清单编号"), row.number),
        (_("文件"), row.file_name),
        (_("凭证日期"), f"{day(row.first_on)} – {day(row.last_on)}"),
        (_("行数"), row.lines),
        (_("金额合计（元）"), print_yuan(row.fen, thousands=True)),
        (_("提交人"), f"{row.maker_name} {moment(row.entered_at)}"),
        *(((_("复核人"), f"{row.checker_name} {moment(row.since)}"),) if row.checker_name else ()),
        *(((_("退回原因"), row.note),) if row.note else ()),
    )


@duty(Duty.EXPENSE_ENTER)
def enter(request: HttpRequest) -> HttpResponse:
    """Enter a file: all of it is taken in, or every wrong cell is shown and none."""
    form = VouchersFile(request.POST, request.FILES) if request.method == "POST" else VouchersFile()
    problems: Vouchers | None = None
    if form.is_bound and form.is_valid():
        file, name = form.cleaned_data["file"], named_act(request)
        today = clock.today()
        read = read_vouchers(file.read(), limits_on(today), today)
        if isinstance(read, Refused):
            form.refuse(read)
        else:
            vouchers = read
            row = at_most_once(
                request,
                name,
                lambda act: services.enter_vouchers(act, file_name=file.name, read=vouchers),
                purpose="提交支出凭证",
            )
            if name is not None and row is AGAIN:
                return done_already(request, name, reverse("console:voucher_lists"))
            if not isinstance(row, Refused):
                return remember(request, name, redirect("console:voucher_list", row.number))
            form.refuse(row)
            problems = vouchers
    columns = [(names[0], names[1:], column in FORM.required) for column, names in FORM.columns.items()]
    context = {
        "form": form,
        "columns": columns,
        "passed_over": sorted(FORM.passed_over),
        "problems": [
            (each, each.refused.en if english() else each.refused.zh)
            for each in (problems.problems[:SHOWN] if problems else ())
        ],
        "more": max(0, len(problems.problems) - SHOWN) if problems else 0,
        "act": name_act(request),
    }
    return page(request, "voucher_enter", context)


@duty(Duty.EXPENSE_ENTER)
def form_file(request: HttpRequest) -> HttpResponse:
    """The empty form of a list, as a workbook."""
    response = HttpResponse(blank_workbook(FORM), content_type=WORKBOOK)
    response["Content-Disposition"] = 'attachment; filename="vouchers.xlsx"'
    return response


@duty(Duty.EXPENSE_POST)
def post(request: HttpRequest, number: str) -> HttpResponse:
    """复核入账: what was seen, by another person."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.post_vouchers(act, number, digest=given["digest"])

    row = queries.voucher_list(number)
    return _on_list(
        request,
        row,
        _("复核入账"),
        work,
        gettext("已入账，成本指标随之更新。"),
        form=Seen,
        initial={"digest": row.digest if row else ""},
        note=_("入账后不能修改，只能用红字凭证冲销。"),
        button=_("确认入账"),
    )


@duty(Duty.EXPENSE_POST)
def send_back(request: HttpRequest, number: str) -> HttpResponse:
    """退回: with a reason."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.send_vouchers_back(act, number, note=given["note"])

    row = queries.voucher_list(number)
    return _on_list(request, row, _("退回凭证"), work, gettext("已退回。"), form=Note, button=_("确认退回"))


@duty(Duty.EXPENSE_ENTER)
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """撤回: by who entered it."""

    def work(act: Act, given: dict[str, Any]) -> ListRow | Refused:
        return services.withdraw_vouchers(act, number)

    row = queries.voucher_list(number)
    said = gettext("已撤回，可以改好后重新提交。")
    return _on_list(request, row, _("撤回凭证"), work, said, button=_("确认撤回"))


def _on_list(
    request: HttpRequest, row: ListRow | None, title: Any, work: Any, said: str, **more: Any
) -> HttpResponse:
    if row is None:
        return refusal(request, UNKNOWN)

    def done(result: ListRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:voucher_list", result.number)

    back = reverse("console:voucher_list", args=[row.number])
    return run(request, Task(title, work, done, facts=list_facts(row), purpose="支出凭证", back=back, **more))
