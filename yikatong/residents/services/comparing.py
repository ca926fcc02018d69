"""What a list says of known people against what the base has: one statement, used to judge and to store."""

from __future__ import annotations

COMPARED = """
SELECT s.line, r.id AS resident_id, r.region, f.field, f.value, f.old, r.source, r.trust, r.registered_at,
       a.trust IS NOT NULL AS on_file,
       %(trust)s >= coalesce(a.trust, CASE WHEN f.old = '' THEN 0 ELSE r.trust END) AS taken
  FROM {rows} s
  JOIN residents_resident r ON r.id = s.resident_id
 CROSS JOIN LATERAL (VALUES ('phone', encode(s.phone_key, 'hex'), encode(r.phone_key, 'hex')),
                            ('address', s.address, r.address),
                            ('region', s.region, r.region), ('ethnicity', s.ethnicity, r.ethnicity))
       AS f (field, value, old)
  LEFT JOIN LATERAL (SELECT trust FROM residents_attribute a
                      WHERE a.resident_id = r.id AND a.field = f.field ORDER BY a.id DESC LIMIT 1) a ON true
 WHERE f.value <> '' AND f.value <> f.old
"""
"""A row for each value that differs; `taken` unless a more trusted source gave what stands (`rules.may_overwrite`).

`{rows}` has line, resident_id, phone_key, address, region and ethnicity; `%(trust)s` is the list's. Phones are compared
by their keys, which stand here in hex. An empty cell says nothing.
"""
