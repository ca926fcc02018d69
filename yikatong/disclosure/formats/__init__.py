"""Formats a budget document goes out in. Each is one file of this folder with `ENTRY = Format(...)`; none knows Django."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from yikatong.basics.registry import entries
from yikatong.disclosure.lines import Ledger
from yikatong.disclosure.publication import Publication


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `code` names it in addresses and on the command line, `suffix` ends its files (no dot).

    `render` gives the file's bytes, the same for the same publication and ledger; a format that only tells what is printed
    does not look at the ledger. `rank` is its place in a list.
    """

    code: str
    name: str
    name_en: str
    suffix: str
    media_type: str
    render: Callable[[Publication, Ledger], bytes]
    rank: int

    def file_name(self, publication: Publication) -> str:
        """What its file is called."""
        return f"{publication.title}.{self.suffix}"


def formats() -> dict[str, Format]:
    """All formats by code, in the order of a list: what people read first, what machines read last."""
    found = entries(__name__, Format).values()
    return {each.code: each for each in sorted(found, key=lambda each: each.rank)}
