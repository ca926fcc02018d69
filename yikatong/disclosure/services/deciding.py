"""A prepared version reviewed, approved, published or given back. What is decided on is named by its digest."""

from __future__ import annotations

from datetime import date
from typing import Any

from yikatong.basics.kinds import Kind
from yikatong.basics.refused import Refused
from yikatong.disclosure import facts
from yikatong.disclosure.documents import VersionRow, version_row
from yikatong.disclosure.models import BudgetVersion
from yikatong.disclosure.rules import (
    APPROVED,
    OPEN_VERSIONS,
    PREPARED,
    REVIEWED,
    VERSION,
    another_person,
)
from yikatong.disclosure.services.locked import hold_version, note_problem, same_as_seen, write_down
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance


def review_version(act: Act, version_id: int, *, digest: str) -> VersionRow | Refused:
    """Find a version right, as the page showed it (`digest`, in hex).

    Refused: version.unknown, version.elsewhere, version.same_person (who prepared it), version.changed.
    """
    row = hold_version(version_id, PREPARED)
    if isinstance(row, Refused):
        return row
    if (refused := another_person(act.actor.code, [row.prepared_by])) is not None:
        return refused
    if (refused := same_as_seen(row, digest)) is not None:
        return refused
    advance(
        row, VERSION, "review", state_since=act.at, reviewed_by=act.actor.code, reviewed_name=act.actor.name,
        reviewed_at=act.at,
    )  # fmt: skip
    return _done(act, row, facts.VERSION_REVIEWED, digest=digest)


def approve_version(act: Act, version_id: int, *, digest: str) -> VersionRow | Refused:
    """Approve a reviewed version for publication, as the page showed it (`digest`, in hex).

    Refused: version.unknown, version.elsewhere, version.same_person (who prepared or reviewed it), version.changed.
    """
    row = hold_version(version_id, REVIEWED)
    if isinstance(row, Refused):
        return row
    if (refused := another_person(act.actor.code, [row.prepared_by, row.reviewed_by])) is not None:
        return refused
    if (refused := same_as_seen(row, digest)) is not None:
        return refused
    advance(
        row, VERSION, "approve", state_since=act.at, approved_by=act.actor.code, approved_name=act.actor.name,
        approved_at=act.at,
    )  # fmt: skip
    return _done(act, row, facts.VERSION_APPROVED, digest=digest)


def publish_version(act: Act, version_id: int, *, digest: str, published_on: date) -> VersionRow | Refused:
    """Put an approved version before the public, as it was approved. From then on it stays.

    Refused: version.unknown, version.elsewhere, version.published_on (before the reply or later than today),
    version.changed.
    """
    row = hold_version(version_id, APPROVED)
    if isinstance(row, Refused):
        return row
    replied_on = row.document.replied_on
    if not replied_on <= published_on <= act.today:
        return Refused(
            "version.published_on",
            f"公布日期应在批复日期（{replied_on}）与今天（{act.today}）之间。",
            f"It is published between the day of the reply ({replied_on}) and today ({act.today}).",
            at="published_on",
        )
    if (refused := same_as_seen(row, digest)) is not None:
        return refused
    advance(
        row, VERSION, "publish", state_since=act.at, published_by=act.actor.code, published_name=act.actor.name,
        published_on=published_on,
    )  # fmt: skip
    return _done(act, row, facts.VERSION_PUBLISHED, digest=digest, published_on=published_on.isoformat())


def send_version_back(act: Act, version_id: int, *, note: str) -> VersionRow | Refused:
    """Give a version back to be drafted anew, saying why; whoever took a step before may take one again.

    Refused: note.missing, version.unknown, version.elsewhere.
    """
    if (refused := note_problem(note, "note")) is not None:
        return refused
    row = hold_version(version_id, PREPARED, REVIEWED, APPROVED)
    if isinstance(row, Refused):
        return row
    undone: dict[str, Any] = {}
    for step in ("prepared", "reviewed", "approved"):
        undone |= {f"{step}_by": "", f"{step}_name": "", f"{step}_at": None}
    advance(
        row, VERSION, "send_back", state_since=act.at, digest=None, goals=None, note=note.strip(), noted_name=act.actor.name,
        **undone,
    )  # fmt: skip
    return _done(act, row, facts.VERSION_RETURNED, note=note.strip())


def withdraw_version(act: Act, version_id: int, *, note: str) -> VersionRow | Refused:
    """Give a version up before it is published, saying why. Refused: note.missing, version.unknown, version.elsewhere."""
    if (refused := note_problem(note, "note")) is not None:
        return refused
    row = hold_version(version_id, *OPEN_VERSIONS)
    if isinstance(row, Refused):
        return row
    advance(row, VERSION, "withdraw", state_since=act.at, note=note.strip(), noted_name=act.actor.name)
    return _done(act, row, facts.VERSION_WITHDRAWN, note=note.strip())


def _done(act: Act, row: BudgetVersion, kind: Kind, **more: str) -> VersionRow:
    write_down(act, kind, row, **more)
    return version_row(row, act.today)
