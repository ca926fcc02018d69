"""One document in five formats is read alike; what cannot be read is refused with what to do."""

import io
from pathlib import Path

import docx
import pypdfium2
import typst
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from yikatong.disclosure.audit.document import Document, Grid
from yikatong.disclosure.audit.reading import read_document

FONTS = [str(Path(__file__).resolve().parents[3] / "node_modules" / "@expo-google-fonts" / "noto-sans-sc")]
TITLE, UNIT = "2025年部门支出预算总表", "单位：万元"
HEAD = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
Rows = tuple[tuple[str, ...], ...]


def markdown(rows: Rows) -> bytes:
    lines = [TITLE, UNIT, "|" + "|".join(rows[0]) + "|", "|" + "--|" * len(rows[0])]
    return "\n".join([*lines, *("|" + "|".join(row) + "|" for row in rows[1:])]).encode()


def workbook(rows: Rows) -> bytes:
    held = io.BytesIO()
    book = xlsxwriter.Workbook(held, {"in_memory": True})
    sheet, money = book.add_worksheet("表3"), book.add_format({"num_format": "#,##0.00"})
    sheet.merge_range(0, 0, 0, len(rows[0]) - 1, TITLE)
    sheet.write(1, len(rows[0]) - 1, UNIT)
    for down, row in enumerate(rows):
        for across, text in enumerate(row):
            if down and across > 1 and text:
                sheet.write_formula(2 + down, across, "=1+1", money, text)
            else:
                sheet.write_string(2 + down, across, text)
    book.close()
    return held.getvalue()


def word(rows: Rows) -> bytes:
    held, written = io.BytesIO(), docx.Document()
    written.add_paragraph(TITLE)
    written.add_paragraph(UNIT)
    table = written.add_table(len(rows), len(rows[0]))
    for cells, row in zip(table.rows, rows, strict=True):
        for cell, text in zip(cells.cells, row, strict=True):
            cell.text = text
    written.save(held)
    return held.getvalue()


def printed(rows: Rows, *, ruled: bool = True, before: str = "") -> bytes:
    cells = ",".join(f'"{text}"' for row in rows for text in row)
    stroke = "0.5pt" if ruled else "none"
    made = (
        f'#set page(paper: "a4", flipped: true, numbering: "- 1 -")\n#set text(font: "Noto Sans SC", size: 10pt)\n{before}\n'
        f"#align(center)[{TITLE}]\n#align(right)[{UNIT}]\n"
        f"#table(columns: {len(rows[0])}, column-gutter: {'0pt' if ruled else '3em'}, stroke: {stroke},"
        f"align: (x, y) => if x > 1 {{ right }} else {{ left }}, {cells})"
    )
    return typst.compile(made.encode(), font_paths=FONTS)


def table_of(name: str, content: bytes) -> Grid:
    document = read_document(name, content)
    assert isinstance(document, Document), document
    (grid,) = document.grids
    return grid


def texts_of(grid: Grid) -> Rows:
    return tuple(tuple(cell.text.replace(",", "") for cell in row) for row in grid.rows)


AMOUNT = st.integers(1, 10**9).map(lambda number: f"{number // 100}.{number % 100:02}")
NAME = st.sampled_from(
    ["一般公共服务支出", "社会保障和就业支出", "财政事务", "行政运行", "卫生健康支出", "住房保障支出"]
)
ROW = st.tuples(st.integers(2010000, 2299999).map(str), NAME, AMOUNT, AMOUNT, st.one_of(st.just(""), AMOUNT))


@settings(max_examples=12, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=60))
def test_the_same_table_in_every_format_reads_back_to_the_same_cells(body):
    rows = (HEAD, *body, ("合计", "", "1.00", "2.00", "3.00"))
    made = {"a.md": markdown(rows), "a.xlsx": workbook(rows), "a.docx": word(rows), "a.pdf": printed(rows)}
    for name, content in made.items():
        grid = table_of(name, content)
        assert texts_of(grid) == rows, name
        assert (grid.title, grid.unit) == (TITLE, "万元"), name


def test_a_table_without_rulings_has_the_columns_its_amounts_make():
    body = [
        (f"20{place:05}", "社会保障和就业支出", f"{place}.10", f"{place}.20", f"{place}.30")
        for place in range(1, 9)
    ]
    assert texts_of(table_of("a.pdf", printed((HEAD, *body), ruled=False))) == (HEAD, *body)


def test_a_page_drawn_sideways_is_read_upright():
    made = pypdfium2.PdfDocument(printed((HEAD, ("20801", "行政运行", "1.00", "1.00", ""))))
    made[0].set_rotation(90)
    held = io.BytesIO()
    made.save(held)
    assert texts_of(table_of("a.pdf", held.getvalue()))[1] == ("20801", "行政运行", "1.00", "1.00", "")
