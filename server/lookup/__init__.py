"""The phone pages behind the QR code, and the list of screens."""
