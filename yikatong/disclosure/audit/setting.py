"""Which known set of tables a document is of; one of no known set is audited by the general rules, and told so."""

from __future__ import annotations

import re
from functools import cache

from yikatong.disclosure.audit.document import Document, Line
from yikatong.disclosure.family import families

_MOST = 60
"""Of a hundred titles of a set, so many must be those of the document."""


def set_of(document: Document) -> str:
    """The code of the family most of whose titles the document prints (「SN15」), "" where there is none."""
    titles = {_plain(block.title) for block in document.blocks if not isinstance(block, Line)} - {""}
    best, code = 0, ""
    for each, wanted in _titles().items():
        share = 100 * len(wanted & titles) // max(1, len(wanted))
        if share > best:
            best, code = share, each
    return code if best >= _MOST else ""


@cache
def _titles() -> dict[str, frozenset[str]]:
    return {
        code: frozenset(_plain(template.title) for template in family.templates)
        for code, family in families().items()
    }


def _plain(title: str) -> str:
    """A title whatever the year, the unit and the kind of institution."""
    return re.sub(r"(?:20\d\d|\{year\})年度?|\{\w+\}|\W|部门|单位|\d", "", title)
