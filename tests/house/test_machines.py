"""Every state belongs to a machine, and not even raw SQL takes a step that the machine does not know."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Iterator
from typing import Any

import pgtrigger
import pytest
from django.apps import apps
from django.db import Error, connection, models, transaction

from tests.house.sources import HOUSE, text_of, trees
from yikatong.basics.states import Machine

STATE = re.compile(r"(.*_)?state")
LIFECYCLE = "yikatong/office/lifecycle.py"
# A raw UPDATE that sets a state, whatever stands between.
SETS_STATE = re.compile(r"\bUPDATE\b.*\bSET\b.*\b(\w+_)?state\s*=", re.DOTALL | re.IGNORECASE)


def machines() -> dict[str, Machine]:
    """Every machine of the house by its place, `cards.ORDER`."""
    found = {}
    for path in sorted(HOUSE.glob("*/rules.py")):
        module = importlib.import_module(f"yikatong.{path.parent.name}.rules")
        for name, value in vars(module).items():
            if isinstance(value, Machine):
                found[f"{path.parent.name}.{name}"] = value
    return found


def state_fields() -> list[tuple[type[models.Model], str]]:
    return [
        (model, field.name)
        for model in apps.get_models()
        if model.__module__.startswith("yikatong.")
        for field in model._meta.concrete_fields
        if STATE.fullmatch(field.name) and isinstance(field, models.CharField)
    ]


def machine_of(model: type[models.Model], field: str) -> Machine:
    """The machine whose steps the table's trigger allows."""
    trigger = next(
        t for t in getattr(model._meta, "triggers", []) if isinstance(t, pgtrigger.FSM) and t.field == field
    )
    steps = {(step[0], step[1]) for step in trigger.transitions}
    return next(
        m for m in machines().values() if m.steps() == steps and held(model, field) == {s.code for s in m}
    )


def held(model: type[models.Model], field: str) -> set[str]:
    """The codes that the table's CHECK allows."""
    check = next(c for c in model._meta.constraints if c.name.endswith(f"_{field}_known"))
    assert isinstance(check, models.CheckConstraint)
    return set(dict(check.condition.children)[f"{field}__in"])  # type: ignore[arg-type]


FIELDS = [pytest.param(model, field, id=f"{model._meta.label}.{field}") for model, field in state_fields()]


@pytest.mark.parametrize(("model", "field"), FIELDS)
def test_every_state_field_is_held_to_a_machine_by_its_table(model, field):
    assert machine_of(model, field).firsts
    steps = next(t for t in model._meta.triggers if isinstance(t, pgtrigger.FSM) and t.field == field)
    birth = steps.name.removesuffix("_steps") + "_birth"
    assert [t.name for t in model._meta.triggers].count(birth) == 1


def test_every_machine_holds_some_field():
    used = {machine_of(model, field).name for model, field in state_fields()}
    assert {machine.name for machine in machines().values()} == used


@pytest.mark.parametrize("machine", machines().values(), ids=machines())
def test_every_state_can_be_reached_and_reads_in_both_languages(machine):
    reached = {state.code for state in machine.firsts}
    while more := {to for come, to in machine.steps() if come in reached} - reached:
        reached |= more
    unreachable = {state.code for state in machine} - reached
    assert not unreachable, unreachable
    assert all(state.zh and state.en for state in machine)
    assert len({state.zh for state in machine}) == len(machine.states)


# --- in raw SQL -------------------------------------------------------------------------------------------------


def value_for(column: models.Field[Any, Any]) -> str:
    """SQL for some value of a column's type. Texts differ from column to column: two pairs of eyes must differ."""
    kind = column.db_type(connection) or ""
    if kind.endswith("[]"):
        return "'{}'"
    if kind.startswith(("varchar", "text")):
        return "'" + column.column[: column.max_length or 20] + "'"
    if kind == "date":
        return f"DATE '2025-01-01' + {len(column.column)}"
    for start, value in {
        "timestamp": "now()",
        "bool": "false",
        "bytea": "''",
        "jsonb": "'{}'",
        "uuid": "gen_random_uuid()",
        "interval": "'0'",
        "inet": "'::1'",
    }.items():
        if kind.startswith(start):
            return value
    # Rows of two keys to one table may have to be two rows.
    return str(len(column.column)) if column.is_relation else "1"


NEEDED = {
    "benefits.Payment": ("resident", "card"),
    "cards.Blank": ("order",),
    "cards.StockCount": ("second", "second_expected"),
    "office.ExportRequest": ("valid_until",),
    "disclosure.BudgetVersion": ("digest", "published_on"),
}
"""Columns that may be empty, but not in every state."""


