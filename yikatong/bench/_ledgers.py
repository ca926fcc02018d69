"""Random ledgers: a unit's base lines with everything a family has a place for, and last year's beside them."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from yikatong.disclosure.family import Family
from yikatong.disclosure.lines import CARRIES, FUNDS, PURCHASES, BaseLine, Ledger
from yikatong.disclosure.wording import UNTARGETED

FUNCTIONS = (
    "2080108", "2080109", "2080150", "2080199", "2080502", "2080505", "2080506", "2089999", "2101102", "2210201",
)  # fmt: skip
ECONOMIC = {
    "人员": (("30101", "50501"), ("30102", "50501"), ("30107", "50501"), ("30113", "50501"), ("30302", "50905")),
    "公用": (
        ("30201", "50502"), ("30207", "50502"), ("30211", "50502"), ("30228", "50502"), ("30212", "50502"),
        ("30215", "50502"), ("30216", "50502"), ("30217", "50502"), ("30231", "50502"),
    ),
    "项目": (("30201", "50502"), ("30213", "50502"), ("30227", "50502"), ("31002", "50601"), ("31013", "50601")),
}  # fmt: skip
GRANTED = ("一般公共预算", "政府性基金", "国有资本经营")
BESIDE = ("上缴上级", "经营支出", "补助附属")
"""Spending that only a unit's own money pays for."""
PROJECTS = ("信息系统运行维护", "卡片制作与发放")


class Reasons(dict[str, str]):
    """Whatever changes, people have said why."""

    def get(self, key: str, default: str | None = None) -> str:  # type: ignore[override]
        """The same words for everything."""
        return "工作安排调整"


def random_ledger(random: Random, family: Family) -> Ledger:
    """A ledger that family can print: of one fund or several, with or without money carried over, now and then of one line."""
    funds = [fund for fund in FUNDS if not family.lacks("fund", fund, fund)]
    funds = funds[:1] if random.random() < 0.4 else random.sample(funds, random.randint(1, len(funds)))
    carries = [carry for carry in CARRIES if not family.lacks("carry", carry, "")]
    carries = carries if random.random() < 0.4 else ["本年"]
    count = 1 if random.random() < 0.05 else random.randint(8, 30)
    year, last = random.randint(2023, 2026), random.randint(0, 25)
    phases = [(year, "年初", count), (year, "上年", last)]
    if family.phase == "执行":
        phases = [
            (year, "执行", count),
            (year - 1, "执行", last),
            (year, "年初", count),
            (year, "调整", count // 4),
        ]
    lines = [
        replace(line, year=of, phase=phase)
        for of, phase, many in phases
        for line in _lines(random, family, funds, carries, many)
    ]
    return Ledger(
        year, "999001", "某市社会保障卡服务中心", "999", "某市人力资源和社会保障局", tuple(lines), Reasons(),
        facts={UNTARGETED: "无", **{name: str(place % 4) for place, name in enumerate(family.counts)}},
        administrative=random.random() < 0.5,
    )  # fmt: skip


def _lines(
    random: Random, family: Family, funds: list[str], carries: list[str], count: int
) -> list[BaseLine]:
    found: list[BaseLine] = []
    own = [fund for fund in funds if fund not in GRANTED]
    beside = [each for each in BESIDE if own and not family.lacks("category", each, "")]
    while len(found) < count:
        if beside and random.random() < 0.1:
            category, fund = random.choice(beside), random.choice(own)
            fen = random.randint(1, 300_000) * 100
            found.append(BaseLine(2025, "999001", FUNCTIONS[2], "39999", "59999", category, fund, fen))
            continue
        category = random.choice(tuple(ECONOMIC))
        economic, government = random.choice(ECONOMIC[category])
        if not family.lacks("category", "结转下年", "") and random.random() < 0.1:
            category = "结转下年"
        function, fund = random.choice(FUNCTIONS), random.choice(funds)
        if family.lacks("function", function, fund):
            fund = funds[0] if "一般公共预算" not in funds else "一般公共预算"
            if family.lacks("function", function, fund):
                function = next(each for each in FUNCTIONS if not family.lacks("function", each, fund))
        found.append(
            BaseLine(
                2025,
                "999001",
                function,
                economic,
                government,
                category,
                fund,
                random.randint(1, 3_000_000) * 100,
                random.choice(PROJECTS) if category == "项目" else "",
                random.choice(carries),
                purchase=random.choice(PURCHASES) if category == "项目" else "",
            )
        )
    return found
