"""The centre in which lists are compared."""

from __future__ import annotations

from tests.residents.conftest import centre

__all__ = ["centre"]
