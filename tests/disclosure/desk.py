"""A budget brought before the public by three people, step by step."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from tests.indicators.happenings import moment
from yikatong.basics.refused import Refused
from yikatong.disclosure import services
from yikatong.disclosure.binding import print_out
from yikatong.disclosure.documents import VersionRow, ledger_of
from yikatong.disclosure.ledgers import ledger
from yikatong.office.act import Act, Actor, Door, open_act

EDITOR, REVIEWER, DIRECTOR = (
    Actor(f"staff:{number}", name) for number, name in ((911, "编制人"), (912, "审核人"), (913, "批准人"))
)
REPLIED = date(2025, 3, 3)
DAY = "2025-03-10"


def at(actor: Actor, day: str = DAY, hour: int = 10) -> AbstractContextManager[Act]:
    """An act of theirs on that day."""
    when: datetime = moment(day, hour)
    return open_act(actor, door=Door.CONSOLE, at=when)


def do(service: Any, actor: Actor, *args: Any, day: str = DAY, **named: Any) -> Any:
    """One act with one call."""
    with at(actor, day) as act:
        return service(act, *args, **named)


def good(result: VersionRow | Refused) -> VersionRow:
    """What came of a step that should be taken."""
    assert not isinstance(result, Refused), result
    return result


def opened(name: str = "xianyang_2025", family: str = "SN15", **changes: Any) -> VersionRow:
    """A document just opened."""
    book = ledger(name)
    asked = {
        "unit": book.unit,
        "unit_name": book.unit_name,
        "parent": book.parent,
        "parent_name": book.parent_name,
        "year": book.year,
        "family": family,
        "replied_on": REPLIED,
        **changes,
    }
    return good(do(services.open_document, EDITOR, **asked))


def drafted(name: str = "xianyang_2025", family: str = "SN15", **changes: Any) -> VersionRow:
    """A document with the lines and words of a published budget."""
    book, row = ledger(name), opened(name, family, **changes)
    lines = [replace(line, unit=row.unit) for line in book.lines]
    good(do(services.take_lines, EDITOR, row.id, lines=lines, file_name=f"{name}.csv"))
    return good(
        do(
            services.give_words,
            EDITOR,
            row.id,
            reasons=book.reasons,
            facts_told=book.facts,
            remarks=book.remarks,
        )
    )


def digest_of(row: VersionRow) -> str:
    """What a page would show of it."""
    book = ledger_of(row.id)
    assert book is not None
    return print_out(book, row.family).digest


def prepared(row: VersionRow | None = None) -> VersionRow:
    """Put up for review."""
    row = row or drafted()
    return good(do(services.prepare_version, EDITOR, row.id, digest=digest_of(row)))


def reviewed(row: VersionRow | None = None) -> VersionRow:
    """Found right by the second person."""
    row = prepared(row)
    return good(do(services.review_version, REVIEWER, row.id, digest=row.digest))


def approved(row: VersionRow | None = None) -> VersionRow:
    """Approved by the third."""
    row = reviewed(row)
    return good(do(services.approve_version, DIRECTOR, row.id, digest=row.digest))


def published(row: VersionRow | None = None) -> VersionRow:
    """Before the public."""
    row = approved(row)
    return good(
        do(services.publish_version, EDITOR, row.id, digest=row.digest, published_on=date(2025, 3, 10))
    )
