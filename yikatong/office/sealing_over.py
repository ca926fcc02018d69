# ruff: noqa: S608 - only names of our own tables and columns are put into the text; values go as parameters
"""Sealing what stood in the clear: for the migrations that turn columns of existing tables into sealed ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import connection

from yikatong.basics.masking import Sensitive
from yikatong.office import sealing

Key = tuple[str, str, int]
"""A key column, the column it is the key of, and how many last characters it is of (0: the whole)."""


def seal_over(
    table: str, columns: Mapping[str, str], keys: Sequence[Key] = (), slice_rows: int = 2_000
) -> int:
    """Seal the bytes of `columns` (name -> kind) where they stand, and set their `keys`; returns the rows.

    The columns hold plain UTF-8 bytes, the table's key is called `id`. Not to be run twice over the same rows.
    """
    names = list(columns)
    targets = [*names, *(key for key, _, _ in keys)]
    update = (
        f"UPDATE {table} AS t SET {', '.join(f'{_quoted(name)} = s.{_quoted(name)}' for name in targets)} "
        f"FROM unnest(%s::bigint[]{', %s::bytea[]' * len(targets)}) "
        f"AS s (id, {', '.join(map(_quoted, targets))}) WHERE t.id = s.id"
    )
    after = done = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(
                f"SELECT id, {', '.join(map(_quoted, names))} FROM {table} WHERE id > %s ORDER BY id LIMIT %s",
                [after, slice_rows],
            )
            rows = cursor.fetchall()
            if not rows:
                # The rows' foreign keys wait to be checked, and a table they wait for cannot be given an index.
                connection.check_constraints()
                return done
            plain = {name: [bytes(row[place]) for row in rows] for place, name in enumerate(names, start=1)}
            sealed = [[sealing.seal_bytes(columns[name], each) for each in plain[name]] for name in names]
            found = [
                [sealing.lookup(Sensitive(columns[of]), each.decode(), tail) for each in plain[of]]
                for _, of, tail in keys
            ]
            cursor.execute(update, [[row[0] for row in rows], *sealed, *found])
            after, done = rows[-1][0], done + len(rows)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
