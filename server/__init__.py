"""What the devices of the hall share: the queue, the people, live updates and the pages."""

__version__ = "0.1.0"
