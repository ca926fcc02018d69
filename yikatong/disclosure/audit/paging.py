"""Rules speak in lines of the whole file; people look for the page. Here a report is turned to pages, once, at its end."""

from __future__ import annotations

import re
from dataclasses import replace

from yikatong.disclosure.audit.document import Document
from yikatong.disclosure.audit.findings import Finding, NotChecked
from yikatong.disclosure.audit.printed import Place, Printed

_LINE = re.compile(r"第(\d+)行")


class Paging:
    """Turns places and sentences of a document that has pages; those of others stay as they are."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def finding(self, finding: Finding) -> Finding:
        """The finding with the pages of all it names."""
        if not self.document.pages:
            return finding
        return replace(
            finding,
            place=self.place(finding.place),
            places=tuple(self.place(place) for place in finding.places),
            cells=tuple(self._cell(cell) for cell in finding.cells),
            rivals=tuple(self._cell(cell) for cell in finding.rivals),
            arithmetic=self._told(finding.arithmetic),
            zh=self._told(finding.zh),
        )

    def unchecked(self, each: NotChecked) -> NotChecked:
        """What was not checked, with its page."""
        if not self.document.pages or each.place.page:
            return each
        return replace(each, place=self.place(each.place), zh=self._told(each.zh))

    def place(self, place: Place) -> Place:
        """A place by page and the line on it."""
        page, line = self.document.where(place.line)
        return replace(place, page=page, line=line)

    def _cell(self, cell: Printed) -> Printed:
        own = cell.place.file == self.document.file
        return replace(cell, place=self.place(cell.place)) if own else cell

    def _told(self, text: str) -> str:
        def turned(found: re.Match[str]) -> str:
            page, line = self.document.where(int(found.group(1)))
            return f"第{page}页第{line}行"

        return _LINE.sub(turned, text)
