"""Those who may enter: a member of staff and a partner, as the windows know them (`request.user`, `request.auth`).

Everything else about the office's tables is asked of `queries`.
"""

from __future__ import annotations

from yikatong.office.models import Partner, Staff

__all__ = ["Partner", "Staff"]
