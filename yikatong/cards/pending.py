"""Reads: the cases that two people decide, with their ages and owners, and whose state of life changed lately."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from yikatong.basics.refused import Refused
from yikatong.cards.models import Case
from yikatong.cards.rows import CaseRow, case_row
from yikatong.cards.rules import OPEN_CASES, PROPOSED
from yikatong.office.scope import Scope, outside


def open_cases(scope: Scope, limit: int = 100, offset: int = 0) -> tuple[CaseRow, ...]:
    """What waits to be proposed or confirmed, the oldest first."""
    rows = Case.objects.filter(state__in=[state.code for state in OPEN_CASES]).select_related("card")
    return tuple(map(case_row, scope.narrow(rows).order_by("opened_at", "id")[offset : offset + limit]))


def cases_proposed(scope: Scope) -> int:
    """How many cases wait for their second person."""
    return int(scope.narrow(Case.objects.filter(state=PROPOSED.code)).count())


def open_case_of(card_id: int) -> CaseRow | None:
    """What two people have to decide about this card, if anything."""
    states = [state.code for state in OPEN_CASES]
    case = Case.objects.select_related("card").filter(card=card_id, state__in=states).first()
    return case_row(case) if case else None


def case_for(scope: Scope, case_id: int) -> CaseRow | Refused:
    """One case. Refused: `case.unknown`, `scope.outside`."""
    case = Case.objects.select_related("card").filter(pk=case_id).first()
    if case is None:
        return Refused("case.unknown", "没有这件核办事项。", "There is no such case.")
    return case_row(case) if scope.covers(case.region) else outside(case.region)


def lives_since(moment: datetime) -> list[int]:
    """Whose state of life was recorded, changed or corrected since then, as the journal has it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT person FROM office_fact WHERE kind IN ('resident.died', 'resident.death_withdrawn', "
            "'resident.life_changed', 'resident.life_corrected') AND occurred_at >= %s AND person IS NOT NULL",
            [moment],
        )
        return [person for (person,) in cursor.fetchall()]
