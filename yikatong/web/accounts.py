"""Log-in rules of the house, told to django-allauth, and who stands behind a session."""

from __future__ import annotations

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from django.http import HttpRequest

from yikatong.office.people import Staff
from yikatong.office.prepared import Given, Prepared


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Staff are appointed; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False


_STAFF = Prepared(lambda: Staff.objects.select_related("outlet").filter(pk=Given("pk")))


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's log-in. Who a session belongs to is read with their outlet, in one prepared question a page."""

    def get_user(self, user_id: int) -> Staff | None:
        found: Staff | None = _STAFF.first(pk=user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
