"""The words of budget documents and what they are about. Pure data and the reading of one phrase."""

from __future__ import annotations

import re
from functools import lru_cache

from yikatong.disclosure.audit.region import KEPT, Region, region
from yikatong.disclosure.audit.subjects import code_by_name, dimension_of

# Longer phrases stand before those they contain; the first that fits says the dimension.
_FUNDS = (
    ("一般公共预算", "一般公共预算"), ("一般共预算", "一般公共预算"), ("政府性基金", "政府性基金"), ("国有资本经营", "国有资本经营"),
    ("财政专户管理", "财政专户"), ("财政专户", "财政专户"), ("上级补助", "上级补助"), ("事业单位经营收入", "经营收入"), ("经营收入", "经营收入"), ("事业收入", "事业收入"),
    ("附属单位上缴", "附属上缴"), ("单位资金", "单位资金"), ("其他收入", "其他收入"), ("公共预算拨款", "一般公共预算"),
    ("财政拨款", "财政拨款"),
)  # fmt: skip
_CATEGORIES = (
    ("年末结转", "结转下年"), ("人员经费和公用经费", "基本"), ("基本支出", "基本"), ("人员经费", "人员"), ("公用经费", "公用"), ("项目支出", "项目"),
    ("专项业务经费", "项目"), ("上缴上级支出", "上缴上级"), ("经营支出", "经营支出"), ("附属单位补助支出", "补助附属"),
)  # fmt: skip
_ITEMS = (
    ("经费及会议费、培训费", "三公会议培训"), ("经费、会议费和培训费", "三公会议培训"),
    ("因公出国", "出国"), ("公务接待", "接待"), ("公务用车购置及运行", "用车"), ("公务用车购置", "购车"),
    ("公务用车运行维护", "车辆运行"), ("公务用车运行", "车辆运行"), ("会议费", "会议"), ("培训费", "培训"), ("“三公”", "三公"), ("三公经费", "三公"),
    ("机关运行经费", "机关运行"), ("政府采购货物", "采购货物"), ("政府采购工程", "采购工程"), ("政府采购服务", "采购服务"),
    ("政府采购", "采购"),
)  # fmt: skip
_THIS_YEAR = re.compile(
    "不含上年结转|[（(]本年预算[）)]|[当本]年预算安排|本年收入|当年拨款|当年支出|当年[^，。；]{0,8}拨款收入"
)
_NUMBERING = re.compile(
    r"^\s*(?:[一二三四五六七八九十百]+\s*、|[（(][一二三四五六七八九十\d]+[）)]|\d+\s*[、.．]|[①-⑳]|其中[：:])\s*"
)


def _first(pairs: tuple[tuple[str, str], ...], text: str) -> str:
    return next((member for word, member in pairs if word in text), "")


_NAME_OF_UNIT = re.compile(
    r"^[一-鿿“”（）()]{2,30}?(?:中心|局|委员会|办公室|学校|医院|学院|厅|研究所|协会|支队|总队|馆)(?=[^的])"
)
_SAYS_NOTHING = re.compile(
    r"\d{4}年|本单位|本部门|我单位|我部门|单位|部门|本年度|当年|本年|年度|全年|年初|上年|[预决]算数?|拨款|收支|收入|支出|总计|合计|总额|总预算"
    r"|规模|经费|费用|费|安排|主要包括|主要|其中|共计|结转|结余|资金|运行维护|购置及运行|购置|运行|（境）|\(境\)|[“”、：:\s]|为|的|和"
)


@lru_cache(maxsize=KEPT)
def says_nothing_else(text: str) -> bool:
    """Whether every word of a subject is one of funds, flows and categories, so that the amount is the whole of them."""
    rest = _NAME_OF_UNIT.sub("", re.sub(r"^\d{4}年(?:度)?", "", text))
    for pairs in (_FUNDS, _CATEGORIES, _ITEMS):
        for word, _ in pairs:
            rest = rest.replace(word, "")
    return not _SAYS_NOTHING.sub("", rest)


def full_width(text: str) -> str:
    """The text with its brackets full-width: those of either width are the same name."""
    return text.replace("(", "（").replace(")", "）")


@lru_cache(maxsize=KEPT)
def bare(label: str) -> str:
    """A label without its numbering and spaces: 「  8、社会保障和就业支出」 -> 「社会保障和就业支出」."""
    text = "".join(label.split())
    while True:
        shorter = _NUMBERING.sub("", text)
        if shorter == text:
            return text
        text = shorter


@lru_cache(maxsize=KEPT)
def about_phrase(text: str) -> Region:
    """What a title, a heading of a column or the subject of a sentence names; dimensions it does not name stay open."""
    item = _first(_ITEMS, text)
    flow = ""
    if "收支总预算" in text:
        flow = "支出"  # both sides are the same amount
    elif "收支" not in text and ("收入" in text) != ("支出" in text):
        flow = "收入" if "收入" in text else "支出"
    fund = _first(_FUNDS, text.replace("非财政拨款", ""))
    if (fund == "一般公共预算" and "三公" in item) or item == "机关运行":
        fund = ""  # 机关运行经费 is appropriated by definition (预算法实施条例)
    carry = ""
    if _THIS_YEAR.search(text):
        carry = "本年"
    elif re.search("(?:上年|年初)(?:财政拨款)?结转", text):
        carry = "结转"
    return region(
        flow="支出" if item else flow,
        fund=fund,
        category="" if item else _first(_CATEGORIES, text),
        item=item,
        carry=carry,
    )


@lru_cache(maxsize=KEPT)
def about_subject(label: str, dimension: str) -> Region:
    """The region of a subject named in a column of that dimension (function, economic, government); empty if unknown."""
    code = code_by_name(bare(label), dimension, 3) or code_by_name(bare(label), dimension)
    return region(**{dimension: code}) if code else frozenset()


@lru_cache(maxsize=KEPT)
def about_code(code: str) -> Region:
    """The region of a subject code; empty if it is none."""
    dimension = dimension_of(code)
    return region(**{dimension: code}) if dimension else frozenset()
