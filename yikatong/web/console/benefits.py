"""待遇发放: rosters brought, batches and their rows looked at; what is done with them stands in `benefit_steps` and `benefit_paying`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits import queries
from yikatong.benefits.bankfiles.results import Result
from yikatong.benefits.outcomes import said_of
from yikatong.benefits.programme import programmes
from yikatong.benefits.progress import progress as progress_of
from yikatong.benefits.queries import programme_list
from yikatong.benefits.recovery_rows import recovery_of
from yikatong.benefits.roster import declared_fen, form_of
from yikatong.benefits.rows import BatchRow, FileRow, PaymentRow
from yikatong.benefits.rules import (
    BENEFIT_BATCH,
    FAILED,
    FILE_SETTLED,
    FILE_WITHDRAWN,
    HELD,
    JUDGED,
    PAYING,
    PUBLIC,
    RETURNED,
    UPLOADED,
)
from yikatong.benefits.rules import UNKNOWN as OUTCOME_UNKNOWN
from yikatong.benefits.services.submitting import submit_roster
from yikatong.benefits.tasks import judge_batches
from yikatong.benefits.terms import publicity_days
from yikatong.benefits.whereabouts_rows import whereabouts_of
from yikatong.office import clock, jobs
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.readers import FactRow, look_up
from yikatong.residents.services import note_seen
from yikatong.residents.workbooks import blank_workbook
from yikatong.web.console.disclosure import WORKBOOK
from yikatong.web.console.doors import actor_of, scope_of, staff_of
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.shown import note_names
from yikatong.web.console.task_page import Answer
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import day, moment, named, region_name

AT_ONCE, STORY = 50, 40
UNKNOWN = Refused("benefit.unknown", "没有这个发放批次。", "There is no such batch.")
NO_ROW = Refused(
    "benefit.no_row",
    "这个批次没有这一行，请从批次页面重新进入。",
    "The batch has no such row; open it from the batch's page.",
)


class Envelope(Questions):
    """What is declared, and the roster."""

    programme = forms.ChoiceField(label=_("发放项目"))
    period = forms.CharField(
        label=_("所属期间"), max_length=7, help_text=_("按月发的写 2025-03，按年发的写 2025")
    )
    declared_rows = forms.IntegerField(
        label=_("申报人数"), min_value=1, max_value=10_000_000, help_text=_("与清册的行数核对，不一致不受理")
    )
    declared = forms.CharField(
        label=_("申报金额（元）"), max_length=20, help_text=_("与清册的合计核对，不一致不受理")
    )
    file = forms.FileField(
        label=_("清册文件（XLSX 或 CSV）"),
        help_text=_("点选文件，或把文件拖到这里"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "yk-drop"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("programme", [(each.code, named(each)) for each in programme_list()])


class Sought(Questions):
    """Which batches are looked for."""

    programme = forms.ChoiceField(
        label=_("发放项目"),
        required=False,
        choices=lambda: [("", gettext("全部")), *((each.code, named(each)) for each in programme_list())],
    )
    period = forms.CharField(label=_("所属期间"), max_length=7, required=False)


def approver(request: HttpRequest) -> queries.Approver:
    """The reader, as somebody who may approve batches."""
    me, staff = actor_of(request).code, staff_of(request)
    return queries.Approver(
        me if staff.has_duty(Duty.BENEFIT_APPROVE) else "",
        me if staff.has_duty(Duty.BENEFIT_FUND) else "",
        clock.today(),
    )


@duty(Duty.BENEFIT_LOOK)
def batches(request: HttpRequest) -> HttpResponse:
    """All batches of the reader's region, and what waits for them."""
    start, scope = start_of(request), scope_of(request)
    sought = Sought(request.GET or None)
    found = sought.cleaned_data if sought.is_valid() else {}
    state = request.GET.get("state", "")
    state = state if state in {each.code for each in BENEFIT_BATCH} else ""
    me, mine = approver(request), request.GET.get("waiting") == "1"
    rows = queries.batches(
        scope,
        AT_ONCE + 1,
        start,
        state=state,
        programme=found.get("programme", ""),
        period=found.get("period", ""),
        waiting_for=me if mine else None,
    )
    asked = {name: value for name, value in found.items() if value}
    kept = {**asked, **({"state": state} if state else {}), **({"waiting": "1"} if mine else {})}
    context = {
        "rows": rows[:AT_ONCE],
        "states": tuple(BENEFIT_BATCH),
        "chosen": state,
        "mine": mine,
        "form": sought,
        "asked": urlencode(asked),
        "kept": urlencode(kept),
        "waiting": sum(queries.waiting(scope, me)),
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "benefits", context)


