"""Faults of form and words: each is found on its line, and what looks alike but is right is left alone."""

import pytest

from yikatong.disclosure.audit.engine import audit
from yikatong.disclosure.audit.reading.text import read_text
from yikatong.disclosure.audit.rules.nearness import edits


def rules_of(text: str) -> list[str]:
    return [each.rule for each in audit(read_text("x.txt", text)).findings]


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("本单位截止2024年末共有车辆0辆。", "word.moment"),
        ("一般公共预算拨款收入较多，财政专户管埋资金较少。", "term.near"),
        ("公务接待费费较上年持平。", "word.doubled"),
        ("本表反映満意度。", "word.script"),
        ("原因是（一）缴费正常增长（二）退休人员增加；（三）其他。", "punctuation.missing"),
        ("本单位不涉及政府购买服务项目", "punctuation.stop"),
        ("资本性支出(基本建设）为0。", "punctuation.brackets"),
        ("支出增加，，主要是人员。", "punctuation.doubled"),
        ("2.公开空表请在此处填写理由。", "template.left"),
        ("公用经费：指各部门的公用经费，包括办公费。", "definition.circular"),
        ("单价50万元以上的通用设备0台，单价100万元以上的通用设备0台。", "phrase.threshold"),
        ("检查日期为2024年2月30日。", "date.impossible"),
        ("2024年一般公共预算支出5万元，较上年增加8万元。", "direction.amount"),
        ("2024年一般公共预算支出5万元，较上年减少-2万元。", "direction.sign"),
        ("2024年支出5万元，较上年减少2万元，主要原因是人员经费增加。", "direction.reason"),
        ("一、概况\n\n二、收入情况\n\n四、支出情况\n\n五、其他", "heading.number"),
        ("公务接待费1.35万元。比2023年预算持平。", "punctuation.cut"),
        ("第一季度招标第二季度施工。", "punctuation.missing"),
        ("根据沪府〔2015〕1号和沪府规【2016】168号文件。", "punctuation.issued"),
        ("支出5万元，比2023年执行数减少2.98%。主要原因是：宣传经费增加。", "direction.reason"),
        ("地上面积8013平方米（其中计容面积7998平方米，不计容面积105平方米）。", "sum.counts"),
        ("共有车辆9辆，其中：机要通信用车1辆、其他用车7辆。", "sum.counts"),
    ],
)
def test_a_fault_is_found(text, rule):
    assert rule in rules_of(text)


@pytest.mark.parametrize(
    "text",
    [
        "报名截止日期为2024年12月31日。",
        "2023年年末在在职人员中开展体育教育教学研究研究，以及及时了解情况。",
        "对个人和家庭的补助、机关商品和服务支出、其他对个人和家庭补助、事业单位经营支出和事业单位经营收入。",
        "资金共1,000,000元（其中：本级500,000元）。",
        "详见附件（二）。",
        "单价50万元以上的通用设备0台，单价100万元以上的专用设备0台。",
        "较上年增加2万元，主要原因是项目减少后人员经费增加。",
        "共有车辆8辆，其中：机要通信用车1辆、其他用车7辆；单价100万元以上设备2台。",
        "现有职工20人，其中：研究生3人、本科生9人。",
        "支出5万元，比2023年执行数减少2.98%。主要原因是：人员减少。",
        "第一季度招标，第二季度施工。",
        "自己经办、多数居民、相关健康服务、常规化管理、职工做好准备、年末安排预算。",
    ],
)
def test_what_is_right_is_left_alone(text):
    assert rules_of(text) == []


def test_the_same_slip_in_two_places_is_one_finding_with_both():
    (finding,) = audit(read_text("x.txt", "接待费费0万元。\n\n下年接待费费0万元。")).findings
    assert [place.line for place in finding.places] == [1, 3]


@pytest.mark.parametrize(
    ("first", "second", "apart"), [("预算", "预算", 0), ("债务付息", "债务利息", 1), ("甲乙", "丙丁戊", 3), ("甲", "乙丙丁戊", 3)]
)  # fmt: skip
def test_words_are_measured_by_their_edits(first, second, apart):
    assert edits(first, second, 2) == apart


