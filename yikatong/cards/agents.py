"""Pure: who may do what at the counter (本人、监护人、代办人), and the particulars of who came (domain.md 2.3, 2.5)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from yikatong.basics.names import name_problems
from yikatong.basics.refused import Refused

HOLDER = "holder"


class Role(StrEnum):
    """Who comes instead of the holder."""

    GUARDIAN = "guardian"
    AGENT = "agent"

    @property
    def zh(self) -> str:
        return {"guardian": "监护人", "agent": "代办人"}[self.value]

    @property
    def en(self) -> str:
        return {"guardian": "guardian", "agent": "agent"}[self.value]


class Service(StrEnum):
    """What somebody may come for. Rule `card.by.<service>` lists who may: holder, guardian, agent."""

    APPLY = "apply"
    COLLECT = "collect"
    ENABLE = "enable"
    ACTIVATE = "activate"
    TEMPORARY_LOSS = "temporary_loss"
    RELEASE_TEMPORARY = "release_temporary"
    FORMAL_LOSS = "formal_loss"
    RELEASE_FORMAL = "release_formal"
    REISSUE = "reissue"
    EXCHANGE = "exchange"
    RESET_PIN = "reset_pin"
    UNLOCK = "unlock"
    CANCEL = "cancel"

    @property
    def zh(self) -> str:
        return _SERVICES[self.value][0]

    @property
    def en(self) -> str:
        return _SERVICES[self.value][1]

    @property
    def rule(self) -> str:
        return f"card.by.{self.value}"


_SERVICES = {
    "apply": ("申领", "an application"),
    "collect": ("领卡", "collecting a card"),
    "enable": ("启用", "enabling"),
    "activate": ("金融账户激活", "activating the bank account"),
    "temporary_loss": ("临时挂失", "a temporary loss report"),
    "release_temporary": ("解除临时挂失", "releasing a temporary loss"),
    "formal_loss": ("正式挂失", "a formal loss report"),
    "release_formal": ("解除正式挂失", "releasing a formal loss"),
    "reissue": ("补领", "a re-issue"),
    "exchange": ("换领", "an exchange"),
    "reset_pin": ("密码重置", "a PIN reset"),
    "unlock": ("解锁", "unlocking"),
    "cancel": ("注销", "cancelling"),
}
_WHO = {
    "holder": ("本人", "the holder"),
    "guardian": ("监护人", "a guardian"),
    "agent": ("代办人", "an agent"),
}


@dataclass(frozen=True)
class Agent:
    """Who came instead of the holder, as typed from their papers.

    A guardian is on file with the ward and needs no letter; an agent brings a letter of authority, whose kind is `proof`
    (委托书, 公证委托书 …: rule `card.agent_proofs`), and says why the holder does not come.
    """

    role: Role
    name: str
    number: str
    relation: str = ""
    letter_number: str = ""
    letter_on: date | None = None
    reason: str = ""
    proof: str = ""


def may_come(
    service: Service, who: str, allowed: Collection[str], *, minor_below: int | None = None
) -> Refused | None:
    """Why this role may not come for this service; the sentence says who may. `minor_below`: the holder is a minor.

    Refused: `agent.not_allowed`, `agent.guardian_needed`.
    """
    if who == HOLDER and minor_below is not None and service is not Service.TEMPORARY_LOSS:
        # Stopping a lost card is urgent and harms nobody: a child may do that alone.
        return Refused(
            "agent.guardian_needed",
            f"持卡人未满{minor_below}周岁，{service.zh}须由监护人办理。",
            f"The holder is under {minor_below}; {service.en} is done by a guardian.",
            at="role",
        )
    if who in allowed:
        return None
    zh = "、".join(_WHO[each][0] for each in _WHO if each in allowed)
    en = " or ".join(_WHO[each][1] for each in _WHO if each in allowed)
    return Refused(
        "agent.not_allowed",
        f"{service.zh}不能由{_WHO[who][0]}办理，须由{zh}办理。",
        f"{service.en[0].upper()}{service.en[1:]} is not done by {_WHO[who][1]} but by {en}.",
        at="role",
    )


def particulars_problem(agent: Agent, today: date, proofs: Collection[str]) -> Refused | None:
    """What is missing among an agent's particulars: `name.*`, `agent.proof` (none of `proofs`), `agent.letter`,
    `agent.letter_date`, `agent.reason`."""
    problem = name_problems(agent.name)
    if problem is not None:
        return Refused(problem.code, problem.zh, problem.en, at="agent_name")
    if agent.role is Role.GUARDIAN:
        return None
    if agent.proof not in proofs:
        return Refused(
            "agent.proof",
            "请选择代办的证明材料。",
            "Choose the paper that gives the agent authority.",
            at="agent_proof",
        )
    if not agent.letter_number.strip() or agent.letter_on is None:
        return Refused(
            "agent.letter",
            "代办须出示委托书，请填写委托书编号和日期（没有编号的填“无号”）。",
            "An agent shows a letter of authority: give its number and date.",
            at="agent_letter",
        )
    if agent.letter_on > today:
        return Refused(
            "agent.letter_date",
            "委托书日期不能晚于今天。",
            "A letter of authority is not dated after today.",
            at="agent_letter_on",
        )
    if not agent.reason.strip():
        return Refused(
            "agent.reason", "请填写代办原因。", "Say why the holder does not come.", at="agent_reason"
        )
    return None
