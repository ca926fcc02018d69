"""正确: confirmed by a source, not too long ago, and contradicted by none."""

from yikatong.quality.figure import Figure

ENTRY = Figure(
    code="correct",
    order=2,
    zh="正确",
    en="correct",
    definition_zh="经来源单位核验过的人员中，核验仍在有效期内、且没有未办结的姓名、生死、状态差异的人数占比。",
    definition_en="Of those a source has confirmed, those whose confirmation has not expired and about whom no "
    "difference of name, life or status is open.",
    select="""
SELECT 'resident:' || r.id AS subject, r.id AS person, r.region,
       CASE WHEN v.expires_on < %(today)s THEN array_append(d.types, 'expired')
            ELSE coalesce(d.types, '{}') END AS reasons
  FROM (SELECT coalesce(o.merged_into_id, o.id) AS person, max(c.expires_on) AS expires_on
          FROM quality_verification c JOIN residents_resident o ON o.id = c.resident_id
         WHERE c.what = 'person' GROUP BY 1) v
  JOIN residents_resident r ON r.id = v.person AND r.state <> 'dead'
  LEFT JOIN (SELECT coalesce(o.merged_into_id, o.id) AS person, array_agg(DISTINCT q.type::text) AS types
               FROM quality_difference q JOIN residents_resident o ON o.id = q.resident_id
              WHERE q.state IN ('open', 'checking') AND q.type IN ('name', 'dead_there', 'alive_there', 'status')
              GROUP BY 1) d ON d.person = r.id
""",
    reasons={
        "expired": ("核验已过期", "the confirmation has expired"),
        "name": ("姓名与来源不一致", "a source gives another name"),
        "dead_there": ("来源登记已故", "dead according to a source"),
        "alive_there": ("来源登记在世", "alive according to a source"),
        "status": ("状态与来源不一致", "a source gives another status"),
    },
)
