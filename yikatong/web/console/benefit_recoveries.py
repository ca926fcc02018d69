"""追回: what was paid and was not due; asked back, entered when it comes, or ended by two people."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits import recovery_rows
from yikatong.benefits.recoveries import Proposal
from yikatong.benefits.recovery_rows import RecoveryRow
from yikatong.benefits.roster import declared_fen
from yikatong.benefits.rules import RECOVERY
from yikatong.benefits.services.recovering import (
    agree_end,
    ask_back,
    decline_end,
    enter_returned,
    propose_end,
)
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.readers import look_up
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.shown import note_names
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english, moment, named

AT_ONCE = 50
PURPOSE = "待遇追回"
UNKNOWN = Refused("benefit.no_recovery", "没有这笔追回。", "There is no such item to recover.")


class Asked(Questions):
    """Of whom, and how."""

    asked = forms.CharField(
        label=_("向谁追回、怎样联系"),
        max_length=100,
        help_text=_("如：函告家属，限30日内退回；不写姓名和电话"),
    )


class Back(Questions):
    """Money that came back."""

    yuan = forms.CharField(label=_("退回金额（元）"), max_length=20)
    paper = forms.CharField(
        label=_("缴款凭证号"), max_length=60, help_text=_("财政或银行的缴款凭证，一张登记一次")
    )


class Ending(Questions):
    """How it is to end without the money."""

    proposal = forms.ChoiceField(label=_("怎样了结"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("原因"), max_length=100, help_text=_("写明依据和文号，由另一人审批；不写姓名和号码")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("proposal", [(each.value, named(each)) for each in Proposal])


class WhyNot(Questions):
    """Why not."""

    reason = forms.CharField(label=_("原因"), max_length=100)


@duty(Duty.BENEFIT_LOOK)
def recoveries(request: HttpRequest) -> HttpResponse:
    """What is under way, or what ended."""
    start, scope = start_of(request), scope_of(request)
    ended = request.GET.get("show") == "ended"
    rows = recovery_rows.recoveries(scope, AT_ONCE + 1, start, ended=ended)
    count, fen = recovery_rows.under_way(scope)
    context = {
        "rows": rows[:AT_ONCE],
        "ended": ended,
        "count": count,
        "fen": fen,
        "kept": "show=ended" if ended else "",
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "recoveries", context)


@duty(Duty.BENEFIT_LOOK)
def recovery(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """One item: whose payment, why, how far it is, and what is to be done."""
    row = recovery_rows.recovery(recovery_id, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    if row.payment.resident_id is not None:
        note_names(request, [row.payment.resident_id], f"追回 {row.id}", f"recovery {row.id}")
    context = {
        "row": row,
        "facts": _facts(row),
        "may": {move.event for move in RECOVERY.moves if row.state in move.froms},
        "story": look_up(subject=f"recovery:{row.id}", limit=30),
    }
    return page(request, "recovery", context)


@duty(Duty.BENEFIT_RECONCILE)
def ask(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """登记追回: of whom it is asked, and how."""
    work = _work(ask_back, request, recovery_id)
    return _task(request, recovery_id, _("登记追回"), work, form=Asked)


@duty(Duty.BENEFIT_RECONCILE)
def enter(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """登记退回: all of it, or a part."""

    def work(act: Act, given: dict[str, Any]) -> RecoveryRow | Refused:
        fen = declared_fen(given["yuan"])
        amount = 0 if isinstance(fen, Refused) else fen
        return enter_returned(act, recovery_id, fen=amount, paper=given["paper"], scope=scope_of(request))

    note = _("退回的钱记回财政拨款，原来的发放记录不变。")
    return _task(request, recovery_id, _("登记退回"), work, form=Back, note=note)


@duty(Duty.BENEFIT_RECONCILE)
def propose(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """提出了结: without the money; another person agrees."""
    work = _work(propose_end, request, recovery_id)
    note = _("由财政审批人员审批后才了结。")
    return _task(request, recovery_id, _("提出了结"), work, form=Ending, note=note)


@duty(Duty.BENEFIT_FUND)
def agree(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """同意了结: by another person."""
    work = _work(agree_end, request, recovery_id)
    return _task(request, recovery_id, _("同意了结"), work)


@duty(Duty.BENEFIT_FUND)
def decline(request: HttpRequest, recovery_id: int) -> HttpResponse:
    """不同意了结: the money is asked for on."""
    work = _work(decline_end, request, recovery_id)
    return _task(request, recovery_id, _("不同意了结"), work, form=WhyNot)


def _work(call: Any, request: HttpRequest, recovery_id: int) -> Any:
    def work(act: Act, given: dict[str, Any]) -> RecoveryRow | Refused:
        result: RecoveryRow | Refused = call(act, recovery_id, scope=scope_of(request), **given)
        return result

    return work


def _task(request: HttpRequest, recovery_id: int, title: Any, work: Any, **more: Any) -> HttpResponse:
    row = recovery_rows.recovery(recovery_id, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)

    def done(result: RecoveryRow) -> HttpResponse:
        tell(request, gettext("已登记：%(state)s。") % {"state": named(result.state)})
        return redirect("console:recovery", recovery_id)

    back = reverse("console:recovery", args=[recovery_id])
    return run(request, Task(title, work, done, facts=_facts(row), back=back, purpose=PURPOSE, **more))


def _facts(row: RecoveryRow) -> tuple[Answer, ...]:
    zh, en = row.said
    paid = row.payment
    return (
        (_("为什么追回"), f"{named(row.why)}（{en if english() else zh}）"),
        (_("姓名"), mask(Sensitive.NAME, paid.name)),
        (_("证件号码"), paid.number_masked),
        (_("发放项目"), f"{named(paid.programme)} {paid.period}"),
        (_("批次和行"), f"{paid.batch}/{paid.line}"),
        (_("付款结果"), named(paid.state)),
        (_("应追回（元）"), print_yuan(row.fen, thousands=True)),
        (_("已退回（元）"), print_yuan(row.returned_fen, thousands=True)),
        (_("列出时间"), moment(row.opened_at)),
        *(((_("向谁追回、怎样联系"), row.asked),) if row.asked else ()),
        *(((_("怎样了结"), f"{named(row.proposal)}（{row.reason}）"),) if row.proposal else ()),
        *(((_("提出人"), row.proposed_name),) if row.proposal else ()),
        *(((_("审批人"), row.agreed_name),) if row.agreed_name else ()),
    )
