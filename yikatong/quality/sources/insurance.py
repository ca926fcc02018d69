"""医保、社保: the insured, and those whose insurance changed."""

from yikatong.quality.rules import Claim
from yikatong.quality.source import BIRTH, NAME, NUMBER, PHONE, REGION, Source
from yikatong.residents.rules import Trust

ENTRY = Source(
    code="insurance",
    zh="医保社保",
    en="medical and social insurance",
    trust=Trust.PROVINCE,
    may_say=(Claim.CHANGES, Claim.DEATHS),
    columns={
        "number": NUMBER,
        "name": NAME,
        "birth_on": BIRTH,
        "region": ("参保地区划", *REGION),
        "phone": PHONE,
        "happened_on": ("死亡日期", "待遇终止日期", "变动日期"),
    },
)
