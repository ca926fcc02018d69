"""The Act: every change has someone who makes it, a moment, a door it came through, and one transaction.

A window or a task opens one act; every service takes it first and may compose with others inside it:

    with open_act(actor, door=Door.CONSOLE) as act:
        order = apply_for_card(act, resident=resident, ...)

What the act records is kept until its end and written in one statement; if the journal refuses, the transaction
rolls back and nothing happened.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from yikatong.basics.kinds import SYSTEM_ZH, Kind
from yikatong.office import clock, journal
from yikatong.office.models import Staff
from yikatong.office.turns import take_turn


class Door(StrEnum):
    """Through which door an act came."""

    CONSOLE = "console"
    PORTAL = "portal"
    API = "api"
    PUBLIC = "public"
    HOTLINE = "hotline"
    TASK = "task"


@dataclass(frozen=True)
class Actor:
    """Who acts. `code` is `staff:12`, `resident:7`, `partner:3` or `system:seal`; `name` is what people read."""

    code: str
    name: str
    region: str = ""
    outlet: str = ""

    @classmethod
    def staff(cls, staff: Staff) -> Actor:
        outlet = staff.outlet.code if staff.outlet else ""
        return cls(f"staff:{staff.pk}", str(staff), staff.region, outlet)

    @classmethod
    def resident(cls, number: int, name: str) -> Actor:
        return cls(f"resident:{number}", name)

    @classmethod
    def system(cls, name: str) -> Actor:
        return cls(f"system:{name}", SYSTEM_ZH)


@dataclass
class Act:
    """One open act. Services call `record` (one subject) or `record_rows` (a set) and never the journal itself."""

    actor: Actor
    door: Door
    at: datetime
    purpose: str = ""
    id: uuid.UUID = field(default_factory=uuid.uuid4)
    _drafts: list[tuple[int, journal.Draft]] = field(default_factory=list)
    _ordinal: int = 0
    _closed: bool = False

    @property
    def today(self) -> date:
        """The act's date in Asia/Shanghai."""
        return timezone.localtime(self.at).date()

    def took_place(self) -> bool:
        """Whether an act of this id is on record already. Another that bears the same id waits here for its end."""
        take_turn(f"act.{self.id}")
        return journal.knows(self.id)

    def record(
        self,
        kind: Kind,
        *,
        subject: str = "",
        person: int | None = None,
        region: str = "",
        outlet: str = "",
        **payload: journal.Json,
    ) -> None:
        """Record one fact. `subject` is `order:17`, `card:5` …; payload values are JSON without floats."""
        draft = self._draft(kind, subject, person, region, outlet, payload)
        self._drafts.append((self._take(), draft))

    def record_rows(
        self,
        kind: Kind,
        select: str,
        parameters: dict[str, Any],
        *,
        subject: str = "",
        region: str = "",
        outlet: str = "",
        **payload: journal.Json,
    ) -> int:
        """Record one fact about a set. `select` yields (subject, person, region, outlet, payload jsonb).

        Returns the number of rows; an empty set records nothing and returns 0.
        """
        draft = self._draft(kind, subject, None, region, outlet, payload)
        self.flush()  # what was recorded before it stands before it in the journal
        return journal.write_rows(self.id, self._take(), self, draft, select, parameters)

    def flush(self) -> None:
        """Write what has been recorded so far (done at the act's end by itself)."""
        drafts, self._drafts = self._drafts, []
        if drafts:
            journal.write(self, drafts)

    def _take(self) -> int:
        self._ordinal += 1
        return self._ordinal

    def _draft(
        self,
        kind: Kind,
        subject: str,
        person: int | None,
        region: str,
        outlet: str,
        payload: dict[str, journal.Json],
    ) -> journal.Draft:
        if self._closed or not connection.in_atomic_block:
            raise RuntimeError("an act records only while it is open, inside its transaction")
        return journal.Draft(
            kind.code, subject, person, region or self.actor.region, outlet or self.actor.outlet, payload
        )


@contextmanager
def open_act(
    actor: Actor, *, door: Door, purpose: str = "", at: datetime | None = None, named: uuid.UUID | None = None
) -> Iterator[Act]:
    """Open the act in a transaction of its own; `named` is the id it was given before it began (see `took_place`).

    Acts do not nest, nor open inside another transaction (RuntimeError): compose services, not acts.
    """
    act = Act(actor, door, at or clock.now(), purpose, named or uuid.uuid4())
    try:
        with transaction.atomic(durable=True):
            yield act
            act.flush()
    finally:
        act._closed = True
