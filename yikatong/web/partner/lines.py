"""What a short text in a body may be."""

from __future__ import annotations

from pydantic import StringConstraints

# No control characters: they mean nothing in these fields, and PostgreSQL refuses NUL.
Line = StringConstraints(strip_whitespace=True, min_length=1, max_length=60, pattern=r"^[^\x00-\x1f\x7f]+$")
