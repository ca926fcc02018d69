"""One task, one page: questions, check your answers, then one service call in one act.

Nothing is kept between the steps but the form itself: its answers travel as hidden fields and are judged anew at every
step, so that a page may be left, reloaded or sent twice. Before they are checked the service is asked whether it would
take them. A task without questions begins at its check page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.choices import flatten_choices
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.office.act import Act, Door, open_act
from yikatong.web.console.doors import actor_of
from yikatong.web.console.held import held_for, typist
from yikatong.web.console.once import AGAIN, at_most_once, done_already, name_act, named_act, remember
from yikatong.web.console.page import page
from yikatong.web.forms import Questions
from yikatong.web.pictures import data_address

Said = str | Promise
Answer = tuple[Said, Any]
CONFIRM = _("确认办理")


class NoQuestions(Questions):
    """For a task that only wants to be confirmed."""


CONFIRMED = "confirm"
"""The step of a form with which its answers are acted upon."""


class Portrait(NamedTuple):
    """Somebody's photo to compare with who stands at the counter: its address (empty: there is none) and a line."""

    address: str
    caption: Said


@dataclass(frozen=True)
class Task:
    """A task page. `work` makes the one service call; `done` answers with what it returned (never a Refused)."""

    title: Said
    work: Callable[[Act, dict[str, Any]], Any]
    done: Callable[[Any], HttpResponse]
    form: Callable[..., Questions] = NoQuestions
    facts: tuple[Answer, ...] = ()
    button: Said = CONFIRM
    purpose: str = ""
    note: Said = ""
    warning: Said = ""
    danger: bool = False
    back: str = "/console/"
    portrait: Portrait | None = None
    initial: Mapping[str, Any] = field(default_factory=dict)


def run(request: HttpRequest, task: Task) -> HttpResponse:
    """Answer one step of the task."""
    if request.method != "POST":
        form = task.form(initial={**task.initial, **held_for(request)})
        return _questions(request, task, form) if form.visible_fields() else _check(request, task, form)
    form = task.form(request.POST, request.FILES)
    step = request.POST.get("step", "")
    if step == "change":
        return _questions(request, task, task.form(initial=request.POST.dict()))
    if not form.is_valid():
        return _questions(request, task, form)
    named = named_act(request) if step == CONFIRMED else None
    if step == CONFIRMED:
        given = dict(form.cleaned_data)
        result = at_most_once(request, named, lambda act: task.work(act, given), purpose=task.purpose)
    else:
        result = _tried(request, task, form)
    if isinstance(result, Refused):
        form.refuse(result)
        return _questions(request, task, form) if form.visible_fields() else _check(request, task, form)
    if step != CONFIRMED:
        return _check(request, task, form)
    if named is not None and result is AGAIN:
        return done_already(request, named, task.back)
    return remember(request, named, task.done(result))


class _NotYet(Exception):
    """Undoes an act that was only tried."""


def _tried(request: HttpRequest, task: Task, form: Questions) -> Refused | None:
    """What the service would say to these answers, asked in an act that is undone.

    So a clerk reads a no beside its question, before the answers are checked and not after. The no itself is on record
    as every other.
    """
    with suppress(_NotYet), open_act(actor_of(request), door=Door.CONSOLE, purpose=task.purpose) as act:
        result = task.work(act, dict(form.cleaned_data))
        if isinstance(result, Refused):
            return result
        raise _NotYet
    return None


def _questions(request: HttpRequest, task: Task, form: Questions) -> HttpResponse:
    return page(request, "task", {"task": task, "form": form, "typist": typist(request)})


def _check(request: HttpRequest, task: Task, form: Questions) -> HttpResponse:
    context = {
        "task": task,
        "form": form,
        "answers": answers(form),
        "act": name_act(request),
        "typist": typist(request),
    }
    return page(request, "check", context)


def answers(form: Questions) -> list[Answer]:
    """What was answered, as people read it: labels of choices instead of their codes."""
    if not form.is_bound or not hasattr(form, "cleaned_data"):
        return []
    return [
        (bound.label, _shown(bound.field, form.cleaned_data.get(bound.name)))
        for bound in form.visible_fields()
        if bound.name not in form.quiet or form.cleaned_data.get(bound.name) not in (None, "")
    ]


def _picture(question: forms.Field, value: bytes) -> Any:
    if not value:
        return gettext("（没有）")
    return format_html('<img class="yk-shown" src="{}" alt="{}">', data_address(value), question.label or "")


def _shown(question: forms.Field, value: Any) -> Any:
    if isinstance(value, bytes):
        return _picture(question, value)
    if value in (None, ""):
        return gettext("（未填）")
    if isinstance(question, forms.BooleanField):
        return gettext("是") if value else gettext("否")
    if isinstance(question, forms.ChoiceField) and isinstance(question.widget, forms.widgets.ChoiceWidget):
        return dict(flatten_choices(list(question.widget.choices))).get(value, value)
    return value
