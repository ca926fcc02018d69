"""What this room records. Subject: `budget:<centre>-<year>-<table>`."""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

BUDGET_LOADED = Kind(
    "disclosure.budget_loaded",
    "{actor} 载入 {year} 年“{project}”预算",
    "{actor} loaded the budget {year} of {project}",
    Erasure.NOTHING,
)

KINDS = (BUDGET_LOADED,)
