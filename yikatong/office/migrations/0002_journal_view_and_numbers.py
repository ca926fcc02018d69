"""The view that indicators read, the numbering sequence, and the cache table for rates and log-in limits."""

from typing import ClassVar

from django.db import migrations

FACT = """
CREATE VIEW office_fact AS
SELECT e.id AS entry_id, NULL::bigint AS row_id, e.act, e.kind, e.occurred_at, e.actor, e.actor_name, e.door,
       e.purpose, e.region, e.outlet, e.subject, e.person, e.payload
  FROM office_entry e
 WHERE e.rows IS NULL
UNION ALL
SELECT e.id, r.id, e.act, e.kind, e.occurred_at, e.actor, e.actor_name, e.door,
       e.purpose, r.region, r.outlet, r.subject, r.person, e.payload || r.payload
  FROM office_entry e JOIN office_entryrow r ON r.entry_id = e.id
 WHERE e.rows IS NOT NULL
"""

NUMBERS = """
CREATE SEQUENCE office_numbers MAXVALUE 99999999; -- then it stops: a ninth digit would be cut off, and numbers repeat
CREATE FUNCTION office_luhn_digit(digits text) RETURNS text LANGUAGE sql IMMUTABLE STRICT AS $$
    SELECT ((10 - sum(CASE WHEN (length(digits) - i) % 2 = 0
                           THEN (2 * d) / 10 + (2 * d) % 10 ELSE d END) % 10) % 10)::text
      FROM (SELECT i, substr(digits, i, 1)::int AS d FROM generate_series(1, length(digits)) AS i) AS places
$$;
CREATE FUNCTION office_next_number(series text) RETURNS text LANGUAGE sql VOLATILE AS $$
    -- The check digit written out for eight digits: a million receipts are numbered in one statement.
    SELECT series || lpad(n::text, 8, '0') || ((10 - (
               n / 10 % 10 + n / 1000 % 10 + n / 100000 % 10 + n / 10000000 % 10
             + (2 * (n % 10)) / 10 + (2 * (n % 10)) % 10
             + (2 * (n / 100 % 10)) / 10 + (2 * (n / 100 % 10)) % 10
             + (2 * (n / 10000 % 10)) / 10 + (2 * (n / 10000 % 10)) % 10
             + (2 * (n / 1000000 % 10)) / 10 + (2 * (n / 1000000 % 10)) % 10
           ) % 10) % 10)::text
      FROM (SELECT nextval('office_numbers') AS n) AS next
$$;
"""

CACHE = """
CREATE TABLE office_cache (cache_key varchar(255) NOT NULL PRIMARY KEY, value text NOT NULL,
                           expires timestamp with time zone NOT NULL);
CREATE INDEX office_cache_expires ON office_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies: ClassVar = [("office", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL(FACT, "DROP VIEW office_fact"),
        migrations.RunSQL(
            NUMBERS,
            "DROP FUNCTION office_next_number(text); DROP FUNCTION office_luhn_digit(text); "
            "DROP SEQUENCE office_numbers",
        ),
        migrations.RunSQL(CACHE, "DROP TABLE office_cache"),
    ]
