"""Offices as data: the tree, its services and counters, opening hours, and the hall file."""
