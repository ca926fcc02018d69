"""Codes: one unit has one code, a subject's code and name belong together in that year."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

from yikatong.disclosure.audit.document import Grid, Line, Loose
from yikatong.disclosure.audit.findings import Finding, Grade, of_text
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.subjects import code_like, dimension_of, name_of
from yikatong.disclosure.audit.view import View
from yikatong.disclosure.audit.vocabulary import full_width

_OFFICE = re.compile(r"[局中心校院委办站所会处馆]$")
_HAN, _NAMED = re.compile(r"[一-鿿]"), re.compile(r"[一-鿿（(“]{2}")
_UNIT_ROW = re.compile(r"^\s*(\d{3,12})\s+([一-鿿（）()]{4,40})")


def look(view: View) -> Iterator[Finding]:
    """A name under two unit codes; a subject code with another's name; a part of a code without its zero."""
    blocks = [block for block in view.document.blocks if not isinstance(block, Line)]
    coded = [(block, found) for block in blocks if (found := list(_coded(block)))]
    yield from _units(view, coded)
    yield from _subjects(view, coded)
    for block in view.document.grids:
        yield from _digits(block, view.document.file)


def _digits(block: Grid, file: str) -> Iterator[Finding]:
    """款 and 项 have two digits: 2 among 01 and 03 has lost its zero."""
    coded = [cell for cell in block.printed if cell.printed and dimension_of(cell.text)]
    short = [cell for cell in coded if re.search(r" \d(?: |$)", cell.printed)]
    if len(short) * 2 > len(coded):
        return  # its manner
    for cell in short:
        place = Place(file, cell.page, cell.line, block.name, cell.text)
        yield of_text(
            "code.digits", Grade.FORMAT, [place], cell.printed, cell.text, "科目编码的款、项为两位，缺前导零",
            "A part of the code has lost its zero",
        )  # fmt: skip


def _units(view: View, coded: Sequence[_Coded]) -> Iterator[Finding]:
    seen: dict[str, dict[str, list[Place]]] = defaultdict(lambda: defaultdict(list))
    for block, found in coded:
        for code, name, line in found:
            if not dimension_of(code) and _OFFICE.search(name):
                seen[name][code].append(Place(view.document.file, 0, line, block.name, f"{code} {name}"))
    for codes in seen.values():
        if len(codes) < 2:
            continue
        usual = max(codes, key=lambda code: len(codes[code]))
        for code, places in codes.items():
            if code == usual:
                continue
            for place in places:
                yield Finding(
                    "code.unit", Grade.ERROR, place, code, usual,
                    "；".join(f"{each.table} {other}" for other, found in codes.items() for each in found), (),
                    f"{place.table}单位编码印为 {code}，同一单位别处为 {usual}。",
                    f"The unit's code is {code} here and {usual} elsewhere.", f"核对单位编码，统一为 {usual}。",
                )  # fmt: skip


_Coded = tuple[Grid | Loose, list[tuple[str, str, int]]]
"""A table, and each code of it with its name and its line."""


def _coded(block: Grid | Loose) -> Iterator[tuple[str, str, int]]:
    if isinstance(block, Loose):
        for line in block.lines:
            if found := _UNIT_ROW.match(line.text):
                yield found.group(1), found.group(2), line.number
        return
    coding = [_holds_codes([row[column].text for row in block.rows]) for column in range(len(block.rows[0]))]
    for row in block.rows:
        texts = [cell.text for cell in row]
        for (code, name), holds in zip(pairwise(texts), coding, strict=False):
            if holds and code.isdigit() and len(code) >= 3 and _NAMED.match(name):
                yield code, full_width("".join(name.split())), row[0].line


def _holds_codes(texts: list[str]) -> bool:
    """A column of codes: no number in it has a decimal point or a separator, and none is too short for one."""
    numbers = [text for text in texts if text[:1].isdigit() and not _HAN.search(text)]
    return bool(numbers) and all(text.isdigit() and len(text) >= 3 for text in numbers)


def _subjects(view: View, coded: Sequence[_Coded]) -> Iterator[Finding]:
    year = view.year
    printed = [(named.code, named.name, named.place) for named in view.said.named]
    for block, found in coded:
        for code, name, line in found if isinstance(block, Grid) else ():
            if dimension_of(code):
                printed.append((code, name, Place(view.document.file, 0, line, block.name, f"{code} {name}")))
    printed = [(code, full_width(name), place) for code, name, place in printed]
    names: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for code, name, _ in printed:
        names[code][name] += 1
    for code, name, place in printed:
        usual = max(names[code], key=lambda each: names[code][each])
        official = name_of(code, year) if year >= _LISTED_SINCE else ""
        if names[code][name] < names[code][usual]:
            right = usual
        elif official and name != official and len(code) > 3:
            right = official
        elif not name_of(code, year) and year >= _LISTED_SINCE and (known := code_like(code, name, year)):
            yield Finding(
                "code.unknown", Grade.ERROR, place, code, known, f"{known} {name}", (),
                f"科目表中没有 {code}，“{name}”的编码是 {known}。", f"There is no subject {code}; {name} is {known}.",
                f"改为 {known}。",
            )  # fmt: skip
            continue
        else:
            continue
        yield Finding(
            "code.subject", Grade.ERROR, place, name, right, f"{code} {right}", (),
            f"科目 {code} 印为“{name}”，应为“{right}”。", f"Subject {code} is named {right}.", f"改为“{right}”。",
        )  # fmt: skip


_LISTED_SINCE = 2023
"""The first year whose names we have; of older documents only the agreement within them is judged."""
