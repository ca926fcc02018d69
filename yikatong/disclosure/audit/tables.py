"""Grids read as tables: what each row and column is about, which rows and columns are parts of which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yikatong.disclosure.audit.document import Cell, Grid
from yikatong.disclosure.audit.printed import ZERO_MARKS, Place, Printed, is_amount, read_amount
from yikatong.disclosure.audit.region import (
    EVERYTHING,
    Region,
    joined,
    lies_under,
    only_differing,
    part,
    region,
    within,
)
from yikatong.disclosure.audit.rows import TOTAL, Head, read_rows
from yikatong.disclosure.audit.vocabulary import about_phrase

_NAMING = re.compile(r"(?:^项目$|项目名称$|名称$|按大类）$|科目$|^单位$|^三级目录$|^[一二三]级目录$)")
_HAN = re.compile(r"[一-鿿]")
_CODING = re.compile(r"(?:编码|代码)$")
_ZEROS = frozenset((*ZERO_MARKS, "0", "0.00"))
_REMARKS = re.compile(r"(?:备注|简介|说明)$")


@dataclass(slots=True)
class Side:
    """Rows of one label column and the columns of amounts beside it."""

    base: Region
    rows: dict[int, Head] = field(default_factory=dict)
    columns: dict[int, Head] = field(default_factory=dict)


@dataclass(slots=True)
class Table:
    """A grid understood: its sides, and every printed amount by row and column."""

    grid: Grid
    base: Region
    unit: str
    sides: list[Side]
    amounts: dict[tuple[int, int], Printed] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """How a person would call it."""
        return self.grid.name


def read_table(grid: Grid, file: str, unit: str) -> Table:
    """The table of a grid whose amounts are in `unit`."""
    base = about_phrase(grid.title)
    height = _head_height(grid)
    paths = _paths(grid, height)
    body = range(height, len(grid.rows))
    kinds = [_kind(grid, column, paths[column], body) for column in range(len(paths))]
    table = Table(grid, base, unit, [])
    for label, code, values in _sides(kinds):
        side = Side(_side_base(base, paths, label if label is not None else code, len(table.sides), kinds))
        table.sides.append(side)
        side.columns = _columns(paths, values)
        side.rows = read_rows(grid, body, label, code, side.base, paths, f"{grid.line}:{len(table.sides)}")
        _fill(table, side, file)
    return table


def turn(table: Table, unit: str) -> None:
    """Let its amounts be in another unit."""
    table.unit = unit
    turned = {key: (cell, read_amount(cell.text, unit)) for key, cell in table.amounts.items()}
    table.amounts = {
        key: Printed(cell.about, *read, cell.text, unit, cell.place)
        for key, (cell, read) in turned.items()
        if read is not None
    }


# --- the head --------------------------------------------------------------------------------------------------------


def _head_height(grid: Grid) -> int:
    """How many rows are head: up to the first with an amount, a code or a total."""
    for number, row in enumerate(grid.rows):
        texts = [cell.text for cell in row]
        numbered = [text for text in texts if text]
        if numbered == [str(count) for count in range(1, len(numbered) + 1)]:
            return number + 1 if numbered else max(1, number)  # the row of column numbers
        if any(is_amount(text) and text not in ZERO_MARKS for text in texts):
            return max(1, number)
        first, *others = ["".join(text.split()) for text in texts]
        if TOTAL.fullmatch(first) and any(_HAN.search(text) and not TOTAL.fullmatch(text) for text in others):
            continue  # 「合计」 before the words of other columns
        if number and _HAN.search(first) and not (_NAMING.search(first) or _CODING.search(first)):
            return number  # below the first row of a head, what stands on the left names columns or nothing
    return 1


def _paths(grid: Grid, height: int) -> list[tuple[str, ...]]:
    """Each column's words from the top of the head down; a word spans the blanks to its right, but in the last row."""
    spread: list[list[str]] = []
    for number, row in enumerate(grid.rows[:height]):
        words: list[str] = []
        for cell in row:
            text = "".join(cell.text.split())
            above = bool(number) and bool(words) and spread[-1][len(words)] != spread[-1][len(words) - 1]
            fill = words[-1] if words and number < height - 1 and not above else ""
            words.append(text or fill)
        spread.append(words)
    paths = []
    for column in range(len(grid.rows[0])):
        path: list[str] = []
        for words in spread:
            if words[column] and not words[column].isdigit() and words[column] not in path:
                path.append(words[column])
        paths.append(tuple(path))
    return paths


def _kind(grid: Grid, column: int, path: tuple[str, ...], body: Sequence[int]) -> str:
    last = path[-1] if path else ""
    if _CODING.search(last):
        return "code"
    if _REMARKS.search(last):
        return "remark"
    texts = [grid.rows[row][column].text for row in body if grid.rows[row][column].text]
    if any(is_amount(text) for text in texts) and not _NAMING.search(last):
        return "value"
    if any(_HAN.search(text) for text in texts) or _NAMING.search(last):
        return "label"
    return "value" if last else "remark"


