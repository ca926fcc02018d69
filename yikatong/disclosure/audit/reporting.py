"""A report in words, for a terminal."""

from __future__ import annotations

from collections import Counter

from yikatong.disclosure.audit.findings import Finding, Grade, Report

GRADES = {Grade.ERROR: "错误", Grade.ROUNDING: "尾差", Grade.FORMAT: "格式", Grade.TYPO: "文字"}


def as_text(report: Report) -> str:
    """The findings in order, then what was not checked: silence and not having looked are told apart."""
    counts = Counter(each.grade for each in report.findings)
    told = "，".join(f"{GRADES[grade]} {counts[grade]}" for grade in Grade)
    lines = [
        f"{report.file}：核对 {report.numbers} 个数、{report.claims} 条勾稽关系；{told}，未核对 {len(report.not_checked)}"
    ]
    lines += [_line(each) for each in report.findings]
    lines += [f"[未核对] {each.zh}" for each in report.not_checked]
    return "\n".join(lines)


def _line(finding: Finding) -> str:
    page = f"第{finding.place.page}页" if finding.place.page else ""
    shown = f"  {finding.arithmetic}" if finding.arithmetic else ""
    return f"[{GRADES[finding.grade]}] {page}{finding.place.line} {finding.rule}：{finding.zh}{shown}  {finding.fix}"
