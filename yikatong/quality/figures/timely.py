"""及时: differences settled by their deadline, deaths recorded soon after they happened."""

from yikatong.quality.figure import Figure

ENTRY = Figure(
    code="timely",
    order=4,
    zh="及时",
    en="timely",
    definition_zh="近一年办结或已到期的差异中按期办结的，连同近一年登记的死亡中在规定日数内登记的，占两者之和的比例。",
    definition_en="Of the differences settled or overdue and the deaths recorded within a year, those settled by their "
    "deadline and recorded within the days the rule allows.",
    select="""
SELECT 'difference:' || d.id AS subject, d.resident_id AS person, d.region,
       CASE WHEN d.decided_at IS NULL THEN ARRAY['overdue']
            WHEN (d.decided_at AT TIME ZONE 'Asia/Shanghai')::date > d.due_on THEN ARRAY['late']
            ELSE '{}' END AS reasons
  FROM quality_difference d
 WHERE (d.state IN ('corrected', 'kept', 'reported') AND d.decided_at >= %(year_ago)s)
    OR (d.state IN ('open', 'checking') AND d.due_on < %(today)s)
 UNION ALL
SELECT 'resident:' || r.id, r.id, r.region,
       CASE WHEN (f.occurred_at AT TIME ZONE 'Asia/Shanghai')::date - r.died_on > %(death_days)s
            THEN ARRAY['death_late'] ELSE '{}' END
  FROM (SELECT person, max(occurred_at) AS occurred_at FROM office_fact
         WHERE kind = 'resident.died' AND occurred_at >= %(year_ago)s GROUP BY person) f
  JOIN residents_resident r ON r.id = f.person AND r.state = 'dead' AND r.died_on IS NOT NULL
   AND r.merged_into_id IS NULL
""",
    reasons={
        "overdue": ("差异逾期未办结", "a difference is overdue"),
        "late": ("差异逾期才办结", "a difference was settled late"),
        "death_late": ("死亡登记迟于规定日数", "a death was recorded late"),
    },
)
