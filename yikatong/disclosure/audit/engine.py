"""One audit: a document read, understood, and looked at by every rule."""

from __future__ import annotations

from yikatong.disclosure.audit.document import Document, Loose
from yikatong.disclosure.audit.findings import NotChecked, Report
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.rules import arithmetic, codes, shares, targets, units, wording
from yikatong.disclosure.audit.view import View, view_of

_RULES = (units.look, arithmetic.look, shares.look, codes.look, targets.look, wording.look)


def audit(document: Document) -> Report:
    """All findings in the order of the document, and what could not be judged."""
    view = view_of(document)
    findings = [finding for rule in _RULES for finding in rule(view)]
    findings.sort(key=lambda each: (each.place.page, each.place.line, each.grade.value, each.rule))
    return Report(
        document.file, tuple(findings), tuple(_not_checked(view)), len(view.cells), len(view.claims)
    )


def _not_checked(view: View) -> list[NotChecked]:
    """Tables without columns, and amounts whose subject is not of the vocabulary."""
    found = []
    for block in view.loose:
        if isinstance(block, Loose):
            place = Place(view.document.file, 0, block.line, block.name)
            zh = f"{block.name}的文字没有保留表格列，数字与项目不能对应，未核对。"
            found.append(
                NotChecked(block.title, place, zh, "The text lost this table's columns; not compared.")
            )
    for text, place in view.said.unread:
        zh = f"第{place.line}行“{place.row}”的 {text} 不知所指，未与表格核对。"
        found.append(NotChecked(text, place, zh, "What this amount is of is not known; not compared."))
    return found
