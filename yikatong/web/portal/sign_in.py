"""Signing in: number and name, then the code that came by SMS. Nothing here says whether a person exists."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from yikatong.basics.refused import Refused
from yikatong.office import post
from yikatong.office.act import Actor, Door, open_act
from yikatong.office.doors import public
from yikatong.residents import services
from yikatong.web.forms import Questions
from yikatong.web.portal.doors import enter, leave, who
from yikatong.web.portal.page import LARGE, page

YEAR = 365 * 24 * 3600


class NumberForm(Questions):
    """Who wants to come in."""

    number = forms.CharField(
        label=_("证件号码"),
        max_length=30,
        help_text=_("身份证或居住证上的号码，字母 X 大小写都可以"),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "characters"}
        ),
    )
    name = forms.CharField(
        label=_("姓名"),
        max_length=60,
        help_text=_("与证件上的一致"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class CodeForm(NumberForm):
    """The code, with the number and name of the page before."""

    number = forms.CharField(max_length=30, widget=forms.HiddenInput)
    name = forms.CharField(max_length=60, widget=forms.HiddenInput)
    code = forms.CharField(
        label=_("短信验证码"),
        max_length=10,
        help_text=_("6 位数字，10 分钟内有效"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


@public("the page at which residents say who they are")
@sensitive_post_parameters("number", "name")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for number and name; send the code; show where it goes."""
    onward = _onward(request)
    if request.method == "GET" and who(request):
        return redirect(onward)
    form = NumberForm(request.POST or None)
    if not form.is_valid():
        return page(request, "sign_in", form=form, onward=onward)
    with open_act(Actor.system("portal"), door=Door.PORTAL) as act:
        sent = services.send_code(act, **form.cleaned_data)
    if isinstance(sent, Refused):
        form.refuse(beside(sent))
        return page(request, "sign_in", form=form, onward=onward)
    demo_sms = _demo_sms(act.id) if settings.DEMO else None
    return page(request, "code", form=CodeForm(initial=form.cleaned_data), onward=onward, demo_sms=demo_sms)


def _demo_sms(act: UUID) -> str:
    """In a demo city nobody holds the phone, so the page shows what went out; empty where nothing did."""
    return next(iter(post.texts_of(act)), "")


@public("the second half of signing in")
@sensitive_post_parameters("number", "name", "code")
@require_POST
def code(request: HttpRequest) -> HttpResponse:
    """Take the code and let the person in."""
    form = CodeForm(request.POST)
    onward = _onward(request)
    if not form.is_valid():
        return page(request, "code", form=form, onward=onward)
    with open_act(Actor.system("portal"), door=Door.PORTAL) as act:
        person = services.sign_in(act, number=form.cleaned_data["number"], code=form.cleaned_data["code"])
    if isinstance(person, Refused):
        form.refuse(beside(person))
        return page(request, "code", form=form, onward=onward)
    enter(request, person)
    return redirect(onward)


@public("leaving must always be possible, also after the session ran out")
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    leave(request)
    return redirect("portal:sign_in")


@public("the size of type is a reader's choice, not anyone's data")
@require_POST
def type_size(request: HttpRequest) -> HttpResponse:
    """长者版: switch large type on or off, and go back to the page."""
    response = redirect(_onward(request))
    if request.COOKIES.get(LARGE) == "1":
        response.delete_cookie(LARGE, path="/portal/", samesite="Lax")
    else:
        response.set_cookie(
            LARGE, "1", max_age=YEAR, path="/portal/", samesite="Lax", httponly=True, secure=not settings.DEMO
        )
    return response


QUESTION = {"id": "number", "name": "name", "code": "code"}


def beside(refused: Refused) -> Refused:
    """The refusal at its question: a mistyped number is refused by those who know numbers, not this form."""
    return refused if refused.at else replace(refused, at=QUESTION.get(refused.code.partition(".")[0], ""))


def _onward(request: HttpRequest) -> str:
    """Where to go next: a page of the portal, whatever the form says."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    inside = wanted.startswith("/portal/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if inside else "/portal/"
