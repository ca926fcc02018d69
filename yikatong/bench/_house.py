"""A process of `histories` with a database and a folder of its own. Nothing of the house is imported before they are named."""

from __future__ import annotations

import gc
import os
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from yikatong.bench._awake import awake


class Share(NamedTuple):
    """One process's part of the histories and forms, and where it walks."""

    url: str
    folder: str
    histories: int
    pages: int
    seed: int


def walk_in(share: Share) -> dict[str, Any]:
    """Walk so many histories in that database, and send so many forms; what was tried."""
    url, folder, histories, pages, seed = share
    Path(folder).mkdir(parents=True, exist_ok=True)
    os.environ["DATABASE_URL"], os.environ["YK_DATA"] = url, folder
    os.environ["YK_CARD_GATEWAY"] = "yikatong.office.wires.simulators.gateway.SimulatedGateway"
    awake()
    # Nobody looks at these pages: their styles need not have been collected.
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}
    from yikatong.bench.histories import one_house

    gc.freeze()  # what is loaded stays: looking through it again and again takes a tenth of the time
    return one_house(histories, pages, seed)
