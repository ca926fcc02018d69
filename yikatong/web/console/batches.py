"""组批与下发: assembled by one, released by another; and the boxes that come back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import queries
from yikatong.cards.rows import BatchRow
from yikatong.cards.rules import BATCH, Mode
from yikatong.cards.services import batch as batching
from yikatong.office import post
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.queries import names_of
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.people import beyond
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named

AT_ONCE = 50


class Assembly(Questions):
    """Which ready orders go into the batch."""

    mode = forms.ChoiceField(label=_("制卡方式"), widget=forms.RadioSelect, initial=Mode.BATCH.value)
    limit = forms.IntegerField(label=_("最多张数"), min_value=1, max_value=batching.LARGEST, initial=5000)
    order_number = forms.CharField(
        label=_("只做这一笔（受理编号）"),
        max_length=12,
        required=False,
        help_text=_("即时制卡、持卡人在等时填写"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        modes = self.fields["mode"]
        assert isinstance(modes, forms.ChoiceField)
        modes.choices = [(mode.value, named(mode)) for mode in Mode]


@duty(Duty.CARD_LOOK)
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, those that wait for somebody first, and how many orders are ready for the next."""
    ready = next((each for each in queries.queues(scope_of(request)) if each.state == "ready"), None)
    context = {
        "ready": ready,
        "groups": [(state, queries.batches(state.code, limit=30)) for state in BATCH],
    }
    return page(request, "batches", context)


@duty(Duty.CARD_LOOK)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch: who assembled it, what it holds, and what may be done with it."""
    found = queries.batch(number)
    if found is None:
        return refusal(
            request, Refused("batch.unknown", f"没有批次 {number}。", f"There is no batch {number}.")
        )
    start = start_of(request)
    rows = queries.orders_of_batch(number, AT_ONCE + 1, start, scope=scope_of(request))
    names = names_of(row.resident_id for row in rows)
    context = {
        "batch": found,
        "facts": batch_facts(found),
        "rows": [(row, names.get(row.resident_id, "")) for row in rows[:AT_ONCE]],
        # A batch may hold orders of several counties, and not every reader may see them all.
        "narrowed": beyond(request) is not None,
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "batch", context)


def batch_facts(row: BatchRow) -> tuple[tuple[Any, Any], ...]:
    """A batch as task pages show it, with the digest under which it was looked at."""
    return (
        (_("批次号"), row.number),
        (_("张数"), row.orders),
        (_("批次状态"), named(row.state)),
        (_("组批时间"), f"{timezone.localtime(row.assembled_at):%Y-%m-%d %H:%M}"),
        (_("文件摘要（SM3）"), row.digest.hex()),
    )


@duty(Duty.CARD_BATCH)
def assemble(request: HttpRequest) -> HttpResponse:
    """Put ready orders into a batch."""
    refused = beyond(request)
    if refused is not None:
        return refusal(request, refused)

    def work(act: Act, given: dict[str, Any]) -> BatchRow | Refused:
        return batching.assemble(
            act, mode=Mode(given["mode"]), limit=given["limit"], order_number=given["order_number"]
        )

    def done(row: BatchRow) -> HttpResponse:
        tell(
            request,
            gettext("已组批 %(number)s，共 %(count)d 张，等待审核下发。")
            % {"number": row.number, "count": row.orders},
        )
        return redirect("console:batch", row.number)

    initial = {
        "order_number": request.GET.get("order", ""),
        "mode": request.GET.get("mode", Mode.BATCH.value),
    }
    ready = next((each.count for each in queries.queues(scope_of(request)) if each.state == "ready"), 0)
    task = Task(
        _("组批"),
        work,
        done,
        facts=((_("待组批"), ready),),
        form=Assembly,
        initial=initial,
        back=reverse("console:batches"),
        button=_("确认组批"),
        purpose="组批",
    )
    return run(request, task)


@duty(Duty.CARD_RELEASE)
def release(request: HttpRequest, number: str) -> HttpResponse:
    """Send a batch to the maker: somebody else than who assembled it."""

    def work(act: Act, given: dict[str, Any]) -> BatchRow | Refused:
        return batching.release(act, number)

    def done(row: BatchRow) -> HttpResponse:
        post.send_files()
        tell(request, gettext("批次 %(number)s 已下发制卡。") % {"number": row.number})
        return redirect("console:batch", row.number)

    return _on_batch(
        request, number, _("审核下发"), work, done, button=_("确认下发"), warning=_("下发后不能撤回。")
    )


@duty(Duty.CARD_BATCH)
def dissolve(request: HttpRequest, number: str) -> HttpResponse:
    """Take a batch apart; its orders are ready again."""

    def work(act: Act, given: dict[str, Any]) -> BatchRow | Refused:
        return batching.dissolve(act, number)

    def done(row: BatchRow) -> HttpResponse:
        tell(request, gettext("批次 %(number)s 已撤批。") % {"number": row.number})
        return redirect("console:batches")

    return _on_batch(request, number, _("撤批"), work, done, button=_("确认撤批"), danger=True)


def _on_batch(
    request: HttpRequest, number: str, title: Any, work: Any, done: Any, **more: Any
) -> HttpResponse:
    refused = beyond(request)
    if refused is not None:
        return refusal(request, refused)
    found = queries.batch(number)
    if found is None:
        return refusal(
            request, Refused("batch.unknown", f"没有批次 {number}。", f"There is no batch {number}.")
        )
    task = Task(
        title,
        work,
        done,
        facts=batch_facts(found),
        back=reverse("console:batch", args=[number]),
        purpose=str(title),
        **more,
    )
    return run(request, task)
