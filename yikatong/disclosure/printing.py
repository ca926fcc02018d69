"""From base lines to a document: a family's templates filled with the sums of the regions they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest

from yikatong.basics.money import print_in
from yikatong.basics.numerals import in_han
from yikatong.basics.refused import Refused
from yikatong.disclosure.audit.region import EVERYTHING, Region, joined, region
from yikatong.disclosure.audit.subjects import name_of
from yikatong.disclosure.family import Axis, Family, Pairs, Projects, Row, Side, Template, Tree, Units
from yikatong.disclosure.goals import no_heading, sheets
from yikatong.disclosure.lines import Ledger, above, levels
from yikatong.disclosure.publication import PrintedTable, Publication, Slot
from yikatong.disclosure.wording import Writer


def publish(ledger: Ledger, family: Family) -> Publication | Refused:
    """The family's whole document of that ledger.

    Refused: `disclosure.no_place` for a line no table of it has a place for, `disclosure.no_heading` for such a target.
    """
    ledger = replace(ledger, phase=family.phase)
    for refused in (_no_place(ledger, family), no_heading(ledger, family)):
        if refused is not None:
            return refused
    targets, missing = sheets(ledger, family)
    tables = (*(_Printer(ledger, family, template).table() for template in family.templates), *targets)
    writer = Writer(ledger, family, [f"{table.label}《{table.title}》" for table in tables if table.empty])
    words = tuple(writer.paragraph(each) for each in family.narrative)
    catalogue = tuple(
        (
            f"{table.label} {table.title}".strip(),
            "是" if table.empty else "否",
            family.empty_reason if table.empty else "",
        )
        for table in tables
    )
    title = family.title.format(year=ledger.year, unit=ledger.unit_name)
    return Publication(
        title, family.code, ledger.year, ledger.unit, ledger.unit_name, words, tables, catalogue,
        (*writer.asked, *missing),
    )  # fmt: skip


def _no_place(ledger: Ledger, family: Family) -> Refused | None:
    for line in ledger.lines:
        if not ledger.is_of(line, family.phase):
            continue
        for dimension in ("fund", "carry", "function", "government", "category"):
            own = str(getattr(line, dimension))
            if family.lacks(dimension, own, line.fund):
                return Refused(
                    "disclosure.no_place",
                    f"{family.name}的表格没有“{own}”的位置，这一行（{line.function} {line.economic}）无处可列，"
                    "请核对科目或改用其他模板。",
                    f"{family.code} has no place for {own}; check the line or take another family.",
                    at=dimension,
                )
    return None


class _Printer:
    """Prints one table."""

    def __init__(self, ledger: Ledger, family: Family, template: Template) -> None:
        self.ledger, self.family, self.template = ledger, family, template
        self.zero = family.zero if template.zero is None else template.zero
        self.unit = template.unit or family.unit
        self.decimals = family.decimals if template.decimals is None else template.decimals

    def table(self) -> PrintedTable:
        """The table; one without any amount is empty: its rows may be others, its amounts are blank."""
        rows = self._rows()
        empty = not any(slot.fen for row in rows for slot in row)
        if empty:
            rows = self._rows(empty=True)
            rows = [
                tuple(Slot("", slot.about) if slot.about is not None else slot for slot in row)
                for row in rows
            ]
        words = {"year": self.ledger.year, "unit": self.ledger.unit_name, "number": self.template.number}
        return PrintedTable(
            self.template.number,
            self.family.label.format(**words),
            self.template.title.format(**words),
            self.unit,
            tuple(line.format(**words) for line in self.family.lead),
            self._head(),
            tuple(rows),
            self._note().format(**words) if empty else "",
            empty,
        )

    def _note(self) -> str:
        own = self.template.empty_note
        return self.family.empty_note if own is None else own

    # --- the head

    def _head(self) -> tuple[tuple[str, ...], ...]:
        """Rows of the head: each word stands once, at the left and top of what it spans."""
        paths = [
            tuple(word.format(year=self.ledger.year, last=self.ledger.year - 1) for word in path)
            for side in self.template.sides
            for path in (*side.labels, *(column.head for column in side.columns), *side.trailing)
        ]
        height = max(map(len, paths))
        rows = []
        for level in range(height):
            row = []
            for place, path in enumerate(paths):
                same = (
                    place > 0 and paths[place - 1][: level + 1] == path[: level + 1] and level < len(path) - 1
                )
                row.append("" if same or level >= len(path) else path[level])
            rows.append(tuple(row))
        if self.template.numbered:
            rows.append(tuple(str(count) for count in range(1, len(paths) + 1)))
        return tuple(rows)

    # --- the body

    def _rows(self, *, empty: bool = False) -> list[tuple[Slot, ...]]:
        sides = self.template.sides
        tops = [list(self._body(side, empty=empty)) for side in sides]
        feet = [[self._row(side, each.labels, each.about) for each in side.foot] for side in sides]
        blank = [self._row(side, ("",) * len(side.labels), None) for side in sides]
        found = [_beside(slots, blank) for slots in zip_longest(*tops)]
        if self.template.gap:
            found.append(_beside([None] * len(sides), blank))
        return found + [_beside(slots, blank) for slots in zip_longest(*feet)]

    def _body(self, side: Side, *, empty: bool) -> Iterator[tuple[Slot, ...]]:
        axes: Sequence[Axis] = side.rows
        if empty and self.template.empty_rows is not None:
            axes = self.template.empty_rows
        for axis in axes:
            yield from self._axis(side, axis)

    def _axis(self, side: Side, axis: Axis) -> Iterator[tuple[Slot, ...]]:
        match axis:
            case Row(labels, about):
                padded = (*labels, *[""] * (len(side.labels) - len(labels)))[: len(side.labels)]
                yield self._row(side, padded, about)
            case Tree():
                yield from self._tree(side, axis)
            case Pairs():
                yield from self._pairs(side, axis)
            case Units():
                yield from self._units(side, axis)
            case Projects():
                yield from self._projects(side, axis)

    def _tree(self, side: Side, tree: Tree) -> Iterator[tuple[Slot, ...]]:
        codes = self.ledger.members(tree.dimension, self._whole(side, tree.of))
        for count, code in enumerate(above(codes, tree.lengths), 1):
            name = name_of(code, self.ledger.year)
            indent = tree.indent * tree.lengths.index(len(code))
            if tree.split:
                labels = (*levels(code, tree.lengths), name)
            elif tree.coded:
                labels = (indent + code, name)
            else:
                labels = (indent + tree.style.format(han=in_han(count), count=count, name=name),)
            yield self._row(side, labels, region(**{tree.dimension: code}))

    def _pairs(self, side: Side, pairs: Pairs) -> Iterator[tuple[Slot, ...]]:
        found = self.ledger.pairs(self._whole(side, pairs.of))
        opened = ""
        for economic, government in found:
            name, paired = name_of(economic, self.ledger.year), name_of(government, self.ledger.year)
            if economic[:3] != opened:
                opened = economic[:3]
                over = name_of(opened, self.ledger.year)
                labels = (opened, over, "", "") if pairs.coded else (over, "")
                yield self._row(side, labels, region(economic=opened))
            labels = (
                (pairs.indent + economic, name, government, paired) if pairs.coded else (pairs.indent + name, paired)
            )  # fmt: skip
            yield self._row(side, labels, region(economic=economic, government=government))

    def _units(self, side: Side, units: Units) -> Iterator[tuple[Slot, ...]]:
        ledger = self.ledger
        rows = [(ledger.unit, ledger.unit_name, units.indent)]
        if units.parent:
            rows.insert(0, (ledger.parent, ledger.parent_name, ""))
        for code, name, indent in rows:
            labels = (indent + code, name) if units.coded else (indent + name,)
            yield self._row(side, labels, EVERYTHING)

    def _projects(self, side: Side, projects: Projects) -> Iterator[tuple[Slot, ...]]:
        for name in self.ledger.members("project", self._whole(side)):
            labels = ("", projects.indent + name) if projects.coded else (projects.indent + name,)
            remark = self.ledger.remarks.get(name, "") if projects.remarks else ""
            yield self._row(side, labels, region(project=name), remark)

    def _whole(self, side: Side, of: Region | None = None) -> Region:
        return joined(self.template.about, side.about) if of is None else of

    def _row(
        self, side: Side, labels: tuple[str, ...], about: Region | None, remark: str = ""
    ) -> tuple[Slot, ...]:
        amounts = [
            Slot("") if about is None else self._slot(joined(joined(self._whole(side), column.about), about))
            for column in side.columns
        ]
        words = [Slot(label) for label in labels]
        return (*words, *amounts, *(Slot(remark if not place else "") for place in range(len(side.trailing))))

    def _slot(self, about: Region) -> Slot:
        fen = self.ledger.fen(about)
        if not fen:
            return Slot(self.zero, about, 0)
        return Slot(print_in(self.unit, fen, self.decimals, thousands=self.family.thousands), about, fen)


def _beside(slots: Sequence[tuple[Slot, ...] | None], blank: Sequence[tuple[Slot, ...]]) -> tuple[Slot, ...]:
    return tuple(
        slot for own, empty in zip(slots, blank, strict=True) for slot in (own if own is not None else empty)
    )
