"""集体领卡: a unit's agents take the cards of their list; and the sheet that goes with them."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.basics.refused import Refused
from yikatong.cards import unit_lists as queries
from yikatong.cards.services.copies import Copy
from yikatong.cards.services.hand_over_list import LETTER_LENGTH, ListHanded, UnitAgent, hand_over_list
from yikatong.cards.services.list_sheet import print_sheet
from yikatong.office import clock
from yikatong.office.act import Act
from yikatong.office.doors import duty
from yikatong.office.duties import Duty
from yikatong.office.rulebook import whole
from yikatong.web.console.doors import scope_of
from yikatong.web.console.page import refusal
from yikatong.web.console.proving import Proving, proof_of
from yikatong.web.console.task_page import NoQuestions, Task, run
from yikatong.web.console.told import tell
from yikatong.web.forms import Questions


class Coming(Proving):
    """The unit's agents, read off the documents they show; the first of them signs."""

    letter = forms.CharField(
        label=_("单位介绍信编号"), max_length=LETTER_LENGTH, help_text=_("没有编号的填写日期")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        proof = {name: self.fields.pop(name) for name in Proving.base_fields}
        for place in range(1, self.wanted() + 1):
            self.fields[f"name_{place}"] = forms.CharField(
                label=gettext("经办人%(place)d姓名") % {"place": place},
                max_length=100,
                help_text=gettext("照所出示的证件填写，由其签名拍照") if place == 1 else "",
            )
            self.fields[f"number_{place}"] = forms.CharField(
                label=gettext("经办人%(place)d证件号码") % {"place": place},
                max_length=30,
                widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            )
        self.fields.update(proof)
        self.say_required()

    @staticmethod
    def wanted() -> int:
        """How many agents come (rule `card.list_agents`)."""
        return whole("card.list_agents", clock.today())


@duty(Duty.CARD_HAND_OVER)
def hand_over(request: HttpRequest, number: str) -> HttpResponse:
    """Hand all cards of a list that are here to the unit's agents; ends on the list, with the sheet to print."""
    row = queries.application_list(number, scope_of(request))
    if row is None:
        return refusal(request, queries.unknown_list(number))

    def work(act: Act, given: dict[str, Any]) -> ListHanded | Refused:
        agents = tuple(
            UnitAgent(given[f"name_{place}"], given[f"number_{place}"])
            for place in range(1, Coming.wanted() + 1)
        )
        return hand_over_list(
            act, number, letter=given["letter"], agents=agents, proof=proof_of(given), scope=scope_of(request)
        )

    def done(handed: ListHanded) -> HttpResponse:
        said = gettext("已向单位发卡 %(cards)d 张，请打印交接单。") % {"cards": handed.cards}
        if handed.left_out:
            said += gettext("另有 %(count)d 张没有发出，见下方交接记录。") % {"count": len(handed.left_out)}
        tell(request, said)
        return redirect(f"{reverse('console:unit_list', args=[number])}#hand-overs")

    task = Task(
        _("集体发卡"),
        work,
        done,
        form=Coming,
        back=reverse("console:unit_list", args=[number]),
        facts=(
            (_("名单编号"), row.number),
            (_("单位"), row.unit.name),
            (_("领卡网点"), row.outlet_name),
            (_("待领卡"), row.at_outlet),
        ),
        button=_("确认已全部发给单位经办人"),
        purpose="集体领卡",
        note=_(
            "核对单位介绍信和两名经办人的证件原件，与装箱清点的张数一致后再确认。卡保持封存，由持卡人启用。"
        ),
    )
    return run(request, task)


class Again(Questions):
    """Why a sheet is printed again."""

    reason = forms.CharField(label=_("补打原因"), max_length=60)


@duty(Duty.RECEIPT_PRINT)
def sheet(request: HttpRequest, number: str, sheet_number: str) -> HttpResponse:
    """Print the sheet of a hand-over; the first copy at once, a further one with its reason."""
    row = queries.application_list(number, scope_of(request))
    if row is None:
        return refusal(request, queries.unknown_list(number))
    found = next((each for each in queries.hand_overs_of(row.id) if each.number == sheet_number), None)
    if found is None:
        return refusal(request, Refused("sheet.unknown", "没有这份交接单。", "There is no such sheet."))

    def work(act: Act, given: dict[str, Any]) -> Copy | Refused:
        return print_sheet(act, sheet_number, reason=given.get("reason", ""), scope=scope_of(request))

    def done(copy: Copy) -> HttpResponse:
        if copy.pdf:
            return _pdf(copy.pdf, sheet_number)
        tell(request, gettext("第 %(number)d 次打印须由负责人放行，已提交。") % {"number": copy.number})
        return redirect("console:unit_list", number)

    again = bool(found.copies) and not found.released
    task = Task(
        _("补打交接单") if found.copies else _("打印交接单"),
        work,
        done,
        form=Again if again else NoQuestions,
        back=reverse("console:unit_list", args=[number]),
        facts=((_("交接单编号"), sheet_number), (_("单位"), row.unit.name), (_("已打印"), found.copies)),
        purpose="打印交接单",
        note=_("补打的交接单标明“补打”和次数。") if found.copies else "",
        button=_("打印"),
    )
    return run(request, task)


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)