def _sides(kinds: Sequence[str]) -> list[tuple[int | None, int | None, list[int]]]:
    """(label column, code column, columns of amounts) of each side; a label after amounts begins the next."""
    found: list[tuple[int | None, int | None, list[int]]] = []
    label = code = None
    values: list[int] = []
    for column, kind in enumerate(kinds):
        if kind in ("label", "code") and values:
            found.append((label, code, values))
            label, code, values = None, None, []
        if kind == "label" and label is None:
            label = column
        elif kind == "code" and code is None:
            code = column
        elif kind == "value":
            values.append(column)
    if values:
        found.append((label, code, values))
    named = [each for each in found if each[0] is not None or each[1] is not None]
    return named or found  # a table of one row needs no label


def _side_base(
    base: Region, paths: Sequence[tuple[str, ...]], label: int | None, number: int, kinds: Sequence[str]
) -> Region:
    words = "".join(paths[label]) if label is not None else ""
    flow = part(base, "flow")
    if not flow:
        several = sum(1 for kind in kinds if kind == "label") > 1
        flow = "收入" if "收入" in words or (several and number == 0 and "支出" not in words) else "支出"
    return joined(base, region(flow=flow))


# --- columns ---------------------------------------------------------------------------------------------------------


def _columns(paths: Sequence[tuple[str, ...]], values: Sequence[int]) -> dict[int, Head]:
    heads: dict[int, Head] = {}
    tops = {paths[column][0] if paths[column] else "" for column in values}
    flows = {"本年收入", "本年支出"} <= tops
    for column in values:
        words = "".join(paths[column])
        about = _about_path(paths[column])
        if flows:
            about |= region(flow="支出" if re.search("支出|年末", words) else "收入")
        if "决算数" in tops and words.startswith("预算数"):
            about |= region(phase="调整")
        for pattern, phase in _PHASES:
            if paths[column] and pattern.match(paths[column][0]):
                about = joined(about, region(phase=phase))
        last = paths[column][-1] if paths[column] else ""
        if last.startswith("其中") and not about_phrase(last):
            about = joined(about, region(column=f"{column}"))  # a part by words not known is not the whole
        plain = bool(TOTAL.search(last)) or bool(
            re.search(r"(?:[预决]算数?|金额|\d{4}年|项目支出|支出)$", last)
        )
        if not about and not plain:
            about = region(column=f"{column}")
        heads[column] = Head(about, words, partial="其中" in words, total=bool(TOTAL.search(last)))
    carries = {part(head.about, "carry") for head in heads.values()}
    if "本年" in carries and "结转" not in carries:
        _of_this_year(heads)
    for column, head in heads.items():
        head.parent = _nearest(heads, column)
    if "结转" in carries and "本年" not in carries:
        _of_this_year(heads)
    return heads


def _of_this_year(heads: dict[int, Head]) -> None:
    """Funds beside what was carried over, or under a total of the year's income, are what the year brings."""
    for head in heads.values():
        if part(head.about, "fund") and not part(head.about, "carry"):
            head.about = joined(_THIS_YEAR, head.about)


def _about_path(path: tuple[str, ...]) -> Region:
    """From the top down, each word saying more of what those above it say: 基本支出, then 人员经费."""
    about = EVERYTHING
    for word in path:
        said = frozenset(pair for pair in about_phrase(word) if pair[0] != "flow")
        if part(about, "item") == "用车" and not part(said, "item"):
            said |= region(item=_CARS.get(word, ""))
        about = joined(about, said)
    return about


_PHASES = (
    (re.compile("上年度?(?:$|[预决]算|执行|完成|批复|安排|数)"), "上年"),
    (re.compile("增减"), "增减"),
)
"""「上年实户资金余额」 is money of this year."""
_THIS_YEAR = region(carry="本年")
_CARS = {"购置费": "购车", "运行费": "车辆运行", "运行维护费": "车辆运行"}


def _nearest(heads: dict[int, Head], which: int) -> int | None:
    """The column this one is a part of: it differs in one dimension only, and none lies between."""
    mine = heads[which].about
    best: int | None = None
    for other, head in heads.items():
        dimension = only_differing(mine, head.about)
        if dimension in ("", "phase") or not lies_under(
            dimension, part(mine, dimension), part(head.about, dimension)
        ):
            continue
        if best is None or lies_under(
            dimension, part(head.about, dimension), part(heads[best].about, dimension)
        ):
            best = other
    return best


# --- amounts ---------------------------------------------------------------------------------------------------------


def _fill(table: Table, side: Side, file: str) -> None:
    grid = table.grid
    # Where zeros are printed, a blank is a cell that was lost or left out, not a zero.
    zeros = any(cell.text in _ZEROS for cell in grid.printed)
    columns = [(column, within(side.base, over.about), over.words) for column, over in side.columns.items()]
    for row, head in side.rows.items():
        for column, over, words in columns:
            cell: Cell = grid.rows[row][column]
            read = None if not cell.text and zeros else read_amount(cell.text, table.unit)
            if read is None:
                continue
            place = Place(file, cell.page, cell.line, table.name, head.words, words)
            about = joined(over, head.about)
            table.amounts[row, column] = Printed(about, *read, cell.text, table.unit, place)
