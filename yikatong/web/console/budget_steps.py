"""The steps of a budget document: put up, reviewed, approved, sent back, withdrawn, published, corrected."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.disclosure import services
from yikatong.disclosure.binding import check
from yikatong.disclosure.documents import VersionRow
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.web.console.budgets import PURPOSE, UNKNOWN, Reply, found, version_facts
from yikatong.web.console.page import refusal
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions


class Seen(Questions):
    """Carries what the page showed, so that nothing else is decided on."""

    digest = forms.CharField(widget=forms.HiddenInput)


class Day(Seen):
    """When it was put before the public."""

    published_on = forms.DateField(
        label=_("公布日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class Note(Questions):
    """Why it goes back, or away."""

    note = forms.CharField(label=_("原因"), max_length=200, help_text=_("编制人会看到"))


class Correction(Questions):
    """Why what is public is corrected."""

    reason = forms.CharField(
        label=_("更正原因"), max_length=200, help_text=_("会和新旧两版一起公布，社会公众能看到")
    )


@duty(Duty.DISCLOSURE_PREPARE)
def prepare(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put a version up for review."""
    return _decide(
        request, version_id, _("送审"), services.prepare_version, gettext("已送审，等待另一人审核。"),
        note=_("送审后基础行和文字不能再改；要改，请审核人退回。"),
    )  # fmt: skip


@duty(Duty.DISCLOSURE_REVIEW)
def review(request: HttpRequest, version_id: int) -> HttpResponse:
    """Find a version right."""
    return _decide(
        request, version_id, _("审核通过"), services.review_version, gettext("审核通过，等待第三人批准。"),
        note=_("请先看预览：每张表、每句话，点数字可以看到背后的基础行。"),
    )  # fmt: skip


@duty(Duty.DISCLOSURE_APPROVE)
def approve(request: HttpRequest, version_id: int) -> HttpResponse:
    """Approve a version for publication."""
    return _decide(
        request, version_id, _("批准公布"), services.approve_version, gettext("已批准，编制人可以公布。"),
        note=_("批准的内容就是公布的内容，由摘要核对，一个字也不会变。"),
    )  # fmt: skip


@duty(Duty.DISCLOSURE_PREPARE)
def publish(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put an approved version before the public."""
    return _decide(
        request, version_id, _("公布"), services.publish_version, gettext("已公布，公开网站上可以看到。"), form=Day,
        note=_("公布后不能撤回，只能另出新版更正。"),
    )  # fmt: skip


def _decide(
    request: HttpRequest,
    version_id: int,
    title: Any,
    service: Callable[..., VersionRow | Refused],
    said: str,
    *,
    note: Any,
    form: type[Questions] = Seen,
) -> HttpResponse:
    both = found(request, version_id)
    if both is None:
        return refusal(request, UNKNOWN)
    row, ledger = both
    checked = check(ledger, row.family)
    facts: list[Answer] = [
        *version_facts(row),
        (_("审核发现"), gettext("错误 %(errors)d，格式和文字 %(doubts)d，尾差 %(rounding)d") % {
            "errors": len(checked.errors), "doubts": len(checked.doubts), "rounding": len(checked.rounding)
        }),
        (_("内容摘要（SM3）"), row.digest or checked.printed.digest),
    ]  # fmt: skip
    # What is decided on is what was prepared; a version that is not prepared yet is what stands here now.
    initial = {"digest": row.digest or checked.printed.digest, "published_on": clock.today()}

    def work(act: Act, given: dict[str, Any]) -> VersionRow | Refused:
        return service(act, version_id, **given)

    return _on_version(
        request,
        row,
        title,
        work,
        said,
        form=form,
        facts=tuple(facts),
        initial=initial,
        button=title,
        note=note,
    )


@duty(Duty.DISCLOSURE_REVIEW)
def send_back(request: HttpRequest, version_id: int) -> HttpResponse:
    """The reviewer gives a version back."""
    return _answered(request, version_id, _("退回"), services.send_version_back, gettext("已退回编制人。"))


@duty(Duty.DISCLOSURE_APPROVE)
def give_back(request: HttpRequest, version_id: int) -> HttpResponse:
    """The approver gives a version back."""
    return _answered(request, version_id, _("退回"), services.send_version_back, gettext("已退回编制人。"))


@duty(Duty.DISCLOSURE_PREPARE)
def withdraw(request: HttpRequest, version_id: int) -> HttpResponse:
    """Give a version up before it is published."""
    return _answered(request, version_id, _("撤回"), services.withdraw_version, gettext("已撤回。"))


def _answered(
    request: HttpRequest,
    version_id: int,
    title: Any,
    service: Callable[..., VersionRow | Refused],
    said: str,
    form: type[Questions] = Note,
    initial: Mapping[str, Any] | None = None,
) -> HttpResponse:
    both = found(request, version_id)
    if both is None:
        return refusal(request, UNKNOWN)

    def work(act: Act, given: dict[str, Any]) -> VersionRow | Refused:
        return service(act, version_id, **given)

    return _on_version(
        request, both[0], title, work, said, form=form, facts=version_facts(both[0]), button=title,
        danger=form is Note, initial=initial or {},
    )  # fmt: skip


@duty(Duty.DISCLOSURE_PREPARE)
def correct(request: HttpRequest, version_id: int) -> HttpResponse:
    """A new version of what is public, with the reason everyone will read."""
    return _answered(
        request,
        version_id,
        _("更正"),
        services.open_correction,
        gettext("已建立新版，请修改后送审。"),
        Correction,
    )


@duty(Duty.DISCLOSURE_PREPARE)
def correct_reply(request: HttpRequest, version_id: int) -> HttpResponse:
    """Put the day of the reply right."""
    both = found(request, version_id)
    initial = {"replied_on": both[0].replied_on, "reply": both[0].reply} if both else None
    return _answered(
        request,
        version_id,
        _("更正批复日期"),
        services.correct_reply,
        gettext("批复日期已更正。"),
        Reply,
        initial,
    )


def _on_version(
    request: HttpRequest, row: VersionRow, title: Any, work: Any, said: str, **more: Any
) -> HttpResponse:
    def done(after: VersionRow) -> HttpResponse:
        tell(request, said)
        return redirect("console:budget", after.id)

    back = reverse("console:budget", args=[row.id])
    return run(request, Task(title, work, done, back=back, purpose=PURPOSE, **more))
