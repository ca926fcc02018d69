"""Whom a set's messages go to: the holder, and of a minor whoever acts for them."""

from __future__ import annotations

from datetime import date
from typing import Any

from yikatong.office.rulebook import whole

WHOM_TO_TELL = """
coalesce(CASE WHEN r.birth_on + make_interval(years => %(of_age)s) > %(today)s THEN
         (SELECT g.phone FROM residents_guardian g WHERE g.resident_id = r.id AND g.phone <> '' ORDER BY g.id
           LIMIT 1) END, r.phone)
"""
"""The sealed phone of a resident `r`, with the blanks of `whom_to_tell`."""


def whom_to_tell(today: date) -> dict[str, Any]:
    """The blanks of WHOM_TO_TELL on that day."""
    return {"of_age": whole("card.guardian_below_age", today), "today": today}