@duty(Duty.BENEFIT_SUBMIT)
def submit(request: HttpRequest) -> HttpResponse:
    """Bring an envelope; the house judges it, and its page shows what came of it."""
    form = Envelope(request.POST, request.FILES) if request.method == "POST" else Envelope()
    if form.is_bound and form.is_valid():
        given, name = form.cleaned_data, named_act(request)
        declared = declared_fen(given["declared"])

        def work(act: Act) -> BatchRow | Refused:
            if isinstance(declared, Refused):
                return declared
            jobs.poke(judge_batches)
            return submit_roster(
                act,
                programme=given["programme"],
                period=given["period"],
                declared_rows=given["declared_rows"],
                declared_fen=declared,
                name=given["file"].name,
                content=given["file"].read(),
                scope=scope_of(request),
            )

        row = at_most_once(request, name, work, purpose="提交发放清册")
        if name is not None and row is AGAIN:
            return done_already(request, name, reverse("console:benefits"))
        if not isinstance(row, Refused):
            return remember(request, name, redirect("console:benefit", row.number))
        form.refuse(row)
    forms_of = [
        (
            each,
            [
                (names[0], names[1:], column in form_of(each).required)
                for column, names in form_of(each).columns.items()
            ],
        )
        for each in programme_list()
    ]
    return page(request, "benefit_submit", {"form": form, "programmes": forms_of, "act": name_act(request)})


@duty(Duty.BENEFIT_SUBMIT)
def form_file(request: HttpRequest, programme: str) -> HttpResponse:
    """The empty roster of a programme, as a workbook."""
    found = programmes().get(programme)
    if found is None:
        raise Http404
    response = HttpResponse(blank_workbook(form_of(found)), content_type=WORKBOOK)
    response["Content-Disposition"] = f'attachment; filename="roster-{programme}.xlsx"'
    return response


