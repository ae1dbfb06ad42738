"""The pages of those who answer for the figures: ``/reports/``."""

from server.reviewing.views import blueprint

__all__ = ["blueprint"]
