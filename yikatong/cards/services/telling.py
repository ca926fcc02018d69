"""Whom a set's messages go to: the holder, and of a minor whoever acts for them; nobody, of somebody who died."""

from __future__ import annotations

from datetime import date
from typing import Any

from yikatong.office.rulebook import whole
from yikatong.residents.rules import DEAD

REACHED = f"CASE WHEN r.state = '{DEAD.code}' THEN '' ELSE r.phone END"
"""As `Person.reached_at`, for a set: where resident `r` is written to."""

WHOM_TO_TELL = f"""
coalesce(CASE WHEN r.state = '{DEAD.code}' THEN ''
              WHEN r.birth_on + make_interval(years => %(of_age)s) > %(today)s THEN
         (SELECT g.phone FROM residents_guardian g WHERE g.resident_id = r.id AND g.phone <> '' ORDER BY g.id
           LIMIT 1) END, r.phone)
"""  # noqa: S608 - only our own state is put into the text
"""The sealed phone of a resident `r`, with the blanks of `whom_to_tell`."""


def whom_to_tell(today: date) -> dict[str, Any]:
    """The blanks of WHOM_TO_TELL on that day."""
    return {"of_age": whole("card.guardian_below_age", today), "today": today}
