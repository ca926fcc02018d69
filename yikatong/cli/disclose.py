"""`./yk disclose`: print a budget document from a workbook of base lines. Needs no database and no city."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from yikatong.basics.refused import Refused
from yikatong.cli.speak import say, stop

if TYPE_CHECKING:
    from yikatong.disclosure.lines import BaseLine, Ledger


def disclose(
    lines: Annotated[Path, typer.Argument(help="基础行（CSV 或 XLSX）。 The base lines.")],
    family: Annotated[str, typer.Option(help="模板族，如 SN15、SX13。 Which set of tables.")],
    form: Annotated[str, typer.Option("--format", help="格式：pdf、docx、xlsx、html…。 The format.")] = "pdf",
    words: Annotated[
        Path | None, typer.Option(help="名称和变动原因（TOML）。 Names and reasons of changes.")
    ] = None,
    name: Annotated[str, typer.Option(help="单位名称。 The unit's name, where --words has none.")] = "",
    out: Annotated[Path | None, typer.Option(help="写入文件。 Where to write.")] = None,
) -> None:
    """由基础行编印预算公开文本。 Exit 0: complete; 1: written, but reasons are missing; 2: a file could not be read."""
    from yikatong.disclosure.family import families
    from yikatong.disclosure.formats import formats
    from yikatong.disclosure.printing import publish

    known, offered = families(), formats()
    if family not in known:
        stop(_unknown("family", "模板族", family, known), code=2)
    if form not in offered:
        stop(_unknown("format", "格式", form, offered), code=2)
    ledger = _ledger(lines, words, name)
    publication = publish(ledger, known[family])
    if isinstance(publication, Refused):
        stop(publication, code=2)
    if form == "pdf":
        _fonts()
    target = out or Path(offered[form].file_name(publication))
    try:
        target.write_bytes(offered[form].render(publication, ledger))
    except OSError as error:
        stop(_unreadable(target, error), code=2)
    say(f"已写入 {target}。", f"Wrote {target}.")
    for gap in publication.gaps:
        say(f"还缺：{gap}。", f"Missing: {gap}.")
    raise typer.Exit(1 if publication.gaps else 0)


def _ledger(path: Path, words: Path | None, name: str) -> Ledger:
    from yikatong.disclosure.intake import read_lines
    from yikatong.disclosure.ledgers import of_words

    try:
        told: dict[str, Any] = {} if words is None else tomllib.loads(words.read_text("utf-8"))
        intake = read_lines(path.name, path.read_bytes())
    except OSError as error:
        stop(_unreadable(path, error), code=2)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        zh = f"{words} 不是 TOML 文件：{error}。"
        stop(Refused("disclose.words", zh, f"{words} is no TOML file: {error}."), code=2)
    if intake.refused:
        for each in intake.refused[:-1]:
            say(each.zh, each.en)
        stop(intake.refused[-1], code=2)
    first = _alike(intake.lines)
    usual = {
        "year": first.year,
        "unit": first.unit,
        "unit_name": name,
        "parent": first.unit[:3],
        "parent_name": "",
    }
    kinds: dict[str, Any] = {**usual, "reasons": {}, "facts": {}, "remarks": {}}
    wrong = [key for key, value in told.items() if key in kinds and not isinstance(value, type(kinds[key]))]
    if wrong:
        zh = f"{words} 里 {'、'.join(wrong)} 的写法不对，请参照 yikatong/disclosure/ledgers/ 里的文件。"
        stop(
            Refused(
                "disclose.words", zh, f"In {words}, {', '.join(wrong)} is not as in disclosure/ledgers/."
            ),
            code=2,
        )
    ledger = of_words(usual | told, intake.lines)
    if not ledger.unit_name:
        zh = "不知道单位名称，请用 --name 或 --words 给出。"
        stop(Refused("disclose.name", zh, "The unit has no name: tell it by --name or --words."), code=2)
    return ledger


def _alike(lines: tuple[BaseLine, ...]) -> BaseLine:
    """The first line, of whose year and unit all must be: a document is one unit's of one year."""
    others = {(line.year, line.unit) for line in lines} - {(lines[0].year, lines[0].unit)}
    if others:
        year, unit = min(others)
        zh = f"基础行不止一个单位或年度：除 {lines[0].year} 年 {lines[0].unit} 外还有 {year} 年 {unit}，请分开。"
        stop(Refused("disclose.mixed", zh, "The lines are of more than one unit or year; part them."), code=2)
    return lines[0]


def _fonts() -> None:
    """The type that PDFs are set in is put where it is looked for, where that was not yet done."""
    from yikatong.setup.assets import FONTS, place

    if not FONTS.is_dir():
        placed = place()
        if isinstance(placed, Refused):
            stop(placed, code=2)


def _unknown(what: str, zh: str, asked: str, known: dict[str, Any]) -> Refused:
    listed = "、".join(known)
    return Refused(
        f"disclose.{what}",
        f"没有{zh} {asked}，可用：{listed}。",
        f"There is no {what} {asked}; known: {listed}.",
    )


def _unreadable(path: Path, error: OSError) -> Refused:
    return Refused(
        "disclose.file", f"读写不了 {error.filename or path}：{error.strerror}。", f"Cannot use {path}."
    )
