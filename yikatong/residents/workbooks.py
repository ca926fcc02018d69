"""Workbooks that leave this room: the empty form of a list, and what is wrong with one. Rows in, bytes out.

Every cell is written as text: what somebody typed is never a formula here.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from xlsxwriter import Workbook

from yikatong.residents.headings import PROBLEM_COLUMN, Form
from yikatong.residents.numbers import tidied

MOST_COMMENTS = 1_000
"""Cells that carry their problem as a comment; more make a workbook that no program opens gladly."""
_MADE = datetime(2020, 1, 1, tzinfo=UTC)  # the same rows give the same bytes


class Told(NamedTuple):
    """A refused row: its line, and its problems as (column heading, value masked, sentence)."""

    line: int
    problems: tuple[tuple[str, str, str], ...]


def blank_workbook(wanted: Form) -> bytes:
    """The empty form of a list: the columns as text, and what each of them wants."""
    held = io.BytesIO()
    with _book(held) as book:
        head, text, wrap = _formats(book)
        form = book.add_worksheet("名单")
        form.set_column(0, len(wanted.columns) - 1, 20, text)
        form.freeze_panes(1, 0)
        for place, names in enumerate(wanted.columns.values()):
            form.write_string(0, place, names[0], head)
        notes = book.add_worksheet("填写说明")
        notes.set_column(0, 0, 16)
        notes.set_column(1, 2, 60, wrap)
        for place, title in enumerate(("列", "怎样填", "也可写作")):
            notes.write_string(0, place, title, head)
        for row, (column, names) in enumerate(wanted.columns.items(), start=1):
            needed = "*" if column in wanted.required else ""
            notes.write_string(row, 0, f"{names[0]}{needed}", wrap)
            notes.write_string(row, 1, wanted.notes[column], wrap)
            notes.write_string(row, 2, "、".join(names[1:]), wrap)
    return held.getvalue()


def problem_workbook(headings: Sequence[str], told: Sequence[Told], rows: Iterable[list[str]]) -> bytes:
    """Sheet 问题: one line for each problem, values masked. Sheet 待更正: the rows as they were uploaded, wrong cells
    coloured and commented, the problems once more in the last column, which is passed over when it is uploaded again.

    `rows` are the cells of the rows of `told`, in the same order.
    """
    held = io.BytesIO()
    with _book(held) as book:
        head, text, wrap = _formats(book)
        wrong = book.add_format({"num_format": "@", "bg_color": "#FCE4E4", "font_color": "#B3261E"})
        problems = book.add_worksheet("问题")
        problems.freeze_panes(1, 0)
        for place, (title, width) in enumerate((("行", 8), ("列", 14), ("内容", 24), ("问题和处理办法", 80))):
            problems.set_column(place, place, width)
            problems.write_string(0, place, title, head)
        line = 0
        for each in told:
            for column, shown, said in each.problems:
                line += 1
                problems.write_number(line, 0, each.line)
                problems.write_string(line, 1, column or "整行")
                problems.write_string(line, 2, shown, text)
                problems.write_string(line, 3, said, wrap)
        problems.autofilter(0, 0, line, 3)
        again = book.add_worksheet("待更正")
        again.freeze_panes(1, 0)
        titles = [tidied(heading) for heading in headings]
        told_at = titles.index(PROBLEM_COLUMN) if PROBLEM_COLUMN in titles else len(titles)
        again.set_column(0, told_at - 1, 20, text)
        again.set_column(told_at, told_at, 60)
        for place, title in enumerate([*titles[:told_at], PROBLEM_COLUMN, *titles[told_at + 1 :]]):
            again.write_string(0, place, title, head)
        comments = 0
        for row, (each, cells) in enumerate(zip(told, rows, strict=False), start=1):
            said_of = {column: said for column, _, said in each.problems}
            for place, cell in enumerate(cells):
                why = said_of.get(titles[place], "") if place < len(titles) else ""
                if place != told_at:
                    again.write_string(row, place, cell, wrong if why else text)
                if why and comments < MOST_COMMENTS:
                    again.write_comment(row, place, why, {"x_scale": 2})
                    comments += 1
            again.write_string(row, told_at, "\n".join(said for _, _, said in each.problems), wrap)
    return held.getvalue()


def _book(held: io.BytesIO) -> Workbook:
    book = Workbook(held, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"created": _MADE})
    return book


def _formats(book: Workbook) -> tuple[object, object, object]:
    head = book.add_format({"bold": True, "bg_color": "#EEF2F6", "num_format": "@", "border": 1})
    return head, book.add_format({"num_format": "@"}), book.add_format({"text_wrap": True, "valign": "top"})
