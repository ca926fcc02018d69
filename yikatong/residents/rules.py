"""Pure decisions about people: which source is trusted over which, who needs a guardian."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum
from functools import lru_cache

from yikatong.basics import names
from yikatong.basics.characters import INVISIBLE, ascii_folded
from yikatong.basics.ids import WARNINGS as IDENTITY_WARNINGS
from yikatong.basics.refused import Refused
from yikatong.basics.regions import ever_assigned
from yikatong.basics.states import Machine, Move, State
from yikatong.residents.corrections import CORRECTION as CORRECTION
from yikatong.residents.merging import DUPLICATE as DUPLICATE


class Trust(IntEnum):
    """Where an attribute came from; a higher source is never overwritten by a lower one (domain.md 7.2)."""

    UNIT = 0  # what a school, an employer or a street office says of its people
    SELF = 1
    BANK = 2
    PROVINCE = 3
    POLICE = 4

    @property
    def zh(self) -> str:
        return {0: "单位代报", 1: "窗口或本人填报", 2: "银行", 3: "省卡管系统", 4: "公安"}[self.value]

    @property
    def en(self) -> str:
        return {
            0: "a unit for its people",
            1: "counter or person",
            2: "bank",
            3: "provincial card system",
            4: "police",
        }[self.value]


ALIVE = State("alive", "在世", "alive")
DEAD = State("dead", "已故", "deceased")
HOUSEHOLD_CANCELLED = State("household", "户籍注销", "household registration cancelled")
IN_PRISON = State("in_prison", "服刑", "serving a sentence")
ABROAD = State("abroad", "离境", "left the country")

LIFE = Machine(
    name="life",
    zh="人员状态",
    states=(ALIVE, DEAD, HOUSEHOLD_CANCELLED, IN_PRISON, ABROAD),
    firsts=(ALIVE, DEAD),
    moves=(
        Move("die", (ALIVE, HOUSEHOLD_CANCELLED, IN_PRISON, ABROAD), DEAD),
        Move("cancel_household", (ALIVE, ABROAD), HOUSEHOLD_CANCELLED),
        Move("restore_household", (HOUSEHOLD_CANCELLED,), ALIVE),
        Move("imprison", (ALIVE,), IN_PRISON),
        Move("set_free", (IN_PRISON,), ALIVE),
        Move("leave", (ALIVE,), ABROAD),
        Move("come_back", (ABROAD,), ALIVE),
        # recorded of the wrong person, or on a wrong paper
        Move("correct", (DEAD, HOUSEHOLD_CANCELLED, IN_PRISON, ABROAD), ALIVE),
    ),
)

TURNS: dict[str, tuple[str, str]] = {
    "cancel_household": ("登记户籍注销", "record that the household registration was cancelled"),
    "restore_household": ("登记恢复户籍", "record that the household registration was restored"),
    "imprison": ("登记服刑", "record a sentence being served"),
    "set_free": ("登记刑满释放", "record a release from prison"),
    "leave": ("登记离境", "record that the person left the country"),
    "come_back": ("登记回国", "record that the person came back"),
}
"""The events of LIFE that are recorded by one person on a paper, beside a death: event -> (Chinese, English)."""


def age_on(birth: date, day: date) -> int:
    """Completed years on that day; a leap-day child turns a year older on 1 March of other years."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def may_overwrite(new: Trust, old: Trust | None) -> bool:
    """Whether an attribute from `new` may replace one that came from `old`."""
    return old is None or new >= old


REGION_UNKNOWN = "region.unknown"
WARNINGS = {
    **IDENTITY_WARNINGS,
    REGION_UNKNOWN: (
        "居住地区划代码不是已知的县区，请核对后再办理业务。",
        "The region of residence is no known county; check it before going on.",
    ),
}
"""Warning code -> (Chinese, English): look twice, but do not turn the person away."""

ADULT_AGE = 18
"""Civil Code, article 17; only an adult may act for somebody else."""

