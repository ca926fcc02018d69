from __future__ import annotations

from django.apps import AppConfig


class SpendingConfig(AppConfig):
    name = "yikatong.spending"
    label = "spending"
    verbose_name = "支出凭证"
