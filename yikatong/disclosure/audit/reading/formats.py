"""How an XLSX prints its numbers: decimals, percent and what stands for zero, by the format of each cell."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00",
    40: "#,##0.00", 41: '#,##0;-#,##0;"-"', 43: '#,##0.00;-#,##0.00;"-"',
}  # fmt: skip
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")


@dataclass(frozen=True, slots=True)
class Format:
    """Decimals (None: as many as the number has), whether as a percentage, and what a zero prints as (None: as a number)."""

    decimals: int | None = None
    percent: bool = False
    zero: str | None = None


@dataclass(slots=True)
class Formats:
    """Formats by (row, column) from 0, and how far the sheet reaches."""

    formats: dict[tuple[int, int], Format] = field(default_factory=dict)
    rows: int = 0
    columns: int = 0


def formats_of(content: bytes) -> dict[str, Formats] | None:
    """The formats of each sheet by its name; None where the workbook cannot be understood."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            styles = _styles(packed)
            return {name: _sheet(packed, part, styles) for name, part in parts_of(packed).items()}
    except (zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, OSError):
        return None


def format_of(code: str) -> Format:
    """A number format: `"#,##0.00"` -> two decimals; a third section says what a zero prints as."""
    sections = code.split(";")
    plain = _QUOTED.sub("", sections[0])
    zero = None
    if len(sections) > 2 and not re.search(r"[0#]", _QUOTED.sub("", sections[2])):
        zero = "-" if "-" in sections[2] else ""
    if not re.search(r"[0#]", plain):
        return Format(zero=zero)
    decimals = plain.partition(".")[2].count("0")
    return Format(decimals, "%" in plain, zero)


def _styles(packed: zipfile.ZipFile) -> list[Format]:
    if "xl/styles.xml" not in packed.namelist():
        return []
    root = tree(packed, "xl/styles.xml")
    own = {int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iter(f"{MAIN}numFmt")}
    cells = root.find(f"{MAIN}cellXfs")
    found = []
    for style in cells if cells is not None else ():
        which = int(style.get("numFmtId", "0"))
        found.append(format_of(own.get(which, _BUILT_IN.get(which, "General"))))
    return found


def parts_of(packed: zipfile.ZipFile) -> dict[str, str]:
    """The part of each sheet by its name."""
    links = {
        each.get("Id", ""): each.get("Target", "") for each in tree(packed, "xl/_rels/workbook.xml.rels")
    }
    found = {}
    for sheet in tree(packed, "xl/workbook.xml").iter(f"{MAIN}sheet"):
        target = links.get(sheet.get(_LINK, ""), "")
        part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if part in packed.namelist():
            found[sheet.get("name", "")] = part
    return found


def _sheet(packed: zipfile.ZipFile, part: str, styles: list[Format]) -> Formats:
    found = Formats()
    with packed.open(part) as source:
        _walk(source, styles, found)
    return found


def _walk(source: IO[bytes], styles: list[Format], found: Formats) -> None:
    for _, cell in etree.iterparse(
        source, tag=f"{MAIN}c", resolve_entities=False, no_network=True, huge_tree=False
    ):
        place = place_of(str(cell.get("r", "")))
        style = cell.get("s", "")
        if place is not None:
            found.rows, found.columns = max(found.rows, place[0] + 1), max(found.columns, place[1] + 1)
            if style.isdigit() and int(style) < len(styles) and styles[int(style)] != Format():
                found.formats[place] = styles[int(style)]
        cell.clear()


def place_of(ref: str) -> tuple[int, int] | None:
    """(row, column) from 0 of a cell by its name: `"B3"` -> (2, 1); None for anything else."""
    named = _CELL.fullmatch(ref)
    if named is None:
        return None
    column = 0
    for letter in named.group(1):
        column = column * 26 + ord(letter) - 64
    return int(named.group(2)) - 1, column - 1


def tree(packed: zipfile.ZipFile, part: str) -> etree._Element:
    """A part of a packed file as XML, without anything it refers to outside."""
    return etree.fromstring(packed.read(part), etree.XMLParser(resolve_entities=False, no_network=True))
