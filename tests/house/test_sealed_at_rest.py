"""Nothing in the database can be read as an identity number, a phone or an account: the tables are looked through."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import connection, models

from yikatong.office import sealing
from yikatong.office.fields import LookupField, Sealed, WithKeys

# Bytes that tell of nobody: digests, keyed digests, and keys wrapped by a key from outside.
TELLS_OF_NOBODY = {
    "digest",
    "applied_digest",
    "evidence",
    "said",
    "key_digest",
    "wrapped",
    "mac",
    "judgement",
    "phone_key",
    "chain",
    "number_key",
    "pair_key",
}

# A demo city keeps which of its residents may be tried in the portal, to say it at every start. A real one has none.
ALLOWED = {"office_centre"}


def columns() -> list[models.Field[object, object]]:
    return [field for model in apps.get_models() for field in model._meta.local_concrete_fields]


def test_bytes_are_sealed_or_tell_of_nobody():
    plain = [
        str(field)
        for field in columns()
        if isinstance(field, models.BinaryField)
        and not isinstance(field, Sealed | LookupField)
        and field.model.__module__.startswith("yikatong.")
        and field.name not in TELLS_OF_NOBODY
    ]
    assert plain == []


def test_a_row_with_keys_saves_them_with_their_texts_and_can_be_resealed():
    for field in columns():
        if isinstance(field, LookupField):
            assert issubclass(field.model, WithKeys), field
        if isinstance(field, Sealed):
            assert isinstance(field.model._meta.pk, models.BigAutoField | models.OneToOneField), field
    assert {(each.model, each.name) for each in sealing.sealed_columns()} == {
        (field.model, field.attname) for field in columns() if isinstance(field, Sealed)
    }


def table_rows() -> Iterator[tuple[str, str]]:
    """Every row of every table as PostgreSQL writes it out; bytes come in hex."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" AS t')
            for (row,) in cursor.fetchall():
                yield table, row


def secrets() -> set[str]:
    """Every identity number, phone and account the city knows."""
    known = {
        value
        for column in sealing.sealed_columns()
        if column.kind in ("identity_number", "phone", "account")
        for value in column.model.objects.values_list(column.name, flat=True)  # type: ignore[attr-defined]
        if value
    }
    assert len(known) > 500
    return known


def told(secret: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(sorted({*secret, *(each.encode().hex() for each in secret)})))


@pytest.mark.django_db(transaction=True)
def test_after_a_year_of_the_city_no_table_holds_a_number_a_phone_or_an_account():
    from yikatong.residents.models import Guardian, Resident
    from yikatong.simulation.city import Options, live

    live(Options(centre="xianyang", residents=300, seed=7), lambda label, done, total: None)
    for column in sealing.sealed_columns():
        if column.kind in ("identity_number", "account") and column.model.__name__ in (
            "Resident",
            "Order",
            "Card",
        ):
            assert column.model.objects.count(), column  # type: ignore[attr-defined]
    assert Resident.objects.count() > 300 and Guardian.objects.count()
    pattern = told(secrets())
    found = {table for table, row in table_rows() if pattern.search(row)}
    assert found == ALLOWED


@pytest.mark.django_db
def test_the_look_through_the_tables_would_find_one():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE careless (a text, b bytea, c jsonb)")
        cursor.execute(
            "INSERT INTO careless VALUES ('x13800000001', '', '{}'), ('', %s, '{}'), ('', '', '{\"a\": \"610499198005170011\"}')",
            [b"..6220000000000000016.."],
        )
    pattern = told({"13800000001", "6220000000000000016", "610499198005170011"})
    assert sum(1 for table, row in table_rows() if table == "careless" and pattern.search(row)) == 3
