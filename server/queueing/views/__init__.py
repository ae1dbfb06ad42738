"""Read models: what each screen shows, as plain data. The same over HTTP and Socket.IO."""

from server.queueing.views.board import board
from server.queueing.views.desk import desk
from server.queueing.views.kiosk import kiosk
from server.queueing.views.ticket import (
    api_ticket,
    holder_ticket,
    people_ahead,
    queue_order,
    ticket_status,
)

__all__ = [
    "api_ticket",
    "board",
    "desk",
    "holder_ticket",
    "kiosk",
    "people_ahead",
    "queue_order",
    "ticket_status",
]
