from __future__ import annotations

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "yikatong.office"
    label = "office"
    verbose_name = "机构与内控"
