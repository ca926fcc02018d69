"""One audit: a document read, understood, and looked at by every rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from yikatong.basics.rings import uncollected
from yikatong.disclosure.audit.document import Document, Loose
from yikatong.disclosure.audit.findings import Finding, Grade, NotChecked, Report
from yikatong.disclosure.audit.lastyear import compare
from yikatong.disclosure.audit.paging import Paging
from yikatong.disclosure.audit.printed import Place
from yikatong.disclosure.audit.rules import (
    arithmetic,
    codes,
    counts,
    deadlines,
    directions,
    emptiness,
    figures,
    gaps,
    glossary,
    headings,
    indicators,
    items,
    leftovers,
    parts,
    punctuation,
    rates,
    shares,
    sheets,
    targets,
    terms,
    titles,
    units,
    wording,
)
from yikatong.disclosure.audit.setting import set_of
from yikatong.disclosure.audit.view import View, view_of
from yikatong.disclosure.family import families

_RULES = (
    units.look, arithmetic.look, parts.look, gaps.look, shares.look, rates.look, directions.look, codes.look, targets.look, sheets.look,
    emptiness.look, titles.look, headings.look, figures.look, glossary.look, leftovers.look, terms.look, wording.look,
    punctuation.look, items.look, counts.look,
    deadlines.look, indicators.look,
)  # fmt: skip


def audit(document: Document, last: Document | None = None) -> Report:
    """All findings in the order of the document, and what could not be judged; against last year's document where given."""
    with uncollected():
        return _audited(document, last)


def _audited(document: Document, last: Document | None) -> Report:
    view = view_of(document)
    found = [finding for rule in _RULES for finding in rule(view)]
    unchecked = _not_checked(view)
    for each in compare(view, view_of(last)) if last is not None else ():
        if isinstance(each, Finding):
            found.append(each)
        else:
            unchecked.append(each)
    findings = _together(_once(found))
    findings.sort(key=lambda each: (each.place.line, each.grade.value, each.rule))
    paging = Paging(document)
    return Report(
        document.file,
        tuple(paging.finding(each) for each in findings),
        tuple(paging.unchecked(each) for each in unchecked),
        len(view.cells),
        len(view.claims),
    )


def _once(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Of two lists that know the same slip, the finding that shows more of it."""
    typos = defaultdict(list)
    for each in findings:
        if each.grade is Grade.TYPO:
            typos[each.place.page, each.place.line].append(each)
    for each in findings:
        rivals = typos[each.place.page, each.place.line] if each.grade is Grade.TYPO else []
        covered = any(
            other is not each
            and each.printed in other.printed
            and (len(each.printed), each.rule) < (len(other.printed), other.rule)
            for other in rivals
        )
        if not covered:
            yield each


def _together(findings: Iterable[Finding]) -> list[Finding]:
    """The same words wrong in several places are one finding with all its places."""
    seen: dict[tuple[str, str, str], list[Finding]] = {}
    for each in findings:
        alone = (each.cells or each.rule == "code.unit") and each.rule != "unit.label"
        key = (each.rule, each.printed, f"{each.expected}#{len(seen) if alone else ''}")
        seen.setdefault(key, []).append(each)
    return [_merged(group) for group in seen.values()]


def _merged(group: Sequence[Finding]) -> Finding:
    first = min(group, key=lambda each: (each.place.page, each.place.line))
    places = sorted(
        {place for each in group for place in (each.places or (each.place,))},
        key=lambda place: (place.page, place.line, place.table),
    )
    if len(group) == 1 or len(places) == 1:
        return first
    names = dict.fromkeys(place.table or f"第{place.line}行" for place in places)
    zh = f"{first.zh.rstrip('。')}（共 {len(places)} 处：{'、'.join(names)}）。"
    return replace(first, zh=zh, places=tuple(places))


def _of_no_set(view: View) -> list[NotChecked]:
    if len(view.tables) < _SET or set_of(view.document):
        return []
    known = "、".join(sorted(families()))
    place = Place(view.document.file, 0, view.tables[0].grid.line)
    zh = (
        f"表套与已知模板（{known}）都不相符，已按通用规则审核；模板特有的要求（应有哪些表、固定的行）未核对。"
    )
    en = "The tables are of no known set: audited by the general rules; what a template asks for was not compared."
    return [NotChecked("表套", place, zh, en)]


_SET = 3
"""Fewer tables than this are an extract, and of no set."""


def _not_checked(view: View) -> list[NotChecked]:
    """Pages without text, tables without columns, and amounts whose subject is not of the vocabulary."""
    file = view.document.file
    found = _of_no_set(view)
    found += [NotChecked(f"第{page}页", Place(file, page), zh, en) for page, zh, en in view.document.unread]
    for block in view.loose:
        if isinstance(block, Loose):
            place = Place(file, 0, block.line, block.name)
            zh = f"{block.name}的文字没有保留表格列，数字与项目不能对应，未核对。"
            found.append(
                NotChecked(block.title, place, zh, "The text lost this table's columns; not compared.")
            )
    for text, place in view.said.unread:
        zh = f"第{place.line}行“{place.row}”的 {text} 不知所指，未与表格核对。"
        found.append(NotChecked(text, place, zh, "What this amount is of is not known; not compared."))
    for group in view.verdict.undecided:
        first = min(group, key=lambda cell: cell.place.line)
        zh = f"第{first.place.line}行起相互关联的 {len(group)} 个数在限定时间内没有全部算清，除已指出的以外，其勾稽未核对。"
        en = f"Which of {len(group)} numbers that hang together are wrong was not settled in time; but for those told, not compared."
        found.append(NotChecked(first.text, first.place, zh, en))
    return found
