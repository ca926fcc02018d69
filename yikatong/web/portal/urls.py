from __future__ import annotations

from django.urls import path

from yikatong.web.portal import apply, benefits, collect, enable, home, loss, particulars, sign_in

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
    path("enable/", enable.enable, name="enable"),
    path("enable/child/<int:child_id>/", enable.enable_for_child, name="enable_for_child"),
    path("collect/", collect.collect, name="collect"),
    path("particulars/", particulars.particulars, name="particulars"),
    path("particulars/phone/", particulars.phone, name="phone"),
    path("particulars/phone/code/", particulars.phone_code, name="phone_code"),
    path("particulars/address/", particulars.address, name="address"),
    path("benefits/", benefits.benefits, name="benefits"),
    path("looks/", home.looks, name="looks"),
]
