"""A random unit's budget as a published text: tables in bars and the sentences that go with them, all from the same lines."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from random import Random

FUNCTIONS = (
    ("2080109", "社会保险经办机构"), ("2080150", "事业运行"), ("2080199", "其他人力资源和社会保障管理事务支出"),
    ("2080502", "事业单位离退休"), ("2080505", "机关事业单位基本养老保险缴费支出"), ("2080506", "机关事业单位职业年金缴费支出"),
    ("2101102", "事业单位医疗"), ("2210201", "住房公积金"),
)  # fmt: skip
ABOVE = {
    "208": "社会保障和就业支出", "20801": "人力资源和社会保障管理事务", "20805": "行政事业单位养老支出",
    "210": "卫生健康支出", "21011": "行政事业单位医疗", "221": "住房保障支出", "22102": "住房改革支出",
}  # fmt: skip
ECONOMIC = {
    "人员": (("30101", "基本工资"), ("30102", "津贴补贴"), ("30107", "绩效工资"), ("30113", "住房公积金")),
    "公用": (("30201", "办公费"), ("30207", "邮电费"), ("30211", "差旅费"), ("30228", "工会经费")),
}
CLASSES = {"301": "工资福利支出", "302": "商品和服务支出"}
CATEGORIES = ("人员", "公用", "项目")


def wan(yuan: int) -> str:
    """万元 to two decimals, halves up."""
    return f"{(Decimal(yuan) / 10_000).quantize(Decimal('0.01'), ROUND_HALF_UP):f}"


def percent(part: int, whole: int) -> str:
    """Two decimals, halves up."""
    return f"{(100 * Decimal(part) / whole).quantize(Decimal('0.01'), ROUND_HALF_UP):f}%"


class Budget:
    """Yuan by function and category, and by economic class; last year's total."""

    def __init__(self, random: Random) -> None:
        self.year = random.randint(2023, 2026)
        count = random.randint(4, len(FUNCTIONS))
        self.functions = sorted(random.sample(FUNCTIONS, count))
        self.lines: dict[tuple[str, str], int] = {}
        for code, _ in self.functions:
            for category in CATEGORIES:
                if random.random() < (0.8 if category == "人员" else 0.5):
                    self.lines[code, category] = random.randint(1_000, 3_000_000)
        first = self.functions[0][0]
        for category in CATEGORIES:
            self.lines[first, category] = random.randint(50_000, 5_000_000)
        self.economic: dict[str, int] = {}
        for category, classes in ECONOMIC.items():
            rest = self.sum(category=category)
            for code, _ in classes[:-1]:
                self.economic[code] = random.randint(0, rest // 2)
                rest -= self.economic[code]
            self.economic[classes[-1][0]] = rest
        self.change = random.randint(-self.sum() // 3, self.sum() // 2)
        self.bought = [random.randint(0, 400_000) for _ in range(3)]

    def sum(self, code: str = "", category: str = "") -> int:
        """The yuan of all lines under a code and of a category; "" leaves it open."""
        return sum(
            yuan
            for (own, kind), yuan in self.lines.items()
            if own.startswith(code) and category in ("", kind)
        )


def text_of(budget: Budget) -> str:
    """The document as Markdown."""
    total, year = wan(budget.sum()), budget.year
    parts = [
        f"某市社会保障卡服务中心{year}年度单位预算公开",
        f"{year}年预算收支总表", "单位：万元", *_summary(budget),
        f"{year}年预算收入总表", "单位：万元", *_income(budget),
        f"{year}年预算支出总表", "单位：万元", *_by_function(budget),
        f"{year}年一般公共预算支出预算表（不含上年结转）", "单位：万元", *_by_function(budget),
        f"{year}年一般公共预算安排基本支出分经济科目表（不含上年结转）", "单位：万元", *_by_economic(budget),
        f"第三部分 {year}年度单位预算情况说明",
        f"{year}年度某市社会保障卡服务中心预算收入{total}万元，主要包括一般公共预算拨款收入{total}万元，占100.00%；"
        "政府性基金预算拨款收入0万元，占0%；国有资本经营预算拨款收入0万元，占0%。",
        *_told(budget),
    ]  # fmt: skip
    return "\n\n".join(parts).replace("|\n\n|", "|\n|") + "\n"


def _told(budget: Budget) -> list[str]:
    year, name, all_yuan = budget.year, "某市社会保障卡服务中心", budget.sum()
    up = "增长" if budget.change >= 0 else "下降"
    change, base = abs(budget.change), all_yuan - budget.change
    basic, project = all_yuan - budget.sum(category="项目"), budget.sum(category="项目")
    classes = [(code, title) for code, title in ABOVE.items() if len(code) == 3 and budget.sum(code)]
    listed = "；".join(
        f"{title}{wan(budget.sum(code))}万元，占{percent(budget.sum(code), all_yuan)}"
        for code, title in classes
    )
    goods, works, services = budget.bought
    return [
        f"{year}年度{name}支出预算{wan(all_yuan)}万元，其中：基本支出{wan(basic)}万元，占{percent(basic, all_yuan)}；"
        f"项目支出{wan(project)}万元，占{percent(project, all_yuan)}。",
        f"{year}年度{name}一般公共预算当年支出{wan(all_yuan)}万元，比上年{up}{wan(change)}万元，{up}{percent(change, base)}。",
        f"{year}年度{name}一般公共预算当年支出{wan(all_yuan)}万元，主要用于以下方面：{listed}。",
        f"{year}年度{name}一般公共预算安排基本支出{wan(basic)}万元，其中：人员经费{wan(budget.sum(category='人员'))}万元；"
        f"公用经费{wan(budget.sum(category='公用'))}万元。",
        f"{year}年{name}政府采购预算总额{wan(sum(budget.bought))}万元。其中：政府采购货物预算{wan(goods)}万元、"
        f"政府采购工程预算{wan(works)}万元、政府采购服务预算{wan(services)}万元。",
        f"截至{year - 1}年12月31日，{name}共有公务用车0辆。",
    ]


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _cell(yuan: int) -> str:
    return wan(yuan) if yuan else ""


def _summary(budget: Budget) -> list[str]:
    total = wan(budget.sum())
    classes = [
        ("一、一般公共服务支出", ""), ("二、社会保障和就业支出", "208"), ("三、卫生健康支出", "210"), ("四、住房保障支出", "221"),
    ]  # fmt: skip
    sources = ["一、一般公共预算", "二、政府性基金预算", "三、国有资本经营预算", ""]
    rows = [_row("项目", "金额", "项目", "金额"), "|--|--|--|--|"]
    for place, (title, code) in enumerate(classes):
        income = total if place == 0 else ""
        rows.append(_row(sources[place], income, title, _cell(budget.sum(code)) if code else ""))
    rows.append(_row("本年收入合计", total, "本年支出合计", total))
    return [*rows, _row("收入总计", total, "支出总计", total)]


def _codes(budget: Budget) -> list[tuple[str, str]]:
    own = dict(budget.functions)
    above = {code: title for code, title in ABOVE.items() if any(each.startswith(code) for each in own)}
    return sorted({**own, **above}.items())


def _income(budget: Budget) -> list[str]:
    rows = [_row("科目编码", "科目名称", "合计", "一般公共预算", "政府性基金预算"), "|--|--|--|--|--|"]
    rows.append(_row("合计", "", wan(budget.sum()), wan(budget.sum()), ""))
    for code, title in _codes(budget):
        rows.append(_row(code, title, _cell(budget.sum(code)), _cell(budget.sum(code)), ""))
    return rows


def _by_function(budget: Budget) -> list[str]:
    rows = [_row("科目编码", "科目名称", "合计", "基本支出", "项目支出"), "|--|--|--|--|--|"]
    for code, title in [("", ""), *_codes(budget)]:
        whole, project = budget.sum(code), budget.sum(code, "项目")
        rows.append(_row(code or "合计", title, _cell(whole), _cell(whole - project), _cell(project)))
    return rows


def _by_economic(budget: Budget) -> list[str]:
    rows = [_row("科目编码", "科目名称", "合计", "人员经费", "公用经费"), "|--|--|--|--|--|"]
    people, running = budget.sum(category="人员"), budget.sum(category="公用")
    rows.append(_row("合计", "", wan(people + running), _cell(people), _cell(running)))
    for category, yuan in (("人员", people), ("公用", running)):
        classes = [("301" if category == "人员" else "302", yuan)]
        classes += [(code, budget.economic[code]) for code, _ in ECONOMIC[category]]
        names = {**CLASSES, **dict(ECONOMIC[category])}
        for code, amount in classes:
            cells = (_cell(amount), "") if category == "人员" else ("", _cell(amount))
            rows.append(_row(code, names[code], _cell(amount), *cells))
    return rows
