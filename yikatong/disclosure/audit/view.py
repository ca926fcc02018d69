"""A document understood: what every rule looks at."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from yikatong.disclosure.audit.claims import Claim, claims_between, claims_of, claims_of_lists
from yikatong.disclosure.audit.document import Document, Grid, Line, Loose
from yikatong.disclosure.audit.doubts import doubts_of
from yikatong.disclosure.audit.feasible import Verdict, judge
from yikatong.disclosure.audit.fold import folding
from yikatong.disclosure.audit.loose import amounts_of, total_of
from yikatong.disclosure.audit.printed import Printed
from yikatong.disclosure.audit.prose import Sentence, sentences_of
from yikatong.disclosure.audit.region import Region
from yikatong.disclosure.audit.sentences import Said, read_sentences
from yikatong.disclosure.audit.share import Share
from yikatong.disclosure.audit.tables import Table
from yikatong.disclosure.audit.texts import Text, texts_of
from yikatong.disclosure.audit.units import Unit, unit_of, units_of

_YEAR = re.compile(r"(20\d\d)年")


@dataclass(frozen=True, slots=True)
class View:
    """Tables and sentences of a document, all printed amounts about folded regions, and the claims between them."""

    document: Document
    tables: tuple[Table, ...]
    loose: tuple[Grid | Loose, ...]
    """Tables that are not of amounts, or whose cells could not be told apart."""
    units: dict[int, Unit]
    """How the unit of a grid, or of a table without columns that has a total, was found, by the line it begins in."""
    said: Said
    sentences: tuple[Sentence, ...]
    texts: tuple[Text, ...]
    cells: tuple[Printed, ...]
    claims: tuple[Claim, ...]
    verdict: Verdict
    """The fewest cells that must be wrong, and what was not decided."""
    fold: Callable[[Region], Region]
    """What takes out of a region the dimensions that say nothing in this document."""
    year: int
    """The year most printed in titles and sentences, 0 where none is."""


def _year(document: Document) -> int:
    """Titles of tables tell it; where they do not, running text."""
    titles = [block.title for block in document.blocks if not isinstance(block, Line)]
    for texts in (titles, [line.text for line in document.lines]):
        years = Counter(int(year) for text in texts for year in _YEAR.findall(text))
        if years:
            return years.most_common(1)[0][0]
    return 0


def view_of(document: Document) -> View:
    """Read the sentences first: their units are printed with each number, and tell those of the tables."""
    year = _year(document)
    sentences = tuple(sentences_of(document.lines))
    said = read_sentences(document.file, sentences, year)
    loose: list[Grid | Loose] = [block for block in document.blocks if isinstance(block, Loose)]
    loose += [grid for grid in document.grids if not _of_amounts(grid)]
    units, read = units_of(
        [grid for grid in document.grids if _of_amounts(grid)], document.file, said.amounts
    )
    tables = list(read.values())
    fold = folding([*said.amounts, *(cell for table in tables for cell in table.amounts.values())])
    again = {id(cell): cell.of(fold(cell.about)) for cell in said.amounts}
    for table in tables:
        table.amounts = {key: cell.of(fold(cell.about)) for key, cell in table.amounts.items()}
    cells = [*again.values(), *(cell for table in tables for cell in table.amounts.values())]
    known: dict[Region, set[int]] = defaultdict(set)
    for cell in cells:
        known[cell.about].add(cell.fen)
    bare = [block for block in loose if isinstance(block, Loose)]
    cells += [cell for block in bare for cell in amounts_of(block, document.file, known)]
    for block in bare:
        if block.unit and (total := total_of(block)) is not None:
            units[block.line] = unit_of(block.unit, total[1], known[fold(total[0])])
    lists = [(fold(about), [again[id(part)] for part in parts]) for about, parts in said.lists]
    claims = [claim for table in tables for claim in claims_of(table)]
    claims += claims_of_lists(cells, lists)
    claims += claims_between(cells)
    return View(
        document,
        tuple(tables),
        tuple(loose),
        units,
        said,
        sentences,
        tuple(texts_of(document, sentences)),
        tuple(cells),
        tuple(claims),
        judge(cells, claims, doubts_of(cells, claims, _folded(said.shares, again))),
        fold,
        year,
    )


def _folded(shares: Sequence[Share], again: Mapping[int, Printed]) -> list[Share]:
    """The same percentages, of the amounts about folded regions."""
    return [
        replace(
            share,
            part=again.get(id(share.part), share.part),
            whole=again.get(id(share.whole), share.whole),
            change=again.get(id(share.change), share.change),
        )
        for share in shares
    ]


def _of_amounts(grid: Grid) -> bool:
    """Sheets of targets and catalogues are no tables of amounts."""
    return bool(grid.title) and "绩效" not in grid.title and "目录" not in grid.title
