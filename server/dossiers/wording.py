"""What the steps that a citizen is shown are called; other pages add their own to these."""

from __future__ import annotations

from server.errors import marked

STEP_WORDS = {
    "register": marked("Arrived"),
    "accept": marked("Received"),
    "refuse": marked("Not accepted"),
    "ask-supplement": marked("Papers asked for"),
    "supplement": marked("Papers brought"),
    "ask-payment": marked("Payment asked for"),
    "pay": marked("Paid"),
    "process": marked("Work has begun"),
    "stop": marked("Work stopped"),
    "continue": marked("Work continued"),
    "apologise": marked("New date named"),
    "finish": marked("Result ready"),
    "return": marked("Collected"),
    "withdraw": marked("Withdrawn"),
}
