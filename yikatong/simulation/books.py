"""The centre's books in the demo city: each month's vouchers, entered by the editor and posted by the director.

What is spent follows the cost targets the centre published, a little below them, so that every figure has something to count.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

from yikatong.basics.money import print_yuan
from yikatong.basics.refused import Refused
from yikatong.office.act import Door
from yikatong.residents.lists import limits_on
from yikatong.simulation.crew import Crew, do
from yikatong.simulation.diary import CHINA, Diary
from yikatong.spending.services import enter_vouchers, post_vouchers
from yikatong.spending.vouchers import FORM, read_vouchers


@dataclass(frozen=True)
class Cost:
    """One kind of expense: its line, its target of the year in yuan, and the months in which it falls due."""

    summary: str
    category: str
    economic: str
    yuan: int
    tag: str = ""
    months: tuple[int, ...] = tuple(range(1, 13))


PROJECTS = {"xianyang": "社保卡管理业务工作经费", "xinzhou": "金保工程信息系统日常运营维护"}
COSTS = {
    "xianyang": (
        Cost("在编人员工资及社保缴费", "人员", "30101", 1_458_300),
        Cost("日常公用支出", "公用", "30201", 35_800),
        Cost("系统运维委托费", "项目", "30227", 90_000, months=(3, 6, 9, 12)),
        Cost("12333坐席办公用品", "项目", "30201", 30_000),
        Cost("机房及坐席电费", "项目", "30206", 110_000),
        Cost("冬季取暖费", "项目", "30208", 10_000, months=(1, 2, 11, 12)),
    ),
    "xinzhou": (
        Cost("信息系统运行维护", "项目", "30213", 238_000, "ZC1", months=(3, 6, 9, 12)),
        Cost("专线租赁", "项目", "30214", 500_000, "ZC2"),
        Cost("机房电费", "项目", "30206", 48_000, "ZC3"),
        Cost("政策宣传", "项目", "30299", 40_000, "ZC4", months=(4, 5, 10)),
        Cost("外聘坐席劳务", "项目", "30226", 174_000, "ZC5"),
    ),
}


@dataclass
class Books:
    """Each month's list, on its last working day."""

    random: Random
    diary: Diary
    crew: Crew
    centre: str

    def plan(self, year: int) -> None:
        """One list a month."""
        for month in range(1, 13):
            last = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
            while not self.diary.calendar.is_working(last):
                last -= timedelta(days=1)
            self.diary.at(datetime.combine(last, time(16, 30), CHINA), self._close_month)

    def _close_month(self, moment: datetime) -> None:
        day = moment.date()
        rows = [",".join(names[0] for names in FORM.columns.values())]
        due = [cost for cost in COSTS[self.centre] if day.month in cost.months]
        for number, cost in enumerate(due, start=1):
            yuan = cost.yuan // len(cost.months) * self.random.randint(940, 999) // 1000
            project = PROJECTS[self.centre] if cost.category == "项目" else ""
            paid_on = day.replace(day=self.random.randint(1, day.day))
            rows.append(
                f"记-{day.month:02d}{number:02d},{paid_on:%Y%m%d},{cost.summary},{cost.category},{cost.economic},"
                f"{project},{cost.tag},{print_yuan(yuan * 100)}"
            )
        read = read_vouchers("\n".join(rows).encode(), limits_on(day), day)
        assert not isinstance(read, Refused), read
        name = f"{day.year}年{day.month}月凭证.csv"
        entered = do(
            enter_vouchers, self.crew.staff["editor"], Door.CONSOLE, moment, file_name=name, read=read
        )
        assert not isinstance(entered, Refused), entered
        later = moment + timedelta(minutes=40)
        posted = do(
            post_vouchers,
            self.crew.staff["director"],
            Door.CONSOLE,
            later,
            entered.number,
            digest=entered.digest,
        )
        assert not isinstance(posted, Refused), posted
