from __future__ import annotations

from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "yikatong.quality"
    label = "quality"
    verbose_name = "数据质量"
