"""Writes: load the budget figures of a centre's published sheets."""

from __future__ import annotations

from typing import Any

from yikatong.basics.refused import Refused
from yikatong.disclosure import facts
from yikatong.disclosure.budgets import read_budgets
from yikatong.disclosure.models import Fund, Project
from yikatong.disclosure.rules import footing
from yikatong.office.act import Act


def load_budget(act: Act, centre_code: str) -> int | Refused:
    """Load a centre's projects with their funds; again replaces them. Returns how many.

    Refused: `budget.unknown_centre`, `budget.footing` (the parts of the funds do not sum to their total).
    """
    books = read_budgets(centre_code)
    if not books:
        return Refused(
            "budget.unknown_centre",
            f"没有 {centre_code} 的预算文件。",
            f"No budget on file for {centre_code}.",
        )
    for book in books:
        if footing(book["funds"]):
            return Refused(
                "budget.footing",
                f"“{book['project']}”各项资金之和与总额不符。",
                f"The funds of {book['project']} do not sum to their total.",
            )
    for book in books:
        _store(act, book)
    return len(books)


def _store(act: Act, book: dict[str, Any]) -> None:
    key = {"centre": book["centre"], "year": book["year"], "table": book["table"]}
    Project.objects.filter(**key).delete()
    fields = ("department", "unit_name", "document", "goal_whole", "goal_year")
    project = Project.objects.create(**key, name=book["project"], **{field: book[field] for field in fields})
    Fund.objects.bulk_create(
        Fund(project=project, span=span, source=source, amount_fen=fen)
        for span, amounts in book["funds"].items()
        for source, fen in amounts.items()
    )
    act.record(
        facts.BUDGET_LOADED,
        subject=f"budget:{book['centre']}-{book['year']}-{book['table']}",
        year=book["year"],
        project=book["project"],
    )
