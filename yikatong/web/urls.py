"""All doors of the house. The windows know nothing of each other; this file alone knows them all."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import include, path

from yikatong.office.doors import public


@public("load balancers and people who ask whether the house is open")
def healthz(request: HttpRequest) -> HttpResponse:
    """200 with the database's word that it is there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})


urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("console/", include("yikatong.web.console.urls")),
    path("portal/", include("yikatong.web.portal.urls")),
    path("api/", include("yikatong.web.partner.urls")),
    path("", include("yikatong.web.public.urls")),
]