ETHNICITIES = frozenset({*(f"{code:02d}" for code in range(1, 59)), "90", "97", "98", "99"})
"""GB/T 3304: 01-56, and the codes cities keep for 'other', 'foreigner' and 'not stated'."""

FIELDS = {"phone": "联系电话", "address": "联系地址", "region": "居住地区划", "ethnicity": "民族"}
"""What may be changed about a person, with its name; number and name are changed on a document, not here."""

ADDRESS_LENGTH = 120
SOURCE_LENGTH = 40
RELATION_LENGTH = 20
PURPOSE_LENGTH = 60
_MOBILE = re.compile(r"1[0-9]{10}")
_LANDLINE = re.compile(r"0[0-9]{2,3}[0-9]{7,8}")


def read_phone(text: str) -> str | Refused:
    """A phone number as typed, as plain digits; empty stays empty. Refused: phone.format."""
    number = re.sub(r"[-()]", "", ascii_folded(text)).removeprefix("+86")
    if not number or _MOBILE.fullmatch(number) or _LANDLINE.fullmatch(number):
        return number
    return Refused(
        "phone.format",
        "联系电话应为11位手机号码，或带区号的固定电话，请更正。",
        "A phone is a mobile number of 11 digits, or a landline with its area code; correct it.",
        at="phone",
    )


def read_mobile(text: str) -> str | Refused:
    """A phone that can get a short message. Refused: phone.mobile."""
    number = read_phone(text)
    if isinstance(number, str) and _MOBILE.fullmatch(number):
        return number
    return Refused(
        "phone.mobile",
        "请填写能收短信的11位手机号码。",
        "Give a mobile number of 11 digits that gets short messages.",
        at="phone",
    )


def read_region(text: str) -> str | Refused:
    """A region code of six digits that may be a county's. Refused: region.format."""
    code = ascii_folded(text)
    if re.fullmatch("[1-9][0-9]{5}", code):
        return code
    return Refused(
        "region.format",
        "居住地区划应为6位数字代码，请按行政区划代码表填写。",
        "A region of residence is a code of six digits; take it from the table of regions.",
        at="region",
    )


def read_address(text: str) -> str | Refused:
    """An address on one line, outer spaces taken off. Refused: address.control, address.length."""
    address = text.translate(INVISIBLE).strip()
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in address):
        return Refused(
            "address.control",
            "联系地址中含有换行或控制字符，请改写成一行。",
            "The address holds a line break or control character; write it on one line.",
            at="address",
        )
    if len(address) > ADDRESS_LENGTH:
        return Refused(
            "address.length",
            f"联系地址最多{ADDRESS_LENGTH}字，现有{len(address)}字，请简写。",
            f"An address has at most {ADDRESS_LENGTH} characters, this one has {len(address)}; shorten it.",
            at="address",
        )
    return address


def read_ethnicity(text: str) -> str | Refused:
    """A GB/T 3304 code; empty stays empty. Refused: ethnicity.unknown."""
    code = ascii_folded(text)
    if not code or code in ETHNICITIES:
        return code
    return Refused(
        "ethnicity.unknown",
        f"民族代码“{code[:4]}”不在国家标准中，请填01至56，不详填97。",
        f"The ethnicity code “{code[:4]}” is not in the standard; give 01 to 56, or 97 where it is not known.",
        at="ethnicity",
    )


READERS: dict[str, Callable[[str], str | Refused]] = {
    "phone": read_phone,
    "address": read_address,
    "region": read_region,
    "ethnicity": read_ethnicity,
}
"""How each of FIELDS is read from what was typed."""


def region_warnings(code: str) -> tuple[str, ...]:
    """`region.unknown` where the code was never a region's; empty otherwise."""
    return () if ever_assigned(code) else (REGION_UNKNOWN,)


def purpose_problem(purpose: str) -> Refused | None:
    """Why this is no purpose for looking at somebody's data: purpose.missing, purpose.long."""
    if not purpose.strip():
        return Refused(
            "purpose.missing",
            "查看个人资料须说明用途，请选择或填写用途。",
            "Looking at personal data needs a purpose; choose or write one.",
            at="purpose",
        )
    if len(purpose.strip()) > PURPOSE_LENGTH:
        return Refused(
            "purpose.long",
            f"用途最多{PURPOSE_LENGTH}字，请简写。",
            f"A purpose has at most {PURPOSE_LENGTH} characters; shorten it.",
            at="purpose",
        )
    return None


