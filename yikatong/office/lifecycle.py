"""The only place that sets a state: one row or a million, in one statement.

The CHECK constraint and the triggers of each table are made from the same `Machine`, so that raw SQL cannot take
an illegal step either: `constraints, triggers = lifecycle(ORDER, name="order")` in a model's Meta.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pgtrigger
from django.db import models

from yikatong.basics.states import Machine


class IllegalStep(Exception):
    """A service tried a step its machine does not know: a broken promise of ours, never a clerk's mistake."""


def lifecycle(
    machine: Machine,
    *,
    name: str,
    field: str = "state",
    more: Sequence[models.BaseConstraint] = (),
    more_triggers: Sequence[pgtrigger.Trigger] = (),
) -> tuple[list[models.BaseConstraint], list[pgtrigger.Trigger]]:
    """Constraint and triggers that hold `field` to `machine`; `name` must be unique among tables."""
    codes = [state.code for state in machine.states]
    firsts = [state.code for state in machine.firsts]
    constraints: list[models.BaseConstraint] = [
        models.CheckConstraint(condition=models.Q(**{f"{field}__in": codes}), name=f"{name}_{field}_known"),
        *more,
    ]
    triggers: list[pgtrigger.Trigger] = [
        pgtrigger.FSM(
            name=f"{name}_{field}_steps",
            field=field,
            transitions=sorted(machine.steps()),
            condition=_no_step_of(machine, field),
        ),
        pgtrigger.Trigger(
            name=f"{name}_{field}_birth",
            when=pgtrigger.Before,
            operation=pgtrigger.Insert,
            condition=~pgtrigger.Q(**{f"new__{field}__in": firsts}),
            func=f"RAISE EXCEPTION 'a row of % may not be born in {field} %', TG_TABLE_NAME, NEW.{field};",
        ),
        *more_triggers,
    ]
    return constraints, triggers


def _no_step_of(machine: Machine, field: str) -> pgtrigger.Condition:
    # Judged by the planner's own expression: a legal step never calls the trigger's function, which costs
    # a quarter of a large update.
    steps = ", ".join(f"'{come}:{to}'" for come, to in sorted(machine.steps()))
    changed = f"OLD.{field} IS DISTINCT FROM NEW.{field}"
    return pgtrigger.Condition(f"{changed} AND (OLD.{field} || ':' || NEW.{field}) NOT IN ({steps})")


def advance(row: models.Model, machine: Machine, event: str, /, *, field: str = "state", **also: Any) -> None:
    """Take one step with a row that the caller has locked; `also` sets other columns with it.

    Raises IllegalStep where the machine does not lead on from the row's state, or the row moved behind our back.
    """
    before = getattr(row, field)
    target = machine.target(event, before)
    if target is None:
        raise IllegalStep(f"{machine.name} {row.pk}: {event} from {before}")
    changes = {field: target.code, **also}
    moved = type(row)._default_manager.filter(pk=row.pk, **{field: before}).update(**changes)
    if moved != 1:
        raise IllegalStep(f"{machine.name} {row.pk} is no longer in {before}")
    for column, value in changes.items():
        setattr(row, column, value)


def advance_all(
    rows: models.QuerySet[Any], machine: Machine, event: str, /, *, field: str = "state", **also: Any
) -> int:
    """Take one step with every row of the query that stands where `event` may begin; returns how many.

    One UPDATE. Rows in other states are left alone: the caller compares the count with what it expected.
    """
    routes = machine.routes(event)
    targets = {to for _, to in routes}
    froms = [code for code, _ in routes]
    if len(targets) == 1:
        value: Any = targets.pop()
    else:
        value = models.Case(*(models.When(**{field: code}, then=models.Value(to)) for code, to in routes))
    return rows.filter(**{f"{field}__in": froms}).update(**{field: value, **also})
