"""Things counted or measured in running text: parts behind 其中 that are more than their whole, or all kinds of it and not its sum."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from yikatong.disclosure.audit.findings import Finding, Grade
from yikatong.disclosure.audit.texts import Text
from yikatong.disclosure.audit.view import View

_QUANTITY = r"(?P<{}>\d[\d,]*(?:\.\d+)?)(?P<{}>平方米|公里|辆|台|套|人|名|户|家|个|项|亩|张)"
_WHOLE = re.compile(_QUANTITY.format("whole", "unit") + r"(?:[，,]|(?P<open>[（(]))?其中[：:]?")
_PART = re.compile(r"(?P<name>[^，。；、：:（()）\d]{2,24})" + _QUANTITY.format("part", "unit"))


def look(view: View) -> Iterator[Finding]:
    """Sentences with a whole and its parts in one unit."""
    for text in view.texts:
        if text.kind == "sentence":
            for found in _WHOLE.finditer(text.text):
                yield from _judged(text, found, view.document.file)


def _judged(text: Text, found: re.Match[str], file: str) -> Iterator[Finding]:
    rest = text.text[found.end() :]
    if found["open"]:
        rest = re.split(r"[）)]", rest)[0]
    else:
        rest = re.sub(r"[（(][^（()）]*[）)]", lambda bracket: "＃" * len(bracket.group()), rest)
    rest = re.split("[；。]|其中", rest)[0]
    parts = [part for part in _PART.finditer(rest) if part["unit"] == found["unit"]]
    if len(parts) < 2:
        return
    whole, total = _number(found["whole"]), sum((_number(part["part"]) for part in parts), Decimal(0))
    if total > whole or (total < whole and parts[-1]["name"].startswith("其他")):
        shown = " + ".join(part["part"] for part in parts if _number(part["part"]))
        place = text.place(found.start("whole"), file)
        printed = found["whole"] + found["unit"]
        yield Finding(
            "sum.counts", Grade.ERROR, place, printed, f"{total}{found['unit']}", f"{shown} = {total} ≠ {found['whole']}", (),
            f"第{place.line}行 {printed} 与其中各项之和 {total} 不符。", f"The parts make {total}, not {found['whole']}.",
            f"核对后改为 {total}{found['unit']}，或改正各项。",
        )  # fmt: skip


def _number(text: str) -> Decimal:
    return Decimal(text.replace(",", ""))