def source_problem(source: str) -> Refused | None:
    """Why this is no source of a fact: source.missing, source.long."""
    if not source.strip():
        return Refused("source.missing", "请写明来源。", "Say where this comes from.", at="source")
    if len(source) > SOURCE_LENGTH:
        return Refused(
            "source.long",
            f"来源最多{SOURCE_LENGTH}字，请简写。",
            f"A source has at most {SOURCE_LENGTH} characters; shorten it.",
            at="source",
        )
    return None


def needs_guardian(birth: date | None, day: date, below: int) -> bool:
    """Whether somebody must act for this person; a document without a birth date is an adult's."""
    return birth is not None and age_on(birth, day) < below


@dataclass(frozen=True)
class NameColumns:
    """A name as it is kept, and what it is found by: see `basics.names` for each."""

    name: str
    folded: str
    grams: tuple[str, ...]
    readings: tuple[str, ...]


@lru_cache(maxsize=65_536)
def name_columns(name: str) -> NameColumns:
    """The columns of a name; remembered, since among a million people most names come again."""
    readings = (*names.readings(name), *names.initials(name))
    return NameColumns(names.tidy(name), names.fold(name), names.grams(name), tuple(dict.fromkeys(readings)))


# --- lists of people (导入名单) -----------------------------------------------------------------------------------

UPLOADED = State("uploaded", "待核验", "to be judged")
JUDGING = State("judging", "核验中", "being judged")
JUDGED = State("judged", "待审批", "to be approved")
APPROVED = State("approved", "待导入", "approved")
APPLYING = State("applying", "导入中", "being taken in")
APPLIED = State("applied", "已导入", "taken in")
TURNED_DOWN = State("refused", "不予导入", "refused")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")

IMPORT_LIST = Machine(
    name="import_list",
    zh="导入名单",
    states=(UPLOADED, JUDGING, JUDGED, APPROVED, APPLYING, APPLIED, TURNED_DOWN, WITHDRAWN),
    firsts=(UPLOADED,),
    moves=(
        Move("judge", (UPLOADED,), JUDGING),
        Move("settle", (JUDGING,), JUDGED),
        Move("approve", (JUDGED,), APPROVED),
        Move("apply", (APPROVED,), APPLYING),
        Move("finish", (APPLYING,), APPLIED),
        # what was approved is no longer what would be done: the base library changed meanwhile
        Move("return", (APPLYING,), JUDGED),
        Move("refuse", (JUDGING, JUDGED), TURNED_DOWN),
        Move("withdraw", (UPLOADED, JUDGING, JUDGED, APPROVED), WITHDRAWN),
    ),
)
LIVE_LISTS = (UPLOADED, JUDGING, JUDGED, APPROVED, APPLYING, APPLIED)
"""While a list stands in one of these, the same file is not taken again."""


class Outcome(StrEnum):
    """What a row of a list comes to."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    CELLS = "cells"
    NAME = "name"
    OUTSIDE = "outside"
    REPEATED = "repeated"

    @property
    def zh(self) -> str:
        return _OUTCOMES[self][0]

    @property
    def en(self) -> str:
        return _OUTCOMES[self][1]

    @property
    def good(self) -> bool:
        """Whether the row may be taken in."""
        return self in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)


_OUTCOMES = {
    Outcome.NEW: ("新增", "new"),
    Outcome.CHANGED: ("更新", "changed"),
    Outcome.SAME: ("没有变化", "unchanged"),
    Outcome.CELLS: ("单元格有误", "wrong cells"),
    Outcome.NAME: ("姓名与已登记的不符", "known by another name"),
    Outcome.OUTSIDE: ("不在经办范围内", "outside the area"),
    Outcome.REPEATED: ("文件内重复", "repeated in the file"),
}
