"""What this room records. Subject: `period:<code>` (`period:2025`)."""

from __future__ import annotations

from yikatong.basics.kinds import Erasure, Kind

TARGETS_LOADED = Kind(
    "indicator.targets_loaded",
    "{actor} 载入 {year} 年绩效目标 {targets} 项",
    "{actor} loaded {targets} targets of {year}",
    Erasure.NOTHING,
)
PERIOD_FILLED = Kind(
    "indicator.period_filled",
    "{actor} 计算 {period} 期间指标",
    "{actor} computed the figures of {period}",
    Erasure.NOTHING,
)
PERIOD_REOPENED = Kind(
    "indicator.period_reopened",
    "{period} 期间有迟到事项，退回编报：{measures}",
    "{period} was re-opened by late events: {measures}",
    Erasure.NOTHING,
)
PERIOD_PREPARED = Kind(
    "indicator.period_prepared",
    "{actor} 编报 {period} 期间指标",
    "{actor} prepared the figures of {period}",
    Erasure.NOTHING,
)
PERIOD_LOCKED = Kind(
    "indicator.period_locked",
    "{actor} 审核锁定 {period} 期间（SM3 {digest}）",
    "{actor} reviewed and locked {period} (SM3 {digest})",
    Erasure.NOTHING,
)

KINDS = (TARGETS_LOADED, PERIOD_FILLED, PERIOD_REOPENED, PERIOD_PREPARED, PERIOD_LOCKED)
