from __future__ import annotations

from django.apps import AppConfig


class IndicatorsConfig(AppConfig):
    name = "yikatong.indicators"
    label = "indicators"
    verbose_name = "绩效指标"