@duty(Duty.BENEFIT_LOOK)
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """One batch: how far it is, why rows are held, its rows, files and answers, its history.

    While it is judged, the page asks itself again for its progress.
    """
    row = queries.batch(number, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    start = start_of(request)
    state, reason = request.GET.get("state", ""), request.GET.get("reason", "")
    found = queries.payments(row, AT_ONCE + 1, start, state=state, reason=reason)
    people = [each.resident_id for each in found[:AT_ONCE] if each.resident_id is not None]
    if people:
        note_names(request, people, f"发放批次 {row.number}", f"batch {row.number}")
    files = queries.files(row)
    over = {file.number for file in files if file.state in (FILE_SETTLED, FILE_WITHDRAWN)}
    context = {
        "row": row,
        "facts": (*which_batch(row), *how_it_stands(row)),
        "counts": queries.state_counts(row.id),
        "reasons": queries.reason_counts(row.id),
        "payments": _with_results(found[:AT_ONCE]),
        "state": state,
        "reason": reason,
        "kept": "&".join(
            f"{name}={value}" for name, value in (("state", state), ("reason", reason)) if value
        ),
        "files": files,
        "answers": [each for each in queries.answers(row) if each.file not in over],
        "shown_days": publicity_days(row.programme, clock.today()),
        "ready": queries.ready_for_department(row, clock.today()),
        "payable": queries.unsealed(row),
        "returnable": queries.returnable(row, clock.now()),
        "withdrawable": BENEFIT_BATCH.target("withdraw", row.state.code) is not None,
        "own": row.maker == actor_of(request).code,
        "handled": actor_of(request).code in row.hands,
        **how_far(row),
        "story": _story(row, files),
        **turns(start, AT_ONCE, found),
    }
    response = page(request, "benefit", context)
    if (
        "HX-Request" in request.headers and not context["busy"]
    ):  # its progress asked; there is more to see now
        response["HX-Refresh"] = "true"
    return response


def _with_results(rows: Sequence[PaymentRow]) -> list[tuple[PaymentRow, Result | None]]:
    """Rows, each with why the bank did not pay it, or cannot tell, where that is how it stands."""
    open_ones = [row.id for row in rows if row.state in (FAILED, OUTCOME_UNKNOWN, RETURNED)]
    said = said_of(open_ones) if open_ones else {}
    return [(row, said[row.id].result if row.id in said else None) for row in rows]


def how_far(row: BatchRow) -> dict[str, Any]:
    """Whether the house has a batch to judge or to seal still, and how far it is."""
    busy = row.state is UPLOADED or bool(row.sealing)
    seen = progress_of(row.number) if busy else None
    return {
        "busy": busy,
        "progress": seen,
        "percent": seen.percent(row.declared_rows) if seen else 0,
    }


def _story(row: BatchRow, files: Iterable[FileRow]) -> list[FactRow]:
    """What happened to a batch and to its files, the latest first."""
    subjects = (f"benefit:{row.number}", *(f"bankfile:{file.number}" for file in files))
    facts = (fact for subject in subjects for fact in look_up(subject=subject, limit=STORY))
    return sorted(facts, key=lambda fact: (fact.at, fact.entry), reverse=True)[:STORY]


@duty(Duty.BENEFIT_LOOK)
def row(request: HttpRequest, number: str, line: int) -> HttpResponse:
    """One row: whose it is, what was found, every file it went in, what to do next."""
    found = queries.batch(number, scope_of(request))
    payment = queries.payment(found, line) if found else None
    if found is None or payment is None:
        return refusal(request, NO_ROW if found else UNKNOWN)
    if payment.resident_id is not None:
        with open_act(actor_of(request), door=Door.CONSOLE, purpose="待遇发放") as act:
            note_seen(act, payment.resident_id, region=payment.region, purpose="待遇发放")
    whereabouts = whereabouts_of(found, payment)
    context = {
        "batch": found,
        "row": payment,
        "attempts": queries.attempts(payment.id),
        "recovery": recovery_of(payment.id),
        "corrections": queries.corrections_of(payment.id),
        "correctable": found.maker == actor_of(request).code
        and found.state in (JUDGED, PUBLIC)
        and payment.state is HELD,
        "whereabouts": whereabouts,
        "brought": actor_of(request).code in queries.brought_answers_of(payment.id),
        "mine": whereabouts is not None and whereabouts.proposed_by == actor_of(request).code,
        "repairable": found.state is PAYING and payment.mendable and whereabouts is None,
    }
    return page(request, "benefit_row", context)


def which_batch(row: BatchRow) -> tuple[Answer, ...]:
    """Which batch it is, as its tasks show it."""
    return (
        (_("批次编号"), row.number),
        (_("发放项目"), named(row.programme)),
        (_("所属期间"), row.period),
        (_("地区"), region_name(row.region)),
    )


def how_it_stands(row: BatchRow) -> tuple[Answer, ...]:
    """What it comes to, and who has done what with it, as its page shows it and those who approve it read."""
    return (
        (_("申报"), _two(row.declared_rows, row.declared_fen)),
        *(((_("清册"), _two(row.received_rows, row.received_fen)),) if row.judged_at else ()),
        *(((_("审批"), _two(row.approved_rows, row.approved_fen)),) if row.approved_rows else ()),
        (_("清册文件"), row.file_name),
        (_("提交人"), f"{row.maker_name} {moment(row.uploaded_at)}"),
        *(((_("公示"), f"{day(row.public_from)} – {day(row.public_until)}"),) if row.public_from else ()),
        *(
            ((_("业务审批"), f"{row.department_name} {moment(row.department_at)}"),)
            if row.department_by
            else ()
        ),
        *(((_("财政审批"), f"{row.finance_name} {moment(row.finance_at)}"),) if row.finance_by else ()),
    )


def _two(rows: int, fen: int) -> str:
    return gettext("%(rows)s 人，%(yuan)s 元") % {
        "rows": f"{rows:,}",
        "yuan": print_yuan(fen, thousands=True),
    }
