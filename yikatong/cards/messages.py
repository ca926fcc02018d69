"""What the holder is told when (pure): one table of sentences, and one of the events at which each is sent.

A minor's messages go to whoever acts for them, nobody is told anything about somebody who died (`services/telling.py`).
A message never holds more of a number than its last four, and never the words of a counterpart: only ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from yikatong.basics.states import Machine, State
from yikatong.cards.files.codes import GOOD, WORDS, Subject
from yikatong.cards.rules import BANK, CARD, ORDER


class Step(StrEnum):
    """The steps at which a holder hears from us."""

    APPLIED = "applied"
    PROBLEM = "problem"
    BANK_FAILED = "bank_failed"
    MAKE_FAILED = "make_failed"
    MADE = "made"
    REPLACED = "replaced"
    AT_OUTLET = "at_outlet"
    AT_OUTLET_FOR_UNIT = "at_outlet_for_unit"
    UNIT_TOLD = "unit_told"
    OUTLET_CHANGED = "outlet_changed"
    TO_BE_POSTED = "to_be_posted"
    POSTED = "posted"
    DELIVERED = "delivered"
    POST_CAME_BACK = "post_came_back"
    REMINDED = "reminded"
    COLLECTED = "collected"
    COLLECTED_BY_UNIT = "collected_by_unit"
    CANCELLED = "cancelled"
    STOPPED = "stopped"
    TAKEN_BACK = "taken_back"
    DESTROYED = "destroyed"
    LOST_IN_POST = "lost_in_post"
    ENABLED = "enabled"
    LOCKED = "locked"
    TEMPORARILY_LOST = "temporarily_lost"
    RAN_OUT = "ran_out"
    FORMALLY_LOST = "formally_lost"
    RELEASED = "released"
    ENDED = "ended"
    PIN_RESET = "pin_reset"
    UNLOCKED = "unlocked"


BLANKS: dict[str, tuple[str, str]] = {
    "number": ("受理编号", "receipt number"),
    "promised": ("承诺日期", "promised day"),
    "outlet": ("领卡网点", "outlet"),
    "problem": ("哪里不符", "what is wrong"),
    "bring": ("需携带的材料", "what to bring"),
    "company": ("寄递企业", "courier"),
    "waybill": ("运单号", "waybill"),
    "tail": ("卡号后四位", "last four of the card number"),
    "old": ("旧卡号后四位", "last four of the old card's number"),
    "side": ("单独挂失的一面", "the one side that is meant, empty for both"),
    "until": ("到期时间", "when it runs out"),
    "unit": ("单位", "unit"),
    "list": ("名单编号", "number of the list"),
    "cards": ("张数", "how many cards"),
    "agents": ("经办人数", "how many agents"),
    "due": ("领取期限", "collect by"),
    "days": ("已等候天数", "days waited"),
    "last": ("逾期后果", "what follows if nobody comes"),
    "wrong": ("锁定前可错次数", "wrong PINs that lock a card"),
    "left": ("剩余解锁次数", "unlocks left"),
}
"""What is filled in, as people read it."""

TEXTS: dict[Step, str] = {
    Step.APPLIED: "您的社会保障卡申请已受理，受理编号{number}，预计{promised}前可领取，届时短信通知。",
    Step.PROBLEM: "您的社会保障卡申请（受理编号{number}）数据比对未通过：{problem}。"
    "请携带{bring}到{outlet}更正，更正后继续办理。",
    Step.BANK_FAILED: "您的社会保障卡申请（受理编号{number}）银行未能开户：{problem}。"
    "请携带{bring}到{outlet}办理，也可改选其他银行。",
    Step.MAKE_FAILED: "您的社会保障卡（受理编号{number}）制卡未成功，我们将重新安排，您无需办理，仍预计{promised}前可领取。",
    Step.MADE: "您的社会保障卡（受理编号{number}）已制成，正送往{outlet}，预计{promised}前可领取，到达后短信通知。",
    Step.REPLACED: "您的新社会保障卡（受理编号{number}）已制成，旧卡（尾号{old}）社保功能同时停用；"
    "预计{promised}前可在{outlet}领取，到达后短信通知。",
    Step.AT_OUTLET: "您的社会保障卡（受理编号{number}）已到{outlet}，请持有效证件领取。",
    Step.AT_OUTLET_FOR_UNIT: "您的社会保障卡（受理编号{number}）已到{outlet}，由{unit}统一领取后发给您。",
    Step.UNIT_TOLD: "贵单位集体申领的社保卡（名单{list}）有{cards}张已到{outlet}，请{agents}名经办人持单位介绍信和身份证"
    "于{due}前领取。",
    Step.OUTLET_CHANGED: "您的社会保障卡（受理编号{number}）已改到{outlet}领取，仍预计{promised}前可领取，届时短信通知。"
    "如非本人办理请致电12333。",
    Step.TO_BE_POSTED: "您的社会保障卡（受理编号{number}）已到{outlet}，将按您的登记寄出，寄出后短信告知运单号。",
    Step.POSTED: "您的社会保障卡（受理编号{number}）已由{company}寄出，运单号{waybill}；收到后请持有效证件到任一网点启用。",
    Step.DELIVERED: "您的社会保障卡（尾号{tail}）邮件已签收，请尽快持有效证件启用。如未收到请立即致电12333。",
    Step.POST_CAME_BACK: "您的社会保障卡（受理编号{number}）未能投递，已退回{outlet}，请持有效证件领取或重新登记邮寄。",
    Step.REMINDED: "您的社会保障卡（受理编号{number}）在{outlet}已等候{days}天，请尽快持有效证件领取{last}。",
    Step.COLLECTED: "您的社会保障卡（尾号{tail}）已于今日领取。如非本人或您委托的人领取，请立即致电12333。",
    Step.COLLECTED_BY_UNIT: "您的社会保障卡（尾号{tail}）已由{unit}统一领取，请向单位领取后启用。如有疑问请致电12333。",
    Step.CANCELLED: "您的社会保障卡申请（受理编号{number}）已撤销。如非本人办理请致电12333。",
    Step.STOPPED: "您的社会保障卡申请（受理编号{number}）已停办，已制的卡将收回。如有疑问请致电12333。",
    Step.TAKEN_BACK: "您的社会保障卡（受理编号{number}）长期未领，已退回中心保管；需要领取请先致电12333。",
    Step.DESTROYED: "您的社会保障卡（受理编号{number}）未领取，已按规定销毁；需要用卡请重新申领。",
    Step.LOST_IN_POST: "您的社会保障卡（受理编号{number}）在邮寄中遗失，该卡已注销，不能被他人使用；请重新申领，不另收费。",
    Step.ENABLED: "您的社保卡（尾号{tail}）社保功能已启用。如非本人办理请立即致电12333。",
    Step.LOCKED: "您的社保卡（尾号{tail}）社保功能已锁定，请本人持有效证件和卡到窗口解锁。",
    Step.TEMPORARILY_LOST: "您的社保卡（尾号{tail}）{side}已临时挂失，{until}前有效，到期自动解除；"
    "确认遗失请办理正式挂失和补领。",
    Step.RAN_OUT: "您的社保卡（尾号{tail}）临时挂失已到期，自动恢复使用；仍未找到请尽快正式挂失。",
    Step.FORMALLY_LOST: "您的社保卡（尾号{tail}）{side}已正式挂失，可到任一网点办理补领。",
    Step.RELEASED: "您的社保卡（尾号{tail}）{side}已解除挂失，恢复使用。如非本人办理请致电12333。",
    Step.ENDED: "您的社保卡（尾号{tail}）社保功能已注销；金融账户请到开户银行另行销户。",
    Step.PIN_RESET: "您的社保卡（尾号{tail}）社保密码已重置为初始密码，首次使用请先修改；连续输错{wrong}次将锁定。"
    "如非本人办理请致电12333。",
    Step.UNLOCKED: "您的社保卡（尾号{tail}）社保功能已解锁；连续输错{wrong}次将再次锁定，还可解锁{left}次。"
    "如非本人办理请致电12333。",
}

BRING: dict[Subject, dict[str, str]] = {
    Subject.MATCHING: {
        "person_unknown": "身份证、户口簿或公安机关证明",
        "name_differs": "身份证、户口簿或公安机关的更名证明",
        "photo_unfit": "身份证（现场重新拍照）",
        "card_elsewhere": "身份证和外地市的社会保障卡",
    },
    Subject.OPENING: {
        "account_exists": "身份证和该行原有的卡或存折",
        "document_expired": "换发后的有效身份证件",
        "phone_differs": "身份证和本人手机",
    },
}
"""What somebody brings to the outlet to mend each bad answer of ours (`files/codes.py`)."""


@dataclass(frozen=True)
class Silent:
    """Why nobody is told at an event."""

    zh: str
    en: str


Told = tuple[Step, ...] | Silent
_GOES_ON = Silent("按承诺进行，无须持卡人做什么", "goes on as promised; nothing for the holder to do")
_BY_BANK = Silent("账户属于银行，由银行告知其客户", "the account is the bank's, which tells its customer")

WHEN: dict[str, dict[str, Told]] = {
    "order": {
        "apply": (Step.APPLIED,),
        "send_to_match": _GOES_ON,
        "find_problem": (Step.PROBLEM,),
        "match": _GOES_ON,
        "fail_opening": (Step.BANK_FAILED,),
        "open_account": _GOES_ON,
        "batch": _GOES_ON,
        "unbatch": _GOES_ON,
        "release": _GOES_ON,
        "fail_making": (Step.MAKE_FAILED,),
        "make": (Step.MADE, Step.REPLACED),
        "stock": (Step.AT_OUTLET, Step.AT_OUTLET_FOR_UNIT, Step.UNIT_TOLD, Step.TO_BE_POSTED),
        "post": (Step.POSTED,),
        "come_back": (Step.POST_CAME_BACK,),
        "write_off": (Step.LOST_IN_POST,),
        "collect": (Step.COLLECTED, Step.COLLECTED_BY_UNIT, Step.DELIVERED),
        "change_outlet": (Step.OUTLET_CHANGED,),
        "resubmit": Silent("持卡人补齐材料时当面得知", "the holder is there with what was missing"),
        "retry_making": Silent("制卡失败时已告知将重新安排", "was told so when the making failed"),
        "cancel": (Step.CANCELLED,),
        "remind": (Step.REMINDED,),
        "retain": Silent("同一时刻的末次催领已说明", "the last reminder, of the same moment, says so"),
        "take_back": (Step.TAKEN_BACK,),
        "lay_out": (Step.AT_OUTLET,),
        "destroy": (Step.DESTROYED,),
        "stop": (Step.STOPPED,),
        "freeze": Silent("持卡人已登记死亡", "the holder is recorded as deceased"),
        "thaw": Silent("冻结时未曾告知，申请照常继续", "was not told of the rest; the order goes on"),
    },
    "card": {
        "enable": (Step.ENABLED,),
        "report_temporary_loss": (Step.TEMPORARILY_LOST,),
        "release_temporary_loss": (Step.RELEASED, Step.RAN_OUT),
        "report_formal_loss": (Step.FORMALLY_LOST,),
        "release_formal_loss": (Step.RELEASED,),
        "lock": (Step.LOCKED,),
        "unlock": (Step.UNLOCKED, Step.PIN_RESET),
        "reset_pin": (Step.PIN_RESET,),
        "end": (Step.ENDED, Step.REPLACED, Step.DESTROYED, Step.LOST_IN_POST),
    },
    "bank": {
        "activate": _BY_BANK,
        "report_bank_loss": (Step.TEMPORARILY_LOST, Step.FORMALLY_LOST),
        "release_bank_loss": (Step.RELEASED, Step.RAN_OUT),
        "close": _BY_BANK,
    },
}
"""What is sent at each event of the machines `order`, `card` and `bank`, and at the few that are no step of a machine."""

BESIDE: dict[str, tuple[str, str]] = {
    "apply": ("受理申请", "application taken"),
    "change_outlet": ("改领卡网点", "outlet changed"),
    "remind": ("催领", "reminder"),
    "stop": ("停办", "order stopped"),
    "freeze": ("冻结", "order frozen"),
    "thaw": ("解冻", "order goes on"),
    "reset_pin": ("密码重置", "PIN reset"),
}
"""The events of `WHEN` that are no step of a machine."""


@dataclass(frozen=True)
class Line:
    """One event as the supervisor reads it: states it leads from, what it leads to, what is sent or why nothing is."""

    froms: tuple[State, ...]
    to: State
    told: tuple[Step, ...]
    silent: Silent | None


def lines(machine: Machine) -> tuple[Line, ...]:
    """The events of `order`, `card` or `bank`, each with what is sent."""
    return tuple(_line(machine, event, told) for event, told in WHEN[machine.name].items())


def _line(machine: Machine, event: str, told: Told) -> Line:
    steps, silent = ((), told) if isinstance(told, Silent) else (told, None)
    if event in BESIDE:
        return Line((), State(event, *BESIDE[event]), steps, silent)
    moves = [move for move in machine.moves if move.event == event]
    return Line(tuple(state for move in moves for state in move.froms), moves[0].to, steps, silent)


def sections() -> tuple[tuple[str, tuple[Line, ...]], ...]:
    """The whole table: the name of each machine and its events."""
    return tuple((machine.zh, lines(machine)) for machine in (ORDER, CARD, BANK))


def shown(step: Step) -> str:
    """The sentence of a step with its blanks named, as the supervisor reads it."""
    return TEXTS[step].format(**{name: f"〔{words[0]}〕" for name, words in BLANKS.items()})


def text(step: Step, **blanks: str) -> str:
    """The sentence of a step with its blanks filled, for a message that goes to no holder but to a unit."""
    return TEXTS[step].format(**blanks)


def sql(step: Step, **expressions: str) -> str:
    """The sentence as an SQL expression; its blanks are SQL expressions of text."""
    parts = []
    rest = TEXTS[step]
    while "{" in rest:
        before, _, rest = rest.partition("{")
        blank, _, rest = rest.partition("}")
        parts += [f"'{before}'", expressions[blank]]
    return " || ".join([*parts, f"'{rest}'"])


def problem_sql(column: str, prefixes: dict[str, Subject]) -> tuple[str, str]:
    """What is wrong and what to bring, as two SQL expressions over a column of problem codes (`match.name_differs`)."""
    wrong, bring = [], []
    for prefix, subject in prefixes.items():
        for word, label in WORDS[subject].items():
            if word != GOOD:
                wrong.append(f"WHEN '{prefix}.{word}' THEN '{label.zh}'")
                bring.append(f"WHEN '{prefix}.{word}' THEN '{BRING[subject][word]}'")
    return (
        f"CASE {column} {' '.join(wrong)} ELSE '资料不符' END",
        f"CASE {column} {' '.join(bring)} ELSE '身份证' END",
    )
