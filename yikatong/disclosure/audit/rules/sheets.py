"""Sheets of targets: money against the period, cells cut off, units said twice or not at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from yikatong.disclosure.audit.document import Cell, Grid, Loose
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.view import View

_TWICE = re.compile(r"\d万[/／]?万元|\d(元|个|人次|次|人|%|％|天|户|家)[/／]?\1(?!次)")
_TARGET = re.compile(r"(?:[≥≤<>=＝]\s*)?\d+(?:\.\d+)?(万?)[/／]?(?:年|季度|季|月|次)(?:\s+\d+(?:\.\d+)?)?")
_LEVELS = (
    "数量指标", "质量指标", "时效指标", "成本指标", "经济成本指标", "社会成本指标", "生态环境成本指标", "经济效益指标", "社会效益指标",
    "生态效益指标", "可持续影响指标", "服务对象满意度指标", "满意度指标", "产出指标", "效益指标",
)  # fmt: skip
_ENDS = "。；;！？!?…”）)"
_WHOLE = re.compile(r"\S*资金总额[:：]?")
_PERIOD = re.compile(r"(\d+)年")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_LONG = 40
"""From so many characters a cell with full stops in it is prose, and should end like it."""


def look(view: View) -> Iterator[Finding]:
    """All sheets of targets."""
    for block in view.loose:
        if "绩效" not in block.title:
            continue
        yield from _units(view, block)
        if isinstance(block, Grid):
            yield from _period(view, block)
            yield from _funds(view, block)
            for row in block.rows:
                yield from _cut(view, block, row)


def _place(view: View, block: Grid | Loose, line: int, page: int = 0) -> Place:
    return Place(view.document.file, page, line, block.name)


def _units(view: View, block: Grid | Loose) -> Iterator[Finding]:
    """「≤50万/万元」; 「2.75/季」 among 「9万/年」."""
    texts = [(cell.text, cell.line, cell.page) for cell in block.printed]
    twice = [(text, line, page) for text, line, page in texts if len(text) < _LONG and _TWICE.search(text)]
    if twice:
        places = list(dict.fromkeys(_place(view, block, line, page) for _, line, page in twice))
        text = twice[0][0]
        right = re.sub(
            r"万[/／]?万元", "万元", re.sub(r"(?<=\d)(元|个|人次|次|人|%|％|天|户|家)[/／]?\1", r"\1", text)
        )
        yield of_text(
            "target.unit",
            Grade.ERROR,
            places,
            text,
            right,
            "计量单位重复，数值含义不明",
            "The unit is said twice",
        )
    rates = [(found, line, page) for text, line, page in texts if (found := _TARGET.fullmatch(text))]
    bare = [each for each in rates if not each[0].group(1)]
    if bare and len(bare) * 2 < len(rates):
        for found, line, page in bare:
            yield of_text(
                "target.unit", Grade.FORMAT, [_place(view, block, line, page)], found.group(), "",
                "同类指标值均带“万”，此处缺", "The unit is missing beside its likes", "补写计量单位。",
            )  # fmt: skip


# --- money -----------------------------------------------------------------------------------------------------------


def _period(view: View, block: Grid) -> Iterator[Finding]:
    """A project of several years whose whole money is one year's."""
    years = 0
    whole: tuple[Decimal, Cell] | None = None
    year: tuple[Decimal, Cell] | None = None
    for row in block.rows:
        filled = [cell for cell in row if cell.text]
        for label, value in pairwise(filled):
            name = re.sub(r"[\s:：]", "", label.text)
            if name in ("项目期", "实施期限", "项目期限", "实施期") and (
                found := _PERIOD.fullmatch(value.text)
            ):
                years = int(found.group(1))
            if _NUMBER.fullmatch(value.text):
                amount = Decimal(value.text.replace(",", ""))
                if name in ("实施期资金总额", "项目资金总额", "中期资金总额"):
                    whole = amount, value
                elif name == "年度资金总额":
                    year = amount, value
    if years > 1 and whole and year and whole[0] == year[0] > 0:
        yield of_text(
            "period.amount", Grade.ERROR, [_place(view, block, whole[1].line, whole[1].page)], whole[1].text, "",
            f"项目期 {years} 年，实施期资金总额却等于一年的金额", "The money of the whole period equals one year's",
            "按整个实施期填写资金总额，或改正项目期。",
        )  # fmt: skip


def _funds(view: View, block: Grid) -> Iterator[Finding]:
    """「…资金总额」 is the sum of the sources in the rows under it, in the same column."""
    for top, row in enumerate(block.rows):
        for column, cell in enumerate(row):
            if not _WHOLE.fullmatch("".join(cell.text.split())):
                continue
            at = next((place for place in range(column + 1, len(row)) if row[place].text), None)
            if at is None or not _NUMBER.fullmatch(row[at].text):
                continue
            parts = []
            for below in block.rows[top + 1 :]:
                name, value = below[column].text, below[at].text
                if not re.search(r"资 ?金|拨款|自筹|收入", name) or (value and not _NUMBER.fullmatch(value)):
                    break
                parts.append(Decimal(value.replace(",", "") or 0))
            total = Decimal(row[at].text.replace(",", ""))
            if len(parts) > 1 and sum(parts) != total:
                shown = " + ".join(f"{part}" for part in parts)
                yield Finding(
                    "target.funds", Grade.ERROR, _place(view, block, row[at].line, row[at].page), row[at].text, f"{sum(parts)}",
                    f"{shown} = {sum(parts)}", (), f"{block.name or block.title}{cell.text}{row[at].text} 与各来源之和不符。",
                    "The total is not the sum of its sources.", f"核对后改为 {sum(parts)}。",
                )  # fmt: skip


# --- cells cut off ---------------------------------------------------------------------------------------------------


def _cut(view: View, block: Grid, row: tuple[Cell, ...]) -> Iterator[Finding]:
    """A cell that another of its row goes on from, an official name that lost its end, prose that breaks off."""
    texts = [cell.text for cell in row if cell.text]
    for cell in row:
        text = cell.text
        if len(text) < 4 or text[-1] in ":：" or text[-1].isdecimal():
            continue
        longer = next((other for other in texts if other != text and other.startswith(text)), "")
        official = next(
            (name for name in _LEVELS if name.startswith(text) and len(name) == len(text) + 1), ""
        )
        if official:
            right = official
        elif len(text) > _LONG:
            right = ""
            if not _breaks_off(text):
                continue
        elif longer and len(longer) < _LONG and not any(name.startswith(longer) for name in _LEVELS):
            right = longer
        else:
            continue
        shown = text if len(text) <= _LONG else f"…{text[-12:]}"
        yield of_text(
            "cell.cut", Grade.ERROR, [_place(view, block, cell.line, cell.page)], shown, right,
            "单元格文字被截断", "The text of the cell is cut off", "" if right else "补全文字。",
        )  # fmt: skip


def _breaks_off(text: str) -> bool:
    """After its last stop follow one or two characters, or the beginning of an item that was said in full before."""
    if text[-1] in _ENDS:
        return False
    parts = re.split(r"[。；;]", text)
    last = parts[-1].strip()
    return (
        len(parts) > 1
        and bool(last)
        and (len(last) <= 2 or any(part.startswith(last) for part in parts[:-1]))
    )
