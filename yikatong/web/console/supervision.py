"""基金监管: a year of payments by programme and region, and clues: who looks into them, and what came of it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.benefits import supervision as seen
from yikatong.benefits.clues import CLUE_KINDS, NOT_COMPARED
from yikatong.benefits.rules import CHECKING, CLUE_OUTCOMES, RAISED
from yikatong.benefits.services.supervising import close_clue, put_back_clue, take_clue
from yikatong.benefits.supervision import ClueView
from yikatong.office import clock
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.readers import look_up
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal, start_of, turns
from yikatong.web.console.shown import note_names
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import english, moment, named, region_name

AT_ONCE = 50
PURPOSE = "基金监管"
UNKNOWN = Refused("clue.unknown", "没有这条线索。", "There is no such clue.")


class Ending(Questions):
    """What came of a clue."""

    outcome = forms.ChoiceField(label=_("核查结果"), widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("核查经过和依据"), max_length=200, help_text=_("如：电话核实本人，户主代管，户口簿为证")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("outcome", [(code, named(state)) for code, state in CLUE_OUTCOMES.items()])


@duty(Duty.SUPERVISION_LOOK)
def supervision(request: HttpRequest) -> HttpResponse:
    """A year by programme, and by region where asked for; below it what was looked for, and how much was found."""
    scope = scope_of(request)
    known = seen.years() or (clock.today().year,)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in {str(each) for each in known} else known[0]
    by_region = request.GET.get("by") == "region"
    context = {
        "year": year,
        "years": known,
        "by_region": by_region,
        "rows": seen.came(year, scope, by_region=by_region),
        "kinds": seen.kind_counts(scope),
        "not_compared": [en if english() else zh for zh, en in NOT_COMPARED],
    }
    return page(request, "supervision", context)


@duty(Duty.SUPERVISION_LOOK)
def clues(request: HttpRequest) -> HttpResponse:
    """Clues: those open first, by kind, by who looks into them, or those that came to an end."""
    asked, start = request.GET, start_of(request)
    kind = asked.get("kind", "") if asked.get("kind", "") in CLUE_KINDS else ""
    rows = seen.clues(
        scope_of(request),
        AT_ONCE + 1,
        start,
        kind=kind,
        owner=actor_of(request).code if asked.get("owner") == "mine" else "",
        ended=asked.get("show") == "ended",
        batch=asked.get("batch", "")[:12],
    )
    kept = asked.copy()
    kept.pop("from", None)
    context = {
        "rows": rows[:AT_ONCE],
        "kinds": list(CLUE_KINDS.values()),
        "asked": asked,
        "kept": kept.urlencode(),
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "clues", context)


@duty(Duty.SUPERVISION_LOOK)
def clue(request: HttpRequest, clue_id: int) -> HttpResponse:
    """One clue with the payments behind it; names and numbers masked."""
    row = seen.clue(clue_id, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)
    start = start_of(request)
    rows = seen.behind(row.id, AT_ONCE + 1, start)
    people = [each.resident_id for each in rows[:AT_ONCE] if each.resident_id is not None]
    if people:
        note_names(request, people, f"监管线索 {row.id}", f"clue {row.id}")
    context = {
        "row": row,
        "facts": _facts(row),
        "behind": rows[:AT_ONCE],
        "mine": row.state is CHECKING and row.owner == actor_of(request).code,
        "free": row.state is RAISED,
        "story": look_up(subject=f"clue:{row.id}", limit=30),
        **turns(start, AT_ONCE, rows),
    }
    return page(request, "clue", context)


@duty(Duty.SUPERVISION_HANDLE)
@require_POST
def take(request: HttpRequest, clue_id: int) -> HttpResponse:
    """接手."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        row = take_clue(act, clue_id, scope=scope_of(request))
    return _after(request, row, gettext("已由您接手，查清后在这里办结。"))


@duty(Duty.SUPERVISION_HANDLE)
@require_POST
def put_back(request: HttpRequest, clue_id: int) -> HttpResponse:
    """放回: for another to take."""
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        row = put_back_clue(act, clue_id, scope=scope_of(request))
    return _after(request, row, gettext("已放回，其他人可以接手。"))


@duty(Duty.SUPERVISION_HANDLE)
def close(request: HttpRequest, clue_id: int) -> HttpResponse:
    """办结: what was looked at, and what came of it."""
    row = seen.clue(clue_id, scope_of(request))
    if row is None:
        return refusal(request, UNKNOWN)

    def work(act: Act, given: dict[str, Any]) -> ClueView | Refused:
        return close_clue(act, clue_id, outcome=given["outcome"], note=given["note"], scope=scope_of(request))

    def done(result: ClueView) -> HttpResponse:
        tell(request, gettext("已办结；同样的情况以后不再列出。"))
        return redirect("console:clue", clue_id)

    task = Task(
        _("办结监管线索"),
        work,
        done,
        form=Ending,
        facts=_facts(row),
        purpose=PURPOSE,
        note=_("线索只是情况，不是结论；办结以后同样的情况不再列出。"),
        back=reverse("console:clue", args=[clue_id]),
        button=_("确认办结"),
    )
    return run(request, task)


def _after(request: HttpRequest, row: ClueView | Refused, said: str) -> HttpResponse:
    if isinstance(row, Refused):
        return refusal(request, row)
    tell(request, said)
    return redirect("console:clue", row.id)


def _facts(row: ClueView) -> tuple[Answer, ...]:
    zh, en = row.said
    found = en if english() else zh
    return (
        (_("情况"), named(row.kind)),
        *(((_("比对结果"), found),) if found else ()),
        (_("批次编号"), row.batch),
        (_("发放项目"), f"{named(row.programme)} {row.period}"),
        (_("地区"), region_name(row.region)),
        *(((_("涉及"), f"{row.rows:,} / {print_yuan(row.fen, thousands=True)}"),) if row.rows else ()),
        (_("列出时间"), moment(row.raised_at)),
        *(((_("由谁核查"), row.owner_name),) if row.owner_name else ()),
        *(((_("核查经过和依据"), row.note),) if row.note else ()),
    )
