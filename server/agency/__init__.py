"""The pages of the agencies behind the hall (*phòng chuyên môn*): what is with them now."""

from server.agency.views import blueprint

__all__ = ["blueprint"]
