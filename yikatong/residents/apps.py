from __future__ import annotations

from django.apps import AppConfig


class ResidentsConfig(AppConfig):
    name = "yikatong.residents"
    label = "residents"
    verbose_name = "人员基础库"
