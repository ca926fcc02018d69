"""Whose record may be opened: fetched for duty, within the reader's scope, and only after saying why."""

from __future__ import annotations

from datetime import timedelta

from django import forms
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.office.queries import centre
from yikatong.office.scope import outside
from yikatong.residents import queries
from yikatong.residents.queries import Person
from yikatong.web.console.doors import scope_of
from yikatong.web.console.task_page import Answer
from yikatong.web.forms import Questions

OPEN_FOR = timedelta(minutes=30)
"""One look, however often the page is reloaded; after that the purpose is asked for (and journalled) again."""

PURPOSES = (
    ("", _("请选择")),
    ("受理申领", _("受理申领")),
    ("发卡", _("发卡")),
    ("挂失补换", _("挂失、补领、换领")),
    ("更新信息", _("更新信息")),
    ("咨询答复", _("咨询答复")),
    ("数据核对", _("数据核对")),
    ("投诉处理", _("投诉处理")),
)

UNKNOWN = Refused("resident.unknown", "没有这个人，请重新查询。", "There is no such person; search again.")
ONLY_THE_CENTRE = Refused(
    "scope.centre",
    "文件交换和组批涉及全市的申请，只由中心的全市经办人员办理。",
    "Files and batches hold orders of the whole city; only the centre's own desk deals with them.",
)
NOT_OPENED = Refused(
    "purpose.missing",
    "请先在查询结果中写明用途再打开此人的资料。",
    "Open this record from the search results, saying what for.",
)


class Purpose(Questions):
    """What for: compulsory, and told to the resident."""

    purpose = forms.ChoiceField(label=_("用途"), choices=PURPOSES, help_text=_("会记入日志，本人可以看到"))


def person_for(request: HttpRequest, resident_id: int) -> Person | Refused:
    """The person, or why this member of staff may not deal with them."""
    person = queries.person(resident_id)
    if person is None:
        return UNKNOWN
    return person if scope_of(request).covers(person.region) else outside(person.region)


def beyond(request: HttpRequest) -> Refused | None:
    """Why this reader may not do what is done for the whole city at once: files, batches. None where they may."""
    house, scope = centre(), scope_of(request)
    if house is None or scope.outlet or not scope.covers(house.region):
        return ONLY_THE_CENTRE
    return None


def opened(request: HttpRequest, resident_id: int) -> str:
    """The purpose for which this record stands open in this session; empty where it does not."""
    grant = request.session.get("opened", {}).get(str(resident_id))
    until = parse_datetime(grant["until"]) if grant else None
    return grant["purpose"] if until is not None and until > clock.now() else ""


def note_opened(request: HttpRequest, resident_id: int, purpose: str) -> None:
    """Remember that the look was journalled; the twenty records opened last stand open at once."""
    before = request.session.get("opened", {})
    before.pop(str(resident_id), None)
    grants = dict(list(before.items())[-19:])
    grants[str(resident_id)] = {"purpose": purpose, "until": (clock.now() + OPEN_FOR).isoformat()}
    request.session["opened"] = grants


def who(person: Person) -> tuple[Answer, ...]:
    """The person as a task page shows them: name in full to be compared with the document, number masked."""
    return ((_("姓名"), person.name), (_("社会保障号码"), mask(Sensitive.IDENTITY_NUMBER, person.number)))
