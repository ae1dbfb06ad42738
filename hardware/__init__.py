"""What is plugged in: printers, scanners, voice. Knows nothing of Flask or the database."""
