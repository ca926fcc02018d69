"""Questions of the hot pages, put into SQL once: building a query costs several times what answering it does.

    _ORDER = Prepared(lambda: Order.objects.select_related("outlet").filter(number=Given("number")))
    _ORDER.first(number="61049925000017")

The query stays the ORM's, so columns, joins and sealed fields are written down in one place still; what differs
between two askings is `Given`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet, Value
from django.db.models.query import ValuesListIterable, get_related_populators

Row = TypeVar("Row", bound=Model)


class Given(Value):
    """A value that is named now and given when the question is asked; a list of values where it is `among` them."""

    def __init__(self, name: str, *, among: bool = False) -> None:
        super().__init__(name)
        self.name, self.among = name, among

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        return ("ANY(%s)" if self.among else "%s"), [self]


@dataclass(frozen=True)
class _Plan:
    """One query as the ORM compiled it. `converters` are those of its columns, sealed ones above all."""

    sql: str
    parameters: tuple[Any, ...]
    converters: tuple[tuple[int, Any, Any], ...]
    made: Callable[[list[Any]], Any]


class Prepared(Generic[Row]):
    """A query that is compiled when it is first asked: of whole rows (select_related included) or of `values_list`.

    `Given` stands where a filter compares for equality or order, never in a pattern. Not for prefetches.
    """

    def __init__(self, build: Callable[[], QuerySet[Row, Any]]) -> None:
        self._build = build

    def all(self, **given: Any) -> list[Any]:
        """Every row."""
        return list(self._asked(given))

    def first(self, **given: Any) -> Any | None:
        """The first row, None where there is none. The order is the query's own."""
        return next(self._asked(given), None)

    @cached_property
    def _plan(self) -> _Plan | None:
        rows = self._build()
        compiler = rows.query.get_compiler(connection.alias)
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            return None
        columns = [column for column, _, _ in compiler.select]
        found = compiler.get_converters(columns)
        converters = tuple((place, convert, column) for place, (convert, column) in found.items())
        made = tuple if rows._iterable_class is ValuesListIterable else _maker(compiler)
        return _Plan(sql, tuple(parameters), converters, made)

    def _asked(self, given: dict[str, Any]) -> Iterator[Any]:
        plan = self._plan
        if plan is None:
            return
        parameters = [given[each.name] if isinstance(each, Given) else each for each in plan.parameters]
        with connection.cursor() as cursor:
            cursor.execute(plan.sql, parameters)
            found = cursor.fetchall()
        for line in found:
            row = list(line)
            for place, converts, column in plan.converters:
                for convert in converts:
                    row[place] = convert(row[place], column, connection)
            yield plan.made(row)


def _maker(compiler: Any) -> Callable[[list[Any]], Any]:
    """Makes a model's row, with those related to it, of a line of the answer; as the ORM's own iteration does."""
    alias, klass, select = connection.alias, compiler.klass_info, compiler.select
    model, places = klass["model"], klass["select_fields"]
    begin, end = places[0], places[-1] + 1
    names = [column.target.attname for column, _, _ in select[begin:end]]
    related = get_related_populators(klass, select, alias)  # type: ignore[call-arg]  # the stubs are of Django 6
    extra = tuple((compiler.annotation_col_map or {}).items())

    def made(line: list[Any]) -> Any:
        row = model.from_db(alias, names, line[begin:end])
        for populator in related:
            populator.populate(line, row)
        for name, place in extra:
            setattr(row, name, line[place])
        return row

    return made
