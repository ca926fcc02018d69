"""What is on file about a person changes: phone and address, where they live, who acts for them, their death."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards.services.after_death import freeze
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.queries import regions
from yikatong.office.rulebook import ruling
from yikatong.residents import queries, services
from yikatong.residents.rules import Trust
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.people import NOT_OPENED, opened, person_for, who
from yikatong.web.console.task_page import Answer, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import region_name

AT_THE_WINDOW = "本人到窗口申请"
RELATIONS: list[tuple[str, str | Promise]] = [
    ("", _("—")),
    ("父母", _("父母")),
    ("祖父母", _("祖父母、外祖父母")),
    ("其他", _("其他监护人")),
]


def open_person(request: HttpRequest, resident_id: int) -> queries.Person | HttpResponse:
    """The person whose record stands open for a purpose, or the page that says no."""
    person = person_for(request, resident_id)
    if isinstance(person, Refused):
        return refusal(request, person)
    return person if opened(request, resident_id) else refusal(request, NOT_OPENED)


def back_to(resident_id: int) -> str:
    """Where a task about this person leads back to."""
    return reverse("console:resident", args=[resident_id])


class Change(Questions):
    """A change of what may be changed here; name and number change by police proof and a new card."""

    field = forms.ChoiceField(label=_("更新哪一项"), choices=[("phone", _("手机号")), ("address", _("住址"))])
    value = forms.CharField(label=_("新的内容"), max_length=120)
    source = forms.CharField(label=_("依据"), max_length=40, initial=AT_THE_WINDOW)


@duty(Duty.RESIDENT_REGISTER)
def change(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Change one attribute on the holder's own word."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def work(act: Act, given: dict[str, str]) -> queries.Person | Refused:
        return services.change(act, resident_id, trust=Trust.SELF, **given)

    def done(changed: queries.Person) -> HttpResponse:
        tell(request, gettext("已更新。"))
        return redirect("console:resident", changed.id)

    task = Task(
        _("更新信息"),
        work,
        done,
        form=Change,
        facts=who(person),
        purpose="更新信息",
        back=back_to(resident_id),
    )
    return run(request, task)


class Move(Questions):
    """Where a person lives now, by the name of the county."""

    region = forms.ChoiceField(label=_("新的居住地"))
    source = forms.CharField(label=_("依据"), max_length=40, initial=AT_THE_WINDOW)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        counties = [(each.code, each.name) for each in regions() if each.parent]
        region.choices = [("", _("请选择")), *counties]


@duty(Duty.RESIDENT_REGISTER)
def move(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Record that a person moved within the city. Moved to another county, they leave the reader's scope."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def work(act: Act, given: dict[str, str]) -> queries.Person | Refused:
        return services.change(
            act, resident_id, field="region", value=given["region"], source=given["source"], trust=Trust.SELF
        )

    def done(moved: queries.Person) -> HttpResponse:
        place = region_name(moved.region)
        tell(request, gettext("居住地已更新为%(place)s。") % {"place": place})
        if scope_of(request).covers(moved.region):
            return redirect("console:resident", moved.id)
        return redirect("console:search")

    task = Task(
        _("更新居住地"),
        work,
        done,
        form=Move,
        facts=(*who(person), (_("现在的居住地"), region_name(person.region))),
        purpose="更新信息",
        note=_("迁到其他区县后，由当地网点继续办理。"),
        back=back_to(resident_id),
    )
    return run(request, task)


class NewGuardian(Questions):
    """Who acts for the person, as the guardian's own document shows them."""

    guardian_name = forms.CharField(
        label=_("监护人姓名"), max_length=100, help_text=_("与证件一致，间隔号照写")
    )
    guardian_number = forms.CharField(
        label=_("监护人证件号码"),
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    guardian_relation = forms.ChoiceField(label=_("与本人关系"), choices=RELATIONS)
    guardian_proof = forms.ChoiceField(label=_("监护关系证明"))
    guardian_phone = forms.CharField(label=_("监护人手机号"), max_length=20, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("guardian_proof", guardian_proofs())


def guardian_proofs() -> list[tuple[str, str]]:
    """The papers that say who a guardian is, as a question's choices."""
    return [(each, each) for each in ruling("resident.guardian_proofs", clock.today()).value]


@duty(Duty.RESIDENT_REGISTER)
def guardian(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Record one more guardian."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def work(act: Act, given: dict[str, str]) -> queries.Person | Refused:
        added = services.GuardianInput(
            name=given["guardian_name"],
            number=given["guardian_number"],
            relation=given["guardian_relation"],
            phone=given["guardian_phone"],
            proof=given["guardian_proof"],
        )
        return services.add_guardian(act, resident_id, guardian=added)

    def done(guarded: queries.Person) -> HttpResponse:
        tell(request, gettext("已登记监护人 %(name)s。") % {"name": guarded.guardians[-1].name})
        return redirect("console:resident", guarded.id)

    standing: tuple[Answer, ...] = tuple(
        (_("已登记的监护人"), f"{each.name}（{each.relation}）") for each in person.guardians
    )
    task = Task(
        _("登记监护人"),
        work,
        done,
        form=NewGuardian,
        facts=(*who(person), *standing),
        button=_("确认登记"),
        purpose="登记监护人",
        note=_("须核验监护人证件和监护关系证明。"),
        back=back_to(resident_id),
    )
    return run(request, task)


class Death(Questions):
    """The day of a death, and the paper that says so."""

    on = forms.DateField(
        label=_("死亡日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    source = forms.CharField(
        label=_("依据"), max_length=40, help_text=_("例如：死亡医学证明、公安户籍注销证明")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()


@duty(Duty.RESIDENT_REGISTER)
def death(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Record a death. From then on no card is applied for or handed out in this person's name."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def work(act: Act, given: dict[str, Any]) -> queries.Person | Refused:
        recorded = services.record_death(act, resident_id, on=given["on"], source=given["source"])
        if not isinstance(recorded, Refused):
            freeze(act, resident_id)
        return recorded

    def done(dead: queries.Person) -> HttpResponse:
        tell(request, gettext("已登记死亡。"))
        return redirect("console:resident", dead.id)

    birth = person.birth_on.isoformat() if person.birth_on else "—"
    task = Task(
        _("登记死亡"),
        work,
        done,
        form=Death,
        facts=(*who(person), (_("出生"), birth)),
        button=_("确认登记死亡"),
        purpose="登记死亡",
        danger=True,
        warning=_(
            "登记后不能再为此人受理申领和发卡，窗口也不能撤销这项登记。请与证明原件核对姓名、号码和日期。"
        ),
        back=back_to(resident_id),
    )
    return run(request, task)


class Correction(Questions):
    """The paper that says the person lives."""

    source = forms.CharField(label=_("依据"), max_length=40, help_text=_("例如：派出所证明、本人到窗口核验"))


@duty(Duty.RESIDENT_CORRECT)
def withdraw_death(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Take back a death recorded in error: not by those who record deaths."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def work(act: Act, given: dict[str, str]) -> queries.Person | Refused:
        withdrawn = services.withdraw_death(act, resident_id, source=given["source"])
        if not isinstance(withdrawn, Refused):
            freeze(act, resident_id)
        return withdrawn

    def done(alive: queries.Person) -> HttpResponse:
        tell(request, gettext("已更正误登的死亡。"))
        return redirect("console:resident", alive.id)

    died = person.died_on.isoformat() if person.died_on else "—"
    task = Task(
        _("更正误登的死亡"),
        work,
        done,
        form=Correction,
        facts=(*who(person), (_("死亡日期"), died)),
        button=_("确认更正"),
        purpose="更正误登的死亡",
        note=_("更正后此人可以照常申领和领卡。"),
        back=back_to(resident_id),
    )
    return run(request, task)
