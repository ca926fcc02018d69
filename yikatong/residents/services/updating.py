# ruff: noqa: S608 - only this package's own texts are put into the statements; values go as parameters
"""Particulars of people who are known already, taken from a list: in sets, and only from a source trusted enough."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from yikatong.office.act import Act
from yikatong.residents.facts import CHANGED
from yikatong.residents.rules import FIELDS, Trust, name_columns
from yikatong.residents.services.comparing import COMPARED
from yikatong.residents.services.staging import staged_person, staging

# A phone moves as it is sealed; in hex, its key only told that it is another one.
_CHANGES = f"""
CREATE TEMP TABLE resident_changes ON COMMIT DROP AS
SELECT c.*, s.phone, s.phone_key, s.phone_tail4, r.phone AS old_phone
  FROM ({COMPARED.format(rows="resident_staging")}) c
  JOIN resident_staging s ON s.line = c.line
  JOIN residents_resident r ON r.id = c.resident_id
 WHERE c.taken
"""
_ORIGINS = """
INSERT INTO residents_attribute (resident_id, field, value, phone, source, trust, at, act)
SELECT resident_id, field, CASE WHEN field = 'phone' THEN '' ELSE old END,
       CASE WHEN field = 'phone' THEN old_phone ELSE '' END, source, trust, registered_at, %(act)s
  FROM resident_changes WHERE NOT on_file AND old <> '' ORDER BY resident_id, field
"""
_VALUES = """
INSERT INTO residents_attribute (resident_id, field, value, phone, source, trust, at, act)
SELECT resident_id, field, CASE WHEN field = 'phone' THEN '' ELSE value END,
       CASE WHEN field = 'phone' THEN phone ELSE '' END, %(source)s, %(trust)s, %(at)s, %(act)s
  FROM resident_changes ORDER BY resident_id, field
"""
_APPLY = """
UPDATE residents_resident r
   SET address = coalesce(c.address, r.address), region = coalesce(c.region, r.region),
       ethnicity = coalesce(c.ethnicity, r.ethnicity)
  FROM (SELECT resident_id, max(value) FILTER (WHERE field = 'address') AS address,
               max(value) FILTER (WHERE field = 'region') AS region,
               max(value) FILTER (WHERE field = 'ethnicity') AS ethnicity
          FROM resident_changes WHERE field <> 'phone' GROUP BY resident_id) c
 WHERE r.id = c.resident_id
"""
_APPLY_PHONE = """
UPDATE residents_resident r SET phone = c.phone, phone_key = c.phone_key, phone_tail4 = c.phone_tail4
  FROM resident_changes c WHERE c.field = 'phone' AND r.id = c.resident_id
"""
_CHANGED = """
SELECT 'resident:' || resident_id, resident_id, region, '',
       jsonb_build_object('field', field, 'field_zh', %(labels)s::jsonb ->> field)
  FROM resident_changes
"""
_LOCK = "SELECT 1 FROM residents_resident WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE"
_WHOM = """
UPDATE resident_staging s SET resident_id = p.id
  FROM unnest(%(lines)s::int[], %(people)s::bigint[]) AS p (line, id) WHERE p.line = s.line
"""


def take_phones(
    act: Act, phones: Mapping[int, str], *, source: str, trust: Trust, everyone: Sequence[int]
) -> int:
    """Set the phones (as `read_phone` gives them) of these people, by their ids, as a counter would; returns how many.

    Who has the same one, or one from a more trusted source, stays as they are. `everyone` of the list is locked, in one
    order with all other lists, until the act ends.
    """
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [sorted({*phones, *everyone})])
    nobody = name_columns("")
    lines = dict(enumerate(phones))
    staged = (
        staged_person(line, "", "", nobody, "", None, "", "", phones[person], "")
        for line, person in lines.items()
    )
    with staging(staged):
        with connection.cursor() as cursor:
            cursor.execute(_WHOM, {"lines": list(lines), "people": list(lines.values())})
        return update_known(act, file="", source=source, trust=trust)


def update_known(act: Act, *, file: str, source: str, trust: Trust) -> int:
    """Store what the staged rows of known people say otherwise than the base; returns how many particulars changed."""
    values: dict[str, Any] = {"source": source, "trust": trust.value, "at": act.at, "act": act.id}
    with connection.cursor() as cursor:
        cursor.execute(_CHANGES, values)
        changed: int = cursor.rowcount
        if changed:
            cursor.execute(_ORIGINS, values)
            cursor.execute(_VALUES, values)
            cursor.execute(_APPLY)
            cursor.execute(_APPLY_PHONE)
            labels = json.dumps(FIELDS, ensure_ascii=False)
            act.record_rows(CHANGED, _CHANGED, {"labels": labels}, file=file, source=source)
        cursor.execute("DROP TABLE resident_changes")
    return changed
