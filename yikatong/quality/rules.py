"""Pure decisions: how a list to compare and a difference go, what kinds of difference there are, what a verdict needs."""

from __future__ import annotations

from enum import Enum

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State

RECEIVED = State("received", "待比对", "waiting to be compared")
JUDGED = State("judged", "已比对", "compared")
UNREADABLE = State("unreadable", "无法比对", "could not be compared")
APPLIED = State("applied", "死亡已登记", "deaths recorded")

COMPARISON = Machine(
    name="comparison",
    zh="比对名单",
    states=(RECEIVED, JUDGED, UNREADABLE, APPLIED),
    firsts=(RECEIVED,),
    moves=(
        Move("judge", (RECEIVED,), JUDGED),
        Move("fail", (RECEIVED,), UNREADABLE),
        Move("apply", (JUDGED,), APPLIED),
    ),
)

OPEN = State("open", "待核", "to be looked into")
CHECKING = State("checking", "核实中", "being looked into")
CORRECTED = State("corrected", "已按来源更正", "corrected after the source")
KEPT = State("kept", "维持原值", "our value stands")
REPORTED = State("reported", "对方有误", "reported back to the source")
GONE = State("gone", "已自行消除", "gone by itself")

DIFFERENCE = Machine(
    name="difference",
    zh="数据差异",
    states=(OPEN, CHECKING, CORRECTED, KEPT, REPORTED, GONE),
    firsts=(OPEN,),
    moves=(
        Move("take", (OPEN,), CHECKING),
        Move("put_back", (CHECKING,), OPEN),
        Move("correct", (OPEN, CHECKING), CORRECTED),
        Move("keep", (CHECKING,), KEPT),
        Move("report", (CHECKING,), REPORTED),
        Move("vanish", (OPEN, CHECKING), GONE),
    ),
)
UNSETTLED = (OPEN.code, CHECKING.code)


class Claim(Enum):
    """What a list says of itself: code, Chinese, English."""

    WHOLE = ("whole", "在世居民全量名单", "the whole list of living residents")
    CHANGES = ("changes", "变动名单", "people something changed for")
    DEATHS = ("deaths", "死亡火化名单", "deaths and cremations")
    STATUS = ("status", "状态名单", "people of a status (imprisoned, abroad …)")

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.zh = zh
        self.en = en


class DifferenceType(Enum):
    """How a list and the base library disagree about a person: code, Chinese, English."""

    MISSING_HERE = ("missing_here", "对方有、我方无", "known there, unknown here")
    MISSING_THERE = ("missing_there", "我方有、对方无", "known here, unknown there")
    DEAD_THERE = ("dead_there", "对方已故、我方在世", "dead there, alive here")
    ALIVE_THERE = ("alive_there", "对方在世、我方已故", "alive there, dead here")
    NAME = ("name", "姓名不一致", "another name")
    NUMBER = ("number", "号码不一致", "another number")
    REGION = ("region", "居住地不一致", "another region")
    STATUS = ("status", "人员状态不一致", "another status")
    DUPLICATE = ("duplicate", "一人多条", "two of ours for one of theirs")

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code = code
        self.zh = zh
        self.en = en

    @property
    def limit(self) -> str:
        """The dated rule that gives its working days."""
        return f"quality.limit.{self.code}"


TYPES = {each.code: each for each in DifferenceType}
CLAIMS = {each.code: each for each in Claim}

OURS_TO_SET = frozenset({DifferenceType.REGION, DifferenceType.DEAD_THERE, DifferenceType.STATUS})
"""What the verdict itself sets right. A name, a number, a missing person, a duplicate or a wrong death goes its own
way, with its own second pair of eyes; the verdict then only asks whether that has happened."""


class Verdict(Enum):
    """How a difference is settled: the machine's event, Chinese, English."""

    CORRECT = ("correct", "按来源更正", "correct ours after the source")
    KEEP = ("keep", "维持原值", "our value stands")
    REPORT = ("report", "对方有误，反馈来源单位", "theirs is wrong; report it back")

    def __init__(self, event: str, zh: str, en: str) -> None:
        self.event = event
        self.zh = zh
        self.en = en


VERDICTS = {each.event: each for each in Verdict}

PROOF_LENGTH = 60
VERDICT_DAYS = "quality.verdict_valid_days"


def verified_days(source: str) -> str:
    """The dated rule: for how many days a person confirmed by this source counts as confirmed."""
    return f"quality.verified_days.{source}"


def target(figure: str) -> str:
    """The dated rule with a figure's target, in thousandths."""
    return f"quality.target.{figure}"


def proof_problem(proof: str) -> Refused | None:
    """Why this is no proof of a verdict: proof.missing, proof.long."""
    if not proof.strip():
        return Refused(
            "proof.missing",
            "请写明核实依据，例如电话核实、户口簿、派出所证明。",
            "Say how this was verified: a call, the household book, a police paper.",
            at="proof",
        )
    if len(proof.strip()) > PROOF_LENGTH:
        return Refused(
            "proof.long",
            f"核实依据最多{PROOF_LENGTH}字，请简写。",
            f"The proof has at most {PROOF_LENGTH} characters; shorten it.",
            at="proof",
        )
    return None


def one_slip(one: str, other: str) -> bool:
    """Whether two numbers of one length differ by one character, or by two neighbours exchanged.

    The check digit does not count: whoever mistypes a digit by hand and has the check recomputed changes both.
    """
    if len(one) != len(other) or one == other:
        return False
    body = min(len(one), 17)
    places = [place for place in range(body) if one[place] != other[place]]
    if len(places) <= 1:
        return True
    first, second = places[0], places[-1]
    return (
        len(places) == 2
        and second == first + 1
        and one[first] == other[second]
        and one[second] == other[first]
    )
