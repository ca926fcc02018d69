"""Looks at personal data: none without a purpose, each one in the journal, where its person can read it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from django.utils import timezone

from yikatong.basics.refused import Refused
from yikatong.office.act import Act
from yikatong.office.readers import look_up
from yikatong.office.scope import Scope, outside
from yikatong.residents.facts import LISTED, LOOKED_UP, SEARCHED, SEEN
from yikatong.residents.queries import Person, SearchResult, person
from yikatong.residents.rules import purpose_problem


def look(act: Act, resident_id: int, *, purpose: str, scope: Scope | None = None) -> Person | Refused:
    """The person, with the look recorded. Refused: purpose.missing, purpose.long, resident.unknown, scope.outside
    (only where a scope is given)."""
    refused = purpose_problem(purpose)
    if refused is not None:
        return refused
    found = person(resident_id)
    if found is None:
        return Refused(
            "resident.unknown", "没有这个人员，请重新查询。", "There is no such person; search again."
        )
    if scope is not None and not scope.covers(found.region):
        return outside(found.region)
    act.record(
        LOOKED_UP,
        subject=f"resident:{found.id}",
        person=found.id,
        region=found.region,
        purpose=purpose.strip(),
    )
    return found


def note_seen(act: Act, resident_id: int, *, region: str, purpose: str) -> bool:
    """Record that a page of work (an order's, a card's, a task's) showed this person, the number masked, for this `purpose`.

    Once a day for each actor, person and purpose: whoever reloads a page has not looked again. Returns whether it was
    recorded now.
    """
    midnight = timezone.make_aware(datetime.combine(act.today, time.min))
    seen = look_up(person=resident_id, kind=SEEN.code, actor=act.actor.code, since=midnight)
    if any(row.payload.get("purpose") == purpose for row in seen):
        return False
    act.record(SEEN, subject=f"resident:{resident_id}", person=resident_id, region=region, purpose=purpose)
    return True


def note_list(act: Act, shown: Sequence[int], *, zh: str, en: str) -> None:
    """Record that a list showed these people's masked names: one entry with their ids, not one each."""
    if shown:
        act.record(LISTED, subject="list", list=zh, list_en=en, people=len(shown), shown=list(shown))


def note_search(act: Act, result: SearchResult, purpose: str) -> Refused | None:
    """Record a search: how it was made, how many it found, and who was on the list. What was typed is not kept.

    Refused: purpose.missing, purpose.long; then the list must not be shown.
    """
    refused = purpose_problem(purpose)
    if refused is not None:
        return refused
    act.record(
        SEARCHED,
        subject="search",
        by=result.by.zh,
        by_en=result.by.en,
        hits=len(result.rows),
        shown=[row.id for row in result.rows],
        purpose=purpose.strip(),
    )
    return None
