"""Whatever somebody with every right in the database does to a sealed journal, the proof says so."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from django.conf import settings
from django.db import connection, transaction
from hypothesis import HealthCheck, given
from hypothesis import settings as given_settings
from hypothesis import strategies as st

from yikatong.office import heads, journal
from yikatong.office.facts import EXPORTED
from yikatong.office.models import Entry, EntryRow, Seal

pytestmark = pytest.mark.django_db

# A statement that changes exactly this column of the entry whose id is given; none may leave it as it was.
COLUMNS = {
    "act": "gen_random_uuid()",
    "ordinal": "ordinal + 100",
    "kind": "'card.lost'",
    "actor": "actor || '0'",
    "occurred_at": "occurred_at + interval '1 microsecond'",
    "actor_name": "actor_name || '甲'",
    "door": "'api'",
    "purpose": "purpose || '乙'",
    "region": "'610499'",
    "outlet": "outlet || '1'",
    "subject": "subject || '1'",
    "person": "coalesce(person, 0) + 1",
    "payload": """payload || '{"more": 1}'""",
    "rows": "coalesce(rows, 0) + 1",
    "digest": "sha256(coalesce(digest, ''))",
    "mac": "sha256(mac)",
    "id": "id + 1000000",
}
ROW_COLUMNS = {
    "subject": "subject || '1'",
    "person": "person + 1",
    "region": "'610499'",
    "outlet": "outlet || '1'",
    "payload": """payload || '{"more": 1}'""",
    "entry_id": "entry_id + 1000000",
}


@contextmanager
def undone() -> Iterator[None]:
    settings.JOURNAL_HEAD.unlink(missing_ok=True)
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


def sql(statement: str, *parameters: object) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, parameters)
        touched = int(cursor.rowcount)
        cursor.execute("SET LOCAL session_replication_role = origin")
    return touched


def pick(data: st.DataObject, values: list[int]) -> int:
    """One of them by its place: the numbers themselves differ from run to run."""
    return values[data.draw(st.integers(0, len(values) - 1))]


def sealed() -> None:
    """Seal, and write the head as the commit would."""
    if journal.seal():
        last = Seal.objects.latest("number")
        heads.write_head(last.number, bytes(last.chain))


def live(acting: Callable, sizes: list[list[int]]) -> None:
    """Some acts: each number is one entry (0) or a set of that many rows; sealed after each act."""
    for sizes_of_act in sizes:
        with acting() as act:
            for size in sizes_of_act:
                if size == 0:
                    act.record(EXPORTED, subject="period:1", person=1, what="一", rows=1)
                else:
                    act.record_rows(
                        EXPORTED,
                        "SELECT 'card:' || n, n::bigint, '610402', '', '{}'::jsonb"
                        " FROM generate_series(1, %(size)s) AS n",
                        {"size": size},
                        what="二",
                    )
        sealed()


def change_entry(data: st.DataObject) -> None:
    number = pick(data, list(Entry.objects.order_by("id").values_list("id", flat=True)))
    column = data.draw(st.sampled_from(sorted(COLUMNS)))
    assert sql(f"UPDATE office_entry SET {column} = {COLUMNS[column]} WHERE id = %s", number) == 1


def change_row(data: st.DataObject) -> None:
    rows = list(EntryRow.objects.order_by("id").values_list("id", flat=True))
    if not rows:
        return change_entry(data)
    column = data.draw(st.sampled_from(sorted(ROW_COLUMNS)))
    number = pick(data, rows)
    assert sql(f"UPDATE office_entryrow SET {column} = {ROW_COLUMNS[column]} WHERE id = %s", number) == 1
    return None


def remove_rows(data: st.DataObject) -> None:
    rows = list(EntryRow.objects.order_by("id").values_list("id", flat=True))
    if not rows:
        return remove_last(data)
    first = data.draw(st.integers(0, len(rows) - 1))
    sql("DELETE FROM office_entryrow WHERE id = ANY(%s)", rows[first : first + data.draw(st.integers(1, 3))])
    return None


def remove_last(data: st.DataObject) -> None:
    """The newest entries go with their seals and rows, as if they had never been."""
    seals = list(Seal.objects.order_by("-number").values_list("number", "entry_id"))
    for number, entry in seals[: data.draw(st.integers(1, len(seals)))]:
        sql("DELETE FROM office_seal WHERE number = %s", number)
        sql("DELETE FROM office_entry WHERE id = %s", entry)
        sql("DELETE FROM office_entryrow WHERE entry_id = %s", entry)


def remove_any(data: st.DataObject) -> None:
    entry = pick(data, list(Entry.objects.order_by("id").values_list("id", flat=True)))
    sql("DELETE FROM office_entry WHERE id = %s", entry)
    sql("DELETE FROM office_entryrow WHERE entry_id = %s", entry)
    if data.draw(st.booleans()):
        sql("DELETE FROM office_seal WHERE entry_id = %s", entry)


def remove_and_seal_anew(data: st.DataObject) -> None:
    """Remove what one likes, throw the chain away, and let the honest task seal the rest."""
    remove_any(data)
    sql("DELETE FROM office_seal")
    sealed()


def invent(data: st.DataObject) -> None:
    copied = ", ".join(sorted(set(COLUMNS) - {"id", "act"}))
    sql(
        f"INSERT INTO office_entry (act, {copied}) SELECT gen_random_uuid(), {copied} FROM office_entry"
        " WHERE rows IS NULL OR true ORDER BY id LIMIT 1"
    )
    if data.draw(st.booleans()):
        sealed()


def change_seal(data: st.DataObject) -> None:
    number = pick(data, list(Seal.objects.order_by("number").values_list("number", flat=True)))
    what = data.draw(
        st.sampled_from(["chain = sha256(chain)", "entry_id = entry_id + 1000000", "number = number + 50"])
    )
    sql(f"UPDATE office_seal SET {what} WHERE number = %s", number)


def swap_entries(data: st.DataObject) -> None:
    """The same entries in another order."""
    numbers = list(Entry.objects.order_by("id").values_list("id", flat=True))
    if len(numbers) < 2:
        return change_seal(data)
    first = numbers.pop(data.draw(st.integers(0, len(numbers) - 1)))
    second = pick(data, numbers)
    for table, column in (("office_entry", "id"), ("office_entryrow", "entry_id")):
        sql(f"UPDATE {table} SET {column} = -1 WHERE {column} = %s", first)
        sql(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", first, second)
        sql(f"UPDATE {table} SET {column} = %s WHERE {column} = -1", second)
    return None


def cut_heads(data: st.DataObject) -> None:
    lines = settings.JOURNAL_HEAD.read_text().splitlines(keepends=True)
    settings.JOURNAL_HEAD.write_text("".join(lines[: data.draw(st.integers(0, len(lines) - 1))]))


TAMPERINGS = [
    change_entry,
    change_row,
    remove_rows,
    remove_last,
    remove_any,
    remove_and_seal_anew,
    invent,
    change_seal,
    swap_entries,
    cut_heads,
]


@pytest.fixture(autouse=True)
def no_patience(monkeypatch):
    monkeypatch.setattr(journal, "PATIENCE", 0)


@given_settings(max_examples=120, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sizes=st.lists(st.lists(st.integers(0, 3), min_size=1, max_size=3), min_size=1, max_size=3),
    tamper=st.sampled_from(TAMPERINGS),
    data=st.data(),
)
def test_nothing_can_be_changed_removed_or_added_unseen(acting, sizes, tamper, data):
    with undone():
        live(acting, sizes)
        assert journal.prove().sound
        tamper(data)
        assert not journal.prove().sound
