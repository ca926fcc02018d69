"""Lists of people as others may see them: where each stands, what came of it, and its rows that want a look."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import get_language

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.states import State
from yikatong.office import rulebook
from yikatong.office.scope import Scope
from yikatong.residents.models import ImportList, ImportRow
from yikatong.residents.rules import (
    APPLYING,
    APPROVED,
    FIELDS,
    IMPORT_LIST,
    JUDGED,
    JUDGING,
    UPLOADED,
    Outcome,
    Trust,
)
from yikatong.residents.sheets import Limits


def limits_on(day: date) -> Limits:
    """How large a file of rows may be on that day (rules `import.*`)."""
    return Limits(
        **{
            each: rulebook.whole(f"import.{each}", day)
            for each in ("megabytes", "unpacked_megabytes", "ratio", "parts", "rows")
        }
    )


@dataclass(frozen=True)
class ListRow:
    """One list. `counts` are rows by outcome (and `kept`, `warned`); `judgement` is what an approver approves, in hex."""

    id: int
    file_name: str
    size: int
    source: str
    trust: Trust
    only_good: bool
    region: str
    outlet: str
    state: State
    since: datetime
    uploaded_by: str
    uploaded_by_name: str
    uploaded_at: datetime
    approved_by_name: str
    approved_at: datetime | None
    rows_all: int
    rows_done: int
    passed_over: tuple[str, ...]
    judgement: str
    returned: bool
    cleared: bool
    refused_zh: str
    refused_en: str
    counts: dict[str, int] = field(default_factory=dict)

    def count(self, outcome: Outcome) -> int:
        """How many rows came to this."""
        return self.counts.get(outcome.value, 0)

    @property
    def outcomes(self) -> tuple[tuple[Outcome, int], ...]:
        """Every outcome with its rows; good ones always, others where there are any."""
        return tuple((each, self.count(each)) for each in Outcome if each.good or self.count(each))

    @property
    def rows(self) -> int:
        """Rows that were judged (empty ones are not)."""
        return sum(self.count(each) for each in Outcome)

    @property
    def refused_rows(self) -> int:
        """Rows that will not be taken in."""
        return sum(self.count(each) for each in Outcome if not each.good)

    @property
    def blocked(self) -> bool:
        """Whether refused rows keep all of it out."""
        return bool(self.refused_rows) and not self.only_good

    @property
    def busy(self) -> bool:
        """Whether the house is at work on it, so that a page should look again."""
        return self.state in (UPLOADED, JUDGING, APPROVED, APPLYING)

    @property
    def open(self) -> bool:
        """Whether somebody or the house still has to do something with it."""
        return self.busy or self.state is JUDGED

    @property
    def withdrawable(self) -> bool:
        """Whether it may still be taken back."""
        return IMPORT_LIST.target("withdraw", self.state.code) is not None

    @property
    def percent(self) -> int:
        """How far reading has come."""
        return min(100, self.rows_done * 100 // self.rows_all) if self.rows_all else 0

    @property
    def why(self) -> str:
        """Why it was refused, in the language of the page."""
        return self.refused_en if (get_language() or "").startswith("en") else self.refused_zh


@dataclass(frozen=True)
class ListLine:
    """One row of a list that wants a look: `problems` are (column, shown masked, sentence)."""

    line: int
    outcome: Outcome
    name_masked: str
    changes: tuple[str, ...]
    problems: tuple[tuple[str, str, str], ...]


def list_row(row: ImportList) -> ListRow:
    """The frozen row of a list (for this package's services)."""
    return ListRow(
        id=row.pk,
        file_name=row.file_name,
        size=row.size,
        source=row.source,
        trust=Trust(row.trust),
        only_good=row.only_good,
        region=row.region,
        outlet=row.outlet,
        state=IMPORT_LIST.state(row.state),
        since=row.state_since,
        uploaded_by=row.uploaded_by,
        uploaded_by_name=row.uploaded_by_name,
        uploaded_at=row.uploaded_at,
        approved_by_name=row.approved_by_name,
        approved_at=row.approved_at,
        rows_all=row.rows_all,
        rows_done=row.rows_done,
        passed_over=tuple(row.passed_over),
        judgement=bytes(row.judgement or b"").hex(),
        returned=row.returned,
        cleared=row.cleared_at is not None,
        refused_zh=row.refused_zh,
        refused_en=row.refused_en,
        counts=dict(row.counts),
    )


def lists(scope: Scope, limit: int = 50, start: int = 0) -> tuple[ListRow, ...]:
    """Lists within the scope, the latest first."""
    rows = scope.narrow(ImportList.objects.all(), outlet="outlet")
    return tuple(list_row(each) for each in rows.order_by("-id")[start : start + limit])


def one_list(list_id: int, scope: Scope) -> ListRow | None:
    """A list within the scope, or None."""
    rows = scope.narrow(ImportList.objects.all(), outlet="outlet")
    row = rows.filter(pk=list_id).first()
    return list_row(row) if row else None


def lists_to_approve(scope: Scope) -> int:
    """How many lists wait for an approver."""
    return int(scope.narrow(ImportList.objects.filter(state=JUDGED.code), outlet="outlet").count())


def waiting(*states: State) -> tuple[int, ...]:
    """The lists in these states, longest waiting first (for this package's tasks)."""
    rows = ImportList.objects.filter(state__in=[state.code for state in states])
    return tuple(rows.order_by("state_since", "id").values_list("pk", flat=True))


def size_of(list_id: int) -> int:
    """Bytes of a list's file; 0 where there is no such list (for this package's tasks)."""
    return ImportList.objects.filter(pk=list_id).values_list("size", flat=True).first() or 0


def lines(list_id: int, outcomes: Iterable[Outcome], limit: int = 50, start: int = 0) -> tuple[ListLine, ...]:
    """Rows of a list that came to one of these, in the order of the file."""
    rows = ImportRow.objects.filter(import_list_id=list_id, outcome__in=[each.value for each in outcomes])
    english = (get_language() or "").startswith("en")
    return tuple(
        ListLine(
            each.line,
            Outcome(each.outcome),
            mask(Sensitive.NAME, each.folded),
            tuple(FIELDS[name] for name in each.changes),
            tuple((said["column"], said["shown"], said["en" if english else "zh"]) for said in each.problems),
        )
        for each in rows.order_by("line")[start : start + limit]
    )