def born(model: type[models.Model], field: str, code: str) -> int:
    """A row of this table in this state, made in SQL."""
    needed = NEEDED.get(model._meta.label, ())
    columns = [
        c
        for c in model._meta.concrete_fields
        if not (c.primary_key or c.generated) and (not c.null or c.name in needed)
    ]
    names = ", ".join(f'"{c.column}"' for c in columns)
    firsts = {
        other: machine_of(model, other).firsts[0].code for owner, other in state_fields() if owner is model
    }
    firsts[field] = code
    values = ", ".join(f"'{firsts[c.name]}'" if c.name in firsts else value_for(c) for c in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f'INSERT INTO "{model._meta.db_table}" ({names}) VALUES ({values}) RETURNING "{model._meta.pk.column}"'
        )
        return int(cursor.fetchone()[0])


def without_triggers() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")


def refused(statement: str, parameters: list[object]) -> str | None:
    """What the database says against it; None where it does it."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, parameters)
    except Error as error:
        return str(error)
    return None


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), FIELDS)
def test_raw_sql_takes_every_legal_step_and_no_other(model, field):
    machine = machine_of(model, field)
    update = f'UPDATE "{model._meta.db_table}" SET "{field}" = %s WHERE "{model._meta.pk.column}" = %s'
    for come in machine:
        for to in machine:
            if come is to:
                continue
            before = transaction.savepoint()
            without_triggers()
            row = born(model, field, come.code)
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = origin")
            why = refused(update, [to.code, row])
            if (come.code, to.code) in machine.steps():
                assert why is None, f"{come.code} -> {to.code} is legal: {why}"
            else:
                assert why is not None and "pgtrigger" in why, f"{come.code} -> {to.code}: {why}"
            transaction.savepoint_rollback(before)


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), FIELDS)
def test_raw_sql_brings_a_row_into_the_world_only_in_a_first_state(model, field):
    machine = machine_of(model, field)
    for state in machine:
        before = transaction.savepoint()
        try:
            with transaction.atomic():
                born(model, field, state.code)
            why = None
        except Error as error:
            why = str(error)
        if state in machine.firsts:
            assert why is None, f"{state.code}: {why}"
        else:
            assert why is not None and "born" in why, f"{state.code}: {why}"
        transaction.savepoint_rollback(before)


@pytest.mark.django_db
@pytest.mark.parametrize(("model", "field"), FIELDS)
def test_no_row_stands_in_a_state_nobody_knows(model, field):
    without_triggers()
    with pytest.raises(Error, match=f"{field}_known"), transaction.atomic():
        born(model, field, "?")


# --- in our own code --------------------------------------------------------------------------------------------


def states_set(tree: ast.Module) -> Iterator[int]:
    """Lines on which a state is set otherwise than at a row's birth."""
    for node in ast.walk(tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and STATE.fullmatch(target.attr):
                yield node.lineno
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            keywords = {keyword.arg for keyword in node.keywords if keyword.arg}
            words = {text_of(each) for each in ast.walk(node) if isinstance(each, ast.Constant)}
            if name == "update" and any(map(STATE.fullmatch, keywords)):
                yield node.lineno
            if name in ("bulk_update", "save", "setattr", "update_or_create") and any(
                word and STATE.fullmatch(word) for word in words
            ):
                yield node.lineno
        text = text_of(node)
        if text is not None and SETS_STATE.search(text):
            yield node.lineno  # type: ignore[attr-defined]


def test_only_the_lifecycle_sets_a_state():
    found = [
        f"{path}:{line}" for path, tree in trees().items() if path != LIFECYCLE for line in states_set(tree)
    ]
    assert found == []


@pytest.mark.parametrize(
    "code",
    [
        "order.state = 'made'",
        "card.bank_state = x",
        "rows.update(state='made')",
        "rows.update(bank_state=x, a=1)",
        "order.save(update_fields=['state'])",
        "setattr(order, 'state', x)",
        "run('UPDATE cards_order SET state = 1')",
        "run(f'UPDATE {t} SET a = 1, bank_state = %s')",
        "Order.objects.bulk_update(rows, ['state'])",
    ],
)
def test_the_search_for_set_states_finds_them(code):
    assert list(states_set(ast.parse(code)))


@pytest.mark.parametrize(
    "code", ["rows.filter(state='made')", "rows.update(state_since=x)", "Order(state='submitted')"]
)
def test_the_search_for_set_states_finds_nothing_else(code):
    assert not list(states_set(ast.parse(code)))
