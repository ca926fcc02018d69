"""Search first, then one person's story; registering one person."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics import regions
from yikatong.basics.ids import read_identity_number
from yikatong.basics.refused import Refused
from yikatong.cards import queries as cards
from yikatong.office import clock
from yikatong.office.act import Act, Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.kinds import kinds_that_read
from yikatong.office.scope import Scope
from yikatong.residents import queries, services
from yikatong.residents.rules import LIFE
from yikatong.residents.search import search as find
from yikatong.web.console.doors import actor_of, scope_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.particulars import RELATIONS
from yikatong.web.console.people import Purpose, note_opened, opened, person_for
from yikatong.web.console.task_page import Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions, said


class Search(Purpose):
    """One box for everything a clerk may be given."""

    text = forms.CharField(
        label=_("查询内容"),
        max_length=100,
        help_text=_("社会保障号码、号码后四至六位、手机号、姓名（可只写一部分）、拼音或首字母"),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off", "spellcheck": "false"}),
    )
    field_order = ("text", "purpose")


@duty(Duty.RESIDENT_LOOK)
def search(request: HttpRequest) -> HttpResponse:
    """Find people. By POST, so that no number ever stands in an address or a server's log."""
    if request.method != "POST":
        return page(request, "search", {"form": Search(initial={"purpose": request.session.get("purpose")})})
    form = Search(request.POST)
    if not form.is_valid():
        return page(request, "search", {"form": form})
    purpose = form.cleaned_data["purpose"]
    if request.session.get("purpose") != purpose:  # setting it writes the session, whatever it was before
        request.session["purpose"] = purpose
    found = find(form.cleaned_data["text"], scope_of(request))
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=purpose) as act:
        services.note_search(act, found, purpose)
    return page(request, "search", {"form": form, "found": found, "purpose": purpose})


@duty(Duty.RESIDENT_LOOK)
def open_resident(request: HttpRequest, resident_id: int) -> HttpResponse:
    """Open one person's record for a purpose; the look is journalled, then the page may be read for a while."""
    form = Purpose(request.POST or None)
    person = person_for(request, resident_id)
    if isinstance(person, Refused):
        return refusal(request, person)
    if not form.is_valid():
        return page(request, "open_resident", {"form": form if form.is_bound else Purpose()})
    purpose = form.cleaned_data["purpose"]
    with open_act(actor_of(request), door=Door.CONSOLE, purpose=purpose) as act:
        result = services.look(act, resident_id, purpose=purpose, scope=scope_of(request))
    if isinstance(result, Refused):
        return refusal(request, result)
    note_opened(request, resident_id, purpose)
    return redirect("console:resident", resident_id)


def issued_at(day: date) -> datetime:
    """The moment from which a later correction is not on a card issued on that day."""
    return timezone.make_aware(datetime.combine(day, time.max))


@duty(Duty.RESIDENT_LOOK)
def resident(request: HttpRequest, resident_id: int) -> HttpResponse:
    """One person's story: who they are and who says so, their cards with both statuses, orders, and what happened."""
    purpose = opened(request, resident_id)
    if not purpose:
        return redirect("console:open_resident", resident_id)
    person = person_for(request, resident_id)
    if isinstance(person, Refused):
        return refusal(request, person)
    if person.id != resident_id:  # merged: the record that stays is the person's
        return redirect("console:resident", person.id)
    valid_card = cards.valid_card_of(resident_id)
    context = {
        "person": person,
        "life": LIFE.state(person.state),
        "turns": queries.life(resident_id),
        "documents": queries.documents(resident_id),
        "former_names": queries.former_names(resident_id),
        "asked": queries.corrections(scope_of(request), resident_id=resident_id),
        "exchange_due": valid_card is not None
        and queries.particulars_changed_since(resident_id, issued_at(valid_card.issued_on)),
        "purpose": purpose,
        "attributes": queries.attributes(resident_id),
        "cards": cards.cards_of(resident_id),
        "valid_card": valid_card,
        "orders": cards.orders_of(resident_id),
        "story": [row for row in queries.story(resident_id, limit=80) if row.kind not in kinds_that_read()],
        "looks": queries.looks(resident_id, 20),
    }
    return page(request, "resident", context)


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
    guardian_phone = forms.CharField(label=_("监护人手机号"), max_length=20, required=False)

    def __init__(self, *args: Any, regions: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        region = self.fields["region"]
        assert isinstance(region, forms.ChoiceField)
        region.choices = regions

    def clean_number(self) -> str:
        """Judged before anything is checked over: a wrong digit should not come out at the last step."""
        number: str = self.cleaned_data["number"]
        read = read_identity_number(number, clock.today())
        if isinstance(read, Refused):
            raise forms.ValidationError(said(read))
        return number


def regions_of(scope: Scope) -> list[tuple[str, str]]:
    """The counties in which a member of staff may register people."""
    here = regions.region(scope.region)
    counties = regions.counties_of(scope.region) or ((here,) if here else ())
    return [(county.code, county.name) for county in counties]


@duty(Duty.RESIDENT_REGISTER)
def register(request: HttpRequest) -> HttpResponse:
    """Register one person, with the guardian where one is needed."""
    regions = regions_of(scope_of(request))

    def form(*args: Any, **kwargs: Any) -> Registration:
        return Registration(*args, regions=regions, **kwargs)

    def work(act: Act, given: dict[str, str]) -> queries.Person | Refused:
        guardian = None
        if given["guardian_name"]:
            guardian = services.GuardianInput(
                name=given["guardian_name"],
                number=given["guardian_number"],
                relation=given["guardian_relation"],
                phone=given["guardian_phone"],
            )
        return services.register(
            act,
            number=given["number"],
            name=given["name"],
            region=given["region"],
            phone=given["phone"],
            address=given["address"],
            guardian=guardian,
        )

    def done(person: queries.Person) -> HttpResponse:
        note_opened(request, person.id, gettext("登记人员"))
        tell(request, gettext("已登记 %(name)s。") % {"name": person.name}, warnings=person.warnings)
        return redirect("console:resident", person.id)

    task = Task(_("登记人员"), work, done, form=form, purpose="登记人员", button=_("确认登记"))
    return run(request, task)
