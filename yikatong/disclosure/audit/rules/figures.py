"""Years, dates and the manner in which one figure is printed."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from yikatong.disclosure.audit.doubts import with_fen
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.region import Region
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View

_STAMP = re.compile(r"(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[0-5]\d")
_DATE = re.compile(r"(?P<year>20\d\d)年(?P<month>\d{1,2})月(?:(?P<day>\d{1,2})日)?")
_CUTOFF = re.compile(r"截[至止](20\d\d)年(?:度?末|底|12月31日)")
_TOLD = re.compile(
    r"(?:[一-鿿（）]{2,30}(?:中心|局|院|校|会|室|部门|单位))?(20\d\d)年(?:度)?，?(?!.{0,14}(?:相比|决算|执行|完成|实际))[^，。；]{0,40}(?:收入|支出|预算|经费)[^，。；]{0,16}?\d"
)
_NONE_TOLD = re.compile(
    r"[^，。；\d]{0,30}?(20\d\d)年[^，。；\d]{0,30}?(?:没有|未|无|不涉及)(?:安排|编制)?[^，。；]{0,30}(?:预算|支出|收入|经费|拨款)[^，。；]{0,12}。"
)
_EMPTY_TOLD = re.compile(r"[^，。；\d]{0,30}?(20\d\d)年(?:度)?表\d[^，。；]*?(?:没有数据|无数据|为空|空表).*")
_AIMED = re.compile(r"(20\d\d)年(?:度)?，?[^，。；]{0,20}(?:编报|申报|实行)[^，。；]{0,6}绩效目标.*")
_HEADED = re.compile(
    r"(?:第[一二三四五六七八九十]+部分|[一二三四五六七八九十]+、)[^，。；]{0,4}(20\d\d)年.{2,30}"
)
_COVER = re.compile(
    r"[^，。；：]{0,24}?(20\d\d)年(?:度)?(?:部门|单位)?(?:综合)?预算(?:公开|报表|编制说明|情况说明)[^，。；：]{0,10}"
)
_DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def look(view: View) -> Iterator[Finding]:
    """Another year's sentence or head, dates that do not exist, raw time stamps, one fact with other decimals."""
    file = view.document.file
    cutoffs = [
        (text, found)
        for text in view.texts
        if text.kind == "sentence"
        for found in _CUTOFF.finditer(text.text)
    ]
    usual = Counter(found.group(1) for _, found in cutoffs).most_common(1)
    for text, found in cutoffs:
        year = int(found.group(1))
        if (view.year and not view.year - 1 <= year <= view.year) or found.group(1) != usual[0][0]:
            right = usual[0][0] if found.group(1) != usual[0][0] else f"{view.year - 1}"
            yield of_text(
                "date.cutoff", Grade.ERROR, [text.place(found.start(), file)], found.group(),
                found.group().replace(found.group(1), right),
                "截止时点不是本文件的年度", "The date up to which it counts is of another year",
            )  # fmt: skip
    for text in view.texts:
        if text.kind == "sentence":
            yield from _other_year(text, view.year, file)
        if text.kind in ("sentence", "cell", "line"):
            yield from _dates(text, file)
    yield from _decimals(view)
    yield from _fen(view)


def _other_year(text: Text, year: int, file: str) -> Iterator[Finding]:
    """A sentence that tells an amount of a year, or that there was none, and never speaks of the document's.

    A list that follows an amount may: 「2021年支出预算12万元，其中：…，2024年预算安排…」 is a list of another year's amount.
    """
    ways = (
        _TOLD.match, _HEADED.fullmatch, _COVER.fullmatch, _NONE_TOLD.fullmatch, _EMPTY_TOLD.fullmatch, _AIMED.fullmatch,
    )  # fmt: skip
    found = next((found for way in ways if (found := way(text.text))), None)
    if not found or not year or int(found.group(1)) == year:
        return
    listed = text.text.find("：", found.end()) if found.re is _TOLD else -1
    if f"{year}" not in text.text[: listed if listed >= 0 else None]:
        printed = f"{found.group(1)}年"
        yield of_text(
            "date.year", Grade.ERROR, [text.place(found.start(1), file)], printed, f"{year}年",
            f"文件年度为 {year} 年", "The document is of another year",
        )  # fmt: skip


def _dates(text: Text, file: str) -> Iterator[Finding]:
    if found := _STAMP.fullmatch(text.text):
        year, month, day = found.groups()
        yield of_text(
            "date.stamp", Grade.FORMAT, [text.place(0, file)], text.text, f"{year}年{int(month)}月{int(day)}日",
            "系统时间戳未转为日期", "A raw time stamp where a date belongs",
        )  # fmt: skip
    for found in _DATE.finditer(text.text):
        month, day = int(found["month"]), int(found["day"] or 1)
        if not 1 <= month <= 12 or not 1 <= day <= _DAYS[month - 1]:
            yield of_text(
                "date.impossible", Grade.ERROR, [text.place(found.start(), file)], found.group(), "",
                "没有这个日期", "There is no such date", "核对日期。",
            )  # fmt: skip


def _fen(view: View) -> Iterator[Finding]:
    """Fen in one amount of a document whose others are whole yuan, to the fen: it was not taken from the same figures."""
    odd = with_fen(view.cells)
    wrong = {fault.cell.place for fault in view.verdict.faults}
    for cell in odd if len(odd) == 1 and odd[0].place not in wrong else ():
        yield of_text(
            "figure.fen", Grade.ERROR, [cell.place], cell.text, "",
            "其他金额都是整元，只有此处有角分", "All other amounts are whole yuan", "核对原始数据。",
        )  # fmt: skip


def _decimals(view: View) -> Iterator[Finding]:
    """「100 万元」 in a sentence that elsewhere is 100.00: all such facts are one finding."""
    facts: dict[tuple[Region, int], list[Printed]] = defaultdict(list)
    for cell in view.cells:
        if cell.fen and cell.unit == "万元":
            facts[cell.about, cell.fen].append(cell)
    bare, full = [], []
    for cells in facts.values():
        whole = [cell for cell in cells if "." not in cell.text]
        if whole and len(whole) < len(cells):
            bare += whole
            full += [cell for cell in cells if "." in cell.text]
    if bare:
        bare.sort(key=lambda cell: (bool(cell.place.table), cell.place.page, cell.place.line))
        yield of_text(
            "figure.decimals", Grade.FORMAT, [cell.place for cell in (*bare, *full[:3])], bare[0].text, full[0].text,
            f"同一事项别处印为 {full[0].text}，小数位数不一致", "One fact is printed with other decimals elsewhere",
            "统一小数位数。",
        )  # fmt: skip
