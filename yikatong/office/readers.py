"""Looking into the journal: what happened to a person or a thing, and what the auditor asks for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from yikatong.office.kinds import sentence_of

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


def look_up(
    person: int | None = None,
    subject: str | None = None,
    kind: str | Sequence[str] | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    limit: int = 100,
    offset: int = 0,
) -> tuple[FactRow, ...]:
    """Facts that fit all that is asked, newest first; `until` is exclusive, at most MOST_ROWS at once.

    With a person or a subject every fact about them, rows of sets included; without, one line an entry.
    """
    asked: dict[str, object] = {
        "person = %(person)s": person,
        "subject = %(subject)s": subject,
        "kind = ANY(%(kind)s)": [kind] if isinstance(kind, str) else list(kind) if kind is not None else None,
        "occurred_at >= %(since)s": since,
        "occurred_at < %(until)s": until,
    }
    conditions = " AND ".join(each for each, value in asked.items() if value is not None) or "TRUE"
    of_one = person is not None or subject is not None
    with connection.cursor() as cursor:
        cursor.execute(
            f"{(_FACTS if of_one else _ENTRIES).format(conditions)} LIMIT %(limit)s OFFSET %(offset)s",
            {
                "person": person,
                "subject": subject,
                "kind": asked["kind = ANY(%(kind)s)"],
                "since": since,
                "until": until,
                "limit": max(0, min(limit, MOST_ROWS)),
                "offset": max(0, offset),
            },
        )
        return tuple(FactRow(*line[:13], json.loads(line[13]), line[14]) for line in cursor.fetchall())
