"""A received list read in the background: its progress is written as it goes, outside any act, for the page to show."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.office import clock
from yikatong.quality.models import Comparison
from yikatong.quality.rules import CLAIMS
from yikatong.quality.source import sources
from yikatong.quality.statements import Statements, read_statements
from yikatong.residents.lists import limits_on


def read(number: str) -> Statements | Refused:
    """What the waiting list `number` says, or why it cannot be read (`statements.read_statements`)."""
    row = Comparison.objects.get(number=number)

    def note(done: int, of: int) -> None:
        Comparison.objects.filter(pk=row.pk).update(read_rows=done, rows=of)

    today = clock.today()
    return read_statements(
        bytes(row.content), sources()[row.source], CLAIMS[row.claim], today, limits_on(today), note
    )
