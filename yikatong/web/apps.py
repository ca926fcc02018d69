from __future__ import annotations

import logging

from django.apps import AppConfig
from django.conf import settings

from yikatong.setup.messages import compile_stale

log = logging.getLogger(__name__)


class WebConfig(AppConfig):
    name = "yikatong.web"
    label = "web"
    verbose_name = "窗口"

    def ready(self) -> None:
        """The English of the pages is made from its text wherever the house starts: server, tests, commands."""
        for folder in settings.LOCALE_PATHS:
            try:
                compile_stale(folder)
            except OSError as trouble:
                log.warning("the English of the pages could not be made in %s (%s)", folder, trouble.strerror)
