"""What can be said of tables that lost their columns, without guessing: their total row, and what is left over when all else fits.

A sheet names 人员经费, 公用经费, 项目支出 and 金额合计 and prints as many different amounts. Those that the document prints elsewhere for
the same thing are paired; where then one name and one amount are left, they belong together, whatever the amount says.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from yikatong.disclosure.audit.document import Loose
from yikatong.disclosure.audit.printed import Place, Printed, read_amount
from yikatong.disclosure.audit.region import Region, part, region
from yikatong.disclosure.audit.vocabulary import about_phrase

_TOTAL_ROW = re.compile(r"(?:合计|总计)((?:\s+[\d,]+\.\d+)+)")
_AMOUNTS = re.compile(r"(?:[\d,]+(?:\.\d+)?万元\s*)+")
_WITH_WEIGHT = re.compile(r"([\d,]+(?:\.\d+)?)\s+\d{1,2}(?:\.\d)?")
_NAMES = (
    (re.compile(r"人员经费(?:[（(]万元[）)])?"), region(flow="支出", category="人员")),
    (re.compile(r"(?:.*\s)?公用经费(?:[（(]万元[）)])?"), region(flow="支出", category="公用")),
    (re.compile(r"项目(?:支出|经费)(?:[（(]万元[）)])?"), region(flow="支出", category="项目")),
    (re.compile(r"金额合计|合计"), region(flow="支出")),
)


def total_of(loose: Loose) -> tuple[Region, str] | None:
    """What the row 合计 is of by the table's title, and the greatest number in it; None where there is none."""
    for line in loose.lines:
        found = _TOTAL_ROW.fullmatch(line.text)
        about = about_phrase(loose.title)
        if found and part(about, "flow"):
            numbers = found.group(1).split()
            return about, max(numbers, key=lambda text: (len(text.split(".")[0].replace(",", "")), text))
    return None


def amounts_of(loose: Loose, file: str, known: Mapping[Region, set[int]]) -> Iterator[Printed]:
    """The amounts of a sheet of targets that can belong to one name only; `known` are fen by region elsewhere."""
    if "绩效" not in loose.title:
        return
    names = [about for pattern, about in _NAMES if any(pattern.fullmatch(line.text) for line in loose.lines)]
    places: dict[str, list[Place]] = defaultdict(list)
    for line in loose.lines:
        if _AMOUNTS.fullmatch(line.text):
            for text in line.text.split():
                places[text.removesuffix("万元")].append(Place(file, line.page, line.number, loose.name))
    pairs = _paired(names, list(places), known)
    for line in loose.lines:
        found = _WITH_WEIGHT.fullmatch(line.text)
        if found:
            same = [
                text for text in pairs if read_amount(text, "万元") == read_amount(found.group(1), "万元")
            ]
            for text in same:
                places[f"{text}#{found.group(1)}"].append(Place(file, line.page, line.number, loose.name))
    for key, where in places.items():
        text, _, other = key.partition("#")
        read = read_amount(text, "万元")
        if text in pairs and read is not None:
            for place in where:
                yield Printed(pairs[text], *read, other or text, "万元", place)


def _paired(
    names: Sequence[Region], texts: Sequence[str], known: Mapping[Region, set[int]]
) -> dict[str, Region]:
    amounts = {text: read for text in texts if (read := read_amount(text, "万元")) is not None}
    pairs: dict[str, Region] = {}
    for text, (fen, _) in amounts.items():
        fitting = [about for about in names if fen in known.get(about, ())]
        if len(fitting) == 1:
            pairs[text] = fitting[0]
    left = [text for text in amounts if text not in pairs]
    open_names = [about for about in names if about not in pairs.values()]
    if len(left) == len(open_names) == 1 and known.get(open_names[0]):
        pairs[left[0]] = open_names[0]
    return pairs
