"""Who a person is, over the years: documents shown, names and numbers corrected by two people, the person's state."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.ids import DocumentType
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.cards.services.after_death import freeze
from yikatong.office import clock
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents import queries, services
from yikatong.residents.corrections import ASKED, What, Why
from yikatong.residents.rules import LIFE, TURNS
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.particulars import back_to, open_person
from yikatong.web.console.people import person_for, who
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import document_name, english, named

UNKNOWN = Refused("correction.unknown", "没有这项更正申请。", "There is no such correction.")
NUMBER = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
WHY: list[tuple[str, str | Promise]] = [
    (Why.CHANGED.value, _("公安机关已变更")),
    (Why.MISTAKE.value, _("原来登记有误")),
]
PROOF = _("例如：派出所变更证明的编号、户口簿变更页")


def _day(label: Any, **more: Any) -> forms.DateField:
    return forms.DateField(
        label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more
    )


class Document(Questions):
    """Another document, as it lies on the counter."""

    document = forms.ChoiceField(label=_("证件类型"))
    number = forms.CharField(label=_("证件号码"), max_length=30, widget=NUMBER)
    valid_from = _day(_("有效期起"), required=False)
    valid_until = _day(_("有效期止"), required=False, help_text=_("长期有效的不填"))
    issuer = forms.CharField(label=_("签发机关"), max_length=40, required=False)
    proof = forms.CharField(label=_("同时出示的材料"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        document = self.fields["document"]
        assert isinstance(document, forms.ChoiceField)
        document.choices = [
            ("", _("请选择")),
            *((each.value, document_name(each)) for each in DocumentType),
        ]


@duty(Duty.RESIDENT_REGISTER)
def document(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Record another document that the person has shown."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def work(act: Act, given: dict[str, Any]) -> queries.Person | Refused:
        kind = DocumentType(given.pop("document"))
        return services.add_document(act, resident_id, document=kind, **given)

    def done(shown: queries.Person) -> HttpResponse:
        tell(request, gettext("证件已登记。"), warnings=shown.warnings)
        return redirect("console:resident", shown.id)

    task = Task(
        _("登记证件"),
        work,
        done,
        form=Document,
        facts=who(person),
        purpose="登记证件",
        button=_("确认登记"),
        note=_("换发的护照、外国人永久居留身份证登记后，原证件转为历史证件，仍可查到本人。"),
        back=back_to(resident_id),
    )
    return run(request, task)


class NewName(Questions):
    """The right name, and why it differs."""

    name = forms.CharField(
        label=_("正确的姓名"), max_length=100, help_text=_("与证件一致，间隔号、生僻字照写")
    )
    why = forms.ChoiceField(label=_("原因"), choices=WHY, widget=forms.RadioSelect)
    proof = forms.CharField(label=_("凭据"), max_length=60, help_text=PROOF)


class NewNumber(Questions):
    """The right number, and why it differs."""

    number = forms.CharField(label=_("正确的证件号码"), max_length=30, widget=NUMBER)
    why = forms.ChoiceField(label=_("原因"), choices=WHY, widget=forms.RadioSelect)
    proof = forms.CharField(label=_("凭据"), max_length=60, help_text=PROOF)


@duty(Duty.RESIDENT_REGISTER)
def correct_name(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Ask for another name; a second person approves it."""

    def work(act: Act, given: dict[str, Any]) -> queries.CorrectionRow | Refused:
        return services.correct_name(
            act, resident_id, name=given["name"], why=Why(given["why"]), proof=given["proof"]
        )

    return _asking(request, resident_id, _("更正姓名"), NewName, work)


