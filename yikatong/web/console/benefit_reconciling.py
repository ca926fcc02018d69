"""对账: every batch and every bank's day side by side with what the banks say, as of any moment, and what differs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.benefits import queries, statement_queries
from yikatong.benefits.discrepancies import Differs
from yikatong.benefits.reconciling import by_bank_and_day, corrected_fen, differing_lines, reconciled
from yikatong.benefits.rows import PaymentRow
from yikatong.benefits.services.differences import close_discrepancy, take_discrepancy
from yikatong.benefits.services.statements import bring_statement
from yikatong.benefits.statement_rows import DiscrepancyRow, StatementRow
from yikatong.benefits.terms import bank_profiles
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.readers import look_up
from yikatong.web.banks import bank_name
from yikatong.web.console.benefits import UNKNOWN
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.shown import note_names
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import moment, named, yuan

AT_ONCE = 30
DAYS = 31
YEARS = range(2000, 2100)
NO_DIFFERENCE = Refused("benefit.no_discrepancy", "没有这条差错。", "There is no such difference.")
NO_STATEMENT = Refused("benefit.no_statement", "没有这份对账单。", "There is no such statement.")


class StatementFile(Questions):
    """A bank's statement, where it did not come by the wire."""

    bank = forms.ChoiceField(label=_("银行"))
    file = forms.FileField(label=_("对账单文件"), help_text=_("点选文件，或把文件拖到这里"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("bank", [(code, bank_name(code)) for code in bank_profiles(clock.today())])


class Outcome(Questions):
    """What came of it."""

    outcome = forms.CharField(
        label=_("处理结果"),
        max_length=200,
        help_text=_("写明与谁核实、结果如何；不写姓名和号码"),
    )


@duty(Duty.BENEFIT_LOOK)
def overview(request: HttpRequest) -> HttpResponse:
    """The batches and the banks' days as of a moment, and what somebody still has to look into."""
    start, scope, at = start_of(request), scope_of(request), _asked_moment(request)
    rows = queries.batches(scope, AT_ONCE + 1, start)
    results = reconciled([row.id for row in rows[:AT_ONCE]], at, today=clock.today())
    context = {
        "at": timezone.localtime(at),
        "past": "at" in request.GET,
        "rows": [(row, results[row.id]) for row in rows[:AT_ONCE] if row.id in results],
        "days": by_bank_and_day(scope, at, at - timedelta(days=DAYS)),
        "differences": statement_queries.discrepancies(scope, AT_ONCE, at=at),
        "waiting": statement_queries.open_differences(scope, at),
        "statements": statement_queries.statements(scope, 10),
        "kept": f"at={request.GET['at']}" if "at" in request.GET else "",
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "benefit_reconciling", context)


@duty(Duty.BENEFIT_LOOK)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch from its roster to the ledger as of a moment, and who differs."""
    scope, at = scope_of(request), _asked_moment(request)
    row = queries.batch(number, scope)
    if row is None:
        return refusal(request, UNKNOWN)
    result = reconciled([row.id], at, today=clock.today()).get(row.id)
    kind = request.GET.get("kind", "")
    chosen = Differs(kind) if kind in set(Differs) else None
    people: tuple[PaymentRow, ...] = ()
    if chosen is not None:
        lines = differing_lines(row.id, chosen, at, AT_ONCE, today=clock.today())
        people = queries.payments(row, AT_ONCE, lines=lines)
        known = [each.resident_id for each in people if each.resident_id is not None]
        if known:
            note_names(request, known, f"对账 {row.number}", f"reconciling {row.number}")
    context = {
        "row": row,
        "at": timezone.localtime(at),
        "past": "at" in request.GET,
        "result": result,
        "corrected": corrected_fen(row.id, at),
        "chosen": chosen,
        "people": people,
        "differences": statement_queries.discrepancies(scope, AT_ONCE, at=at, batch=row.id),
        "closed": statement_queries.discrepancies(scope, AT_ONCE, at=at, batch=row.id, closed=True),
    }
    return page(request, "benefit_reconciled", context)


@duty(Duty.BENEFIT_LOOK)
def statement(request: HttpRequest, statement_id: int) -> HttpResponse:
    """One statement of account with its entries, each beside the file it belongs to."""
    row = statement_queries.statement(statement_id, scope_of(request))
    if row is None:
        return refusal(request, NO_STATEMENT)
    start = start_of(request)
    rows = statement_queries.entries(row.id, AT_ONCE + 1, start)
    context = {"row": row, "entries": rows[:AT_ONCE], **turns(start, AT_ONCE, rows)}
    return page(request, "benefit_statement", context)


@duty(Duty.BENEFIT_RECONCILE)
def bring(request: HttpRequest) -> HttpResponse:
    """接收对账单: by hand, where the wire does not bring it."""
    form = StatementFile(request.POST or None, request.FILES or None)
    back = reverse("console:benefit_reconciling")
    if form.is_bound and form.is_valid():
        given, name = form.cleaned_data, named_act(request)

        def work(act: Act) -> StatementRow | Refused:
            return bring_statement(
                act, bank_code=given["bank"], name=given["file"].name, content=given["file"].read()
            )

        row = at_most_once(request, name, work, purpose="待遇发放")
        if name is not None and row is AGAIN:
            return done_already(request, name, back)
        if not isinstance(row, Refused):
            tell(request, gettext("对账单已接收：%(entries)s 笔。") % {"entries": row.entries})
            return remember(request, name, redirect("console:benefit_statement", row.id))
        form.refuse(row)
    return page(request, "benefit_statement_bring", {"form": form, "act": name_act(request)})


@duty(Duty.BENEFIT_LOOK)
def difference(request: HttpRequest, number: int) -> HttpResponse:
    """One difference: what it is, who looks into it, what came of it."""
    row = statement_queries.discrepancy(number, scope_of(request))
    if row is None:
        return refusal(request, NO_DIFFERENCE)
    context = {
        "row": row,
        "facts": _facts(row),
        "own": row.owner == actor_of(request).code,
        "story": look_up(subject=f"discrepancy:{row.id}", limit=20),
    }
    return page(request, "benefit_difference", context)


@duty(Duty.BENEFIT_RECONCILE)
def take(request: HttpRequest, number: int) -> HttpResponse:
    """认领: from now on this person looks into it."""

    def work(act: Act, given: dict[str, Any]) -> DiscrepancyRow | Refused:
        return take_discrepancy(act, number, scope=scope_of(request))

    return _on_difference(
        request, number, _("认领差错"), work, gettext("已认领，请核实后写明结果。"), _("确认认领")
    )


@duty(Duty.BENEFIT_RECONCILE)
def close(request: HttpRequest, number: int) -> HttpResponse:
    """处理完毕: by who took it, with what came of it."""

    def work(act: Act, given: dict[str, Any]) -> DiscrepancyRow | Refused:
        return close_discrepancy(act, number, outcome=given["outcome"], scope=scope_of(request))

    return _on_difference(
        request, number, _("处理差错"), work, gettext("差错已处理。"), _("确认处理完毕"), Outcome
    )


def _on_difference(
    request: HttpRequest, number: int, title: Any, work: Any, said: str, button: Any, form: Any = None
) -> HttpResponse:
    row = statement_queries.discrepancy(number, scope_of(request))
    if row is None:
        return refusal(request, NO_DIFFERENCE)

    def done(result: DiscrepancyRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:payment_difference", result.id)

    task = Task(
        title,
        work,
        done,
        facts=_facts(row),
        purpose="待遇发放",
        back=reverse("console:payment_difference", args=[number]),
        button=button,
        **({"form": form} if form else {}),
    )
    return run(request, task)


def _facts(row: DiscrepancyRow) -> tuple[Answer, ...]:
    return (
        (_("差错"), named(row.kind)),
        *(((_("说明"), named(row)),) if row.zh else ()),
        *(((_("银行"), bank_name(row.bank_code)),) if row.bank_code else ()),
        *(((_("批次"), row.batch),) if row.batch else ()),
        *(((_("代发文件"), row.file),) if row.file else ()),
        *(((_("对账单行"), row.line),) if row.line else ()),
        (_("人数"), f"{row.rows:,}"),
        (_("金额（元）"), yuan(row.fen)),
        (_("发现时间"), moment(row.found_at)),
        *(((_("处理人"), row.owner_name),) if row.owner else ()),
        *(((_("处理结果"), row.outcome),) if row.outcome else ()),
    )


def _asked_moment(request: HttpRequest) -> datetime:
    """The moment that is looked at: as asked (`at`, Beijing time), else now."""
    try:
        asked = datetime.fromisoformat(request.GET.get("at", ""))
    except ValueError:
        return clock.now()
    if asked.year not in YEARS:  # one that is still being typed
        return clock.now()
    return timezone.make_aware(asked) if asked.tzinfo is None else asked
