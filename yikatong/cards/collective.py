"""集体申领 (pure): schools and employers that bring whole lists, the machines of both, and what a line comes to.

A list is uploaded by one person and taken by another; taken, each of its good lines is an order. The cards come back
as one: agents of the unit collect what is at the outlet, and give it to their people.
"""

from __future__ import annotations

from enum import StrEnum

from yikatong.basics.states import Machine, Move, State


class UnitKind(StrEnum):
    """What sort of unit brings lists."""

    SCHOOL = "school"
    EMPLOYER = "employer"

    @property
    def zh(self) -> str:
        return {"school": "学校", "employer": "用人单位"}[self.value]

    @property
    def en(self) -> str:
        return {"school": "school", "employer": "employer"}[self.value]


class Outcome(StrEnum):
    """What a line of a list comes to. Beside these stand the noes of the counter by their codes (`order.open` …)."""

    GOOD = "good"
    CELLS = "cells"
    REPEATED = "repeated"
    UNKNOWN = "order.unknown_person"
    NAME = "name"


_OUTCOMES = {
    "good": ("可以受理", "may be taken"),
    "cells": ("单元格有误", "wrong cells"),
    "repeated": ("文件内重复", "repeated in the file"),
    "order.unknown_person": ("人员库中没有", "not in the base library"),
    "name": ("姓名不符", "known by another name"),
    "order.deceased": ("已登记死亡", "deceased"),
    "order.household_cancelled": ("户籍已注销", "household cancelled"),
    "order.in_prison": ("正在服刑", "serving a sentence"),
    "order.abroad": ("已离境", "left the country"),
    "order.guardian_needed": ("未登记监护人", "no guardian on file"),
    "order.open": ("已有在办申请", "an order is open"),
    "order.has_card": ("已有有效社保卡", "holds a valid card"),
}


def outcome_said(code: str) -> tuple[str, str]:
    """What a line came to, in Chinese and English; a no of the counter that has no word here reads as others."""
    return _OUTCOMES.get(code, ("其他原因", "another reason"))


class PhoneComes(StrEnum):
    """What the phone in a line comes to, by the trust of where the one on file came from. One that stands in more lines
    than rule `card.list_phone_shared` allows is nobody's own: whoever holds it would sign in as all of them."""

    NEW = "new"
    CHANGED = "changed"
    KEPT = "kept"
    SAME = "same"
    OF_MANY = "of_many"

    @property
    def zh(self) -> str:
        return {
            "new": "补登手机",
            "changed": "更改手机",
            "kept": "手机不改",
            "same": "手机相同",
            "of_many": "多人共用，不登记",
        }[self.value]

    @property
    def en(self) -> str:
        return {
            "new": "phone added",
            "changed": "phone changed",
            "kept": "phone stays",
            "same": "same phone",
            "of_many": "shared, not entered",
        }[self.value]

    @property
    def taken(self) -> bool:
        """Whether the phone is taken in with the list."""
        return self in (PhoneComes.NEW, PhoneComes.CHANGED)


ACTIVE = State("active", "在册", "on the register")
CLOSED = State("closed", "已停用", "closed")

UNIT = Machine(
    name="unit",
    zh="申领单位",
    states=(ACTIVE, CLOSED),
    firsts=(ACTIVE,),
    moves=(Move("close", (ACTIVE,), CLOSED), Move("reopen", (CLOSED,), ACTIVE)),
)

JUDGED = State("judged", "待审批", "to be approved")
TAKEN = State("taken", "已受理", "taken")
TURNED_DOWN = State("refused", "不予受理", "refused")
WITHDRAWN = State("withdrawn", "已撤回", "withdrawn")

APPLICATION_LIST = Machine(
    name="application_list",
    zh="集体申领名单",
    states=(JUDGED, TAKEN, TURNED_DOWN, WITHDRAWN),
    firsts=(JUDGED,),
    moves=(
        Move("take", (JUDGED,), TAKEN),
        Move("refuse", (JUDGED,), TURNED_DOWN),
        Move("withdraw", (JUDGED,), WITHDRAWN),
    ),
)
