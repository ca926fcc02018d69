"""数据差异: the queue, one difference with both sides beside each other, and its verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty, duties_of
from yikatong.office.queries import StaffRow, staff_rows
from yikatong.office.readers import look_up
from yikatong.office.scope import Scope, outside
from yikatong.quality import queries
from yikatong.quality.queries import DifferenceRow
from yikatong.quality.rules import CHECKING, OPEN, TYPES, VERDICTS, DifferenceType, Verdict
from yikatong.quality.services import verdicts
from yikatong.quality.source import sources
from yikatong.residents.queries import Person, names_of, person
from yikatong.residents.rules import LIFE
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.people import note_opened
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named, region_name

AT_ONCE = 50
PURPOSE = "数据核对"
UNKNOWN = Refused("difference.unknown", "没有这条差异。", "There is no such difference.")


@dataclass(frozen=True)
class Pair:
    """One particular, ours beside theirs; `apart` where they differ."""

    label: str | Promise
    ours: str
    theirs: str
    apart: bool = False


@duty(Duty.QUALITY_LOOK)
def differences(request: HttpRequest) -> HttpResponse:
    """The queue: filtered by type, source, owner and lateness, what is due first on top."""
    asked = request.GET
    me = actor_of(request).code
    owner = {"mine": me, "nobody": "-"}.get(asked.get("owner", ""), "")
    start = start_of(request)
    rows = queries.differences(
        scope_of(request),
        type_=asked.get("type", "") if asked.get("type", "") in TYPES else "",
        source=asked.get("source", "") if asked.get("source", "") in sources() else "",
        owner=owner,
        list_number=asked.get("list", "")[:12],
        overdue=asked.get("show") == "overdue",
        settled=asked.get("show") == "settled",
        limit=AT_ONCE + 1,
        start=start,
    )
    names = names_of(row.resident_id for row in rows if row.resident_id is not None)
    kept = asked.copy()
    kept.pop("from", None)
    context = {
        "rows": [
            (row, names.get(row.resident_id or 0, row.their_name), owner_name(row.owner))
            for row in rows[:AT_ONCE]
        ],
        "types": list(DifferenceType),
        "sources": list(sources().values()),
        "asked": asked,
        "kept": kept.urlencode(),
        "counts": queries.type_counts(scope_of(request), list_number=asked.get("list", "")[:12]),
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "differences", context)


@duty(Duty.QUALITY_LOOK)
def difference(request: HttpRequest, difference_id: int) -> HttpResponse:
    """One difference: both sides beside each other, masked for all but who took it up, and what happened to it."""
    row = _for(request, difference_id)
    if isinstance(row, Refused):
        return refusal(request, row)
    mine = row.state is CHECKING and row.owner == actor_of(request).code
    ours = person(row.resident_id) if row.resident_id is not None else None
    context = {
        "row": row,
        "mine": mine,
        "free": row.state is OPEN,
        "pairs": pairs(row, ours, masked=not mine),
        "owner": owner_name(row.owner),
        "story": look_up(subject=f"difference:{row.id}", limit=30),
    }
    return page(request, "difference", context)


@duty(Duty.QUALITY_VERIFY)
@require_POST
def take(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Take the difference up. That opens the person's data, and is journalled as a look of theirs."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        row = verdicts.take_difference(act, difference_id, scope=scope_of(request))
    if isinstance(row, Refused):
        return refusal(request, row)
    if row.resident_id is not None:
        note_opened(request, row.resident_id, PURPOSE)
    tell(request, gettext("已领取，核实后在这里办结。"))
    return redirect("console:difference", difference_id)


@duty(Duty.QUALITY_VERIFY)
@require_POST
def put_back(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Put the difference back into the queue."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        row = verdicts.put_back_difference(act, difference_id, scope=scope_of(request))
    if isinstance(row, Refused):
        return refusal(request, row)
    tell(request, gettext("已退回队列。"))
    return redirect("console:differences")


class Settling(Questions):
    """The verdict and its proof."""

    verdict = forms.ChoiceField(label=_("核实结果"), widget=forms.RadioSelect)
    proof = forms.CharField(
        label=_("核实依据"),
        max_length=60,
        help_text=_("例如：电话核实本人、户口簿、派出所证明、来源单位答复"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["verdict"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(each.event, named(each)) for each in Verdict]


@duty(Duty.QUALITY_VERIFY)
def decide(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Settle the difference one has taken up."""
    row = _for(request, difference_id)
    if isinstance(row, Refused):
        return refusal(request, row)
    ours = person(row.resident_id) if row.resident_id is not None else None
    mine = row.state is CHECKING and row.owner == actor_of(request).code

    def work(act: Act, given: dict[str, str]) -> DifferenceRow | Refused:
        return verdicts.decide_difference(
            act,
            difference_id,
            verdict=VERDICTS[given["verdict"]],
            proof=given["proof"],
            scope=scope_of(request),
        )

    def done(settled: DifferenceRow) -> HttpResponse:
        tell(request, gettext("差异已办结：%(state)s。") % {"state": named(settled.state)})
        return redirect(f"{reverse('console:differences')}?owner=mine")

    sides = [
        (each.label, gettext("我方 %(ours)s；来源 %(theirs)s") % {"ours": each.ours, "theirs": each.theirs})
        for each in pairs(row, ours, masked=not mine)
        if each.apart or each.label == NAME
    ]
    task = Task(
        _("办结差异"),
        work,
        done,
        form=Settling,
        facts=((_("差异"), named(row.type)), (_("来源"), named(row.source)), *sides),
        button=_("确认办结"),
        purpose=PURPOSE,
        note=_("按来源更正居住地和死亡会直接改我方数据；姓名、号码等须先凭证件更正，再来办结。"),
        back=reverse("console:difference", args=[difference_id]),
    )
    return run(request, task)


