"""完整: everything a card needs is known."""

from yikatong.quality.figure import Figure

ENTRY = Figure(
    code="complete",
    order=1,
    zh="完整",
    en="complete",
    definition_zh="在世人员中，联系电话、联系地址、居住县区都已登记（未成年人另须有监护人）的人数占比。",
    definition_en="Of the living, those whose phone, address and county are known (and a guardian, for minors).",
    select="""
SELECT 'resident:' || r.id AS subject, r.id AS person, r.region,
       array_remove(ARRAY[CASE WHEN r.phone_key = ''::bytea THEN 'phone' END,
                          CASE WHEN r.address = '' THEN 'address' END,
                          CASE WHEN NOT r.region = ANY(%(regions)s) THEN 'region' END,
                          CASE WHEN r.birth_on > %(minors_from)s AND NOT EXISTS
                                    (SELECT FROM residents_guardian g WHERE g.resident_id = r.id) THEN 'guardian' END],
                    NULL) AS reasons
  FROM residents_resident r WHERE r.state <> 'dead' AND r.merged_into_id IS NULL
""",
    reasons={
        "phone": ("缺联系电话", "no phone"),
        "address": ("缺联系地址", "no address"),
        "region": ("居住地不是本市县区", "no county of this city"),
        "guardian": ("未成年人缺监护人", "a minor without a guardian"),
    },
)
