"""Giving back what was typed before a session ended."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.utils.translation import gettext

from yikatong.office.held import sign_typist, take_held
from yikatong.web.console.doors import staff_of


def typist(request: HttpRequest) -> str:
    """Whom this page is made for, signed, for its form to carry."""
    return sign_typist(staff_of(request).pk)


def held_for(request: HttpRequest) -> dict[str, str]:
    """The answers that were typed into this page, as its form's first answers; the page says that they were kept."""
    typed = {name: values[-1] for name, values in take_held(request).items()}
    if typed:
        messages.warning(
            request, gettext("登录已过期，刚才填写的内容已经保留，还没有办理；照片和文件请重新选择。")
        )
    return typed
