"""我的资料: what the holder may change alone (phone and address, as `card.update_online` says), and where the rest is changed."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.cards.channels import UPDATE, Channel, why_not
from yikatong.office import clock, post
from yikatong.office.act import Door, open_act
from yikatong.office.rulebook import ruling
from yikatong.residents import services
from yikatong.residents.queries import Person
from yikatong.residents.rules import Trust
from yikatong.web.forms import Questions, said
from yikatong.web.portal.doors import actor_of, resident_only
from yikatong.web.portal.page import page

SOURCE = "本人网上变更"


class NewPhone(Questions):
    """The number to be reached at."""

    phone = forms.CharField(
        label=gettext_lazy("新手机号"),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )


class PhoneCode(NewPhone):
    """The code that came to it."""

    phone = forms.CharField(max_length=20, widget=forms.HiddenInput)
    code = forms.CharField(
        label=gettext_lazy("短信验证码"),
        max_length=10,
        help_text=gettext_lazy("6 位数字，10 分钟内有效"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class NewAddress(Questions):
    """Where to write to."""

    address = forms.CharField(
        label=gettext_lazy("联系地址"),
        max_length=120,
        help_text=gettext_lazy("省、市、县、街道或乡镇，到门牌或村组"),
    )


def _offered() -> tuple[str, ...]:
    """What may be changed here today."""
    today = clock.today()
    if why_not(UPDATE, Channel.ONLINE, today) is not None:
        return ()
    return tuple(ruling("card.update_online", today).value)


@resident_only
@require_safe
def particulars(request: HttpRequest, person: Person) -> HttpResponse:
    """What is on file, and how each of it is changed."""
    return page(
        request,
        "particulars",
        person,
        offered=_offered(),
        refused=(no := why_not(UPDATE, Channel.ONLINE, clock.today())) and said(no),
        number=mask(Sensitive.IDENTITY_NUMBER, person.number),
        phone=mask(Sensitive.PHONE, person.phone) if person.phone else "",
        address=mask(Sensitive.ADDRESS, person.address) if person.address else "",
    )


@resident_only
@sensitive_post_parameters("phone")
@require_http_methods(["GET", "POST"])
def phone(request: HttpRequest, person: Person) -> HttpResponse:
    """Ask for the new number, and send a code to it."""
    if "phone" not in _offered():
        return redirect("portal:particulars")
    form = NewPhone(request.POST or None)
    if not form.is_valid():
        return page(request, "phone", person, form=form)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        sent = services.send_phone_code(act, person.id, phone=form.cleaned_data["phone"])
    if isinstance(sent, Refused):
        form.refuse(sent)
        return page(request, "phone", person, form=form)
    demo_sms = next(iter(post.texts_of(act.id)), "") if settings.DEMO else ""
    return page(request, "phone_code", person, form=PhoneCode(initial=form.cleaned_data), demo_sms=demo_sms)


@resident_only
@sensitive_post_parameters("phone", "code")
@require_POST
def phone_code(request: HttpRequest, person: Person) -> HttpResponse:
    """Take the code, and the number with it."""
    if "phone" not in _offered():
        return redirect("portal:particulars")
    form = PhoneCode(request.POST)
    if not form.is_valid():
        return page(request, "phone_code", person, form=form)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        changed = services.change_phone(act, person.id, **form.cleaned_data)
    if isinstance(changed, Refused):
        form.refuse(changed)
        return page(request, "phone_code", person, form=form)
    messages.success(request, _("手机号已更换，以后的短信发到新号码。"))
    return redirect("portal:particulars")


@resident_only
@sensitive_post_parameters("address")
@require_http_methods(["GET", "POST"])
def address(request: HttpRequest, person: Person) -> HttpResponse:
    """Change where to write to; cards asked for by post from now on go there too."""
    if "address" not in _offered():
        return redirect("portal:particulars")
    form = NewAddress(request.POST or None)
    if not form.is_valid():
        return page(request, "address", person, form=form)
    with open_act(actor_of(person), door=Door.PORTAL) as act:
        changed = services.change(
            act,
            person.id,
            field="address",
            value=form.cleaned_data["address"],
            source=SOURCE,
            trust=Trust.SELF,
        )
    if isinstance(changed, Refused):
        form.refuse(changed)
        return page(request, "address", person, form=form)
    messages.success(request, _("联系地址已更新。"))
    return redirect("portal:particulars")
