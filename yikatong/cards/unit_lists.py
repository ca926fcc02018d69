"""Reads about collective applications: units, their lists, the lines of one, and how far its orders are. Frozen rows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, F, QuerySet
from django.utils import timezone
from django.utils.translation import get_language

from yikatong.basics.masking import Sensitive, mask
from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.collective import (
    APPLICATION_LIST,
    JUDGED,
    TAKEN,
    UNIT,
    Outcome,
    PhoneComes,
    UnitKind,
    outcome_said,
)
from yikatong.cards.models import ApplicationList, ListHandOver, ListLine, Unit
from yikatong.cards.receipts import sheet_released
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.stages import STAGES, Stage, stage_of
from yikatong.office import clock
from yikatong.office.prepared import Given, Prepared
from yikatong.office.rulebook import whole, work_calendar
from yikatong.office.scope import Scope


@dataclass(frozen=True)
class UnitRow:
    """A school or an employer. `phone` is the contact's, in full: pages mask it."""

    id: int
    code: str
    name: str
    kind: UnitKind
    region: str
    contact: str
    phone: str
    state: State
    registered_at: datetime


@dataclass(frozen=True)
class ListRow:
    """One list. `counts` are lines by outcome, `stages` its orders by how far they are; `judgement` in hex."""

    id: int
    number: str
    unit: UnitRow
    region: str
    outlet: str
    outlet_name: str
    bank_code: str
    only_good: bool
    file_name: str
    size: int
    passed_over: tuple[str, ...]
    judgement: str
    returned: bool
    state: State
    since: datetime
    uploaded_by: str
    uploaded_by_name: str
    uploaded_at: datetime
    decided_by_name: str
    decided_at: datetime | None
    reason: str
    cleared: bool
    due_on: date | None
    lacking_photo: int
    phones: dict[PhoneComes, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    stages: dict[Stage, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """People the file names (empty rows are none)."""
        return sum(self.counts.values())

    @property
    def good(self) -> int:
        """Lines that may be taken."""
        return self.counts.get(Outcome.GOOD.value, 0)

    @property
    def refused_rows(self) -> int:
        """Lines that may not."""
        return self.rows - self.good

    @property
    def unknown(self) -> int:
        """Lines whose people are not in the base library."""
        return self.counts.get(Outcome.UNKNOWN.value, 0)

    @property
    def blocked(self) -> bool:
        """Whether it cannot be taken as it is: nobody is left, or wrong lines keep the others out."""
        return self.good == 0 or (self.refused_rows > 0 and not self.only_good)

    @property
    def waits(self) -> bool:
        """Whether somebody still has to decide on it."""
        return self.state is JUDGED

    @property
    def taken(self) -> bool:
        """Whether its good lines are orders."""
        return self.state is TAKEN

    @property
    def at_outlet(self) -> int:
        """Cards that wait for the unit's agents."""
        return self.stages.get(Stage.AT_OUTLET, 0)

    @property
    def overdue(self) -> bool:
        """Whether the unit was told long enough ago that its cards are there."""
        return self.at_outlet > 0 and self.due_on is not None and self.due_on < clock.today()

    @property
    def outcomes(self) -> tuple[tuple[str, str, int], ...]:
        """What its lines came to, good ones first: (code, words in the page's language, how many)."""
        codes = sorted(self.counts, key=lambda code: (code != Outcome.GOOD.value, code))
        return tuple((code, _said(code), self.counts[code]) for code in codes)

    @property
    def progress(self) -> tuple[tuple[Stage, int], ...]:
        """Every stage with its orders."""
        return tuple((stage, self.stages.get(stage, 0)) for stage in Stage)


@dataclass(frozen=True)
class LineRow:
    """One line of a list: `problems` are (column, shown masked, sentence); `order` is what it became; the phone masked."""

    line: int
    name: str
    division: str
    outcome: str
    said: str
    problems: tuple[tuple[str, str, str], ...]
    order: OrderRow | None
    box_slot: str = ""
    phone_shown: str = ""
    phone_comes: PhoneComes | None = None


@dataclass(frozen=True)
class HandOverRow:
    """One hand-over of a list's cards; agents' names as they are, left out as (receipt number, sentence)."""

    number: str
    at: datetime
    by_name: str
    letter: str
    cards: int
    agents: tuple[str, ...]
    left_out: tuple[tuple[str, str], ...]
    copies: int
    released: bool


# --- units ------------------------------------------------------------------------------------------------------


def units(scope: Scope, *, active: bool = False, limit: int = 50, offset: int = 0) -> tuple[UnitRow, ...]:
    """The units of a region, by county and name."""
    rows = scope.narrow(Unit.objects.all())
    if active:
        rows = rows.filter(state=UNIT.firsts[0].code)
    return tuple(map(unit_row, rows.order_by("region", "name", "id")[offset : offset + limit]))


def unit(code: str, scope: Scope | None = None) -> UnitRow | None:
    """The unit with this 统一社会信用代码, None where there is none within the scope."""
    rows = Unit.objects.filter(code=code.strip().upper())
    found = (rows if scope is None else scope.narrow(rows)).first()
    return unit_row(found) if found else None


def unit_row(row: Unit) -> UnitRow:
    return UnitRow(
        row.pk,
        row.code,
        row.name,
        UnitKind(row.kind),
        row.region,
        row.contact,
        row.phone,
        UNIT.state(row.state),
        row.registered_at,
    )


# --- lists ------------------------------------------------------------------------------------------------------


def lists(scope: Scope, limit: int = 50, offset: int = 0, *, unit_code: str = "") -> tuple[ListRow, ...]:
    """Lists within the scope, the latest first, each with how far its orders are. Two statements."""
    rows = _lists(scope)
    if unit_code:
        rows = rows.filter(unit__code=unit_code)
    found = list(rows.order_by("-id")[offset : offset + limit])
    stages = _stages(row.pk for row in found)
    return tuple(list_row(row, stages.get(row.pk, {})) for row in found)


def application_list(number: str, scope: Scope | None = None) -> ListRow | None:
    """The list with this number, None where there is none within the scope."""
    found = _lists(scope).filter(number=number.strip().upper()).first()
    return list_row(found, _stages([found.pk]).get(found.pk, {})) if found else None


def lists_waiting(scope: Scope) -> int:
    """How many lists wait for somebody's decision."""
    return _lists(scope).filter(state=JUDGED.code).count()


def same_file(row: ListRow) -> ListRow | None:
    """An earlier list of the same bytes that was taken: whoever stands in this one has their order already."""
    digest = ApplicationList.objects.filter(pk=row.id).values("digest")[:1]
    found = _lists(None).filter(digest=digest, state=TAKEN.code, pk__lt=row.id).order_by("pk").first()
    return list_row(found) if found else None


def list_row(row: ApplicationList, stages: dict[Stage, int] | None = None) -> ListRow:
    """Needs `unit` and `outlet` loaded; the file is never read."""
    counts = dict(row.counts)
    lacking, phones = counts.pop("lacking_photo", 0), counts.pop("phones", {})
    return ListRow(
        id=row.pk,
        number=row.number,
        unit=unit_row(row.unit),
        region=row.region,
        outlet=row.outlet.code,
        outlet_name=row.outlet.name,
        bank_code=row.bank_code,
        only_good=row.only_good,
        file_name=row.file_name,
        size=row.size,
        passed_over=tuple(row.passed_over),
        judgement=bytes(row.judgement or b"").hex(),
        returned=row.returned,
        state=APPLICATION_LIST.state(row.state),
        since=row.state_since,
        uploaded_by=row.uploaded_by,
        uploaded_by_name=row.uploaded_by_name,
        uploaded_at=row.uploaded_at,
        decided_by_name=row.decided_by_name,
        decided_at=row.decided_at,
        reason=row.reason,
        cleared=row.cleared_at is not None,
        due_on=due_on(row.told_at),
        lacking_photo=lacking,
        phones={each: phones[each.value] for each in PhoneComes if each.value in phones},
        counts=counts,
        stages=stages or {},
    )


def due_on(told_at: datetime | None) -> date | None:
    """The day by which a unit that was told then is to collect (rule `card.list_collect_working_days`)."""
    if told_at is None:
        return None
    day = timezone.localtime(told_at).date()
    return work_calendar().add(day, whole("card.list_collect_working_days", day))


def _lists(scope: Scope | None) -> QuerySet[ApplicationList]:
    rows = ApplicationList.objects.select_related("unit", "outlet")
    return rows if scope is None else scope.narrow(rows, outlet="outlet__code")


def _stages(keys: Iterable[int]) -> dict[int, dict[Stage, int]]:
    found: dict[int, dict[Stage, int]] = {}
    rows = (
        ListLine.objects.filter(application_list__in=list(keys), order__isnull=False)
        .order_by()
        .values("application_list_id", state=F("order__state"))
        .annotate(number_of=Count("line"))
    )
    for row in rows:
        of_list = found.setdefault(row["application_list_id"], {})
        stage = stage_of(row["state"])
        of_list[stage] = of_list.get(stage, 0) + row["number_of"]
    return found


# --- lines and hand-overs ---------------------------------------------------------------------------------------


def lines_to_look_at(
    list_id: int, outcome: str = "", limit: int = 50, offset: int = 0
) -> tuple[LineRow, ...]:
    """Lines that cannot be taken (of one outcome, where it is named), in the order of the file."""
    rows = ListLine.objects.filter(application_list=list_id)
    rows = rows.filter(outcome=outcome) if outcome else rows.exclude(outcome=Outcome.GOOD.value)
    return tuple(map(_line_row, rows.order_by("line")[offset : offset + limit]))


def lines_with_phones(
    list_id: int, comes: PhoneComes, limit: int = 50, offset: int = 0
) -> tuple[LineRow, ...]:
    """Good lines whose phone comes to this, in the order of the file."""
    rows = ListLine.objects.filter(application_list=list_id, phone_comes=comes.value)
    return tuple(map(_line_row, rows.order_by("line")[offset : offset + limit]))


def people_of_list(
    list_id: int, stage: Stage | None = None, limit: int = 50, offset: int = 0
) -> tuple[LineRow, ...]:
    """Lines that became orders, by class and then as in the file; of one stage, where it is named."""
    rows = ListLine.objects.filter(application_list=list_id, order__isnull=False)
    if stage is Stage.MAKING:
        rows = rows.exclude(order__state__in=[code for codes in STAGES.values() for code in codes])
    elif stage is not None:
        rows = rows.filter(order__state__in=STAGES[stage])
    rows = rows.select_related("order__outlet", "order__batch", "order__card")
    return tuple(map(_line_row, rows.order_by("division", "line")[offset : offset + limit]))


def list_of_order(order_id: int) -> str:
    """The number of the list an order came by; empty where it came alone."""
    (number,) = _LIST.first(order=order_id) or ("",)
    return str(number)


_LIST = Prepared(
    lambda: ListLine.objects.filter(order=Given("order")).values_list("application_list__number")
)


def hand_overs_of(list_id: int) -> tuple[HandOverRow, ...]:
    """The hand-overs of a list, the latest first."""
    rows = ListHandOver.objects.filter(application_list=list_id).prefetch_related("agents").order_by("-id")
    place = 2 if _english() else 1
    return tuple(
        HandOverRow(
            row.number,
            row.at,
            row.by_name,
            row.letter,
            row.cards,
            tuple(agent.name for agent in row.agents.all()),
            tuple((said[0], said[place]) for said in row.left_out),
            row.copies,
            sheet_released(row.pk),
        )
        for row in rows
    )


def unknown_list(number: str) -> Refused:
    """The answer where there is no such list, or it is not for this reader."""
    return Refused(
        "list.unknown", f"没有编号为 {number[:12]} 的集体申领名单。", f"There is no list {number[:12]}."
    )


def _line_row(row: ListLine) -> LineRow:
    place = "en" if _english() else "zh"
    card = getattr(row.order, "card", None) if row.order else None
    return LineRow(
        row.line,
        mask(Sensitive.NAME, row.folded),
        row.division,
        row.outcome,
        _said(row.outcome),
        tuple((said["column"], said["shown"], said[place]) for said in row.problems),
        order_row(row.order) if row.order else None,
        card.box_slot if card else "",
        row.phone_shown,
        PhoneComes(row.phone_comes) if row.phone_comes else None,
    )


def _said(outcome: str) -> str:
    return outcome_said(outcome)[1 if _english() else 0]


def _english() -> bool:
    return (get_language() or "").startswith("en")
