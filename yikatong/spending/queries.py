"""Vouchers as others may see them, and what was spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Sum

from yikatong.basics.states import State
from yikatong.spending.models import Voucher, VoucherList
from yikatong.spending.rules import ENTERED, POSTED, VOUCHER_LIST
from yikatong.spending.vouchers import Line


@dataclass(frozen=True)
class ListRow:
    """One list; `digest` (hex) is what its checker posts, `fen` the sum of its lines."""

    number: str
    file_name: str
    digest: str
    lines: int
    fen: int
    first_on: date
    last_on: date
    state: State
    since: datetime
    maker: str
    maker_name: str
    entered_at: datetime
    checker_name: str
    note: str


@dataclass(frozen=True)
class Spent:
    """Money posted in a year for one category, project and economic class."""

    category: str
    project: str
    economic: str
    fen: int


def list_row(row: VoucherList) -> ListRow:
    """A row as others may see it."""
    return ListRow(
        row.number, row.file_name, bytes(row.digest).hex(), row.lines, row.fen, row.first_on, row.last_on,
        VOUCHER_LIST.state(row.state), row.state_since, row.maker, row.maker_name, row.entered_at, row.checker_name,
        row.note,
    )  # fmt: skip


def voucher_lists(limit: int, start: int = 0) -> tuple[ListRow, ...]:
    """All lists, the newest first."""
    return tuple(map(list_row, VoucherList.objects.order_by("-id")[start : start + limit]))


def voucher_list(number: str) -> ListRow | None:
    """One list."""
    row = VoucherList.objects.filter(number=number).first()
    return None if row is None else list_row(row)


def waiting(*, but: str) -> int:
    """How many lists wait for somebody else than this actor."""
    return VoucherList.objects.filter(state=ENTERED.code).exclude(maker=but).count()


def vouchers(number: str, limit: int, start: int = 0) -> tuple[Line, ...]:
    """The lines of a list in the order of its file; none once it was sent back or withdrawn."""
    rows = Voucher.objects.filter(voucher_list__number=number).order_by("row")
    return tuple(map(line_of, rows[start : start + limit]))


def posted(year: int, category: str, project: str, limit: int, start: int = 0) -> tuple[Line, ...]:
    """The posted lines of a year for one category, and of a project where one is named, the latest first."""
    rows = Voucher.objects.filter(voucher_list__state=POSTED.code, year=year, category=category)
    if project:
        rows = rows.filter(project=project)
    return tuple(map(line_of, rows.order_by("-paid_on", "-id")[start : start + limit]))


def line_of(row: Voucher) -> Line:
    """A line as it stands in the books."""
    return Line(
        row.row, row.voucher, row.place, row.paid_on, row.summary, row.category, row.economic, row.project, row.tag, row.fen
    )  # fmt: skip


def spent(year: int, until: date | None = None) -> tuple[Spent, ...]:
    """What was posted for a year, up to and with that day."""
    rows = Voucher.objects.filter(voucher_list__state=POSTED.code, year=year)
    if until is not None:
        rows = rows.filter(paid_on__lte=until)
    found = rows.values_list("category", "project", "economic").annotate(fen=Sum("fen")).order_by(
        "category", "project", "economic"
    )  # fmt: skip
    return tuple(Spent(*each) for each in found)
