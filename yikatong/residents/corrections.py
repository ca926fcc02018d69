"""A name or number that changes: what may change, why, and the way of a request. Pure."""

from __future__ import annotations

import json
from enum import StrEnum

from yikatong.basics.crypto import sm3
from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State

PROOF_LENGTH = 60


class What(StrEnum):
    """What is corrected."""

    NAME = "name"
    NUMBER = "number"

    @property
    def zh(self) -> str:
        return {"name": "姓名", "number": "证件号码"}[self.value]

    @property
    def en(self) -> str:
        return {"name": "name", "number": "identity number"}[self.value]


class Why(StrEnum):
    """Changed by the authority that keeps it, or recorded wrongly here."""

    CHANGED = "changed"
    MISTAKE = "mistake"

    @property
    def zh(self) -> str:
        return {"changed": "公安已变更", "mistake": "登记有误"}[self.value]

    @property
    def en(self) -> str:
        return {"changed": "changed by the police", "mistake": "recorded wrongly"}[self.value]


ASKED = State("asked", "待审核", "waiting for approval")
APPLIED = State("applied", "已更正", "corrected")
RETURNED = State("returned", "已退回", "sent back")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")

CORRECTION = Machine(
    name="correction",
    zh="姓名号码更正",
    states=(ASKED, APPLIED, RETURNED, WITHDRAWN),
    firsts=(ASKED,),
    moves=(
        Move("apply", (ASKED,), APPLIED),
        Move("send_back", (ASKED,), RETURNED),
        Move("withdraw", (ASKED,), WITHDRAWN),
    ),
)


def digest_of(
    resident: int, standing: tuple[str, str, str], what: str, *, name: str = "", number: str = ""
) -> bytes:
    """What was asked for (`name` or `number`) and of whom: their name, number and document type as they then stood."""
    return sm3(json.dumps([[resident, *standing], what, name, number], ensure_ascii=False).encode())


def proof_problem(proof: str) -> Refused | None:
    """Why this is no proof: proof.missing, proof.long."""
    if not proof.strip():
        return Refused(
            "proof.missing",
            "请写明凭据，例如派出所变更证明的编号。",
            "Name the proof, such as the number of the police certificate.",
            at="proof",
        )
    if len(proof.strip()) > PROOF_LENGTH:
        return Refused(
            "proof.long",
            f"凭据最多{PROOF_LENGTH}字，请简写。",
            f"A proof has at most {PROOF_LENGTH} characters; shorten it.",
            at="proof",
        )
    return None


def same_person(maker: str, checker: str) -> Refused | None:
    """Two pairs of eyes: correction.same_person."""
    if maker != checker:
        return None
    return Refused(
        "correction.same_person",
        "申请人不能审核自己的申请，请由另一人审核。",
        "Who asked for it may not approve it; somebody else must.",
    )
