"""A report as one page that needs nothing else: findings by place, and the document's text with what was found marked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from yikatong.disclosure.audit.document import Block, Document, Grid, Line
from yikatong.disclosure.audit.findings import Finding, Grade, Report
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.reporting import GRADES

_STYLE = """
:root{color-scheme:light}body{font:16px/1.7 "Noto Sans SC","PingFang SC","Microsoft YaHei",sans-serif;margin:0 auto;
max-width:70rem;padding:1.5rem;color:#1b1f24;background:#fff}h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.5rem}
ol{padding-left:1.5rem}li{margin:.6rem 0}table{border-collapse:collapse;margin:.5rem 0 1.5rem;font-size:.9rem}
td{border:1px solid #c9d1d9;padding:.2rem .6rem;font-variant-numeric:tabular-nums}caption{text-align:left;font-weight:600}
mark{padding:0 .2em;border-radius:.2em}.error{background:#ffd4d1}.rounding{background:#dbeafe}.format{background:#e5e7eb}
.typo{background:#fde9b8}.sum{color:#57606a}.scroll{overflow-x:auto}a{color:#0b57a4}.page{color:#57606a;border-top:1px solid
#c9d1d9;margin-top:1.5rem;font-size:.85rem}p{margin:.2rem 0}:target{outline:2px solid #0b57a4}
"""


def as_webpage(audited: Sequence[tuple[Document, Report]]) -> str:
    """All documents on one page, each with its findings first."""
    body = "".join(_document(which, *each) for which, each in enumerate(audited, 1))
    return (
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>预决算公开文本审核</title><style>{_STYLE}</style><main>{body}</main></html>"
    )


def _document(which: int, document: Document, report: Report) -> str:
    counts = Counter(each.grade for each in report.findings)
    told = "，".join(f"{name} {counts[grade]}" for grade, name in GRADES.items())
    findings = "".join(f"<li>{_finding(which, each)}</li>" for each in report.findings)
    missed = "".join(f"<li>{escape(each.zh)}</li>" for each in report.not_checked)
    return (
        f"<h1>{escape(report.file)}</h1><p>核对 {report.numbers} 个数、{report.claims} 条勾稽关系；{told}。</p>"
        + (f"<ol>{findings}</ol>" if findings else "<p>没有发现问题。</p>")
        + (f"<h2>没有核对的内容</h2><ul>{missed}</ul>" if missed else "")
        + f"<h2>全文</h2>{''.join(_text(which, document, report))}"
    )


def _finding(which: int, finding: Finding) -> str:
    place = finding.place
    page = f"第{place.page}页" if place.page else ""
    shown = f'<br><span class="sum">{escape(finding.arithmetic)}</span>' if finding.arithmetic else ""
    return (
        f'<mark class="{finding.grade}">{GRADES[finding.grade]}</mark> '
        f'<a href="#{_anchor(which, place)}">{page}第{place.line}行</a> {escape(finding.zh)}{shown}<br>{escape(finding.fix)}'
    )


def _anchor(which: int, place: Place) -> str:
    return f"d{which}-{place.page}-{place.line}"


def _text(which: int, document: Document, report: Report) -> Iterator[str]:
    """The blocks in order; where a page begins, its number."""
    marks: dict[tuple[int, int], list[Finding]] = defaultdict(list)
    for each in report.findings:
        for place in each.places or (each.place,):
            marks[place.page, place.line].append(each)
    page = 0
    for block in document.blocks:
        begins = document.where(_first(block))[0]
        if begins != page:
            page = begins
            yield f'<p class="page">第 {page} 页</p>'
        if isinstance(block, Grid):
            yield _table(which, document, block, marks)
            continue
        for line in (block,) if isinstance(block, Line) else block.lines:
            yield f"<p{_id(which, document, line.number, marks)}>{_marked(line.text, marks.get(document.where(line.number), ()))}</p>"


def _first(block: Block) -> int:
    return block.number if isinstance(block, Line) else block.line


def _table(
    which: int, document: Document, grid: Grid, marks: Mapping[tuple[int, int], Sequence[Finding]]
) -> str:
    title = " ".join(word for word in (grid.number, grid.title) if word)
    unit = f"（单位：{grid.unit}）" if grid.unit else ""
    rows = []
    for row in grid.rows:
        found = marks.get(document.where(row[0].line), ())
        cells = "".join(f"<td>{_marked(cell.text, found)}</td>" for cell in row)
        rows.append(f"<tr{_id(which, document, row[0].line, marks)}>{cells}</tr>")
    return (
        f'<div class="scroll"><table{_id(which, document, grid.unit_line or grid.line, marks)}>'
        f"<caption>{escape(title)}{unit}</caption>{''.join(rows)}</table></div>"
    )


def _id(which: int, document: Document, line: int, marks: Mapping[tuple[int, int], Sequence[Finding]]) -> str:
    """An anchor where something was found."""
    page, number = document.where(line)
    return f' id="{_anchor(which, Place(page=page, line=number))}"' if (page, number) in marks else ""


def _marked(text: str, findings: Sequence[Finding]) -> str:
    """The text with the first printed thing found in it marked."""
    for grade in Grade:
        for each in findings:
            if each.grade is grade and each.printed and each.printed in text:
                before, printed, after = text.partition(each.printed)
                return f'{escape(before)}<mark class="{grade}" title="{escape(each.zh)}">{escape(printed)}</mark>{escape(after)}'
    return escape(text)
