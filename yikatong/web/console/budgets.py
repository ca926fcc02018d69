"""预算公开: budget documents, where each version stands, its lines and words, and what our own audit says of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.disclosure import documents, services
from yikatong.disclosure.binding import Checked, check
from yikatong.disclosure.blank_form import lines_workbook
from yikatong.disclosure.documents import VersionRow
from yikatong.disclosure.family import families
from yikatong.disclosure.intake import HEADINGS, read_lines
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.publication import Asked
from yikatong.disclosure.rules import PREPARED, REVIEWED
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.disclosure import WORKBOOK
from yikatong.web.console.doors import actor_of, staff_of
from yikatong.web.console.once import at_most_once
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions

AT_ONCE = 50
LARGEST = 20_000_000
"""Bytes of a sheet of lines: thousands of lines have less."""
UNKNOWN = Refused("version.unknown", "没有这一版公开文本。", "There is no such version.")
PURPOSE = "预算公开"


class Reply(Questions):
    """The finance department's reply, from which the law counts."""

    replied_on = forms.DateField(
        label=_("批复日期"),
        help_text=_("财政部门批复本预算的日期，公开期限从这一天算起"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reply = forms.CharField(label=_("批复文号"), max_length=60, required=False)


class NewDocument(Reply):
    """Whose budget of which year, in which province's manner, and the reply the law counts from."""

    field_order = ("unit_name", "unit", "parent_name", "parent", "year", "family", "replied_on", "reply")
    unit_name = forms.CharField(label=_("编制单位名称"), max_length=60)
    unit = forms.CharField(label=_("单位编码"), max_length=20)
    parent_name = forms.CharField(label=_("主管部门名称"), max_length=60)
    parent = forms.CharField(label=_("主管部门编码"), max_length=20)
    year = forms.IntegerField(label=_("预算年度"), widget=forms.TextInput(attrs={"inputmode": "numeric"}))
    family = forms.ChoiceField(label=_("模板"), help_text=_("按本省公布的格式选"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("family", [(code, f"{code} {each.name}") for code, each in sorted(families().items())])


class LinesFile(Questions):
    """A sheet of base lines."""

    file = forms.FileField(
        label=_("基础行（XLSX 或 CSV）"),
        help_text=_("点选文件，或把文件拖到这里"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "yk-drop"}),
    )

    def clean_file(self) -> Any:
        """Refused where it is larger than a sheet of lines."""
        file = self.cleaned_data["file"]
        if (file.size or 0) > LARGEST:
            raise forms.ValidationError(_("文件超过 20 MB。请只传基础行的表格。"))
        return file


def found(request: HttpRequest, version_id: int) -> tuple[VersionRow, Ledger] | None:
    """A version with what it says."""
    row, ledger = documents.version(version_id, clock.today()), documents.ledger_of(version_id)
    return None if row is None or ledger is None else (row, ledger)


def _stands(request: HttpRequest, row: VersionRow) -> bool:
    """Whether no question is asked because nothing of it changes any more; what was sent all the same, the service refuses."""
    return request.method != "POST" and not row.drafting


@duty(Duty.DISCLOSURE_LOOK)
def budgets(request: HttpRequest) -> HttpResponse:
    """All documents and their versions: where each stands, whose turn it is, and by when it must be public."""
    start = start_of(request)
    rows = documents.versions(clock.today(), AT_ONCE + 1, start)
    context = {"rows": rows[:AT_ONCE], **waiting_for(request), **turns(start, AT_ONCE, rows)}
    return page(request, "budgets", context)


def waiting_for(request: HttpRequest) -> dict[str, object]:
    """What presses, and what waits for this reader: versions to review or to approve in which they took no step."""
    staff, today = staff_of(request), clock.today()
    mine: list[VersionRow] = []
    for needed, state in ((Duty.DISCLOSURE_REVIEW, PREPARED), (Duty.DISCLOSURE_APPROVE, REVIEWED)):
        if staff.has_duty(needed):
            mine += documents.waiting([state], today, but=actor_of(request).code)
    return {"pressing": documents.pressing(today), "to_decide": mine}


@duty(Duty.DISCLOSURE_PREPARE)
def open_budget(request: HttpRequest) -> HttpResponse:
    """A new document with its first version."""

    def work(act: Act, given: dict[str, Any]) -> VersionRow | Refused:
        return services.open_document(act, **given)

    def done(row: VersionRow) -> HttpResponse:
        tell(request, gettext("已建立，请导入基础行。"))
        return redirect("console:budget_lines", row.id)

    task = Task(
        _("新建预算公开文本"),
        work,
        done,
        form=NewDocument,
        button=_("建立"),
        purpose=PURPOSE,
        back="/console/budgets/",
    )
    return run(request, task)


@duty(Duty.DISCLOSURE_LOOK)
def budget(request: HttpRequest, version_id: int) -> HttpResponse:
    """One version: what is still to do, what the audit found, who took which step."""
    both = found(request, version_id)
    if both is None:
        return refusal(request, UNKNOWN)
    row, ledger = both
    checked = check(ledger, row.family) if ledger.lines else None
    own = [line for line in ledger.lines if ledger.is_of(line, ledger.phase)]
    actor = actor_of(request).code
    context = {
        "version": row,
        "facts": version_facts(row),
        "way": _way(row),
        "others": [each for each in documents.versions_of(row.document, clock.today()) if each.id != row.id],
        "newest": documents.versions_of(row.document, clock.today())[0].id == row.id,
        "lines": len(own),
        "fen": sum(line.fen for line in own),
        "before": sum(line.fen for line in ledger.lines if ledger.is_of(line, "上年")),
        "stepped": actor in (row.prepared.code, row.reviewed.code),
        **_checked(checked),
    }
    return page(request, "budget", context)


def _checked(checked: Checked | None) -> dict[str, object]:
    if checked is None:
        return {"checked": None}
    publication = checked.printed.publication
    refused = publication if isinstance(publication, Refused) else None
    return {
        "checked": checked,
        "no_place": refused,
        "gaps": checked.printed.gaps,
        "empty_tables": 0 if refused else sum(each.empty for each in publication.tables),  # type: ignore[union-attr]
        "findings": [
            (kind, [(each, *_marked(checked.line(each.place.line), each.printed)) for each in rows])
            for kind, rows in (
                (_("错误：改好才能送审"), checked.errors),
                (_("格式和文字：请看一看"), checked.doubts),
                (_("尾差：四舍五入可以解释，不用改"), checked.rounding),
            )
            if rows
        ],
    }


def _marked(text: str, printed: str) -> tuple[str, str, str]:
    """A line of running text cut where what was found begins and ends; a table's line says less than its place."""
    if text.startswith("|") or not printed or printed not in text:
        return "", "", ""
    before, marked, after = text.partition(printed)
    return before[-40:], marked, after[:40]


def _way(row: VersionRow) -> list[tuple[Any, str, str]]:
    """The four steps with who took them, and the class that says how far it is."""
    steps = (
        (_("编制"), row.prepared.name, bool(row.prepared.code)),
        (_("审核"), row.reviewed.name, bool(row.reviewed.code)),
        (_("批准"), row.approved.name, bool(row.approved.code)),
        (_("公布"), row.published_name, row.published_on is not None),
    )
    now = next((place for place, (_name, _who, done) in enumerate(steps) if not done), len(steps))
    return [
        (name, who, "done" if done else "now" if place == now and row.open else "later")
        for place, (name, who, done) in enumerate(steps)
    ]


def version_facts(row: VersionRow) -> tuple[Answer, ...]:
    """A version as its page and its tasks show it."""
    told: list[Answer] = [
        (_("单位"), f"{row.unit_name}（{row.unit}）"),
        (_("主管部门"), f"{row.parent_name}（{row.parent}）"),
        (_("年度"), row.year),
        (_("种类"), _("决算") if row.final else _("预算")),
        (_("版本"), gettext("第 %(number)d 版") % {"number": row.number}),
        (_("模板"), f"{row.family} {families()[row.family].name}"),
        (_("批复"), f"{row.replied_on} {row.reply}".strip()),
        (_("最迟公布"), row.due.last_on.isoformat()),
    ]
    if row.reason:
        told.append((_("更正原因"), row.reason))
    for label, step in ((_("送审"), row.prepared), (_("审核"), row.reviewed), (_("批准"), row.approved)):
        if step.at:
            told.append((label, f"{step.name}，{timezone.localtime(step.at):%Y-%m-%d %H:%M}"))
    if row.published_on:
        told.append((_("公布日期"), f"{row.published_on}（{row.published_name}）"))
    return tuple(told)


# --- lines ------------------------------------------------------------------------------------------------------------


@duty(Duty.DISCLOSURE_PREPARE)
def lines(request: HttpRequest, version_id: int) -> HttpResponse:
    """Take a sheet of lines in, in place of all there were; every bad cell is told, and then nothing is taken in."""
    row = documents.version(version_id, clock.today())
    if row is None:
        return refusal(request, UNKNOWN)
    if _stands(request, row):
        return redirect("console:budget", version_id)
    form = LinesFile(request.POST, request.FILES) if request.method == "POST" else LinesFile()
    refused: tuple[Refused, ...] = ()
    if form.is_bound and form.is_valid():
        file = form.cleaned_data["file"]
        intake = read_lines(file.name, file.read())
        refused = intake.refused
        if not refused:
            answer = at_most_once(
                request,
                None,
                lambda act: services.take_lines(act, version_id, lines=intake.lines, file_name=file.name),
                purpose=PURPOSE,
            )
            if not isinstance(answer, Refused):
                said = gettext("已导入 %(count)d 行。") % {"count": len(intake.lines)}
                tell(request, said)
                return redirect("console:budget", version_id)
            form.refuse(answer)
    context = {
        "version": row,
        "form": form,
        "refused": refused,
        "columns": list(HEADINGS.items()),
        "known": len(documents.lines_beforehand(row)),
    }
    return page(request, "budget_lines", context)


@duty(Duty.DISCLOSURE_LOOK)
def blank(request: HttpRequest) -> HttpResponse:
    """The empty workbook of base lines."""
    return _workbook(lines_workbook(), "budget-lines.xlsx")


@duty(Duty.DISCLOSURE_LOOK)
def beforehand(request: HttpRequest, version_id: int) -> HttpResponse:
    """The workbook with the lines nobody has to type: last year's, and of a final account the budget's and the vouchers'."""
    row = documents.version(version_id, clock.today())
    if row is None:
        return refusal(request, UNKNOWN)
    known = documents.lines_beforehand(row)
    return _workbook(lines_workbook(known), f"budget-lines-{row.unit}-{row.year}-known.xlsx")


@duty(Duty.DISCLOSURE_LOOK)
def lines_file(request: HttpRequest, version_id: int) -> HttpResponse:
    """The lines a version has, as the workbook in which they are brought: to be mended and uploaded again."""
    both = found(request, version_id)
    if both is None:
        return refusal(request, UNKNOWN)
    row, ledger = both
    return _workbook(lines_workbook(ledger.lines), f"budget-lines-{row.unit}-{row.year}-{row.number}.xlsx")


def _workbook(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=WORKBOOK, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


# --- words ------------------------------------------------------------------------------------------------------------


class Words(Questions):
    """A question for each wording the document takes from people, and for each project's remark the tables print; and
    what the unit is, which no line tells."""

    administrative = forms.BooleanField(
        label=_("本单位是机关，或参照公务员法管理"),
        help_text=_("只有这样的单位才有机关运行经费；其他单位文本里写 0"),
        required=False,
    )

    def __init__(self, asked: tuple[Asked, ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.asked = {f"{each.kind}:{each.key}": each for each in asked}
        for name, each in self.asked.items():
            self.fields[name] = forms.CharField(
                label=each.zh, max_length=300, required=False, initial=each.given, strip=True
            )
            # It may be kept empty for the time being, but the document cannot go on without it.
            self.fields[name].or_why = each.kind != "remark"  # type: ignore[attr-defined]

    def given(self, kind: str) -> dict[str, str]:
        """What was answered, by key, of one kind; a question that the page did not ask is not answered."""
        return {
            each.key: self.cleaned_data[name]
            for name, each in self.asked.items()
            if each.kind == kind and name in self.data
        }


@duty(Duty.DISCLOSURE_PREPARE)
def words(request: HttpRequest, version_id: int) -> HttpResponse:
    """Give the words that only people know: just those the printed document has a place for."""
    both = found(request, version_id)
    if both is None:
        return refusal(request, UNKNOWN)
    row, ledger = both
    if _stands(request, row):
        return redirect("console:budget", version_id)
    publication = check(ledger, row.family).printed.publication
    if isinstance(publication, Refused):
        return refusal(request, publication)
    asked = (*(each for each in publication.asked if each.kind != "goals"), *_remarks(row, ledger))
    told = {"administrative": ledger.administrative}
    form = Words(asked, request.POST) if request.method == "POST" else Words(asked, initial=told)
    if form.is_bound and form.is_valid():
        answer = at_most_once(
            request,
            None,
            lambda act: services.give_words(
                act,
                version_id,
                reasons=form.given("reason"),
                facts_told=form.given("fact"),
                remarks=form.given("remark"),
                administrative=form.cleaned_data["administrative"],
            ),
            purpose=PURPOSE,
        )
        if not isinstance(answer, Refused):
            tell(request, gettext("文字已保存。"))
            return redirect("console:budget", version_id)
        form.refuse(answer)
    return page(request, "budget_words", {"version": row, "form": form, "asked": asked})


def _remarks(row: VersionRow, ledger: Ledger) -> tuple[Asked, ...]:
    """A project's remark is asked for where the family prints one; it may stay empty."""
    if not families()[row.family].prints_remarks:
        return ()
    return tuple(
        Asked(
            "remark", name, gettext("项目说明：%(project)s") % {"project": name}, ledger.remarks.get(name, "")
        )
        for name in ledger.members("project")
    )
