"""Sessions of the house: Django's, in their table, so that whoever is dismissed or ends a session is out at once.

Every page reads one, so it is read by a prepared question.
"""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore as InTable
from django.contrib.sessions.models import Session
from django.utils import timezone

from yikatong.office.prepared import Given, Prepared

_SESSION = Prepared(
    lambda: Session.objects.filter(session_key=Given("key"), expire_date__gt=Given("now")),
)


class SessionStore(InTable):
    """As Django's; an expired session is none."""

    def _get_session_from_db(self) -> Session | None:
        found: Session | None = _SESSION.first(key=self.session_key, now=timezone.now())
        if found is None:
            self._session_key = None
        return found
