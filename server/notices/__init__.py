"""Telling citizens and other programs what happened to a dossier, until it has been told."""
