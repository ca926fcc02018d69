"""Statements, their entries and differences as others may see them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from yikatong.benefits.models import AccountStatement, Discrepancy, StatementEntry
from yikatong.benefits.rules import UNSETTLED
from yikatong.benefits.statement_rows import (
    DiscrepancyRow,
    EntryRow,
    StatementRow,
    discrepancy_row,
    entry_row,
    statement_row,
)
from yikatong.office.queries import centre
from yikatong.office.scope import Scope


def statements(scope: Scope, limit: int, start: int = 0) -> tuple[StatementRow, ...]:
    """The statements of the centre's account, the newest first, for whoever may see the whole centre."""
    if not _sees_all(scope):
        return ()
    return tuple(map(statement_row, AccountStatement.objects.order_by("-on", "-id")[start : start + limit]))


def statement(number: int, scope: Scope) -> StatementRow | None:
    """One statement."""
    row = AccountStatement.objects.filter(pk=number).first() if _sees_all(scope) else None
    return None if row is None else statement_row(row)


def entries(statement_id: int, limit: int, start: int = 0) -> tuple[EntryRow, ...]:
    """The entries of a statement in its order."""
    rows = StatementEntry.objects.filter(statement_id=statement_id).select_related("file__batch")
    rows = rows.defer("file__content", "file__batch__content").order_by("place")
    return tuple(map(entry_row, rows[start : start + limit]))


def discrepancies(
    scope: Scope,
    limit: int,
    start: int = 0,
    *,
    at: datetime,
    closed: bool = False,
    batch: int | None = None,
) -> tuple[DiscrepancyRow, ...]:
    """Differences of a scope as of a moment, the newest first: those that somebody still had to look into, or the closed."""
    still = _still(at)
    rows = Discrepancy.objects.filter(~still if closed else still, found_at__lte=at)
    rows = scope.narrow(rows).order_by("-id")
    if batch is not None:
        rows = rows.filter(batch_id=batch)
    rows = rows.select_related("batch", "file").defer("batch__content", "file__content")
    return tuple(map(discrepancy_row, rows[start : start + limit]))


def discrepancy(number: int, scope: Scope) -> DiscrepancyRow | None:
    """One difference of the scope."""
    rows = Discrepancy.objects.select_related("batch", "file").defer("batch__content", "file__content")
    row = rows.filter(pk=number).first()
    return None if row is None or not scope.covers(row.region) else discrepancy_row(row)


def open_differences(scope: Scope, at: datetime) -> int:
    """How many differences wait for somebody to say what came of them, as of a moment."""
    return scope.narrow(Discrepancy.objects.filter(_still(at), found_at__lte=at)).count()


def _still(at: datetime) -> Q:
    """What is not closed, or was not yet."""
    return Q(state__in=[state.code for state in UNSETTLED]) | Q(state_since__gt=at)


def _sees_all(scope: Scope) -> bool:
    here = centre()
    return here is not None and scope.covers(here.region)
