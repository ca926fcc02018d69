"""文件台: what went out and is still unanswered, what came in and what it brought, row by row.

A file we send carries its number at the end of its name (`match-F….txt`, `making-B….txt`); answers name that number in
their first line, and every order remembers whose answer it waits for. So "unanswered" is counted from the orders
themselves, whatever files came meanwhile.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.cards.models import FileProblem, Order
from yikatong.cards.rows import OrderRow, order_row
from yikatong.cards.rules import BANK_OPENING, CHECKING, MAKING
from yikatong.cards.services.staging import refusal
from yikatong.office import clock
from yikatong.office.readers import FactRow, look_up
from yikatong.office.rulebook import whole, work_calendar
from yikatong.office.rules import FILE, SENT

_OUTSTANDING = """
SELECT asked AS number, count(*) AS orders FROM cards_order
 WHERE state IN (%(checking)s, %(opening)s) AND asked <> '' GROUP BY asked
UNION ALL
SELECT b.number, count(*) FROM cards_order o JOIN cards_batch b ON b.id = o.batch_id
 WHERE o.state = %(making)s GROUP BY b.number"""

# Without the bytes: a page of a hundred files would carry gigabytes.
_FILES = f"""
SELECT f.id, f.counterpart, f.name, f.outgoing, f.rows, f.at, f.moved_at, f.state, f.note, f.sendings,
       coalesce(substring(f.name from '-([0-9A-Z]+)\\.txt$'), ''), encode(f.digest, 'hex'), coalesce(w.orders, 0),
       r.answers, r.taken, r.failed, r.strangers, r.unfinished
  FROM office_wirefile f
  LEFT JOIN ({_OUTSTANDING}) AS w ON f.outgoing AND w.number = substring(f.name from '-([0-9A-Z]+)\\.txt$')
  LEFT JOIN cards_fileresult r ON r.file_id = f.id
 WHERE """  # noqa: S608 - no value is put into the text


@dataclass(frozen=True)
class DeskFile:
    """One exchanged file. Outgoing: `unanswered` orders, due on `due_on`. Incoming: what it brought (None: not applied).

    `sendings` counts how often it was laid out; `answers` is the number of the file it answers.
    """

    id: int
    counterpart: str
    name: str
    outgoing: bool
    rows: int
    at: datetime
    moved_at: datetime | None
    state: State
    note: str
    sendings: int
    number: str
    digest: str
    unanswered: int
    answers: str
    taken: int | None
    failed: int | None
    strangers: int | None
    unfinished: int | None
    due_on: date | None

    @property
    def overdue(self) -> bool:
        """Whether its answer should have been here by now, by the dated rule of its counterpart."""
        return self.unanswered > 0 and self.due_on is not None and self.due_on < clock.today()

    @property
    def part(self) -> bool:
        """Whether it was answered in part: some of its orders still wait."""
        return 0 < self.unanswered < self.rows


_NAMES = tuple(each.name for each in fields(DeskFile))


@dataclass(frozen=True)
class ProblemRow:
    """One row that was not good: `refusal` where it was not taken, else stage and reason of the failure."""

    line: int
    named: str
    order: str
    stage: str
    reason: str
    refusal: Refused | None


def unanswered(*counterparts: str) -> tuple[DeskFile, ...]:
    """What we sent (or could not send yet) and still wait for, the oldest first."""
    condition = "f.outgoing AND (w.orders > 0 OR f.state = 'queued') AND f.counterpart = ANY(%(who)s) ORDER BY f.id LIMIT 200"
    return _files(condition, {"who": list(counterparts)})


def recent(*counterparts: str, outgoing: bool, limit: int = 30) -> tuple[DeskFile, ...]:
    """The newest files of these counterparts, one way."""
    condition = "f.outgoing = %(out)s AND f.counterpart = ANY(%(who)s) ORDER BY f.id DESC LIMIT %(limit)s"
    return _files(condition, {"out": outgoing, "who": list(counterparts), "limit": limit})


def file(file_id: int, *counterparts: str) -> DeskFile | None:
    """One file of these counterparts."""
    condition = "f.id = %(id)s AND f.counterpart = ANY(%(who)s)"
    return next(iter(_files(condition, {"id": file_id, "who": list(counterparts)})), None)


def answers_to(number: str, *counterparts: str) -> tuple[DeskFile, ...]:
    """Every file that answered (a part of) the file with this number, in the order in which they came."""
    condition = "NOT f.outgoing AND r.answers = %(number)s AND f.counterpart = ANY(%(who)s) ORDER BY f.id"
    return _files(condition, {"number": number, "who": list(counterparts)}) if number else ()


def problems(file_id: int, limit: int = 200, offset: int = 0) -> tuple[ProblemRow, ...]:
    """The rows of an applied file that were not good, in the order of the file."""
    rows = FileProblem.objects.filter(file_id=file_id).select_related("order").order_by("line")
    return tuple(
        ProblemRow(
            row.line,
            row.named,
            row.order.number if row.order else "",
            row.stage,
            row.reason,
            refusal(row.refusal, row.line) if row.refusal else None,
        )
        for row in rows[offset : offset + limit]
    )


def count_problems(file_id: int) -> int:
    """How many rows of a file were not good."""
    return FileProblem.objects.filter(file_id=file_id).count()


def waiting_for(number: str, limit: int = 50, offset: int = 0) -> tuple[OrderRow, ...]:
    """The orders that still wait for an answer to the file with this number."""
    if not number:
        return ()
    asked = Q(state__in=(CHECKING.code, BANK_OPENING.code), asked=number)
    rows = Order.objects.filter(asked | Q(state=MAKING.code, batch__number=number))
    return tuple(
        map(order_row, rows.select_related("outlet", "batch").order_by("id")[offset : offset + limit])
    )


def not_taken(*counterparts: str, limit: int = 20) -> tuple[FactRow, ...]:
    """Files that came in and were not even stored: the same bytes again, or a name that was taken."""
    rows = look_up(kind="office.file_refused", limit=200)
    return tuple(row for row in rows if row.payload.get("counterpart") in counterparts)[:limit]


def _files(condition: str, question: dict[str, Any]) -> tuple[DeskFile, ...]:
    states = {"checking": CHECKING.code, "opening": BANK_OPENING.code, "making": MAKING.code}
    with connection.cursor() as cursor:
        cursor.execute(_FILES + condition, question | states)
        return tuple(map(_row, cursor.fetchall()))


def _row(line: tuple[Any, ...]) -> DeskFile:
    named: dict[str, Any] = dict(zip(_NAMES, line, strict=False))
    waits = named["outgoing"] and named["moved_at"] is not None and named["state"] == SENT.code
    named |= {
        "state": FILE.state(named["state"]),
        "answers": named["answers"] or "",
        "due_on": _due(named["counterpart"], named["moved_at"]) if waits else None,
    }
    return DeskFile(**named)


def _due(counterpart: str, sent: datetime) -> date:
    day = timezone.localtime(sent).date()
    kind = "bank" if counterpart.startswith("bank-") else counterpart
    return work_calendar().add(day, whole(f"file.answer_working_days.{kind}", day))
