"""统一: one person, one number, one record, the same everywhere."""

from yikatong.quality.figure import Figure

ENTRY = Figure(
    code="consistent",
    order=3,
    zh="统一",
    en="consistent",
    definition_zh="在世人员中，没有未办结的号码、居住地、一人多条、对方查无此人差异的人数占比。",
    definition_en="Of the living, those about whom no difference of number, region, duplicate or missing person is open.",
    select="""
SELECT 'resident:' || r.id AS subject, r.id AS person, r.region, coalesce(d.types, '{}') AS reasons
  FROM residents_resident r
  LEFT JOIN (SELECT coalesce(o.merged_into_id, o.id) AS person, array_agg(DISTINCT q.type::text) AS types
               FROM quality_difference q JOIN residents_resident o ON o.id = q.resident_id
              WHERE q.state IN ('open', 'checking') AND q.type IN ('number', 'region', 'duplicate', 'missing_there')
              GROUP BY 1) d ON d.person = r.id
 WHERE r.state <> 'dead' AND r.merged_into_id IS NULL
""",
    reasons={
        "number": ("号码与来源不一致", "a source gives another number"),
        "region": ("居住地与来源不一致", "a source gives another region"),
        "duplicate": ("疑为一人多条", "perhaps one person twice"),
        "missing_there": ("来源查无此人", "unknown to a source"),
    },
)
