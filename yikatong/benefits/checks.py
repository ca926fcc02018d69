"""Pure: what every row is checked for before money moves (C01-C20 of domain.md 5.6, and C21), how bad it is, what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a row stands, by the worst of its findings."""

    PASS = "pass"  # noqa: S105 - no password
    WARN = "warn"
    HOLD = "hold"
    BLOCK = "block"

    @property
    def zh(self) -> str:
        return _LEVELS[self][0]

    @property
    def en(self) -> str:
        return _LEVELS[self][1]

    @property
    def payable(self) -> bool:
        return self in (Level.PASS, Level.WARN)


_LEVELS = {
    Level.PASS: ("通过", "pass"),
    Level.WARN: ("提示", "warning"),
    Level.HOLD: ("暂缓", "hold"),
    Level.BLOCK: ("不可发", "block"),
}


@dataclass(frozen=True)
class Check:
    """One check: what is found, and what to do about it. `{}` in a sentence is the data it was found by.

    `resident_zh` says the same to the person, who has no use for our codes.
    """

    code: str
    level: Level
    zh: str
    en: str
    next_zh: str
    next_en: str
    resident_zh: str
    resident_en: str

    @property
    def label(self) -> tuple[str, str]:
        """What is found, of no row in particular, in Chinese and English."""
        return self.zh.format("…").removesuffix("：…"), self.en.format("…").removesuffix(": …")


_ASK = ("请与报送部门联系。", "Please ask the department that pays it.")


def _check(
    code: str, level: Level, said: tuple[str, str], then: tuple[str, str], to_resident: tuple[str, str] = _ASK
) -> Check:
    return Check(code, level, *said, *then, *to_resident)


