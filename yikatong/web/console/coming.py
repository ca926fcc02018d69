"""Who came to the counter: the holder, a guardian, or an agent with a letter of authority."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from yikatong.cards.agents import HOLDER, Agent, Role, Service
from yikatong.office import clock
from yikatong.office.rulebook import ruling, whole
from yikatong.residents.queries import person
from yikatong.residents.rules import needs_guardian
from yikatong.web.forms import Questions
from yikatong.web.templatetags.house import named

OF_AGENTS = ("agent_relation", "agent_proof", "agent_letter", "agent_letter_on", "agent_reason")
NAMES = ("agent_name", "agent_number", *OF_AGENTS)


class Coming(Questions):
    """Who came. What an agent is asked shows only where an agent is chosen (console.css)."""

    role = forms.ChoiceField(label=_("办理人"), widget=forms.RadioSelect, initial=HOLDER)
    agent_name = forms.CharField(label=_("代办人或监护人姓名"), max_length=50, required=False)
    agent_number = forms.CharField(
        label=_("代办人或监护人证件号码"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    agent_relation = forms.CharField(label=_("与持卡人的关系"), max_length=20, required=False)
    agent_proof = forms.ChoiceField(label=_("代办证明材料"), required=False)
    agent_letter = forms.CharField(
        label=_("委托书编号"), max_length=40, required=False, help_text=_("没有编号的填“无号”")
    )
    agent_letter_on = forms.DateField(
        label=_("委托书日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    agent_reason = forms.CharField(label=_("代办原因"), max_length=60, required=False)
    quiet: tuple[str, ...] = NAMES

    def __init__(self, *args: Any, service: Service, resident_id: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        roles = choices(service, resident_id)
        role = self.fields["role"]
        assert isinstance(role, forms.ChoiceField)
        role.choices = roles
        if len(roles) == 1:
            role.initial = roles[0][0]
        if Role.AGENT.value not in dict(roles):
            for name in OF_AGENTS:
                del self.fields[name]
        else:
            proofs = ruling("card.agent_proofs", clock.today()).value
            self.offer("agent_proof", [(each, each) for each in proofs])
        if len(roles) == 1 and roles[0][0] == HOLDER:
            del self.fields["agent_name"], self.fields["agent_number"]


def choices(service: Service, resident_id: int) -> list[tuple[str, str]]:
    """Who may come for this service to this holder, as a question's choices."""
    today = clock.today()
    holder, below = person(resident_id), whole("card.guardian_below_age", today)
    minor = holder is not None and needs_guardian(holder.birth_on, today, below)
    allowed = ruling(service.rule, today).value
    found = [(HOLDER, gettext("本人"))] if HOLDER in allowed and not minor else []
    # A guardian is on file or cannot act: nobody is offered one who has none.
    there = [
        role
        for role in Role
        if role is not Role.GUARDIAN or (holder is not None and (minor or holder.guardians))
    ]
    return found + [(role.value, named(role)) for role in there if role.value in allowed]


def agent_of(given: dict[str, Any]) -> Agent | None:
    """Who came instead of the holder, as answered; None where the holder came."""
    if given["role"] == HOLDER:
        return None
    return Agent(
        Role(given["role"]),
        name=given["agent_name"],
        number=given["agent_number"],
        relation=given.get("agent_relation", ""),
        proof=given.get("agent_proof", ""),
        letter_number=given.get("agent_letter", ""),
        letter_on=given.get("agent_letter_on"),
        reason=given.get("agent_reason", ""),
    )
