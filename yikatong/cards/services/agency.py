"""Who came: whether they may, and, where it was not the holder, the record of who it was."""

from __future__ import annotations

from dataclasses import dataclass

from yikatong.basics.ids import DocumentType, read_identity_number
from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.names import same_name, tidy
from yikatong.basics.refused import Refused
from yikatong.cards import facts
from yikatong.cards.agents import HOLDER, Agent, Role, Service, may_come, particulars_problem
from yikatong.cards.channels import not_through
from yikatong.cards.models import Agency
from yikatong.cards.standing import first
from yikatong.office.act import Act
from yikatong.office.rulebook import ruling, whole
from yikatong.residents.queries import Person, person
from yikatong.residents.rules import needs_guardian


@dataclass(frozen=True)
class Came:
    """Somebody admitted to a service: the holder, where `by` is None, else who came, with the number as it was read."""

    service: Service
    holder: Person
    by: Agent | None = None
    number: str = ""
    document: DocumentType | None = None
    proof: str = ""


def who_comes(act: Act, service: Service, resident_id: int, by: Agent | None) -> Came | Refused:
    """Whether this person may come for this service (None: the holder), and through this channel; nothing is written yet.

    Refused: `channel.not_offered`, `agent.not_allowed`, `agent.guardian_needed`, `agent.not_guardian`, `agent.is_holder`, `agent.proof`, `agent.letter`,
    `agent.letter_date`, `agent.reason`, and `name.*` and `id.*` of the agent.
    """
    holder = person(resident_id)
    if holder is None:
        raise LookupError(f"no resident {resident_id}")
    below = whole("card.guardian_below_age", act.today)
    minor = below if needs_guardian(holder.birth_on, act.today, below) else None
    who = HOLDER if by is None else by.role.value
    refused = first(
        not_through(act, service),
        may_come(service, who, ruling(service.rule, act.today).value, minor_below=minor),
    )
    if refused is not None:
        return refused
    if by is None:
        return Came(service, holder)
    return _somebody_else(act, service, holder, by)


def note_who_came(act: Act, came: Came, subject: str, *, region: str, outlet: str) -> None:
    """Record who came instead of the holder; nothing, where it was the holder."""
    by = came.by
    if by is None:
        return
    row = Agency.objects.create(
        act=act.id,
        service=came.service.value,
        subject=subject,
        resident_id=came.holder.id,
        role=by.role.value,
        name=tidy(by.name),
        number=came.number,
        document_type=came.document.value if came.document else "",
        proof=came.proof,
        relation=_relation(came.holder, by, came.number),
        letter_number=by.letter_number.strip()[:40],
        letter_on=by.letter_on,
        reason=by.reason.strip()[:60],
        at=act.at,
    )
    act.record(
        facts.BY_AGENT,
        subject=subject,
        person=came.holder.id,
        region=region,
        outlet=outlet,
        service=came.service.zh,
        service_en=came.service.en,
        role=by.role.zh,
        role_en=by.role.en,
        agent=mask(Sensitive.NAME, row.name),
        agent_number=mask(Sensitive.IDENTITY_NUMBER, came.number),
        holder_number=mask(Sensitive.IDENTITY_NUMBER, came.holder.number),
        relation=row.relation,
        letter=row.letter_number,
        reason=row.reason,
        document=came.document.label_zh if came.document else "",
        proof=row.proof,
    )


def _somebody_else(act: Act, service: Service, holder: Person, by: Agent) -> Came | Refused:
    problem = particulars_problem(by, act.today, ruling("card.agent_proofs", act.today).value)
    if problem is not None:
        return problem
    shown = read_identity_number(by.number, act.today)
    if isinstance(shown, Refused):
        return Refused(shown.code, shown.zh, shown.en, at="agent_number")
    if shown.number == holder.number:
        return Refused(
            "agent.is_holder",
            "所填证件是持卡人本人的，请选择“本人”办理。",
            "That number is the holder's own; choose the holder.",
            at="role",
        )
    if by.role is Role.AGENT:
        return Came(service, holder, by, shown.number, shown.type, by.proof)
    on_file = next((each for each in holder.guardians if each.number == shown.number), None)
    if on_file is None or not same_name(on_file.name, by.name):
        return Refused(
            "agent.not_guardian",
            "姓名和证件号码与登记的监护人不符，请核对或先登记监护人。",
            "Name and number do not match a registered guardian; check them or register the guardian.",
            at="agent_name",
        )
    return Came(service, holder, by, shown.number, shown.type, on_file.proof)


def _relation(holder: Person, by: Agent, number: str) -> str:
    if by.role is Role.GUARDIAN:
        return next((each.relation for each in holder.guardians if each.number == number), "")
    return by.relation.strip()[:20]
