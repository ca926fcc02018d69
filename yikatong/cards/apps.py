from __future__ import annotations

from django.apps import AppConfig


class CardsConfig(AppConfig):
    name = "yikatong.cards"
    label = "cards"
    verbose_name = "社会保障卡"
