from __future__ import annotations

from django.apps import AppConfig


class BenefitsConfig(AppConfig):
    name = "yikatong.benefits"
    label = "benefits"
    verbose_name = "待遇发放"