class Choice(Questions):
    """Who shall look into it."""

    owner = forms.TypedChoiceField(label=_("指派给"), coerce=int, empty_value=None)

    def __init__(self, *args: Any, people: list[StaffRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", _("请选择")), *((each.id, each.full_name) for each in people)]


@duty(Duty.QUALITY_ASSIGN)
def assign(request: HttpRequest, difference_id: int) -> HttpResponse:
    """Give the difference to a clerk of its region, also when another has it."""
    row = _for(request, difference_id)
    if isinstance(row, Refused):
        return refusal(request, row)
    people = clerks_for(row.region)

    def work(act: Act, given: dict[str, Any]) -> DifferenceRow | Refused:
        owner = next(each for each in people if each.id == given["owner"])
        return verdicts.assign_difference(act, difference_id, owner=owner, scope=scope_of(request))

    def done(given: DifferenceRow) -> HttpResponse:
        tell(request, gettext("已指派给%(owner)s。") % {"owner": owner_name(given.owner)})
        return redirect("console:difference", difference_id)

    def form(*args: Any, **kwargs: Any) -> Choice:
        return Choice(*args, people=people, **kwargs)

    facts: tuple[Answer, ...] = (
        (_("差异"), named(row.type)),
        (_("来源"), named(row.source)),
        (_("地区"), region_name(row.region)),
        (_("期限"), row.due_on.isoformat()),
        (_("现由谁核实"), owner_name(row.owner) or gettext("无人领取")),
    )
    task = Task(
        _("指派差异"),
        work,
        done,
        form=form,
        facts=facts,
        button=_("确认指派"),
        purpose="指派差异",
        back=reverse("console:difference", args=[difference_id]),
    )
    return run(request, task)


def clerks_for(region: str) -> list[StaffRow]:
    """Who may look into differences of this region."""
    return [
        each
        for each in staff_rows()
        if each.active
        and Duty.QUALITY_VERIFY in duties_of(each.roles)
        and Scope(each.region, each.outlet).covers(region)
    ]


def owner_name(code: str) -> str:
    """The owner of a difference by name; empty where nobody has it."""
    number = code.removeprefix("staff:")
    return next((each.full_name for each in staff_rows() if str(each.id) == number), code) if code else ""


NAME, NUMBER, BIRTH = _("姓名"), _("证件号码"), _("出生")
REGION, LIFE_STATE, DIED = _("居住地"), _("人员状态"), _("死亡日期")


def pairs(row: DifferenceRow, ours: Person | None, *, masked: bool) -> list[Pair]:
    """What each side says, particular by particular, as far as either says anything."""

    def shown(kind: Sensitive, value: str) -> str:
        return (mask(kind, value) if masked else value) or "—"

    nothing_there = row.type in (DifferenceType.MISSING_THERE, DifferenceType.DUPLICATE)
    same = gettext("相同")
    found = [
        Pair(
            NAME,
            shown(Sensitive.NAME, ours.name if ours else ""),
            shown(Sensitive.NAME, "" if nothing_there else row.their_name),
            row.type in (DifferenceType.NAME, DifferenceType.MISSING_HERE) or nothing_there,
        ),
        Pair(
            NUMBER,
            shown(Sensitive.IDENTITY_NUMBER, ours.number if ours else ""),
            "—"
            if nothing_there
            else shown(Sensitive.IDENTITY_NUMBER, row.their_number)
            if row.their_number
            else same,
            bool(row.their_number) or nothing_there,
        ),
    ]
    if ours is not None and ours.birth_on is not None:
        found.append(Pair(BIRTH, ours.birth_on.isoformat(), "—"))
    their_region = region_name(row.theirs) if row.type is DifferenceType.REGION else "—"
    found.append(
        Pair(
            REGION,
            region_name(ours.region) if ours else "—",
            their_region if ours else region_name(row.region),
            row.type is DifferenceType.REGION,
        )
    )
    found += _life(row, ours)
    return found


def _life(row: DifferenceRow, ours: Person | None) -> list[Pair]:
    dead, alive = named(LIFE.state("dead")), named(LIFE.state("alive"))
    said_there = {
        DifferenceType.DEAD_THERE: dead,
        DifferenceType.ALIVE_THERE: alive,
        DifferenceType.STATUS: named(LIFE.state(row.theirs)) if row.type is DifferenceType.STATUS else "",
    }.get(row.type, "—")
    found = [Pair(LIFE_STATE, named(LIFE.state(ours.state)) if ours else "—", said_there, said_there != "—")]
    if row.happened_on or (ours and ours.died_on):
        found.append(
            Pair(
                DIED,
                ours.died_on.isoformat() if ours and ours.died_on else "—",
                row.happened_on.isoformat() if row.happened_on else "—",
                row.type is DifferenceType.DEAD_THERE,
            )
        )
    return found


def _for(request: HttpRequest, difference_id: int) -> DifferenceRow | Refused:
    row = queries.difference(difference_id)
    if row is None:
        return UNKNOWN
    return row if scope_of(request).covers(row.region) else outside(row.region)
