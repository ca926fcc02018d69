"""What becomes of two records that may be one person's. Pure."""

from __future__ import annotations

from yikatong.basics.refused import Refused
from yikatong.basics.states import Machine, Move, State

OPEN = State("open", "待核", "to be looked at")
MERGE_ASKED = State("asked", "已提请合并", "merge asked for")
MERGED = State("merged", "已合并", "merged")
DISTINCT = State("distinct", "非同一人", "two people")

DUPLICATE = Machine(
    name="duplicate",
    zh="疑似重复人员",
    states=(OPEN, MERGE_ASKED, MERGED, DISTINCT),
    firsts=(OPEN,),
    moves=(
        Move("tell_apart", (OPEN,), DISTINCT),
        Move("ask", (OPEN,), MERGE_ASKED),
        Move("send_back", (MERGE_ASKED,), OPEN),
        Move("merge", (MERGE_ASKED,), MERGED),
        Move("undo", (MERGED,), OPEN),
        Move("compare_again", (DISTINCT,), OPEN),  # the particulars it was decided on have changed
    ),
)
WHY_LENGTH = 60


def why_problem(why: str) -> Refused | None:
    """Why this is no ground for a decision: merge.why."""
    if why.strip() and len(why.strip()) <= WHY_LENGTH:
        return None
    return Refused(
        "merge.why",
        f"请写明理由（最多{WHY_LENGTH}字），例如与公安信息核对、本人到场确认。",
        f"Say on what ground (at most {WHY_LENGTH} characters), such as a comparison with the police.",
        at="why",
    )
