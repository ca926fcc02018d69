"""更正暂缓的行: one held row put right, or left out, by who brought the batch, before anybody has approved it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.roster import declared_fen
from yikatong.benefits.rows import PaymentRow
from yikatong.benefits.rules import HELD
from yikatong.benefits.services.correcting import correct_row, drop_row
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.services import note_seen
from yikatong.web.console.benefit_steps import on_batch, service
from yikatong.web.console.benefits import NO_ROW, UNKNOWN
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.task_page import Answer, Task
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named


class Corrected(Questions):
    """The row as it should have been, and why."""

    name = forms.CharField(label=_("姓名"), max_length=100)
    person = forms.CharField(label=_("证件号码"), max_length=30, help_text=_("按证件填写完整号码"))
    basis = forms.CharField(
        label=_("基数"), max_length=20, required=False, help_text=_("与清册同列，如面积、月数；没有则不填")
    )
    yuan = forms.CharField(label=_("金额（元）"), max_length=20)
    reason = forms.CharField(
        label=_("更正原因"), max_length=100, help_text=_("如：姓名录错一字；不写姓名和号码")
    )


class LeftOut(Questions):
    """Why it is left out."""

    reason = forms.CharField(label=_("剔除原因"), max_length=100, help_text=_("如：重复报送；不写姓名和号码"))


@duty(Duty.BENEFIT_SUBMIT)
def correct(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """The old row stays, unpaid; the new one is appended and judged; what is in public view begins anew."""
    row = queries.batch(number, scope_of(request))
    old = queries.payment(row, line) if row else None
    if row is None or old is None:
        return refusal(request, NO_ROW if row else UNKNOWN)
    if old.state is not HELD:
        return refusal(request, _not_held(old))
    if request.method != "POST" and old.resident_id is not None:
        with open_act(actor_of(request), door=Door.CONSOLE, purpose="更正清册") as act:
            note_seen(act, old.resident_id, region=old.region, purpose="更正清册")

    def work(act: Act, given: dict[str, Any]) -> PaymentRow | Refused:
        fen = declared_fen(given["yuan"])
        if isinstance(fen, Refused):
            return Refused(
                "benefit.amount",
                "请填写以元为单位、大于零的金额，最多两位小数。",
                "Enter an amount in yuan above nothing, with at most two decimals.",
                at="yuan",
            )
        return correct_row(
            act,
            number,
            line=line,
            name=given["name"],
            person=given["person"],
            basis=given["basis"],
            fen=fen,
            reason=given["reason"],
            scope=scope_of(request),
        )

    def done(new: PaymentRow) -> HttpResponse:
        said = (
            gettext("已更正，新行可发。")
            if new.level.payable
            else gettext("已更正，但新行仍暂缓，请看核验结果。")
        )
        tell(request, said)
        return redirect("console:benefit_row", number, new.line)

    task = Task(
        _("更正这一行"),
        work,
        done,
        form=Corrected,
        initial={"name": old.name, "basis": old.basis, "yuan": print_yuan(old.fen) if old.fen else ""},
        note=_(
            "原行保留、不发放，新行排在清册末尾并立即核验；申报人数和金额不变，差额记在更正中。公示中的批次要重新公示。"
        ),
        button=_("确认更正"),
    )
    return on_batch(request, number, task, _as_it_is(old))


@duty(Duty.BENEFIT_SUBMIT)
def drop(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """剔除这一行: it stays, unpaid; the other row of the same person is judged anew."""
    row = queries.batch(number, scope_of(request))
    old = queries.payment(row, line) if row else None
    if row is None or old is None:
        return refusal(request, NO_ROW if row else UNKNOWN)
    if old.state is not HELD:
        return refusal(request, _not_held(old))

    def done(result: PaymentRow) -> HttpResponse:
        tell(request, gettext("已剔除，不发放；同一人的其他行已重新核验。"))
        return redirect("console:benefit", number)

    task = Task(
        _("剔除这一行"),
        service(drop_row, request, number, line=line),
        done,
        form=LeftOut,
        note=_(
            "原行保留、不发放；同一人在本批的其他行立即重新核验。公示中的批次有人变为可发的，要重新公示。"
        ),
        button=_("确认剔除"),
    )
    return on_batch(request, number, task, _as_it_is(old))


def _as_it_is(old: PaymentRow) -> tuple[Answer, ...]:
    """The row as it stands in the roster, and why it is held."""
    return (
        (_("行号"), old.line),
        (_("姓名"), mask(Sensitive.NAME, old.name)),
        (_("证件号码"), old.number_masked),
        (_("金额（元）"), print_yuan(old.fen, thousands=True)),
        *((_("原因"), named(each)) for each in old.findings if not each.level.payable),
    )


def _not_held(row: PaymentRow) -> Refused:
    """Only a row that is held is corrected; one that was corrected a moment ago is another row by now."""
    return Refused(
        "benefit.not_held",
        f"第{row.line}行目前为“{row.state.zh}”，不需要更正，请回到批次页面查看。",
        f"Row {row.line} is {row.state.en}; there is nothing to correct. See the batch's page.",
    )
