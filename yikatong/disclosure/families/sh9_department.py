"""上海 区级部门 2024: the nine tables of a department with its units, named so, with 0 for nothing and one column in table 1."""

from dataclasses import replace

from yikatong.disclosure.families import sh9
from yikatong.disclosure.family import Column

ENTRY = replace(
    sh9.ENTRY,
    code="SH9D",
    name="上海市部门预算公开",
    title="{unit}{year}年部门预算",
    zero="0",
    templates=sh9.tables("部门", "部门", (Column(("预算数",)),)),
    narrative=sh9.words("部门"),
    lead=("编制部门：{unit}",),
)
