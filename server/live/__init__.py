"""Socket.IO, namespace ``/live``: who watches what, and pushing new state to them after a commit.

Events are hints, the database is the truth: a watcher that missed one asks for the whole view
again (``sync``), and the server itself looks at the offices' revisions twice a second, so that a
change made by another process is shown as well.
"""

from server.live.pushing import Pusher
from server.live.sockets import Live

__all__ = ["Live", "Pusher"]
