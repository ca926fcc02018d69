"""What a source of lists is: a plug-in file per source in `sources/` offers one as ENTRY. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from yikatong.basics.registry import entries
from yikatong.quality.rules import Claim
from yikatong.residents.rules import Trust

NUMBER = ("证件号码", "公民身份号码", "社会保障号码", "身份证号", "身份证号码")
NAME = ("姓名",)
BIRTH = ("出生日期", "出生年月日")
REGION = ("居住地区划", "户籍地区划", "行政区划代码", "区划代码")
PHONE = ("联系电话", "手机号码", "电话")
REQUIRED = ("number", "name")


@dataclass(frozen=True)
class Source:
    """One source. `columns`: our column -> the headings it may have; columns with other headings are passed over.

    A list of deaths must give `happened_on`, a list of statuses `status`, in the words of `statuses` (their word -> the
    code of a state of the machine `life`). `may_say` are the claims the source is competent to make. `confirms_region`:
    whether the region it names is where the person lives, and so confirms or contradicts ours.
    """

    code: str
    zh: str
    en: str
    trust: Trust
    may_say: tuple[Claim, ...]
    columns: Mapping[str, tuple[str, ...]]
    statuses: Mapping[str, str] = field(default_factory=dict)
    confirms_region: bool = False

    def needs(self, claim: Claim) -> tuple[str, ...]:
        """The columns a list with this claim must have."""
        more = {Claim.DEATHS: ("happened_on",), Claim.STATUS: ("status",)}
        return (*REQUIRED, *more.get(claim, ()))


def sources() -> dict[str, Source]:
    """Every source by its code."""
    return {each.code: each for each in entries("yikatong.quality.sources", Source).values()}
