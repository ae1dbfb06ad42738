"""Print jobs: written with the ticket, drawn and printed afterwards, never lost without a word."""
