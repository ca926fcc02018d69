"""Budget documents and their versions as others may see them: where each stands, by when it must be public, what it says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from yikatong.basics.states import State
from yikatong.disclosure.aims import goals_of
from yikatong.disclosure.beforehand import of_last_year, of_the_books, of_the_budget
from yikatong.disclosure.family import families
from yikatong.disclosure.lines import BaseLine, Ledger
from yikatong.disclosure.models import BudgetLine, BudgetVersion
from yikatong.disclosure.on_file import goals_on_file
from yikatong.disclosure.rules import (
    BUDGET,
    DRAFTING,
    FINAL,
    PUBLISHED,
    VERSION,
    WITHDRAWN,
    Deadline,
    counted_as,
    deadline,
)
from yikatong.office import rulebook
from yikatong.office.queries import centre
from yikatong.spending.queries import spent


@dataclass(frozen=True, slots=True)
class Step:
    """Who took a step, and when."""

    code: str
    name: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One version of a budget document. `digest` in hex, empty while it is drafted; `due` by when it must be public."""

    id: int
    document: int
    unit: str
    unit_name: str
    parent: str
    parent_name: str
    year: int
    kind: str
    family: str
    replied_on: date
    reply: str
    number: int
    reason: str
    state: State
    since: datetime
    file_name: str
    digest: str
    made_by: str
    made_name: str
    prepared: Step
    reviewed: Step
    approved: Step
    published_name: str
    published_on: date | None
    note: str
    noted_name: str
    due: Deadline

    @property
    def drafting(self) -> bool:
        """Whether its lines and words may change."""
        return self.state is DRAFTING

    @property
    def final(self) -> bool:
        """Whether it is a final account (决算)."""
        return self.kind == FINAL

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something with it."""
        return self.state not in (PUBLISHED, WITHDRAWN)


def version_row(row: BudgetVersion, today: date) -> VersionRow:
    """The frozen row of a version with its document (for this package's services)."""
    document = row.document
    return VersionRow(
        id=row.pk,
        document=document.pk,
        unit=document.unit,
        unit_name=document.unit_name,
        parent=document.parent,
        parent_name=document.parent_name,
        year=document.year,
        kind=document.kind,
        family=document.family,
        replied_on=document.replied_on,
        reply=document.reply,
        number=row.number,
        reason=row.reason,
        state=VERSION.state(row.state),
        since=row.state_since,
        file_name=row.file_name,
        digest=bytes(row.digest or b"").hex(),
        made_by=row.made_by,
        made_name=row.made_name,
        prepared=Step(row.prepared_by, row.prepared_name, row.prepared_at),
        reviewed=Step(row.reviewed_by, row.reviewed_name, row.reviewed_at),
        approved=Step(row.approved_by, row.approved_name, row.approved_at),
        published_name=row.published_name,
        published_on=row.published_on,
        note=row.note,
        noted_name=row.noted_name,
        due=due(document.replied_on, today, row.published_on),
    )


def due(replied_on: date, today: date, published_on: date | None = None) -> Deadline:
    """By when what was replied to on that day must be public (rules `disclosure.publish_days`, `disclosure.warned_days`)."""
    within = rulebook.whole("disclosure.publish_days", replied_on)
    return deadline(replied_on, within, rulebook.whole("disclosure.warned_days", today), today, published_on)


def versions(today: date, limit: int = 50, start: int = 0) -> tuple[VersionRow, ...]:
    """All versions, the latest years first, the newest of a document first."""
    rows = BudgetVersion.objects.select_related("document")
    ordered = rows.order_by("-document__year", "document__unit", "-number")
    return tuple(version_row(each, today) for each in ordered[start : start + limit])


def version(version_id: int, today: date) -> VersionRow | None:
    """A version, or None."""
    row = BudgetVersion.objects.select_related("document").filter(pk=version_id).first()
    return version_row(row, today) if row else None


def versions_of(document_id: int, today: date) -> tuple[VersionRow, ...]:
    """The versions of a document, the newest first."""
    rows = BudgetVersion.objects.select_related("document").filter(document=document_id)
    return tuple(version_row(each, today) for each in rows.order_by("-number"))


def waiting(states: Iterable[State], today: date, *, but: str = "") -> tuple[VersionRow, ...]:
    """The versions in these states, longest waiting first; `but` leaves out those in which that person took a step."""
    rows = BudgetVersion.objects.select_related("document").filter(state__in=[state.code for state in states])
    if but:
        rows = rows.exclude(Q(prepared_by=but) | Q(reviewed_by=but))
    return tuple(version_row(each, today) for each in rows.order_by("state_since", "id"))


def pressing(today: date) -> tuple[VersionRow, ...]:
    """Open first versions whose day is near or gone by: what the law wants public and is not, soonest first."""
    rows = BudgetVersion.objects.select_related("document").filter(number=1)
    found = [version_row(each, today) for each in rows.exclude(state__in=(PUBLISHED.code, WITHDRAWN.code))]
    return tuple(
        sorted((each for each in found if each.due.near or each.due.late), key=lambda each: each.due.days)
    )


# --- what the public may see ------------------------------------------------------------------------------------------


def published(today: date) -> tuple[VersionRow, ...]:
    """The newest published version of each document, the latest years first."""
    rows = BudgetVersion.objects.select_related("document").filter(state=PUBLISHED.code)
    ordered = rows.order_by("-document__year", "document__unit", "document_id", "-number").distinct(
        "document__year", "document__unit", "document_id"
    )
    return tuple(version_row(each, today) for each in ordered)


def published_lines(unit_name: str, year: int, kind: str = BUDGET) -> tuple[BaseLine, ...]:
    """The base lines of the newest published document of that unit, year and kind; none where nothing is published."""
    rows = BudgetVersion.objects.select_related("document").filter(
        state=PUBLISHED.code, document__unit_name=unit_name, document__year=year, document__kind=kind
    )
    row = rows.order_by("-number").first()
    return ledger_from(row).lines if row else ()


def lines_beforehand(row: VersionRow) -> tuple[BaseLine, ...]:
    """The lines that nobody has to type for a version: 上年 from last year's published document, and for a final account of the
    centre itself the budget's and those of posted vouchers; see `beforehand`."""
    before = published_lines(row.unit_name, row.year - 1, row.kind)
    if row.kind == BUDGET:
        return tuple(of_last_year(before, "年初"))
    budget, here = published_lines(row.unit_name, row.year), centre()
    posted = spent(row.year) if here is not None and here.name == row.unit_name else ()
    last = of_last_year((line for line in before if line.year == row.year - 1), "执行")
    return (*of_the_budget(budget), *of_the_books(row.year, row.unit, budget, posted), *last)


def published_versions(unit: str, year: int, kind: str, today: date) -> tuple[VersionRow, ...]:
    """All published versions of a document, the newest first; empty where there are none."""
    rows = BudgetVersion.objects.select_related("document").filter(
        state=PUBLISHED.code, document__unit=unit, document__year=year, document__kind=kind
    )
    return tuple(version_row(each, today) for each in rows.order_by("-number"))


# --- what it says -----------------------------------------------------------------------------------------------------


def ledger_of(version_id: int) -> Ledger | None:
    """The base lines and words of a version, in their order; None where there is no such version."""
    row = BudgetVersion.objects.select_related("document").filter(pk=version_id).first()
    return ledger_from(row) if row else None


def ledger_from(row: BudgetVersion) -> Ledger:
    """The ledger of a version with its document (for this package's services).

    The goals of a draft are those on file; those of a version that was prepared are what it was prepared with.
    """
    document, goals = row.document, None if row.goals is None else goals_of(row.goals)
    if row.state == DRAFTING.code:
        goals = goals_on_file(document.unit_name, document.year, document.family)
    lines = (
        BaseLine(
            document.year, document.unit, each.function, each.economic, each.government, each.category, each.fund,
            each.amount_fen, each.project, each.carry, each.phase, each.purchase,
        )
        for each in BudgetLine.objects.filter(version=row).order_by("place")
    )  # fmt: skip
    return Ledger(
        document.year, document.unit, document.unit_name, document.parent, document.parent_name,
        tuple(counted_as(line, document.kind) for line in lines),
        row.reasons, row.facts, row.remarks, row.administrative, goals=goals, phase=families()[document.family].phase,
    )  # fmt: skip
