"""What a scan at the kiosk or the counter means here: which ticket, which dossier, whose priority.

The text of a scan goes nowhere: not into the database, the journal, a log or an address. A card is
read, answered and forgotten within one request.
"""
