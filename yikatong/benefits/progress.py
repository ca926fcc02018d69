"""How far the house is with a batch, seen from outside of the transaction that works on it.

Of an open transaction nobody else can read anything, so its progress stands in no table: the server itself knows what a
connection calls itself for the time of a transaction, and how many rows a COPY has taken. Whoever opens the page sees it,
and where the work ends, however it ends, nothing of it is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db import connection

# Beside the schema, for several cities may share a database; the server keeps 63 characters of it.
_TELL = "SELECT set_config('application_name', left(current_schema() || %s, 63), true)"
_SEEN = """
SELECT substr(a.application_name, length(current_schema() || %(about)s) + 1), coalesce(p.tuples_processed, 0)
  FROM pg_stat_activity a LEFT JOIN pg_stat_progress_copy p ON p.pid = a.pid
 WHERE a.datname = current_database() AND starts_with(a.application_name, current_schema() || %(about)s) LIMIT 1
"""


class Step(StrEnum):
    """What is being done with a batch: judged in three steps, or its files sealed."""

    READ = "read"
    COMPARE = "compare"
    STORE = "store"
    SEAL = "seal"


@dataclass(frozen=True)
class Progress:
    """The step, and the rows that were read so far (0 in any step but the first)."""

    step: Step
    rows: int

    def percent(self, of: int) -> int:
        """How much of a batch of so many rows is done: reading is about half of the work."""
        if self.step is Step.READ:
            return min(50, self.rows * 50 // of) if of else 0
        return 50 if self.step is Step.COMPARE else 75


def tell(number: str, step: Step) -> None:
    """Let everybody see what this transaction is at, until it ends."""
    with connection.cursor() as cursor:
        cursor.execute(_TELL, [f" {number} {step.value}"])


def progress(number: str) -> Progress | None:
    """How far the house is with a batch; None where nobody is at it."""
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, {"about": f" {number} "})
        found = cursor.fetchone()
    return Progress(Step(found[0]), int(found[1])) if found else None
