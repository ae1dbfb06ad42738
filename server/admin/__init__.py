"""Pages for those who look after a hall: ``/admin/``."""

from server.admin.views import blueprint

__all__ = ["blueprint"]