CHECKS: dict[str, Check] = {
    each.code: each
    for each in (
        _check(
            "C01",
            Level.BLOCK,
            ("内容不合规：{}", "a cell is wrong: {}"),
            ("更正这一行，或在下一批清册中报送。", "Correct the row, or send it with the next roster."),
        ),
        _check(
            "C02",
            Level.BLOCK,
            ("证件号码不正确：{}", "the number is wrong: {}"),
            (
                "对照证件更正这一行，或在下一批清册中报送。",
                "Compare with the document; correct the row, or send it with the next roster.",
            ),
        ),
        _check(
            "C03",
            Level.BLOCK,
            ("人员基础库中没有此人", "not in the base library"),
            (
                "核对号码；确为本市人员的，先登记再重新核验。",
                "Check the number; register the person, then judge again.",
            ),
        ),
        _check(
            "C04",
            Level.BLOCK,
            ("姓名与基础库不同，库中为{}", "the name differs; on record is {}"),
            (
                "对照证件；库中有误的先更正，清册有误的改后报送。",
                "Compare with the document and correct whichever is wrong.",
            ),
            (
                "清册上的姓名与证件不一致，请与报送部门联系。",
                "The name on the roster is not yours; please ask the department.",
            ),
        ),
        _check(
            "C05",
            Level.BLOCK,
            ("已登记死亡：{}", "recorded as deceased: {}"),
            (
                "核实死亡日期；登记有误的先更正人员状态。",
                "Verify the day; correct the record first where it is wrong.",
            ),
        ),
        _check(
            "C06",
            Level.HOLD,
            ("正在服刑", "serving a sentence"),
            ("按该项待遇的规定核实是否停发。", "Find out whether the programme is suspended for that."),
        ),
        _check(
            "C07",
            Level.HOLD,
            ("已离境或户籍注销", "abroad, or struck off the register"),
            ("按该项待遇的规定核实是否停发。", "Find out whether the programme is suspended for that."),
        ),
        _check(
            "C08",
            Level.BLOCK,
            ("本批中重复出现，另见第{}行", "stands twice in this batch, see row {}"),
            (
                "剔除多余的行，留下的一行即可发放；同批其他人不受影响。",
                "Leave out what is too many, and the row that stays is payable; nobody else is affected.",
            ),
        ),
        _check(
            "C09",
            Level.BLOCK,
            (
                "同一期间已在批次 {} 中发放或正在发放",
                "paid, or being paid, for this period in batch {}",
            ),
            ("无需再发；确需补发的按补发期间报送。", "Nothing is to be paid again."),
            ("这一期已经发放或正在发放。", "This period is paid, or being paid, already."),
        ),
        _check(
            "C0A",
            Level.HOLD,
            ("本期内死亡：{}", "died within the period: {}"),
            (
                "按规定核定应发部分，发给继承人的另行办理。",
                "Settle what is due; what heirs get goes its own way.",
            ),
        ),
        _check(
            "C10",
            Level.HOLD,
            ("同时享受不可兼得的待遇：{}", "also gets what excludes this: {}"),
            ("由两个部门核实应享受哪一项。", "The two departments settle which one is due."),
        ),
        _check(
            "C13",
            Level.HOLD,
            ("社保卡不能使用：{}", "the card cannot be used: {}"),
            (
                "联系本人办理，办好后重新核验。",
                "Ask the holder to have it mended, then judge again.",
            ),
            ("您的社保卡现在不能收款：{}", "Your card cannot be paid into now: {}"),
        ),
        _check(
            "C14",
            Level.HOLD,
            ("金融账户不能收款：{}", "the account cannot be paid into: {}"),
            (
                "联系本人到发卡银行办理，办好后重新核验。",
                "Ask the holder to see the bank, then judge again.",
            ),
            ("您社保卡的银行账户现在不能收款：{}", "Your card's account cannot be paid into now: {}"),
        ),
        _check(
            "C16",
            Level.BLOCK,
            (
                "金额与标准不符，应为{}",
                "the amount is not what the standard gives: {}",
            ),
            ("核对基数和标准，改后报送。", "Check basis and standard; send it corrected."),
        ),
        _check(
            "C17",
            Level.BLOCK,
            ("金额超过上限{}", "the amount is above the cap of {}"),
            ("核对金额，改后报送。", "Check the amount; send it corrected."),
        ),
        _check(
            "C19",
            Level.WARN,
            ("{}行共用一个联系电话", "{} rows share one phone"),
            ("抽查是否为本人电话。", "Look whether it is their own."),
        ),
        _check(
            "C20",
            Level.WARN,
            ("与上一期发放的{}相差较大", "far from the {} of the period before"),
            ("抽查变动原因。", "Look into the reason."),
        ),
        _check(
            "C21",
            Level.HOLD,
            ("年龄不符合发放条件：{}", "not of the age that it is paid at: {}"),
            (
                "对照证件核对出生日期和档次；有误的更正，不符合的不发。",
                "Compare the day of birth and the basis with the document; correct what is wrong, else it is not paid.",
            ),
            (
                "按登记的出生日期，您这一期不在发放年龄内；登记有误的请带证件到社保卡网点更正。",
                "By the day of birth on record you are not of the age for it; if that is wrong, bring your document to an outlet.",
            ),
        ),
        _check(
            "S01",
            Level.HOLD,
            ("公示期内有异议：{}", "somebody objected: {}"),
            ("核实后在下一批清册中报送。", "Look into it; send the row with a later roster."),
            (
                "公示期内有人提出异议，正在核实。",
                "Somebody objected while it was in public view; it is looked into.",
            ),
        ),
        _check(
            "S02",
            Level.HOLD,
            ("银行文件写不下：{}", "the bank's file cannot carry it: {}"),
            ("按银行要求更正姓名写法后重新发放。", "Write the name as the bank can take it, then pay."),
        ),
    )
}
"""In this order: the first that blocks or holds is the reason of a row. C11, C12, C15 and C18 wait for data of others."""

OF_THE_ROW = ("C01", "C02", "C16", "C17")
"""What a row shows by itself: found once, when it is read. All others are asked again whenever a batch is judged."""
BY_HAND = ("S01",)
"""What people found: no judging takes it away. S02 is found anew whenever files are put together."""