@pytest.mark.parametrize(
    ("told", "rule"),
    [
        ("为0.00万元，2024年预算安排为25.00万元，比2023年执行数增加100.00%。", "percent.zero_base"),
        ("为348.52万元，2024年预算安排为350.35万元，比2023年执行数增加1.53%。", "percent.growth"),
        ("为348.52万元，2024年预算安排为340.00万元，比2023年执行数增加2.44%。", "percent.growth"),
        ("为348.52万元，2024年预算安排为350.35万元，与2023年执行数持平。", "direction.flat"),
        ("为348.52万元，2024年预算安排为350.35万元，比2023年执行数增加0.53%。", ""),
    ],
)
def test_two_years_of_one_sentence_give_its_rate(told, rule):
    assert [each for each in rules_of(f"2023年当年预算执行数{told}") if each != "date.year"] == (
        [rule] if rule else []
    )


ITEMS = """财政拨款支出主要内容如下：

1.“教育支出（类）其他教育支出（款）其他教育支出（项）”25.00万元，主要用于其他教育支出。2023年当年预算执行数为20.00万元，2024年预算安排25.00万元，比2023年预算执行数增加25.00%。主要原因是：其他教育支出经费增加。

2.“住房保障支出（类）住房改革支出（款）住房公积金（项）”35.00万元，主要用于住房公积金。2023年当年预算执行数为35.00万元，2024年预算安排35.00万元，比2023年预算执行数持平。主要原因是：住房公积金经费保持不变。
"""


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("", "", None),
        ("主要用于住房公积金", "主要用于其他教育支出", "item.other"),
        ("住房公积金经费保持不变", "其他教育支出经费保持不变", "item.other"),
        ("2024年预算安排35.00", "2024年预算安排53.00", "same.fact"),
    ],
)
def test_an_item_is_told_of_itself_and_its_amount_once(before, after, rule):
    spoilt = ITEMS.replace(before, after) if before else ITEMS
    assert [each for each in rules_of(spoilt) if each != "direction.flat"] == ([rule] if rule else [])


SHEET = """单位整体支出绩效目标表
单位：万元
| 一级指标 | 二级指标 | 三级指标 | 指标值 |
|--|--|--|--|
| 产出指标 | 数量指标 | 热线接听量 | ≥5万通 |
| | 质量指标 | 热线接通率 | ≥95% |
| 效益指标 | 社会效益指标 | 政策知晓率 | ≥90% |
"""


@pytest.mark.parametrize(
    ("before", "after", "rule"),
    [
        ("", "", None),
        ("≥90%", "逐年增长", "target.vague"),
        ("政策知晓率 | ≥90%", "热线接通率 | ≥95%", "indicator.twice"),
    ],
)
def test_an_indicator_is_told_once_and_its_target_can_be_measured(before, after, rule):
    told = rules_of(SHEET.replace(before, after) if before else SHEET)
    assert [each for each in told if each.startswith(("target", "indicator"))] == ([rule] if rule else [])


@pytest.mark.parametrize(
    "told",
    [
        "2023年本中心没有安排政府性基金预算支出。",
        "2023年本部门编报绩效目标的项目共2个，涉及项目预算资金12.00万元。",
        "2023年本中心支出预算12.00万元。",
    ],
)
def test_what_is_told_of_another_year_is_named(told):
    text = f"本中心2026年单位预算公开\n\n一、收支情况\n\n{told}\n\n{told.replace('2023', '2026')}"
    (found,) = [each for each in audit(read_text("x.txt", text)).findings if each.rule == "date.year"]
    assert (found.printed, found.expected, found.place.line) == ("2023年", "2026年", 5)


def test_a_head_without_a_number_is_not_read_into_the_sentence_below_it():
    text = (
        "2026年单位预算编制说明\n\n2023年，某市中心收入预算12.00万元。\n\n2026年，某市中心支出预算12.00万元。"
    )
    (found,) = [each for each in audit(read_text("x.txt", text)).findings if each.rule == "date.year"]
    assert (found.printed, found.place.line) == ("2023年", 3)
