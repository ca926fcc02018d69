from __future__ import annotations

from django.urls import path

from yikatong.web.public import audit, budgets, disclosure, indicators, publicity

app_name = "public"
urlpatterns = [
    path("", indicators.home, name="home"),
    path("indicators/", indicators.board, name="board"),
    path("indicators/<str:measure_id>/", indicators.measure, name="measure"),
    path("definitions/", indicators.definitions, name="definitions"),
    path("publicity/", publicity.batches, name="publicity"),
    path("publicity/<slug:number>/", publicity.batch, name="publicity_rows"),
    path("audit/", audit.audit, name="audit"),
    path("disclosure/", disclosure.sheets, name="sheets"),
    path("disclosure/<int:year>/", disclosure.sheet, name="sheet"),
    path("disclosure/<int:year>.xlsx", disclosure.sheet_xlsx, name="sheet_xlsx"),
    path("disclosure/<slug:unit>/<int:year>/<slug:kind>/<int:number>/", budgets.document, name="budget"),
    path(
        "disclosure/<slug:unit>/<int:year>/<slug:kind>/<int:number>/files/<slug:code>/",
        budgets.file,
        name="budget_file",
    ),
    path(
        "disclosure/<slug:unit>/<int:year>/<slug:kind>/<int:number>/<slug:place>/",
        budgets.lines_behind,
        name="budget_behind",
    ),
]
