"""Log-in rules of the house, told to django-allauth."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff are appointed; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
