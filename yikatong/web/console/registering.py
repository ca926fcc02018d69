"""Registering one person: who looks alike is looked at first, and told apart or opened instead."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics import regions
from yikatong.basics.ids import read_identity_number
from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.scope import Scope
from yikatong.residents import queries, services
from yikatong.residents.comparing import LookAlike
from yikatong.residents.merging import WHY_LENGTH
from yikatong.residents.rules import region_warnings
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page
from yikatong.web.console.particulars import RELATIONS, guardian_proofs
from yikatong.web.console.people import note_opened
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import sentences, tell
from yikatong.web.forms import Questions, said

PURPOSE = "登记人员"


class Registration(Questions):
    """A new person, as the documents on the counter show them."""

    number = forms.CharField(
        label=_("证件号码（社会保障号码）"),
        max_length=30,
        help_text=_("身份证、外国人永久居留证、港澳台居民居住证"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    name = forms.CharField(label=_("姓名"), max_length=100, help_text=_("与证件一致，间隔号照写"))
    region = forms.ChoiceField(label=_("居住地"))
    phone = forms.CharField(label=_("手机号"), max_length=20, required=False, help_text=_("短信通知用"))
    address = forms.CharField(label=_("住址"), max_length=120, required=False)
    guardian_name = forms.CharField(
        label=_("监护人姓名"), max_length=100, required=False, help_text=_("未满十六周岁必填")
    )
    guardian_number = forms.CharField(label=_("监护人证件号码"), max_length=18, required=False)
    guardian_relation = forms.ChoiceField(
        label=_("与本人关系"),
        required=False,
        choices=RELATIONS,
    )
    guardian_proof = forms.ChoiceField(label=_("监护关系证明"), required=False)
    guardian_phone = forms.CharField(label=_("监护人手机号"), max_length=20, required=False)
    quiet = ("guardian_name", "guardian_number", "guardian_relation", "guardian_proof", "guardian_phone")
    others = forms.CharField(max_length=400, required=False, widget=forms.HiddenInput)
    why = forms.CharField(max_length=WHY_LENGTH, required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = regions if len(regions) == 1 else [("", _("请选择")), *regions]
        self.offer("guardian_proof", guardian_proofs())

    def clean(self) -> dict[str, Any]:
        """A guardian who is needed, or of whom something was typed, is asked for before anything is checked over."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        if given.get("guardian_name") or "number" not in given:
            return given
        wanted = services.guardian_wanted(self.identity, clock.today())
        if wanted is not None:
            self.add_error("guardian_name", said(wanted))
        elif any(given.get(each) for each in self.quiet):
            self.add_error(
                "guardian_name", _("填写了监护人的其他信息，请一并填写监护人姓名；不需要监护人的请清空。")
            )
        return given

    def warnings(self) -> tuple[str, ...]:
        """What to look at twice while the document still lies on the counter."""
        return (*self.identity.warnings, *region_warnings(self.cleaned_data["region"]))

    def clean_number(self) -> str:
        """Judged before anything is checked over: a wrong digit should not come out at the last step."""
        number: str = self.cleaned_data["number"]
        read = read_identity_number(number, clock.today())
        if isinstance(read, Refused):
            raise forms.ValidationError(said(read))
        self.identity = read
        return number

    def clean_others(self) -> frozenset[int]:
        """Ids of look-alikes that were seen and found to be others; whatever else is written there names nobody."""
        return frozenset(int(each) for each in self.cleaned_data["others"].split(",") if each.isdecimal())


class Apart(Questions):
    """On what ground those who look alike are others."""

    why = forms.CharField(
        label=_("都不是此人的理由"),
        max_length=WHY_LENGTH,
        help_text=_("例如：身份证照片不是同一人、本人说明是双胞胎、电话核实"),
    )


def regions_of(scope: Scope) -> list[tuple[str, str]]:
    """The counties in which a member of staff may register people."""
    here = regions.region(scope.region)
    counties = regions.counties_of(scope.region) or ((here,) if here else ())
    return [(county.code, county.name) for county in counties]


@duty(Duty.RESIDENT_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """Register one person, with the guardian where one is needed; whoever looks alike is looked at first."""
    regions = regions_of(scope_of(request))

    def form(*args: Any, **kwargs: Any) -> Registration:
        return Registration(*args, regions=regions, **kwargs)

    def work(act: Act, given: dict[str, Any]) -> queries.Person | Refused:
        return _register(act, given)

    def done(person: queries.Person) -> HttpResponse:
        note_opened(request, person.id, gettext("登记人员"))
        tell(request, gettext("已登记%(name)s。") % {"name": person.name}, warnings=person.warnings)
        return redirect("console:resident", person.id)

    facts: tuple[Answer, ...] = ()
    warning = ""
    if request.method == "POST" and request.POST.get("step") != "change":
        filled = form(request.POST)
        if filled.is_valid():
            warning = "".join(sentences(filled.warnings()))
            if alike := _undecided(filled.cleaned_data):
                return _beside(request, filled, alike)
            if others := filled.cleaned_data["others"]:
                seen = gettext("已核对 %(people)s 人，都不是此人：%(why)s")
                facts = ((_("相似人员"), seen % {"people": len(others), "why": filled.cleaned_data["why"]}),)
    task = Task(
        _("登记人员"),
        work,
        done,
        form=form,
        facts=facts,
        purpose=PURPOSE,
        button=_("确认登记"),
        warning=warning,
    )
    return run(request, task)


def _register(act: Act, given: dict[str, Any]) -> queries.Person | Refused:
    guardian = None
    if given["guardian_name"]:
        guardian = services.GuardianInput(
            name=given["guardian_name"],
            number=given["guardian_number"],
            relation=given["guardian_relation"],
            phone=given["guardian_phone"],
            proof=given["guardian_proof"],
        )
    return services.register(
        act,
        number=given["number"],
        name=given["name"],
        region=given["region"],
        phone=given["phone"],
        address=given["address"],
        guardian=guardian,
        beside=services.Beside(given["others"], given["why"]),
    )


def _undecided(given: dict[str, Any]) -> tuple[LookAlike, ...]:
    """Who looks alike, where not all of them were told apart on some ground yet."""
    typed = {each: given[each] for each in ("number", "name", "region", "phone")}
    if queries.person_by_number(given["number"]) is not None:
        return ()  # on file under this very number, which the registration refuses by itself
    alike = services.look_alikes_of(today=clock.today(), **typed)
    seen = {each.person.id for each in alike} <= given["others"] and given["why"].strip()
    return () if seen else alike


def _beside(request: HttpRequest, filled: Registration, alike: tuple[LookAlike, ...]) -> HttpResponse:
    """The look-alikes, masked as on a list of search results; the look is journalled."""
    why = Apart(request.POST if request.POST.get("step") == "apart" else None)
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
        services.note_list(
            act, [each.person.id for each in alike], zh="登记时的相似人员", en="look-alikes at registration"
        )
    scope = scope_of(request)
    context = {
        "filled": [filled[name] for name in filled.fields if name not in ("others", "why")],
        "rows": [(each, scope.covers(each.person.region)) for each in alike],
        "typed": filled.cleaned_data,
        "others": ",".join(str(each.person.id) for each in alike),
        "form": why,
    }
    return page(request, "look_alikes", context)
