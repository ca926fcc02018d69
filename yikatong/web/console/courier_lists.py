"""寄递回单: a courier's list is brought in; the page says row by row what was not taken, and what came before."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import filedesk
from yikatong.cards.files.courier import FORM
from yikatong.cards.services.courier_list import COURIER, bring_courier_list, couriers
from yikatong.office import clock
from yikatong.office.act import Door, open_act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.residents.workbooks import blank_workbook
from yikatong.web.console.disclosure import WORKBOOK
from yikatong.web.console.doors import actor_of
from yikatong.web.console.page import page, refusal
from yikatong.web.console.people import beyond
from yikatong.web.forms import Questions

PURPOSE = "接收寄递回单"


class CourierFile(Questions):
    """A courier's list, and whose it is."""

    counterpart = forms.ChoiceField(label=_("寄递企业"))
    file = forms.FileField(
        label=_("寄递回单（XLSX 或 CSV）"),
        help_text=_("点选文件，或把文件拖到这里"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv", "class": "yk-drop"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        whose = self.fields["counterpart"]
        assert isinstance(whose, forms.ChoiceField)
        whose.choices = [(each, each.removeprefix(COURIER)) for each in couriers(clock.today())]


@duty(Duty.CARD_RETURN)
def courier_lists(request: HttpRequest) -> HttpResponse:
    """Bring a courier's list; below stand those that came, also by themselves."""
    refused = beyond(request)
    if refused is not None:
        return refusal(request, refused)
    form = CourierFile(request.POST, request.FILES) if request.method == "POST" else CourierFile()
    context: dict[str, Any] = {}
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        with open_act(actor_of(request), door=Door.CONSOLE, purpose=PURPOSE) as act:
            report = bring_courier_list(
                act, counterpart=given["counterpart"], name=given["file"].name, content=given["file"].read()
            )
        if isinstance(report, Refused):
            form.refuse(report)
        else:
            form, context = CourierFile(), {"report": report}
    whose = couriers(clock.today())
    context |= {
        "form": form,
        "columns": [(known[0], FORM.notes[column]) for column, known in FORM.columns.items()],
        "came": filedesk.recent(*whose, outgoing=False),
        "not_taken": filedesk.not_taken(*whose),
    }
    return page(request, "courier_lists", context)


@duty(Duty.CARD_RETURN)
def courier_form(request: HttpRequest) -> HttpResponse:
    """The empty form of a courier's list, as a workbook."""
    return HttpResponse(
        blank_workbook(FORM),
        content_type=WORKBOOK,
        headers={"Content-Disposition": 'attachment; filename="courier-list.xlsx"'},
    )
