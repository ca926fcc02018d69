"""The state of a person (人员状态): recorded on a paper by one, corrected by another."""

from __future__ import annotations

from datetime import date
from typing import Any

from yikatong.basics.refused import Refused
from yikatong.basics.states import State
from yikatong.office.act import Act
from yikatong.office.lifecycle import advance
from yikatong.residents.facts import DEATH_WITHDRAWN, DIED, LIFE_CHANGED, LIFE_CORRECTED
from yikatong.residents.models import LifeChange, Resident
from yikatong.residents.queries import Person, person_of
from yikatong.residents.rules import (
    ABROAD,
    DEAD,
    HOUSEHOLD_CANCELLED,
    IN_PRISON,
    LIFE,
    TURNS,
    Trust,
    source_problem,
)
from yikatong.residents.services.locked import locked, unknown


def record_death(
    act: Act, resident_id: int, *, on: date, source: str, trust: Trust = Trust.SELF
) -> Person | Refused:
    """Record that a person died on a day. Refused: resident.unknown, resident.deceased (already recorded),
    death.date (after today or before birth), source.*."""
    if (refused := source_problem(source)) is not None:
        return refused
    row = locked(resident_id)
    if row is None:
        return unknown()
    if row.state == DEAD.code:
        return Refused(
            "resident.deceased", "该人员已登记死亡，无需重复登记。", "This death has already been recorded."
        )
    if _no_day_for(act, row, on):
        return Refused(
            "death.date",
            "死亡日期不能晚于今天或早于出生日期，请核对。",
            "A day of death lies neither after today nor before birth; check it.",
            at="on",
        )
    _turn(act, row, "die", on, source, trust, died_on=on)
    act.record(
        DIED, subject=f"resident:{row.pk}", person=row.pk, region=row.region, source=source, on=on.isoformat()
    )
    return person_of(row)


def record_turn(
    act: Act, resident_id: int, *, event: str, on: date, source: str, trust: Trust = Trust.SELF
) -> Person | Refused:
    """Record one of `rules.TURNS` (household cancelled or restored, prison, abroad) as of a day.

    Refused: resident.unknown; life.event (not one of them, or it does not lead on from the person's state);
    life.date (after today or before birth); source.*.
    """
    if (refused := source_problem(source)) is not None:
        return refused
    row = locked(resident_id)
    if row is None:
        return unknown()
    if event not in TURNS or LIFE.target(event, row.state) is None:
        state = LIFE.state(row.state)
        return Refused(
            "life.event",
            f"该人员现为“{state.zh}”，不能办理这一项，请核对。",
            f"The person's state is “{state.en}”; this does not lead on from it.",
            at="event",
        )
    if _no_day_for(act, row, on):
        return Refused(
            "life.date",
            "日期不能晚于今天或早于出生日期，请核对。",
            "The day lies neither after today nor before birth; check it.",
            at="on",
        )
    _turn(act, row, event, on, source, trust)
    zh, en = TURNS[event]
    act.record(
        LIFE_CHANGED,
        subject=f"resident:{row.pk}",
        person=row.pk,
        region=row.region,
        event=event,
        event_zh=zh,
        event_en=en,
        on=on.isoformat(),
        source=source,
    )
    return person_of(row)


def withdraw_death(act: Act, resident_id: int, *, source: str) -> Person | Refused:
    """Take back a death that was recorded in error. Refused: resident.unknown, resident.not_deceased,
    life.same_person (who recorded it may not correct it), source.*.
    """
    row = _correctable(act, resident_id, source, (DEAD,), _not_deceased())
    if isinstance(row, Refused):
        return row
    _turn(act, row, "correct", act.today, source, Trust.SELF, died_on=None)
    act.record(DEATH_WITHDRAWN, subject=f"resident:{row.pk}", person=row.pk, region=row.region, source=source)
    return person_of(row)


def correct_life(act: Act, resident_id: int, *, source: str) -> Person | Refused:
    """Set a person back to alive (在世) whose other state than death was recorded in error.

    Refused: resident.unknown; life.nothing (alive, or dead: that is `withdraw_death`); life.same_person; source.*.
    """
    nothing = Refused("life.nothing", "该人员状态无需在此更正。", "There is no state to be corrected here.")
    row = _correctable(act, resident_id, source, (HOUSEHOLD_CANCELLED, IN_PRISON, ABROAD), nothing)
    if isinstance(row, Refused):
        return row
    was = LIFE.state(row.state)
    _turn(act, row, "correct", act.today, source, Trust.SELF)
    act.record(
        LIFE_CORRECTED,
        subject=f"resident:{row.pk}",
        person=row.pk,
        region=row.region,
        was=was.zh,
        was_en=was.en,
        source=source,
    )
    return person_of(row)


def _correctable(
    act: Act, resident_id: int, source: str, states: tuple[State, ...], nothing: Refused
) -> Resident | Refused:
    if (refused := source_problem(source)) is not None:
        return refused
    row = locked(resident_id)
    if row is None:
        return unknown()
    if LIFE.state(row.state) not in states:
        return nothing
    if _recorded_by(row) == act.actor.code:
        return Refused(
            "life.same_person",
            "登记人不能更正自己的登记，请由另一人办理。",
            "Who recorded it may not correct it; somebody else must.",
        )
    return row


def _not_deceased() -> Refused:
    return Refused("resident.not_deceased", "该人员没有死亡登记。", "No death is recorded of this person.")


def _recorded_by(row: Resident) -> str:
    """Who recorded the state that stands; empty where it came with a list."""
    latest = LifeChange.objects.filter(resident=row).order_by("-id").first()
    return latest.by if latest is not None and latest.after == row.state else ""


def _no_day_for(act: Act, row: Resident, on: date) -> bool:
    return on > act.today or (row.birth_on is not None and on < row.birth_on)


def _turn(act: Act, row: Resident, event: str, on: date, source: str, trust: Trust, **also: Any) -> None:
    before, recorded_by = row.state, _recorded_by(row)
    advance(row, LIFE, event, state_source=source, **also)
    LifeChange.objects.create(
        resident=row,
        event=event,
        before=before,
        after=row.state,
        on=on,
        source=source,
        trust=trust,
        by=act.actor.code,
        takes_back=recorded_by if event == "correct" else "",
        at=act.at,
        act=act.id,
    )
