"""Appointing and dismissing staff, admitting and withdrawing partners: for the security administrator, who has no other duty."""

from __future__ import annotations

import secrets
from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.benefits.programme import programmes
from yikatong.cards.standing import StatusPurpose
from yikatong.office import clock, queries
from yikatong.office.act import Act, Door, open_act
from yikatong.office.appointments import admit_partner, withdraw_partner
from yikatong.office.appointments import appoint as appoint_staff
from yikatong.office.appointments import dismiss as dismiss_staff
from yikatong.office.doors import duty
from yikatong.office.duties import ROLES, Duty
from yikatong.office.people import Partner, Staff
from yikatong.office.scope import Scope, outside
from yikatong.web.banks import APPLY, bank_choices
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.departments import PAY
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named, purpose_name

USE_UNTIL = timedelta(days=365)


class Appointment(Questions):
    """Who may log in, as what, and whose rows they see."""

    username = forms.RegexField(
        label=_("用户名"),
        regex=r"^[a-z][a-z0-9_.-]{2,29}$",
        help_text=_("小写字母开头，三到三十位字母、数字"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    full_name = forms.CharField(label=_("姓名"), max_length=30)
    role = forms.ChoiceField(label=_("角色"), help_text=_("同一人不能既经办又审核，一次任命一个角色"))
    region = forms.ChoiceField(label=_("经办范围"))
    outlet_code = forms.ChoiceField(label=_("网点"), required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: dict[str, list[tuple[str, Any]]] = {
            "role": [(role.code, named(role)) for role in ROLES.values()],
            "region": [(each.code, each.name) for each in queries.regions() if scope.covers(each.code)],
            "outlet_code": [("", _("不限网点"))]
            + [(each.code, each.name) for each in queries.outlets() if scope.covers(each.region, each.code)],
        }
        for name, pairs in choices.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = pairs


@duty(Duty.STAFF_APPOINT)
def staff(request: HttpRequest) -> HttpResponse:
    """Everyone who may log in."""
    rows = [(row, [ROLES[code] for code in row.roles if code in ROLES]) for row in queries.staff_rows()]
    return page(request, "staff", {"rows": rows})


@duty(Duty.STAFF_APPOINT)
def appoint(request: HttpRequest) -> HttpResponse:
    """Appoint one person within one's own area; the first password is shown once, to be handed over in person."""
    scope = scope_of(request)
    password = secrets.token_urlsafe(12)

    def work(act: Act, given: dict[str, Any]) -> Staff | Refused:
        return appoint_staff(
            act,
            username=given["username"],
            full_name=given["full_name"],
            roles=[given["role"]],
            region=given["region"],
            outlet_code=given["outlet_code"],
            password=password,
        )

    def done(appointed: Staff) -> HttpResponse:
        return page(
            request,
            "shown_once",
            {
                "title": gettext("已任命 %s") % appointed.full_name,
                "label": gettext("首次登录密码"),
                "secret": password,
                "advice": gettext("请当面交给本人，登录后立即修改。"),
                "back": "console:staff",
            },
        )

    task = Task(
        _("任命人员"),
        work,
        done,
        form=lambda *a, **k: Appointment(*a, scope=scope, **k),
        button=_("确认任命"),
        back="/console/staff/",
        purpose="任命人员",
    )
    return run(request, task)


class Ending(Questions):
    """Why access ends."""

    reason = forms.CharField(
        label=_("原因"), max_length=60, help_text=_("例如：调离、离职、密钥泄露、协议到期")
    )


@duty(Duty.STAFF_APPOINT)
def dismiss(request: HttpRequest, username: str) -> HttpResponse:
    """Take one person's access away."""
    found = next((row for row in queries.staff_rows() if row.username == username), None)
    if found is None:
        return refusal(request, Refused("staff.unknown", "没有这个用户。", "There is no such user."))
    if not scope_of(request).covers(found.region, found.outlet):
        return refusal(request, outside(found.region))

    def work(act: Act, given: dict[str, Any]) -> Staff | Refused:
        return dismiss_staff(act, username, reason=given["reason"])

    def done(dismissed: Staff) -> HttpResponse:
        tell(request, gettext("已停用 %s。") % dismissed.full_name)
        return redirect("console:staff")

    roles = "、".join(str(named(ROLES[code])) for code in found.roles if code in ROLES)
    task = Task(
        _("停用人员"),
        work,
        done,
        form=Ending,
        facts=((_("用户名"), found.username), (_("姓名"), found.full_name), (_("角色"), roles)),
        button=_("确认停用"),
        back="/console/staff/",
        purpose="停用人员",
        danger=True,
        warning=_("停用后立即不能登录，正在使用的页面也随即失效。"),
    )
    return run(request, task)


@duty(Duty.PARTNER_ADMIT)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Shut one partner out."""
    found = next((row for row in queries.partners() if row.code == code), None)
    if found is None:
        return refusal(request, Refused("partner.unknown", "没有这个合作单位。", "There is no such partner."))

    def work(act: Act, given: dict[str, Any]) -> Partner | Refused:
        return withdraw_partner(act, code, reason=given["reason"])

    def done(partner: Partner) -> HttpResponse:
        tell(request, gettext("已停用 %s。") % partner.name)
        return redirect("console:partners")

    task = Task(
        _("停用密钥"),
        work,
        done,
        form=Ending,
        facts=((_("单位名称"), found.name), (_("密钥开头"), found.key_prefix)),
        button=_("确认停用"),
        back="/console/partners/",
        purpose="停用密钥",
        danger=True,
        warning=_("停用后该单位的查询立即被拒绝。"),
    )
    return run(request, task)


class Admission(Questions):
    """A partner and what it may ask for."""

    code = forms.RegexField(
        label=_("单位代码"), regex=r"^[a-z][a-z0-9-]{1,19}$", help_text=_("小写字母和数字")
    )
    name = forms.CharField(label=_("单位名称"), max_length=60)
    purposes = forms.MultipleChoiceField(label=_("可查询的用途"), widget=forms.CheckboxSelectMultiple)
    per_minute = forms.IntegerField(label=_("每分钟最多次数"), min_value=1, max_value=6000, initial=60)
    expires_on = forms.DateField(
        label=_("有效期至"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        purposes = self.fields["purposes"]
        assert isinstance(purposes, forms.MultipleChoiceField)
        purposes.choices = [
            *((each.value, named(each)) for each in StatusPurpose),
            *((code, purpose_name(code)) for code in (f"{APPLY}{bank}" for bank, _name in bank_choices())),
            *((code, purpose_name(code)) for code in (f"{PAY}{each}" for each in programmes())),
        ]
        self.fields["expires_on"].initial = clock.today() + USE_UNTIL

    def clean_purposes(self) -> list[str]:
        purposes: list[str] = self.cleaned_data["purposes"]
        if sum(each.startswith(APPLY) for each in purposes) > 1:
            raise forms.ValidationError(gettext("一个单位只能代一家银行受理申领。"))
        return purposes

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"]
        if any(partner.code == code for partner in queries.partners()):
            raise forms.ValidationError(gettext("这个代码已接入。"))
        return code

    def clean_expires_on(self) -> Any:
        day = self.cleaned_data["expires_on"]
        if day <= clock.today():
            raise forms.ValidationError(gettext("须晚于今天。"))
        return day


@duty(Duty.PARTNER_ADMIT)
def partners(request: HttpRequest) -> HttpResponse:
    """All partners with their purposes; a new one is admitted on the same page and its key shown once."""
    form = Admission(request.POST or None)
    if not form.is_bound or not form.is_valid():
        return page(request, "partners", {"form": form, "rows": queries.partners()})
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="接入合作单位") as act:
        partner, key = admit_partner(act, **form.cleaned_data)
    return page(
        request,
        "shown_once",
        {
            "title": gettext("已接入 %s") % partner.name,
            "label": gettext("接口密钥"),
            "secret": key,
            "advice": gettext("只显示这一次，请通过安全渠道交给对方。"),
            "back": "console:partners",
        },
    )
