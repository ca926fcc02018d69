"""Rows of a table: what each is about by its code, its name or its numbering, and which of them are parts of which."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from yikatong.disclosure.audit.document import Grid
from yikatong.disclosure.audit.printed import is_amount, read_amount
from yikatong.disclosure.audit.region import CODED, EVERYTHING, Region, joined, lies_under, part, region
from yikatong.disclosure.audit.subjects import dimension_of
from yikatong.disclosure.audit.vocabulary import about_code, about_phrase, about_subject, bare

TOTAL = re.compile(r"(?:部门|人员经费|公用经费)?合计|总计|小计|收入总计|支出总计|本年(?:收入|支出)合计")
_LEFT = re.compile(r"本年支出合计|结转下年|年[终末].*结[转余]")
_ONE = ("收", "支", "入", "出")
"""收 入 over rows of income."""
_LEVELS = (
    (re.compile(r"^\s*[一二三四五六七八九十]+\s*、"), 1),
    (re.compile(r"^\s*[（(][一二三四五六七八九十]+[）)]"), 2),
    (re.compile(r"^\s*\d+\s*[、.．]"), 3),
    (re.compile(r"^\s*[（(]\d+[）)]|^\s*[①-⑳]"), 4),
)


@dataclass(slots=True)
class Head:
    """A row or a column: what it is about, the index of what it is a part of, and its words. `partial`: 其中."""

    about: Region
    words: str
    parent: int | None = None
    partial: bool = False
    total: bool = False


def read_rows(
    grid: Grid,
    body: Sequence[int],
    label: int | None,
    code: int | None,
    base: Region,
    paths: Sequence[tuple[str, ...]],
    where: str,
) -> dict[int, Head]:
    """What each row below the head is about, by its number; `where` tells labels of this table from those of others."""
    words = "".join(paths[label]) if label is not None else ""
    dimension = (
        "government"
        if "政府" in words
        else "economic"
        if "经济" in words
        else "function"
        if "功能" in words
        else ""
    )
    if not dimension and part(base, "flow") == "支出":
        dimension = "function"
    heads: dict[int, Head] = {}
    names = [grid.rows[number][label].text if label is not None else "" for number in body]
    leaves = any(_LEFT.search("".join(name.split())) for name in names)
    for number, name in zip(body, names, strict=True):
        texts = [cell.text for cell in grid.rows[number]]
        head = _row(name, texts[code] if code is not None else "", dimension, where, part(base, "flow"))
        if (
            head is not None
            and head.total
            and leaves
            and "总计" in head.words
            and part(base, "flow") == "支出"
        ):
            head.about = region(end="总计")  # counts in what is left for the next year
        if head is not None:
            heads[number] = head
    if label is None and code is None:
        filled = [row for row in body if any(is_amount(cell.text) for cell in grid.rows[row])]
        return {row: Head(EVERYTHING, "") for row in filled} if len(filled) == 1 else {}
    if part(base, "item") == "采购":
        for head in heads.values():
            if head.words in _BOUGHT:
                head.about = region(item=f"采购{head.words}")
    unit = _of_one_unit(grid, heads, words)
    _parents(heads, where)
    if unit is not None and "项目" in words:
        _projects(heads, unit)
    return heads


def _of_one_unit(grid: Grid, heads: dict[int, Head], words: str) -> int | None:
    """Rows of the only unit a table has, and of those above it, are of all there is; the last of them, None for several.

    Below a total, coded units sum to it as several would.
    """
    rows = [row for row, head in heads.items() if part(head.about, "unit")]
    codes = [part(heads[row].about, "unit") for row in rows]
    if not rows and re.search("单位|部门", words):
        rows = [row for row, head in heads.items() if part(head.about, "label") and _UNIT.search(head.words)]
        codes = ["" for _ in rows[:1]] if len(rows) == 1 else []
    elif not rows and "项目名称" in words:
        rows = [row for row in list(heads)[:1] if _UNIT.search(heads[row].words) and _holds(grid, row, heads)]
        codes = ["" for _ in rows]
    if not codes or any(not after.startswith(before) for before, after in pairwise(codes)):
        return None
    if not any(head.total for head in heads.values()) or not codes[-1]:
        for row in rows:
            heads[row].about = EVERYTHING
    return rows[-1]


def _holds(grid: Grid, whole: int, heads: dict[int, Head]) -> bool:
    """Whether a row is, in some column, the sum of all projects below it: a project may have the name of a centre too."""
    parts = [row for row, head in heads.items() if row != whole and not _KIND.fullmatch(head.words)]
    for column, cell in enumerate(grid.rows[whole]):
        told = [read_amount(grid.rows[row][column].text, "万元") for row in parts]
        total, known = read_amount(cell.text, "万元"), [each for each in told if each is not None]
        if known and total is not None and total[0] and len(known) == len(told):
            slack = sum(step for _, step in known)
            if abs(sum(fen for fen, _ in known) - total[0]) <= slack:
                return True
    return False


def _projects(heads: dict[int, Head], unit: int) -> None:
    """Below its unit stand the names of projects, which make up what it has; the kinds above them hold all of them."""
    below = [row for row in heads if row > unit and part(heads[row].about, "label")]
    kinds = [row for row in below if _KIND.fullmatch(heads[row].words)]
    named = [row for row in below if row not in kinds]
    if not named or (kinds and kinds != below[: len(kinds)]):
        return  # of several kinds each holds its own
    for row in kinds:
        heads[row].about = heads[unit].about
    for row in named:
        heads[row].parent = unit


_BOUGHT = ("货物", "工程", "服务")
_UNIT = re.compile(r"(?:中心|局|委员会|办公室|学校|医院|学院|厅|所|馆|院|站|处|队)$")
_KIND = re.compile("(?:通用|专用|其他)项目|(?:履职)?专项业务经费|项目支出")


def _row(name: str, code: str, dimension: str, where: str, flow: str) -> Head | None:
    plain = "".join(name.split())
    if (not plain and not code) or plain in _ONE:
        return None
    if code and dimension_of(code):
        return Head(about_code(code), f"{code} {plain}")
    if code.isdigit() and len(code) >= 3:
        return Head(region(unit=code), f"{code} {plain}")
    if TOTAL.fullmatch(plain) or TOTAL.fullmatch(code):
        return Head(_about_total(plain, flow), plain or code, total=True)
    about = about_subject(name, dimension) if dimension else frozenset()
    if not about:
        about = frozenset(pair for pair in about_phrase(bare(name)) if pair[0] != "flow")
    return Head(about or region(label=f"{where}:{bare(name)}"), plain, partial=plain.startswith("其中"))


def _about_total(words: str, flow: str) -> Region:
    """本年收入合计 leaves out what is carried over."""
    return region(carry="本年") if flow == "收入" and "本年" in words else EVERYTHING


def _level(words: str) -> int:
    return next((level for pattern, level in _LEVELS if pattern.match(words)), 0)


def _parents(heads: dict[int, Head], where: str) -> None:
    """Codes by their first digits, numbered labels by their numbering; the total above or below holds the first level."""
    order = list(heads)
    year = next((row for row in order if heads[row].total and "本年" in heads[row].words), None)
    whole = next((row for row in reversed(order) if heads[row].total and "总计" in heads[row].words), None)
    total = next((row for row in order if heads[row].total), None)
    open_rows: list[tuple[int, int]] = []  # (level, row) of the numbered rows above
    inside = False  # behind 其中: what follows without numbering goes on with it
    for row in order:
        head = heads[row]
        if head.total:
            head.parent = whole if row == year and whole != row else None
            open_rows, inside = [], False
            continue
        coded = next(
            ((name, member) for name, member in head.about if name in (*CODED, "unit", "item")), None
        )
        level = _level(head.words)
        after = year is not None and row > year
        if after:
            head.about = _about_carried(head.words, where)
        if head.partial or (inside and not level):
            head.partial = inside = True
        elif level and not part(head.about, "item"):
            inside = False
            while open_rows and open_rows[-1][0] >= level:
                open_rows.pop()
            head.parent = open_rows[-1][1] if open_rows else year if year is not None else total
            over = open_rows[-1][1] if open_rows else year  # income before 本年收入合计 is this year's
            if over is not None:
                known = frozenset(pair for pair in heads[over].about if pair[0] != "label")
                head.about = joined(known, head.about)
            open_rows.append((level, row))
        elif coded:
            head.parent = _above(heads, order, coded, total)
        elif after:
            head.parent, open_rows = whole, [(0, row)]


def _about_carried(words: str, where: str) -> Region:
    """Below 本年合计 stand what comes over from last year and what is left for the next."""
    if re.search("(?:上年|年初).*结转", words):
        return region(carry="结转")
    if re.search("年[末终].*结转|结转下年", words):
        return region(category="结转下年")
    about = about_phrase(bare(words))
    return region(fund=part(about, "fund")) if _level(words) else region(label=f"{where}:{bare(words)}")


def _above(
    heads: dict[int, Head], order: Sequence[int], coded: tuple[str, str], total: int | None
) -> int | None:
    dimension, member = coded
    best, found = "", total
    for other in order:
        over = part(heads[other].about, dimension)
        if not over or over == member:
            continue
        if dimension == "unit":
            nearer = member.startswith(over) and len(over) > len(best)
        else:
            nearer = lies_under(dimension, member, over) and (not best or lies_under(dimension, over, best))
        if nearer:
            best, found = over, other
    return found