@duty(Duty.RESIDENT_REGISTER)
def correct_number(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Ask for another number; a second person approves it."""

    def work(act: Act, given: dict[str, Any]) -> queries.CorrectionRow | Refused:
        return services.correct_number(
            act, resident_id, number=given["number"], why=Why(given["why"]), proof=given["proof"]
        )

    return _asking(request, resident_id, _("更正证件号码"), NewNumber, work)


def _asking(
    request: HttpRequest, resident_id: int, title: str | Promise, form: type[Questions], work: Any
) -> HttpResponse:
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def done(asked: queries.CorrectionRow) -> HttpResponse:
        tell(request, gettext("已提交，等待另一人审核。"))
        return redirect("console:resident", asked.resident_id)

    task = Task(
        title,
        work,
        done,
        form=form,
        facts=who(person),
        purpose="更正姓名号码",
        button=_("提交审核"),
        note=_("须由另一人审核后生效；原姓名和号码保留，仍可查到本人。更正后应办理换领。"),
        back=back_to(resident_id),
    )
    return run(request, task)


@duty(Duty.RESIDENT_LOOK)
def corrections(request: HttpRequest) -> HttpResponse:
    """The corrections that wait for a second person, the oldest first."""
    rows = queries.corrections(scope_of(request))
    return page(request, "corrections", {"rows": rows, "mine": actor_of(request).code})


def _wanted(
    request: HttpRequest, correction_id: int
) -> tuple[queries.CorrectionRow, queries.Person] | HttpResponse:
    row = queries.correction(correction_id)
    person = person_for(request, row.resident_id) if row else UNKNOWN
    if row is None or isinstance(person, Refused):
        return refusal(request, person if isinstance(person, Refused) else UNKNOWN)
    return row, person


def _facts(
    row: queries.CorrectionRow, person: queries.Person, *, whole: bool = False
) -> tuple[tuple[Any, Any], ...]:
    """What is to be corrected; numbers in full only for who compares them with the proof."""
    number = row.what is What.NUMBER

    def shown(value: str) -> str:
        return mask(Sensitive.IDENTITY_NUMBER, value) if number and not whole else value

    return (
        *who(person),
        (_("现登记号码") if number else _("现登记姓名"), shown(row.standing)),
        (_("更正为"), shown(row.wanted)),
        (_("原因"), named(row.why)),
        (_("凭据"), row.proof),
        (_("申请人"), row.maker_name),
        (_("申请时间"), f"{row.asked_at:%Y-%m-%d}"),
    )


@duty(Duty.RESIDENT_CORRECT)
def correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Approve a correction, having compared the proof. Not by whoever asked."""
    found = _wanted(request, correction_id)
    if isinstance(found, HttpResponse):
        return found
    row, person = found
    if row.state is not ASKED:
        return redirect("console:corrections")
    with open_act(actor_of(request), door=Door.CONSOLE, purpose="审核更正") as act:
        services.note_seen(act, person.id, region=person.region, purpose="审核更正")

    def done(corrected: queries.Person) -> HttpResponse:
        tell(request, gettext("已更正，建议通知本人办理换领。"))
        return redirect("console:corrections")

    task = Task(
        _("审核更正"),
        lambda act, given: services.approve_correction(act, correction_id),
        done,
        facts=_facts(row, person, whole=True),
        purpose="审核更正",
        button=_("批准更正"),
        note=_("请与凭据原件逐字核对。不符的请退回，写明原因。"),
        back=reverse("console:corrections"),
    )
    return run(request, task)


class Note(Questions):
    note = forms.CharField(label=_("退回原因"), max_length=120)


@duty(Duty.RESIDENT_CORRECT)
def return_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Send a correction back to whoever asked."""
    return _ending(
        request,
        correction_id,
        _("退回更正申请"),
        lambda act, given: services.return_correction(act, correction_id, note=given["note"]),
        Note,
    )


@duty(Duty.RESIDENT_REGISTER)
def withdraw_correction(request: HttpRequest, correction_id: int) -> HttpResponse:
    """Take one's own request back."""
    return _ending(
        request,
        correction_id,
        _("撤回更正申请"),
        lambda act, given: services.withdraw_correction(act, correction_id),
    )


def _ending(
    request: HttpRequest,
    correction_id: int,
    title: str | Promise,
    work: Any,
    form: type[Questions] | None = None,
) -> HttpResponse:
    found = _wanted(request, correction_id)
    if isinstance(found, HttpResponse):
        return found

    def done(row: queries.CorrectionRow) -> HttpResponse:
        tell(request, gettext("更正申请%(state)s。") % {"state": named(row.state)})
        return redirect("console:corrections")

    more: dict[str, Any] = {"form": form} if form else {}
    task = Task(
        title,
        work,
        done,
        facts=_facts(*found),
        purpose="更正姓名号码",
        back=reverse("console:corrections"),
        **more,
    )
    return run(request, task)


class Turn(Questions):
    """What happened to the person, when, and which paper says so."""

    event = forms.ChoiceField(label=_("登记什么"), widget=forms.RadioSelect)
    on = _day(_("日期"))
    source = forms.CharField(
        label=_("依据"), max_length=40, help_text=_("例如：公安户籍注销证明、司法机关通知")
    )

    def __init__(self, *args: Any, events: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].widget.attrs["max"] = clock.today().isoformat()
        event = self.fields["event"]
        assert isinstance(event, forms.ChoiceField)
        event.choices = [(each, TURNS[each][english()]) for each in events]


@duty(Duty.RESIDENT_REGISTER)
def turn(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Record prison, abroad, a household registration cancelled, or the way back from it."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person
    events = tuple(each for each in TURNS if LIFE.target(each, person.state))

    def work(act: Act, given: dict[str, Any]) -> queries.Person | Refused:
        turned = services.record_turn(act, resident_id, **given)
        if not isinstance(turned, Refused):
            freeze(act, resident_id)
        return turned

    def done(turned: queries.Person) -> HttpResponse:
        state = named(LIFE.state(turned.state))
        tell(request, gettext("人员状态现为“%(state)s”。") % {"state": state})
        return redirect("console:resident", turned.id)

    task = Task(
        _("登记人员状态"),
        work,
        done,
        form=lambda *a, **k: Turn(*a, events=events, **k),
        facts=(*who(person), (_("现在的状态"), named(LIFE.state(person.state)))),
        purpose="登记人员状态",
        button=_("确认登记"),
        note=_("登记有误的，由另一人更正。"),
        back=back_to(resident_id),
    )
    return run(request, task)


class Correction(Questions):
    source = forms.CharField(label=_("依据"), max_length=40)


@duty(Duty.RESIDENT_CORRECT)
def correct_life(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Take back a state recorded in error: not by who recorded it."""
    person = open_person(request, resident_id)
    if isinstance(person, HttpResponse):
        return person

    def work(act: Act, given: dict[str, str]) -> queries.Person | Refused:
        corrected = services.correct_life(act, resident_id, source=given["source"])
        if not isinstance(corrected, Refused):
            freeze(act, resident_id)
        return corrected

    def done(alive: queries.Person) -> HttpResponse:
        tell(request, gettext("已更正误登的人员状态。"))
        return redirect("console:resident", alive.id)

    task = Task(
        _("更正误登的人员状态"),
        work,
        done,
        form=Correction,
        facts=(*who(person), (_("现在的状态"), named(LIFE.state(person.state)))),
        purpose="更正误登的人员状态",
        button=_("确认更正"),
        back=back_to(resident_id),
    )
    return run(request, task)
