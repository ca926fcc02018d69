"""Looking into the journal: what happened to a person or a thing, and what the auditor asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from yikatong.office.kinds import sentence_of
from yikatong.office.scope import Scope, stem

MOST_ROWS = 1_000

# A set's entry reads as one line here, whatever the number of its rows.
_ENTRIES = (
    "SELECT id, NULL::bigint, act, kind, occurred_at, actor, actor_name, door, purpose, region, outlet, subject, "
    "person, payload::text, rows FROM office_entry WHERE {} ORDER BY id DESC"
)
# Asked about one person or thing, its own row of each set counts.
_FACTS = (
    "SELECT entry_id, row_id, act, kind, occurred_at, actor, actor_name, door, purpose, region, outlet, subject, "
    "person, payload::text, NULL::int FROM office_fact WHERE {} ORDER BY occurred_at DESC, entry_id DESC, row_id DESC"
)

_CONDITIONS = {
    "person": "person = %(person)s",
    "subject": "subject = %(subject)s",
    "kind": "kind = ANY(%(kind)s)",
    "since": "occurred_at >= %(since)s",
    "until": "occurred_at < %(until)s",
    "region": "region LIKE %(region)s",
    "outlet": "outlet = %(outlet)s",
    "actor": "(actor = %(actor)s OR actor_name = %(actor)s)",
    "door": "door = %(door)s",
    "act": "act = %(act)s",
}


@dataclass(frozen=True)
class FactRow:
    """One fact of the journal. `row` is set where it is one row of a set, `rows` where it is a whole set."""

    entry: int
    row: int | None
    act: UUID
    kind: str
    at: datetime
    actor: str
    actor_name: str
    door: str
    purpose: str
    region: str
    outlet: str
    subject: str
    person: int | None
    payload: Mapping[str, object]
    rows: int | None

    @property
    def zh(self) -> str:
        return sentence_of(self, "zh")

    @property
    def en(self) -> str:
        return sentence_of(self, "en")


_NAMES = tuple(each.name for each in fields(FactRow))


def look_up(
    person: int | None = None,
    subject: str | None = None,
    kind: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
    *,
    actor: str = "",
    door: str = "",
    act: UUID | None = None,
    scope: Scope | None = None,
) -> tuple[FactRow, ...]:
    """Facts that fit all that is asked, newest first; `until` is exclusive, at most MOST_ROWS at once.

    `actor` is a code (`staff:12`) or a name as it stood.

    With a person or a subject every fact about them, rows of sets included; without, one line an entry. A `scope` leaves
    what was recorded in its region (and at its outlet); what belongs to no region is the whole centre's.
    """
    select, parameters = _select(person, subject, kind, since, until, actor, door, act, scope)
    parameters |= {"limit": max(0, min(limit, MOST_ROWS)), "offset": max(0, offset)}
    with connection.cursor() as cursor:
        cursor.execute(f"{select} LIMIT %(limit)s OFFSET %(offset)s", parameters)
        return tuple(_row(line) for line in cursor.fetchall())


def how_many(
    person: int | None = None,
    subject: str | None = None,
    kind: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    actor: str = "",
    door: str = "",
    scope: Scope | None = None,
) -> int:
    """How many facts `look_up` would find in all."""
    select, parameters = _select(person, subject, kind, since, until, actor, door, None, scope)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({select}) AS found", parameters)  # noqa: S608 - no value is put into the text
        return int(cursor.fetchone()[0])


def _select(
    person: int | None,
    subject: str | None,
    kind: str | Sequence[str] | None,
    since: datetime | None,
    until: datetime | None,
    actor: str,
    door: str,
    act: UUID | None,
    scope: Scope | None,
) -> tuple[str, dict[str, Any]]:
    """The statement for what is asked, and its parameters."""
    kinds = [kind] if isinstance(kind, str) else list(kind or ())
    asked: dict[str, tuple[bool, Any]] = {
        "person": (person is not None, person),
        "subject": (subject is not None, subject),
        "kind": (kind is not None, kinds),
        "since": (since is not None, since),
        "until": (until is not None, until),
        "actor": (bool(actor), actor),
        "door": (bool(door), door),
        "act": (act is not None, act),
        "region": (scope is not None, f"{stem(scope.region)}%" if scope and scope.region else "none"),
        "outlet": (scope is not None and bool(scope.outlet), scope.outlet if scope else ""),
    }
    conditions = " AND ".join(_CONDITIONS[name] for name, (wanted, _) in asked.items() if wanted) or "TRUE"
    select = _FACTS if person is not None or subject is not None else _ENTRIES
    return select.format(conditions), {name: value for name, (_, value) in asked.items()}


def _row(line: tuple[Any, ...]) -> FactRow:
    named: dict[str, Any] = dict(zip(_NAMES, line, strict=True))
    return FactRow(**{**named, "payload": json.loads(named["payload"])})
