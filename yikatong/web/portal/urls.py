from __future__ import annotations

from django.urls import path

from yikatong.web.portal import apply, benefits, home, loss, sign_in

app_name = "portal"
urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in/", sign_in.sign_in, name="sign_in"),
    path("sign-in/code/", sign_in.code, name="code"),
    path("sign-out/", sign_in.sign_out, name="sign_out"),
    path("type-size/", sign_in.type_size, name="type_size"),
    path("apply/", apply.apply, name="apply"),
    path("apply/child/<int:child_id>/", apply.apply_for_child, name="apply_for_child"),
    path("apply/<str:number>/", apply.applied, name="applied"),
    path("loss/", loss.report, name="loss"),
    path("loss/undo/", loss.undo, name="undo"),
    path("benefits/", benefits.benefits, name="benefits"),
    path("looks/", home.looks, name="looks"),
]
