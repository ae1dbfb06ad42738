"""Figures and their exports: computed from the recorded steps alone."""
