"""The doors of the console, in the order of a card's way."""

from __future__ import annotations

from django.urls import URLPattern, path

from yikatong.web.console import (
    applying,
    appointments,
    batches,
    cards,
    desk,
    disclosure,
    hand_over,
    home,
    indicators,
    journal,
    orders,
    residents,
)

app_name = "console"
urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("queues/", home.queues, name="queues"),
    path("find/", orders.find, name="find"),
    path("residents/", residents.search, name="search"),
    path("residents/register/", residents.register, name="register"),
    path("residents/import/", residents.import_people, name="import_people"),
    path("residents/<int:resident_id>/", residents.resident, name="resident"),
    path("residents/<int:resident_id>/open/", residents.open_resident, name="open_resident"),
    path("residents/<int:resident_id>/change/", residents.change, name="change"),
    path("residents/<int:resident_id>/apply/", applying.apply, name="apply"),
    path("queues/<slug:state>/", orders.queue, name="queue"),
    path("orders/<slug:number>/", orders.order, name="order"),
    path("orders/<slug:number>/cancel/", orders.cancel, name="cancel"),
    path("orders/<slug:number>/resubmit/", orders.send_again, name="send_again"),
    path("orders/<slug:number>/make-again/", orders.make_again, name="make_again"),
    path("orders/<slug:number>/hand-over/", hand_over.hand_over, name="hand_over"),
    path("orders/<slug:number>/receipt/", applying.receipt, name="receipt"),
    path("orders/<slug:number>/receipt.pdf", applying.receipt_file, name="receipt_file"),
    path("match/", desk.match_desk, name="match_desk"),
    path("returns/", desk.return_desk, name="return_desk"),
    path("batches/", batches.batches, name="batches"),
    path("batches/assemble/", batches.assemble, name="assemble"),
    path("batches/<slug:number>/", batches.batch, name="batch"),
    path("batches/<slug:number>/release/", batches.release, name="release"),
    path("batches/<slug:number>/dissolve/", batches.dissolve, name="dissolve"),
    path("stock/", batches.receive_box, name="receive_box"),
    path("cards/<slug:card_no>/", cards.card, name="card"),
    path("cards/<slug:card_no>/enable/", cards.enable, name="enable"),
    path("cards/<slug:card_no>/activate/", cards.activate, name="activate"),
    path("cards/<slug:card_no>/loss/", cards.temporary_loss, name="temporary_loss"),
    path(
        "cards/<slug:card_no>/loss-by-phone/", cards.temporary_loss_by_phone, name="temporary_loss_by_phone"
    ),
    path("cards/<slug:card_no>/loss/release/", cards.release_temporary_loss, name="release_temporary_loss"),
    path("cards/<slug:card_no>/formal-loss/", cards.formal_loss, name="formal_loss"),
    path("cards/<slug:card_no>/formal-loss/release/", cards.release_formal_loss, name="release_formal_loss"),
    path("cards/<slug:card_no>/reissue/", applying.reissue_card, name="reissue"),
    path("cards/<slug:card_no>/exchange/", applying.exchange_card, name="exchange"),
    path("cards/<slug:card_no>/error/", cards.confirm_error, name="confirm_error"),
    path("indicators/", indicators.board, name="board"),
    path("indicators/<slug:measure>/", indicators.definition, name="definition"),
    path("indicators/<slug:measure>/<slug:period>/", indicators.events, name="events"),
    path("periods/<slug:period>/prepare/", indicators.prepare, name="prepare"),
    path("periods/<slug:period>/lock/", indicators.lock, name="lock"),
    path("disclosure/", disclosure.tables, name="disclosure"),
    path("disclosure/<int:year>.xlsx", disclosure.download, name="disclosure_download"),
    path("journal/", journal.journal, name="journal"),
    path("staff/", appointments.staff, name="staff"),
    path("staff/appoint/", appointments.appoint, name="appoint"),
    path("partners/", appointments.partners, name="partners"),
]
