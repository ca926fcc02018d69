"""Two years in one sentence and the rate between them: 「2023年执行数为 10 万元，2024年预算为 11 万元，比执行数增加 10%」."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View

_PAIR = (
    r"(?P<before>20\d\d)年[^，。；\d]{0,12}数?[为是]?(?P<base>[\d,]+(?:\.\d+)?)万元[，,；](?P<after>20\d\d)年[^，。；\d]{0,12}?[为是]?"
    r"(?P<now>[\d,]+(?:\.\d+)?)万元"
)
_TWO_YEARS = _PAIR + r"[，,；](?:比|与|较)[^，。；%]{0,20}?"
_EITHER = re.compile(_PAIR)
_RATE = re.compile(_TWO_YEARS + r"(?P<word>增加|增长|减少|下降|上升)(?:了)?(?P<rate>\d+(?:\.\d+)?)[%％]")
_FLAT = re.compile(_TWO_YEARS + "持平")
_HALF = Decimal("0.005")


def look(view: View) -> Iterator[Finding]:
    """A rate over nothing, another rate than the two amounts give, a word against them, 持平 of two amounts that differ."""
    blamed = {(fault.cell.place.line, fault.cell.text) for fault in view.verdict.faults}
    for text in view.texts:
        if text.kind != "sentence":
            continue
        for found in _EITHER.finditer(text.text):
            if int(found["before"]) == view.year - 1 and int(found["after"]) != view.year:
                yield _told(
                    text, found, "after", view.document.file, "date.year", f"{view.year}年",
                    f"{found['before']}年 → {found['after']}年", f"文件年度为 {view.year} 年", "The document is of another year",
                )  # fmt: skip
        for found in _RATE.finditer(text.text):
            if any((text.spots[found.start(at)][1], f"{found[at]}万元") in blamed for at in ("base", "now")):
                continue  # of a wrong amount no rate is told
            yield from _judged(text, found, view.document.file)
        for found in _FLAT.finditer(text.text):
            if _amount(found["base"]) != _amount(found["now"]):
                yield _told(
                    text, found, "now", view.document.file, "direction.flat", found["base"],
                    f"{found['base']} ≠ {found['now']}", "两年金额不同，却称持平", "The two amounts differ, yet are called level",
                )  # fmt: skip


def _amount(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))


def _judged(text: Text, found: re.Match[str], file: str) -> Iterator[Finding]:
    base, now, rate = _amount(found["base"]), _amount(found["now"]), Decimal(found["rate"])
    if not base:
        if rate:
            yield _told(
                text, found, "rate", file, "percent.zero_base", "", f"{found['now']} / 0",
                "基数为零，不能计算百分比", "A percentage of a base of nothing",
            )  # fmt: skip
        return
    down = found["word"] in ("减少", "下降")
    step = Decimal(1).scaleb(-len(found["rate"].partition(".")[2]))
    ends = [
        100 * ((now + upper) / (base + lower) - 1) for upper in (-_HALF, _HALF) for lower in (-_HALF, _HALF) if base + lower > 0
    ]  # fmt: skip
    signed = -rate if down else rate
    if ends and not min(ends) - step / 2 <= signed <= max(ends) + step / 2:
        right = (100 * (now / base - 1)).quantize(step, ROUND_HALF_UP)
        word = "减少" if right < 0 else "增加"
        yield _told(
            text, found, "rate", file, "percent.growth", f"{word}{abs(right)}%",
            f"({found['now']} - {found['base']}) / {found['base']} = {right}%",
            f"按两年金额应为{word}{abs(right)}%", "The two amounts give another rate",
        )  # fmt: skip


def _told(
    text: Text,
    found: re.Match[str],
    group: str,
    file: str,
    rule: str,
    expected: str,
    shown: str,
    zh: str,
    en: str,
) -> Finding:
    place = text.place(found.start(group), file)
    printed = found[group] + {"rate": "%", "after": "年"}.get(group, "万元")
    return Finding(
        rule, Grade.ERROR, place, printed, expected, shown, (), f"第{place.line}行 {printed}：{zh}。", f"{en}.",
        f"核对后改为{expected}。" if expected else "删去百分比，只写增减金额。",
    )  # fmt: skip
