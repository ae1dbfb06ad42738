"""What a code scanner has typed: a number slip, a dossier code, a citizen card, or none of them.

Pure functions of a text. A keyboard-wedge scanner types what it reads as if it were a keyboard, so
everything between it and us may have changed the text: an input method, CapsLock, a lost Enter.
What can be undone for certain is undone; otherwise the scan is unknown and the person scans again.
"""

from hardware.scanner.cards import CardScan, CitizenCard
from hardware.scanner.dossiers import DossierScan, normal_code
from hardware.scanner.reading import Scan, UnknownScan, candidates, read_scan
from hardware.scanner.slips import TOKEN_LENGTH, TicketScan

__all__ = [
    "TOKEN_LENGTH",
    "CardScan",
    "CitizenCard",
    "DossierScan",
    "Scan",
    "TicketScan",
    "UnknownScan",
    "candidates",
    "normal_code",
    "read_scan",
]
