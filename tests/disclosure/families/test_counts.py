"""Counts that are no money, and the projects that have targets: Shanghai's last two sections."""

from __future__ import annotations

from dataclasses import replace

from yikatong.disclosure.aims import Goals
from yikatong.disclosure.family import families
from yikatong.disclosure.lines import BaseLine, Ledger
from yikatong.disclosure.printing import publish
from yikatong.disclosure.wording import UNTARGETED

SHANGHAI = families()["SH9"]
COUNTS = dict.fromkeys(SHANGHAI.counts, "0")


def book(**facts: str) -> Ledger:
    lines = tuple(
        BaseLine(2025, "999001", "2080199", "30201", "50502", "项目", "一般公共预算", fen, name)
        for name, fen in (("系统运维", 1_200_000_00), ("卡片制作", 345_600_00))
    )
    return Ledger(
        2025, "999001", "某市社会保障卡服务中心", "999", "某市人力资源和社会保障局", lines,
        {"总体": "新增项目"}, {**COUNTS, UNTARGETED: "无", **facts},
    )  # fmt: skip


def said(ledger: Ledger, beginning: str) -> str:
    (text,) = [each.text for each in publish(ledger, SHANGHAI).words if each.text.startswith(beginning)]
    return text


def asked(ledger: Ledger) -> dict[str, str]:
    return {each.key: each.zh for each in publish(ledger, SHANGHAI).asked if not each.given}


def test_the_number_of_cars_is_the_sum_of_their_kinds():
    told = said(book(**{"现有机要通信用车（辆）": "2", "现有其他用车（辆）": "5"}), "截至2024年8月31日")
    assert "共有车辆7辆，其中：部级领导干部用车0辆、" in told and told.endswith("设备（不含车辆）0台（套）。")
    assert "机要通信用车2辆、" in told and "、其他用车5辆；" in told


def test_a_count_that_nobody_gave_is_asked_for_and_the_sum_stays_open():
    ledger = book()
    facts = {name: text for name, text in ledger.facts.items() if name != "购置其他用车（辆）"}
    ledger = replace(ledger, facts=facts)
    assert asked(ledger) == {"购置其他用车（辆）": "购置其他用车（辆）"}
    told = said(ledger, "2025年部门预算安排购置车辆")
    assert told.startswith("2025年部门预算安排购置车辆（待填）辆，") and "其他用车（待填）辆；" in told


def test_a_count_that_is_no_whole_number_is_asked_for_again():
    wrong = book(**{"现有其他用车（辆）": "五辆"})
    assert asked(wrong) == {"现有其他用车（辆）": "现有其他用车（辆），应为整数"}
    assert "共有车辆（待填）辆" in said(wrong, "截至")


def test_every_project_has_targets_but_those_that_people_name():
    told = "2025年本单位编报绩效目标的项目共{}个，涉及项目预算资金{}万元。"
    assert said(book(), "2025年本单位编报") == told.format(2, "154.56")
    assert said(book(**{UNTARGETED: "卡片制作"}), "2025年本单位编报") == told.format(1, "120.00")
    assert asked(book(**{UNTARGETED: "卡片制作、系统运维"})) == {}
    assert list(asked(book(**{UNTARGETED: ""}))) == [UNTARGETED]


def test_a_project_that_there_is_not_is_told():
    assert "没有项目“会议”" in asked(book(**{UNTARGETED: "会议、卡片制作"}))[UNTARGETED]


def test_where_goals_are_told_they_say_which_projects_have_targets():
    goals = (Goals("项目", "系统运维", {}, {}, ()),)
    ledger = replace(book(**{UNTARGETED: ""}), goals=goals)
    assert "项目共1个，涉及项目预算资金120.00万元" in said(ledger, "2025年本单位编报")
    assert asked(ledger) == {}


def test_without_projects_there_is_nothing_to_ask():
    ledger = replace(book(**{UNTARGETED: ""}), lines=())
    assert "项目共0个，涉及项目预算资金0万元" in said(ledger, "2025年本单位编报")
    assert UNTARGETED not in asked(ledger)
