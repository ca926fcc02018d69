"""What a province's performance sheets look like. Each province is one file of `provinces/`; pure data.

Its `ENTRY = Form(...)` is the sheet of a project, which the centre's own page shows with the year's figures; sheets of other
kinds stand beside it for the documents that print them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from yikatong.basics.money import print_in
from yikatong.basics.refused import Refused
from yikatong.basics.registry import entries
from yikatong.disclosure.audit.region import Region, region


class Unit(StrEnum):
    """The unit of money a sheet is printed in: it stands in the sheet's head."""

    WANYUAN = "万元"
    YUAN = "元"

    def printed(self, fen: int) -> str:
        """The amount in this unit, two decimals."""
        return print_in(self.value, fen, thousands=True)


PROJECT, WHOLE, SPECIAL = "项目", "整体", "专项"
"""A sheet is about one project, about the whole unit, or about special funds that a department manages for others."""


Level = tuple[str, tuple[str, ...]]
"""A first-level heading with those of the second level under it."""
OUTPUTS: Level = ("产出指标", ("数量指标", "质量指标", "时效指标"))
COSTS: Level = ("成本指标", ("经济成本指标", "社会成本指标", "生态环境成本指标"))
BENEFITS: Level = ("效益指标", ("经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"))
SATISFACTION: Level = ("满意度指标", ("服务对象满意度指标",))
TASKS = (
    ("人员经费", "保障人员工资福利支出", region(flow="支出", category="人员")),
    ("公用经费", "保障单位正常运转支出", region(flow="支出", category="公用")),
    ("项目支出", "开展专项业务支出", region(flow="支出", category="项目")),
    ("金额合计", "", region(flow="支出")),
)
"""What the whole unit's money is for."""


@dataclass(frozen=True)
class FundLine:
    """One line of the funds: `span` is `whole` (实施期) or `year`, `source` as in the budget's data."""

    label: str
    span: str
    source: str


class Headed(Protocol):
    """A target, by the headings it stands under."""

    @property
    def level1(self) -> str:
        """The first-level heading."""

    @property
    def level2(self) -> str:
        """The second-level heading."""

    @property
    def name(self) -> str:
        """What is to be reached."""


@dataclass(frozen=True)
class Form:
    """A province's sheet.

    `levels` are the printed first- and second-level headings in order; a heading without an indicator keeps its empty
    line, as the form does. `points` is what the weights should sum to, None where the sheet has no weights.
    `table` is the code of the table of targets that it prints.
    """

    province: str
    table: str
    title: str
    unit: Unit
    goals: tuple[tuple[str, str], ...]
    """(label, field of the budget's data) of each printed goal."""
    funds: tuple[FundLine, ...]
    levels: tuple[Level, ...]
    points: int | None
    execution_points: int | None
    label: str = ""
    """Its number in a budget document (「表13」), where it has one."""
    kind: str = PROJECT
    tasks: tuple[tuple[str, str, Region], ...] = ()
    """(task, what is done, which money of the unit it takes) of a sheet of the whole unit."""
    split: bool = False
    """Whether a target is told in three columns: its nature (≥, ≤, ＝, 定性), its figure, its unit."""

    def no_heading(self, targets: Iterable[Headed]) -> Refused | None:
        """Refused: `disclosure.no_heading` for targets under headings that the sheet does not have, None where it has all."""
        known = {(level1, level2) for level1, seconds in self.levels for level2 in seconds}
        strange = [each for each in targets if (each.level1, each.level2) not in known]
        if not strange:
            return None
        first, many = strange[0], f"等 {len(strange)} 项指标" if len(strange) > 1 else ""
        under = f"{first.level1}／{first.level2}"
        where = f"{self.label}《{self.title}》"
        return Refused(
            "disclosure.no_heading",
            f"{where}没有“{under}”这一级指标，“{first.name}”{many}无处可列。请在绩效目标中改列到本表已有的指标之下，或改用其他模板。",
            f"{where} has no heading {under} for “{first.name}”; move the target under one it has, or take another family.",
            at="goals",
        )


def fund_lines(span: str, total: str) -> tuple[FundLine, ...]:
    """The sources of a span as most provinces list them, `total` first."""
    parts = (("其中：财政拨款", "fiscal"), ("其他资金", "other"))
    return tuple(FundLine(label, span, source) for label, source in ((total, "total"), *parts))


def forms() -> dict[str, Form]:
    """The forms by the first two digits of the province's code."""
    return {form.province: form for form in entries("yikatong.disclosure.provinces", Form).values()}
