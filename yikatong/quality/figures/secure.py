"""安全: sealed under the current key, read only for a purpose, opened only by two factors."""

from yikatong.quality.figure import Figure

ENTRY = Figure(
    code="secure",
    order=5,
    zh="安全",
    en="secure",
    definition_zh="在世人员中敏感项均以现行密钥加密、近一年没有无用途查看的，连同在岗人员中已启用第二因素的，占两者之和的比例。",
    definition_en="Of the living, those whose number and phone are sealed under the current key and whose data nobody "
    "read without a purpose within a year; and of the staff, those with a second factor.",
    select="""
SELECT 'resident:' || r.id AS subject, r.id AS person, r.region,
       array_remove(ARRAY[CASE WHEN substr(r.number, 1, 2) <> %(key)s
                                 OR (r.phone <> ''::bytea AND substr(r.phone, 1, 2) <> %(key)s) THEN 'old_key' END,
                          CASE WHEN f.person IS NOT NULL THEN 'no_purpose' END], NULL) AS reasons
  FROM residents_resident r
  LEFT JOIN (SELECT DISTINCT coalesce(o.merged_into_id, o.id) AS person
               FROM office_fact e JOIN residents_resident o ON o.id = e.person
              WHERE kind = ANY(%(reads)s) AND occurred_at >= %(year_ago)s AND purpose = ''
                AND coalesce(payload ->> 'purpose', '') = '') f ON f.person = r.id
 WHERE r.state <> 'dead' AND r.merged_into_id IS NULL
 UNION ALL
SELECT 'staff:' || s.id, NULL, s.region,
       CASE WHEN EXISTS (SELECT FROM mfa_authenticator a WHERE a.user_id = s.id AND a.type <> 'recovery_codes')
            THEN '{}' ELSE ARRAY['one_factor'] END
  FROM office_staff s WHERE s.is_active
""",
    reasons={
        "old_key": ("尚未以现行密钥加密", "not yet sealed under the current key"),
        "no_purpose": ("被无用途查看", "read without a purpose"),
        "one_factor": ("工作人员未启用第二因素", "staff without a second factor"),
    },
)
