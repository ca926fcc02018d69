"""What a bench's own further process does first: settings and models, before anything that stands on them is imported."""

from __future__ import annotations

import django


def awake() -> None:
    """Set Django up, and open this process's own keys."""
    django.setup()
    from yikatong.office import sealing

    sealing.ready()
